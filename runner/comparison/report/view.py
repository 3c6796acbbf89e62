"""What the page shows: a comparison cut into sections, its plots drawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from runner.comparison.model import Comparison, Effect, Isolation, Setting, Value
from runner.comparison.plots.bands import curve_tags
from runner.comparison.plots.featured import Featured, featured
from runner.comparison.plots.interaction import interactions
from runner.comparison.plots.landscapes import Landscape
from runner.comparison.plots.parallel import parallel
from runner.comparison.plots.scales import scale
from runner.comparison.report.figures.curves import curves
from runner.comparison.report.figures.figure import Figure
from runner.comparison.report.figures.forest import forest
from runner.comparison.report.figures.heatmap import heatmap
from runner.comparison.report.figures.isolation import isolation
from runner.comparison.report.figures.landscape import landscape_plot
from runner.comparison.report.figures.parallel import parallel_plot
from runner.comparison.report.figures.race import race_plot
from runner.comparison.report.outcomes import Outcomes, outcomes
from runner.comparison.report.sentences import Verdict, verdict
from runner.comparison.tables import Table, findings_table, isolation_table, race_table
from runner.comparison.wording import short_keys

TOP = 100
"""Settings in the table; the CSV beside the page has them all."""


@dataclass(frozen=True)
class Group:
    """The effects of one option."""

    key: str
    figure: Figure
    verdicts: list[Verdict]


@dataclass(frozen=True)
class View:
    """Everything that the templates show beside the comparison itself."""

    top: Sequence[Setting]
    names: dict[str, str]
    """The headings of the varied options."""
    numeric: set[str]
    """The varied options that sort as numbers."""
    named: dict[int, Featured]
    """By rank."""
    effects: list[Group]
    isolations: list[Figure]
    interactions: list[Figure]
    curves: list[Figure]
    landscapes: list[Figure]
    parallel: Figure | None
    race: Figure | None
    isolation_table: Table | None
    """Of `--by`, with what each value says against the first."""
    race_table: Table | None
    findings_table: Table | None
    outcomes: Outcomes

    @property
    def figures(self) -> list[Figure]:
        """All plots, as they follow in the page."""
        grouped = [group.figure for group in self.effects]
        single = [figure for figure in (self.parallel, self.race) if figure is not None]
        plots = (*grouped, *self.isolations, *self.interactions, *self.curves, *self.landscapes)
        return [*plots, *single]


def view(comparison: Comparison, landscapes: Sequence[Landscape]) -> View:
    """Cuts and draws; reads the curves of the settings that are named."""
    named = featured(comparison)
    drawn = (curves(tag, named) for tag in curve_tags(comparison))
    return View(
        top=comparison.settings[:TOP],
        names=short_keys(comparison.varied),
        numeric={key for key in comparison.varied if _is_numeric(comparison.domains[key])},
        named={one.setting.rank: one for one in named},
        effects=_groups(comparison),
        isolations=[isolation(comparison, one, named) for one in comparison.isolations if _is_shown(one)],
        interactions=[heatmap(comparison, table) for table in interactions(comparison)],
        curves=[figure for figure in drawn if figure is not None],
        landscapes=[*map(landscape_plot, landscapes)],
        parallel=_parallel(comparison, named),
        race=comparison.race and race_plot(comparison, comparison.race, named),
        isolation_table=isolation_table(comparison.isolations[0], comparison) if comparison.by else None,
        race_table=comparison.race and race_table(comparison.race, comparison.varied),
        findings_table=_findings(comparison),
        outcomes=outcomes(comparison),
    )


def _findings(comparison: Comparison) -> Table | None:
    findings = comparison.findings
    return findings_table(findings, len(comparison.runs)) if findings else None


def _groups(comparison: Comparison) -> list[Group]:
    grouped = groupby(comparison.effects, key=lambda effect: effect.key)
    return [_group(comparison, key, list(effects)) for key, effects in grouped]


def _group(comparison: Comparison, key: str, effects: list[Effect]) -> Group:
    values = comparison.domains[key]
    along = sorted(effects, key=lambda one: values.index(one.value)) if scale(values).is_numeric else effects
    return Group(key, forest(comparison, key, along), [*map(verdict, effects)])


def _parallel(comparison: Comparison, named: Sequence[Featured]) -> Figure | None:
    lines = parallel(comparison)
    return None if lines is None else parallel_plot(lines, named, len(comparison.settings))


def _is_shown(one: Isolation) -> bool:
    return sum(bool(row.best.finite) for row in one.rows) > 1


def _is_numeric(values: Iterable[Value]) -> bool:
    return all(isinstance(value, int | float) and not isinstance(value, bool) for value in values)
