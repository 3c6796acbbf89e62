"""What the page says in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from runner.comparison.model import Comparison, Effect, Mean, Winner
from runner.comparison.plots.labels import option_of
from runner.comparison.verdicts import SAID, verdict_words
from runner.comparison.wording import number, option_text, plural, short_keys, signed, signed_span, span

NAMED = 3
"""Options named in the answer; the section on effects has them all."""


@dataclass(frozen=True)
class Verdict:
    """One line beside a forest plot."""

    word: str
    is_told: bool
    subject: str
    detail: str


def facts(comparison: Comparison) -> str:
    """How much was compared."""
    parts = (
        plural(len(comparison.runs), "run"),
        plural(len(comparison.settings), "setting"),
        plural(len(comparison.seeds), "seed"),
        f"varied: {', '.join(comparison.varied) or 'nothing'}",
    )
    return " · ".join(parts)


def answer(comparison: Comparison) -> list[str]:
    """The winner, how it does on test, and how sure that is; one sentence each."""
    if comparison.winner is None:
        return ["No run has a result yet, so there is no winner."]
    winner = comparison.winner
    return [
        sentence
        for sentence in (_best(comparison, winner), _test(comparison, winner), _sureness(comparison))
        if sentence
    ]


def ranking(comparison: Comparison, shown: int) -> str:
    """What the table ranks by, and how much of it is shown."""
    order = "highest" if comparison.maximise else "lowest"
    step = "at the best step of each run" if comparison.at_best else "at the last step of each run"
    cut = (
        f" The best {shown} of {len(comparison.settings):,} are shown."
        if shown < len(comparison.settings)
        else ""
    )
    return f"By {comparison.metric} {step}, the {order} mean over seeds first.{cut}"


def verdict(effect: Effect) -> Verdict:
    """One effect in words."""
    interval = f" ({signed_span(effect.interval)})" if effect.interval else ""
    words = verdict_words(effect).removeprefix(effect.verdict)
    return Verdict(
        word=effect.verdict,
        is_told=effect.verdict in SAID,
        subject=option_text(effect.value),
        detail=f"{signed(effect.mean)}{interval}{words}",
    )


def _best(comparison: Comparison, winner: Winner) -> str:
    setting, order = winner.setting, "highest" if comparison.maximise else "lowest"
    names = short_keys(list(setting.options))
    label = ", ".join(f"{name} {option_of(setting, key)}" for key, name in names.items())
    interval = f" (95 % interval {span(setting.interval)})" if setting.interval else ""
    seeds = plural(len(setting.finite), "seed")
    if not label:
        return f"{comparison.metric} is {number(setting.mean)}{interval} over {seeds}."
    result = f"the {order} {comparison.metric}, {number(setting.mean)}{interval} over {seeds}"
    return f"Best is {label}: it has {result}."


def _test(comparison: Comparison, winner: Winner) -> str:
    if not winner.test:
        return "It has no result on the test split yet."
    means = ", ".join(f"{tag.removeprefix('test/')} {_mean(mean)}" for tag, mean in winner.test.items())
    settings = len(comparison.settings)
    flattered = f"Being the best of {settings} flatters that number. " if settings > 1 else ""
    chose = (
        "by which it was chosen" if comparison.metric.startswith("test/") else "by which nothing was chosen"
    )
    return f"{flattered}On the test split, {chose}: {means}."


def _mean(mean: Mean) -> str:
    return f"{number(mean.mean)} ({span(mean.interval)})" if mean.interval else number(mean.mean)


def _sureness(comparison: Comparison) -> str:
    effects = comparison.effects
    if not effects:
        return ""
    if all(effect.verdict not in SAID and effect.seeds < 2 for effect in effects):
        return "How sure that is cannot be said from one seed: run each setting with several."
    open_ones = [effect for effect in effects if effect.verdict not in SAID]
    better = [effect for effect in effects if effect.verdict == "better"]
    worse = len(effects) - len(open_ones) - len(better)
    parts = [f"Of the {plural(len(effects), 'other value')} tried, {worse} {_are(worse)} worse beyond chance"]
    if better:
        parts.append(f"{_names(better)} {_are(len(better))} even better on average over the other options")
    if open_ones:
        parts.append(f"{_names(open_ones)} cannot be told apart from the best")
    return "; ".join(parts) + "."


def _names(effects: Sequence[Effect]) -> str:
    names = short_keys(list(dict.fromkeys(effect.key for effect in effects)))
    shown = [f"{names[effect.key]} {option_text(effect.value)}" for effect in effects[:NAMED]]
    left = len(effects) - len(shown)
    return ", ".join(shown) + (f" and {left} more" if left else "")


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
