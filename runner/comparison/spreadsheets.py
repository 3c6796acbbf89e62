"""A comparison as CSV, every number to its last digit."""

import csv
import io
from collections.abc import Iterable, Sequence

from runner.comparison.model import Comparison, Effect, Interval, Setting
from runner.comparison.wording import option_text

MEASURED = ("mean", "low", "high", "interval", "worst", "seeds", "score", "seconds")
EFFECT = (
    "option",
    "value",
    "against",
    "basis",
    "difference",
    "low",
    "high",
    "interval",
    "seeds",
    "pairs",
    "lost",
    "p",
    "adjusted",
    "verdict",
    "more_seeds",
)


def settings_csv(comparison: Comparison) -> str:
    """A row a setting, the best first: its options, its numbers, and how many of its runs ended how."""
    statuses = sorted({status for setting in comparison.settings for status in setting.statuses})
    names = [f"{comparison.metric} {name}" if name in MEASURED[:5] else name for name in MEASURED]
    rows = (_setting_row(setting, comparison.varied, statuses) for setting in comparison.settings)
    return _csv(["rank", *comparison.varied, *names, *statuses], rows)


def effects_csv(comparison: Comparison) -> str:
    """A row an effect."""
    return _csv(EFFECT, map(_effect_row, comparison.effects))


def _setting_row(setting: Setting, varied: Sequence[str], statuses: Sequence[str]) -> list[object]:
    options = [option_text(setting.options[key]) if key in setting.options else "" for key in varied]
    counts = [setting.statuses.get(status, 0) for status in statuses]
    measured = [setting.mean, *_bounds(setting.interval), setting.worst, len(setting.runs)]
    return [setting.rank, *options, *measured, setting.score, setting.seconds, *counts]


def _effect_row(effect: Effect) -> list[object]:
    return [
        effect.key,
        option_text(effect.value),
        option_text(effect.against),
        effect.basis,
        effect.mean,
        *_bounds(effect.interval),
        effect.seeds,
        effect.pairs,
        effect.lost,
        effect.p,
        effect.adjusted,
        effect.verdict,
        effect.more_seeds,
    ]


def _bounds(interval: Interval | None) -> list[object]:
    return [None, None, None] if interval is None else [interval.low, interval.high, interval.method]


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([["" if cell != cell else cell for cell in row] for row in rows])
    return text.getvalue()
