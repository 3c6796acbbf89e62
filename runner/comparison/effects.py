"""What each value of an option does against another."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from runner.comparison.measure import Measure
from runner.comparison.model import Effect, Setting, Value
from runner.comparison.pairs import paired
from runner.comparison.statistics import ALPHA, holm, more_needed, paired_test
from runner.comparison.variation import identity, pick


def effects_of(settings: Sequence[Setting], varied: Sequence[str], measure: Measure) -> tuple[Effect, ...]:
    """The effect of each value of each varied option against the value that the best setting has.

    By key, in the order of `varied`; then by value, in the order of its best setting.
    """
    effects = [effect for key in varied for effect in _effects(key, settings, varied)]
    return _judged(effects, measure)


def _effects(key: str, settings: Sequence[Setting], varied: Sequence[str]) -> Iterator[Effect]:
    by_value: dict[object, dict[tuple[object, ...], Setting]] = {}
    others = [other for other in varied if other != key]
    for setting in settings:
        if key in setting.options:
            contexts = by_value.setdefault(identity(setting.options[key]), {})
            contexts.setdefault(pick(setting.options, others), setting)
    if not by_value:
        return
    reference, *rest = by_value.values()
    for contexts in rest:
        yield _effect(key, contexts, reference)


def _effect(
    key: str, contexts: dict[tuple[object, ...], Setting], reference: dict[tuple[object, ...], Setting]
) -> Effect:
    same = [(setting, reference[context]) for context, setting in contexts.items() if context in reference]
    best = next(iter(contexts.values())), next(iter(reference.values()))
    differences, pairs, lost = paired(same or [best])
    values: tuple[Value, Value] = best[0].options[key], best[1].options[key]
    test = paired_test(np.array(list(differences.values())))
    return Effect(
        key=key,
        value=values[0],
        against=values[1],
        basis="same" if same else "best",
        differences=differences,
        pairs=pairs,
        lost=lost,
        mean=test.mean,
        interval=test.interval,
        p=test.p,
        adjusted=None,
        verdict="",
        more_seeds=None,
    )


def _judged(effects: Sequence[Effect], measure: Measure) -> tuple[Effect, ...]:
    family = _family(effects)
    tested = [effect for effect in effects if effect.p is not None]
    adjusted = dict(zip(map(id, tested), holm(np.array([e.p for e in tested]), family).tolist(), strict=True))
    return tuple(_verdict(effect, adjusted.get(id(effect)), family, measure) for effect in effects)


def _family(effects: Sequence[Effect]) -> int:
    """How many comparisons there are between all values: the reference is one that its results chose."""
    tested = [effect.key for effect in effects if effect.p is not None]
    return sum((count := tested.count(key) + 1) * (count - 1) // 2 for key in dict.fromkeys(tested))


def _verdict(effect: Effect, adjusted: float | None, family: int, measure: Measure) -> Effect:
    if adjusted is None:
        return replace(effect, verdict="one seed" if effect.seeds else "no pair")
    if adjusted < ALPHA:
        better = measure.merit(effect.mean) > 0
        return replace(effect, adjusted=adjusted, verdict="better" if better else "worse")
    more = more_needed(np.array(list(effect.differences.values())), ALPHA / family)
    return replace(effect, adjusted=adjusted, verdict="not distinguishable", more_seeds=more)
