"""One option at a time, each of its values at its best (Google's deep learning tuning playbook, 2023)."""

from collections.abc import Sequence

from runner.comparison.model import Isolation, IsolationRow, Setting
from runner.comparison.variation import identity


def isolation(key: str, settings: Sequence[Setting]) -> Isolation:
    """The best setting of each value of `key`; `settings` are the best first, and so are the rows."""
    by_value: dict[object, list[Setting]] = {}
    for setting in settings:
        if key in setting.options:
            by_value.setdefault(identity(setting.options[key]), []).append(setting)
    rows = [IsolationRow(group[0].options[key], group[0], len(group)) for group in by_value.values()]
    return Isolation(key, tuple(rows))
