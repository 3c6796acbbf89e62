"""What each value of an option does against another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from runner.comparison.budget import Histories
from runner.comparison.measure import Measure
from runner.comparison.model import Effect, Setting
from runner.comparison.pairs import paired
from runner.comparison.statistics import ALPHA, holm, more_needed, paired_test
from runner.comparison.variation import identity, pick

Contexts = Mapping[tuple[object, ...], Setting]
"""The settings with one value of an option, by the values of all others; the best first."""


def effects_of(
    settings: Sequence[Setting], varied: Sequence[str], measure: Measure, read: Histories
) -> tuple[Effect, ...]:
    """The effect of each value of each varied option against the value that the best setting has.

    By key, in the order of `varied`; then by value, in the order of its best setting.
    """
    effects = [effect for key in varied for effect in _effects(key, settings, varied, measure, read)]
    return judged(effects, measure)


def effect_at_best(key: str, best: Setting, against: Setting, measure: Measure, read: Histories) -> Effect:
    """The effect of one setting's value of an option against another's, whatever else differs; unjudged."""
    return _effect(key, [(best, against)], "best", measure, read)


def judged(effects: Sequence[Effect], measure: Measure) -> tuple[Effect, ...]:
    """The effects with their verdicts, adjusted over all of them."""
    family = _family(effects)
    tested = [effect for effect in effects if effect.p is not None]
    adjusted = holm(np.array([effect.p for effect in tested]), family).tolist()
    by_effect = {id(effect): p for effect, p in zip(tested, adjusted, strict=True)}
    return tuple(_judged(effect, by_effect.get(id(effect)), family, measure) for effect in effects)


def _effects(
    key: str, settings: Sequence[Setting], varied: Sequence[str], measure: Measure, read: Histories
) -> Iterator[Effect]:
    by_value: dict[object, dict[tuple[object, ...], Setting]] = {}
    others = [other for other in varied if other != key]
    for setting in settings:
        if key in setting.options:
            contexts = by_value.setdefault(identity(setting.options[key]), {})
            contexts[pick(setting.options, others)] = setting
    reference, *rest = by_value.values()
    for contexts in rest:
        same = [(contexts[others], reference[others]) for others in contexts if others in reference]
        best = next(iter(contexts.values())), next(iter(reference.values()))
        yield _effect(key, same or [best], "same" if same else "best", measure, read)


def _effect(
    key: str, contexts: Sequence[tuple[Setting, Setting]], basis: str, measure: Measure, read: Histories
) -> Effect:
    differences, pairs, lost = paired(contexts, measure, read)
    test = paired_test(np.array(list(differences.values())))
    setting, against = contexts[0]
    return Effect(
        key=key,
        value=setting.options[key],
        against=against.options[key],
        basis=basis,
        differences=differences,
        pairs=pairs,
        lost=lost,
        mean=test.mean,
        interval=test.interval,
        p=test.p,
        adjusted=None,
        verdict="one seed" if differences else "no pair",
        more_seeds=None,
    )


def _family(effects: Sequence[Effect]) -> int:
    """How many comparisons there are between all values: the reference is one that its results chose."""
    tested = [effect.key for effect in effects if effect.p is not None]
    return sum((count := tested.count(key) + 1) * (count - 1) // 2 for key in dict.fromkeys(tested))


def _judged(effect: Effect, adjusted: float | None, family: int, measure: Measure) -> Effect:
    if adjusted is None:
        return effect
    if adjusted < ALPHA:
        better = measure.merit(effect.mean) > 0
        return replace(effect, adjusted=adjusted, verdict="better" if better else "worse")
    more = more_needed(np.array(list(effect.differences.values())), ALPHA / family)
    return replace(effect, adjusted=adjusted, verdict="not distinguishable", more_seeds=more)
