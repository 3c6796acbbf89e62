"""A comparison as tables of words: the terminal and Markdown show the same ones."""

from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

from runner.comparison.model import (
    SEVERITIES,
    Arrival,
    Comparison,
    Effect,
    FindingCount,
    Isolation,
    IsolationRow,
    Race,
    Setting,
)
from runner.comparison.verdicts import option_words, tells_something, verdict_words
from runner.comparison.wording import (
    NOTHING,
    counts,
    duration,
    number,
    option_text,
    plural,
    short_keys,
    signed,
    signed_span,
    span,
)


class Column(NamedTuple):
    """A heading, and which way its cells lean."""

    heading: str
    right: bool = False


class Table(NamedTuple):
    """Rows of as many cells as there are columns."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]


MEASURED = (Column("95 % interval", True), Column("worst", True), Column("time", True), Column("runs"))


def ranking_table(comparison: Comparison) -> Table:
    """All settings, the best first, a column an option."""
    options = map(Column, short_keys(comparison.varied).values())
    columns = (Column("#", True), *options, Column(comparison.metric, True), *MEASURED)
    rows = [
        (str(setting.rank), *_options(setting, comparison.varied), *_measured(setting))
        for setting in comparison.settings
    ]
    return Table("Ranking", columns, tuple(rows))


def merged_ranking_table(comparison: Comparison) -> Table:
    """All settings, the best first, the options in one column."""
    columns = (
        Column("#", True),
        Column(_names(comparison.varied)),
        Column(comparison.metric, True),
        *MEASURED,
    )
    rows = [
        (str(setting.rank), _joined(setting, comparison.varied), *_measured(setting))
        for setting in comparison.settings
    ]
    return Table("Ranking", columns, tuple(rows))


def effect_tables(comparison: Comparison) -> list[Table]:
    """The effects of each option, one table an option; without rows where they tell nothing."""
    measured = Column("difference", True), Column("95 % interval", True), Column("verdict")
    names = short_keys(comparison.varied)
    by_key = [list(group) for _, group in groupby(comparison.effects, key=lambda effect: effect.key)]
    return [
        Table(
            option_words(effects),
            (Column(names[effects[0].key]), *measured),
            tuple(map(_effect_row, effects)) if tells_something(effects) else (),
        )
        for effects in by_key
    ]


def isolation_table(isolation: Isolation, comparison: Comparison) -> Table:
    """Each value of an option at its best over the others, and what that says against the first."""
    others = [key for key in comparison.varied if key != isolation.key]
    columns = (
        Column(isolation.key),
        Column(f"at {_names(others)}"),
        Column(comparison.metric, True),
        Column("95 % interval", True),
        Column("runs"),
        Column("against the first"),
    )
    return Table(
        f"Each {isolation.key} at its best",
        columns,
        tuple(_isolation_row(row, others) for row in isolation.rows),
    )


def race_table(race: Race, varied: Sequence[str]) -> Table:
    """When each setting reached the target, of those that did."""
    timed = Column("epoch", True), Column("step", True), Column("time", True)
    arrivals = [arrival for arrival in race.arrivals if arrival.reached]
    title = f"First to {race.tag} {race.target:g}: {len(arrivals)} of {plural(len(race.arrivals), 'setting')}"
    columns = (Column(_names(varied)), Column("reached by"), *timed)
    return Table(title, columns, tuple(_arrival_row(arrival, varied) for arrival in arrivals))


def findings_table(findings: Sequence[FindingCount], runs: int) -> Table:
    """How many of so many runs have which finding, and what they have in common."""
    columns = (Column("finding"), Column("runs"), Column("nearly all with"))
    return Table(f"Findings in {plural(runs, 'run')}", columns, tuple(map(_finding_row, findings)))


def _measured(setting: Setting) -> tuple[str, ...]:
    return (
        number(setting.mean),
        span(setting.interval),
        number(setting.worst),
        duration(setting.seconds),
        counts(setting.statuses),
    )


def _names(keys: Sequence[str]) -> str:
    return ", ".join(short_keys(keys).values()) or "setting"


def _joined(setting: Setting, keys: Sequence[str]) -> str:
    return ", ".join(_options(setting, keys)) or "default"


def _options(setting: Setting, keys: Sequence[str]) -> list[str]:
    return [option_text(setting.options[key]) if key in setting.options else NOTHING for key in keys]


def _isolation_row(row: IsolationRow, others: Sequence[str]) -> tuple[str, ...]:
    best = row.best
    return (
        option_text(row.value),
        f"{_joined(best, others)} (of {row.settings})",
        number(best.mean),
        span(best.interval),
        counts(best.statuses),
        "" if row.effect is None else verdict_words(row.effect),
    )


def _effect_row(effect: Effect) -> tuple[str, ...]:
    difference = signed(effect.mean), signed_span(effect.interval)
    return option_text(effect.value), *difference, verdict_words(effect)


def _finding_row(count: FindingCount) -> tuple[str, ...]:
    values = (f"{key.rpartition('.')[2]}={option_text(value)}" for key, value in count.common)
    severities = zip(SEVERITIES, count.severities, strict=True)
    return count.name, counts({name: number for name, number in severities if number}), ", ".join(values)


def _arrival_row(arrival: Arrival, varied: Sequence[str]) -> tuple[str, ...]:
    reached = f"{arrival.reached} of {plural(len(arrival.setting.runs), 'seed')}"
    epoch, step = (NOTHING if count is None else f"{count:,g}" for count in (arrival.epoch, arrival.step))
    return _joined(arrival.setting, varied), reached, epoch, step, duration(arrival.seconds)
