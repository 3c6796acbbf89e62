"""One option at a time, each of its values at its best (Google's deep learning tuning playbook, 2023)."""

from collections.abc import Sequence

from runner.comparison.budget import Histories
from runner.comparison.effects import effect_at_best, judged
from runner.comparison.measure import Measure
from runner.comparison.model import Isolation, IsolationRow, Setting
from runner.comparison.variation import identity


def isolation(key: str, settings: Sequence[Setting], measure: Measure, read: Histories) -> Isolation:
    """The best setting of each value of `key`; `settings` are the best first, and so are the rows."""
    by_value: dict[object, list[Setting]] = {}
    for setting in settings:
        if key in setting.options:
            by_value.setdefault(identity(setting.options[key]), []).append(setting)
    groups = list(by_value.values())
    effects = [effect_at_best(key, group, groups[0], measure, read) for group in groups[1:]]
    rows = [
        IsolationRow(group[0].options[key], group[0], len(group), effect)
        for group, effect in zip(groups, [None, *judged(effects, measure)], strict=True)
    ]
    return Isolation(key, tuple(rows))
