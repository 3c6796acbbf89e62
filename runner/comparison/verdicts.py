"""A comparison in sentences: what each number may and may not be read as."""

from collections.abc import Sequence

from runner.comparison.model import Comparison, Effect, Interval, Winner
from runner.comparison.wording import number, option_text, plural, span

SAID = ("better", "worse")


def headline(comparison: Comparison) -> str:
    """How many runs, and what they are ranked by."""
    counts = [
        plural(len(comparison.runs), "run"),
        plural(len(comparison.settings), "setting"),
        plural(len(comparison.seeds), "seed"),
    ]
    at = "at its best step" if comparison.at_best else "at the last evaluation"
    more = "more" if comparison.maximise else "less"
    return f"{', '.join(counts)}; {comparison.metric} {at}, {more} is better"


def verdict_words(effect: Effect) -> str:
    """`worse with 8 seeds`; `not distinguishable with 3 seeds; 4 more would tell`."""
    if effect.verdict in SAID:
        return f"{effect.verdict} with {plural(effect.seeds, 'seed')}{_lost(effect)}"
    if effect.verdict == "not distinguishable":
        more = "" if effect.more_seeds is None else f"; {effect.more_seeds:,} more would tell"
        return f"{effect.verdict} with {plural(effect.seeds, 'seed')}{more}{_lost(effect)}"
    return f"{effect.verdict}: tells nothing{_lost(effect)}"


def tells_something(effects: Sequence[Effect]) -> bool:
    """Whether the effects of an option say anything: runs differ in it alone, or several seeds were tried."""
    return any(effect.basis == "same" or effect.p is not None for effect in effects)


def option_words(effects: Sequence[Effect]) -> str:
    """An option, and what its values are held against."""
    first = effects[0]
    if tells_something(effects):
        return f"{first.key}: {basis_words(first)}"
    return f"{first.key}: nothing to tell of {len(effects) + 1:,} values; no two runs differ in it alone"


def basis_words(effect: Effect) -> str:
    """What a value of an option is held against, and how."""
    against = f"against {option_text(effect.against)}"
    if effect.basis == "best":
        return f"{against}, each at its best: no two runs differ in it alone"
    return f"{against}, all else equal"


def winner_lines(winner: Winner, comparison: Comparison) -> dict[str, str]:
    """The winner's numbers: the metric that it was chosen by, then its test results."""
    setting = winner.setting
    count = len(comparison.settings)
    chosen = f"; chosen as the best of {count:,} settings, which flatters it" if count > 1 else ""
    first = f"{number(setting.mean)}{_within(setting.interval)}{chosen}"
    tests = {
        tag: f"{number(mean.mean)}{_within(mean.interval)}, {plural(mean.count, 'seed')}"
        for tag, mean in winner.test.items()
    }
    return {comparison.metric: first} | tests


def _within(interval: Interval | None) -> str:
    return "" if interval is None else f" ({span(interval)})"


def _lost(effect: Effect) -> str:
    return f" ({plural(effect.lost, 'pair')} lost)" if effect.lost else ""
