"""What each value of an option does against another."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from runner.comparison.budget import Histories
from runner.comparison.measure import Measure
from runner.comparison.model import Effect, Setting, Value
from runner.comparison.pairs import Paired, by_seed, paired
from runner.comparison.statistics import ALPHA, holm, more_needed, paired_test
from runner.comparison.tuned import tuned_pair
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


def effect_at_best(
    key: str, settings: Sequence[Setting], against: Sequence[Setting], measure: Measure, read: Histories
) -> Effect:
    """The effect of one value of an option against another, each at its best of some settings; unjudged."""
    values = settings[0].options[key], against[0].options[key]
    return _effect(key, values, "best", paired([tuned_pair(settings, against, measure)], measure, read))


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
        same = [others for others in contexts if others in reference]
        if same:
            pairs = [(by_seed(contexts[others]), by_seed(reference[others])) for others in same]
            values = contexts[same[0]].options[key], reference[same[0]].options[key]
            yield _effect(key, values, "same", paired(pairs, measure, read))
        else:
            yield effect_at_best(key, [*contexts.values()], [*reference.values()], measure, read)


def _effect(key: str, values: tuple[Value, Value], basis: str, found: Paired) -> Effect:
    differences, pairs, lost = found
    test = paired_test(np.array(list(differences.values())))
    return Effect(
        key=key,
        value=values[0],
        against=values[1],
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
