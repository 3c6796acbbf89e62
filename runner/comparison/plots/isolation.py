"""What of an isolation plot is worth seeing."""

from collections.abc import Sequence

from runner.comparison.model import Setting

SPACE = 0.15


def reach(best: Sequence[Setting]) -> tuple[float, float]:
    """The ends of the metric's axis: around the best, whose differences one bad setting would flatten."""
    low = min(setting.interval.low if setting.interval else setting.mean for setting in best)
    high = max(setting.interval.high if setting.interval else setting.mean for setting in best)
    space = SPACE * (high - low) or 0.05 * abs(high) or 1.0
    return low - space, high + space
