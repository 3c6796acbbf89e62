"""How the runs ended and where their numbers come from."""

from collections import Counter
from dataclasses import dataclass

from runner.comparison.model import UNFINISHED, WRONG, Comparison, Run

MOST_FAULTS = 8
NAMED = 5
"""Runs of one fault."""


@dataclass(frozen=True)
class Status:
    """How many runs ended so; `share` in per cent."""

    name: str
    kind: str
    runs: int
    share: float


@dataclass(frozen=True)
class Fault:
    """Runs that went wrong in the same way."""

    status: str
    error: str | None
    runs: list[Run]

    @property
    def names(self) -> str:
        """Of the first runs."""
        more = len(self.runs) - NAMED
        return ", ".join(run.name for run in self.runs[:NAMED]) + (f" and {more} more" if more > 0 else "")


@dataclass(frozen=True)
class Origin:
    """What the runs of one provenance have in common, in words by name."""

    number: int
    runs: int
    facts: dict[str, str]


@dataclass(frozen=True)
class Row:
    """A run in the table of all runs."""

    run: Run
    value: float
    origin: int


@dataclass(frozen=True)
class Outcomes:
    """Of all runs."""

    statuses: list[Status]
    faults: list[Fault]
    """The commonest first."""
    faults_left_out: int
    origins: list[Origin]
    rows: list[Row]


def outcomes(comparison: Comparison) -> Outcomes:
    """Counts statuses and provenances, the commonest first."""
    runs = comparison.runs
    faults = _faults(runs)
    origins = Counter(_origin(run) for run in runs)
    numbers = {origin: number for number, (origin, _) in enumerate(origins.most_common(), start=1)}
    values = {
        id(run): value
        for setting in comparison.settings
        for run, value in zip(setting.runs, setting.values, strict=True)
    }
    return Outcomes(
        statuses=_statuses(runs),
        faults=faults[:MOST_FAULTS],
        faults_left_out=max(len(faults) - MOST_FAULTS, 0),
        origins=[Origin(numbers[origin], count, dict(origin)) for origin, count in origins.most_common()],
        rows=[Row(run, values[id(run)], numbers[_origin(run)]) for run in runs],
    )


def _statuses(runs: tuple[Run, ...]) -> list[Status]:
    counts = Counter(run.status for run in runs).most_common()
    return [Status(name, _kind(name), count, 100 * count / len(runs)) for name, count in counts]


def _faults(runs: tuple[Run, ...]) -> list[Fault]:
    faults: dict[tuple[str, str | None], list[Run]] = {}
    for run in runs:
        if run.went_wrong:
            faults.setdefault((run.status, run.error), []).append(run)
    commonest = sorted(faults.items(), key=lambda fault: -len(fault[1]))
    return [Fault(status, error, found) for (status, error), found in commonest]


def _kind(status: str) -> str:
    return "wrong" if status in WRONG else "unfinished" if status in UNFINISHED else "good"


def _origin(run: Run) -> tuple[tuple[str, str], ...]:
    origin = run.provenance
    changes = " with changes" if origin.dirty else ""
    return (
        ("commit", f"{origin.commit}{changes}" if origin.commit else "unknown"),
        ("data", f"{origin.fingerprint or 'unknown'}, split seed {origin.split_seed}"),
        ("device", origin.device or "unknown"),
        ("versions", ", ".join(f"{name} {version}" for name, version in sorted(origin.versions.items()))),
        ("path", str(run.source)),
    )
