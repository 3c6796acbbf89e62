"""From paths to all there is to say about the runs under them."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from runner.comparison.budget import histories
from runner.comparison.cautions import cautions
from runner.comparison.discovery import find_runs, unread_caution
from runner.comparison.effects import effects_of
from runner.comparison.findings import count_findings
from runner.comparison.isolation import isolation
from runner.comparison.measure import measure as choose_measure
from runner.comparison.model import Comparison, Run
from runner.comparison.race import race
from runner.comparison.settings import one_run_a_seed, ranked_settings
from runner.comparison.variation import domain, variation
from runner.comparison.winner import winner
from runner.errors import ConfigError
from runner.suggestions import did_you_mean

PATH = "path"
"""The option that stands for where a run was found, where one config was trained under several paths."""


def compare(
    paths: Sequence[Path], metric: str | None = None, by: str | None = None, target: float | None = None
) -> Comparison:
    """All there is to say about the runs under the paths, computed from their files.

    Args:
        paths: folders of sweeps, runs or both.
        metric: the tag to rank by; the runs' objective where None.
        by: the key to isolate; every varied one where None.
        target: a value of the metric, whose time to reach is compared.

    Raises:
        ConfigError: no run is there, none has the metric, or `by` does not vary.
    """
    found = find_runs(paths)
    measure = choose_measure(found.runs, metric)
    runs = one_run_a_seed(_told_apart(found.runs))
    varied = variation(runs).varied
    _check_by(by, varied)
    settings = ranked_settings(runs, varied, measure)
    seeds = tuple(sorted({run.seed for run in runs}))
    read = histories(measure.tag)
    asked = None if by is None else isolation(by, settings, measure, read)
    return Comparison(
        title=", ".join(str(path) for path in paths),
        paths=tuple(paths),
        metric=measure.tag,
        at_best=measure.at_best,
        maximise=measure.maximise,
        runs=tuple(runs),
        seeds=seeds,
        varied=varied,
        domains={key: domain(key, runs) for key in varied},
        settings=settings,
        effects=effects_of(settings, varied, measure, read),
        isolations=tuple([asked] if asked else [isolation(key, settings, measure, read) for key in varied]),
        winner=winner(settings, seeds, measure),
        race=None if target is None else race(settings, target, measure, read),
        by=by,
        findings=count_findings(runs, varied),
        cautions=(
            *cautions(runs, settings, varied, measure, asked),
            *unread_caution(found.unread),
            *_repeats(len(found.runs) - len(runs)),
        ),
    )


def _told_apart(runs: Sequence[Run]) -> list[Run]:
    """The runs with their path as an option, if one config and seed was trained under several of them."""
    sources = {(run.source, *sorted(map(str, run.config.items())), run.seed) for run in runs}
    shared = Counter(source[1:] for source in sources)
    if max(shared.values()) < 2:
        return list(runs)
    return [replace(run, config={PATH: str(run.source), **run.config}) for run in runs]


def _repeats(count: int) -> list[str]:
    if not count:
        return []
    return [f"{count} repeated: of equal configs and seeds only the run that got furthest is counted"]


def _check_by(by: str | None, varied: Sequence[str]) -> None:
    if by is not None and by not in varied:
        raise ConfigError(f"--by {by}: it does not vary; {did_you_mean(by, varied)}")
