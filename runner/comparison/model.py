"""What a comparison consists of. Plain frozen data: read from files, computed once, then only shown."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

Value = str | int | float | bool | None
"""Of an option, as in the config. A list is its text, `[128,64]`."""


@dataclass(frozen=True)
class Provenance:
    """Where a run's numbers come from; None where the summary does not say."""

    commit: str | None
    dirty: bool | None
    fingerprint: str | None
    """Of the data."""
    split_seed: int | None
    device: str | None
    versions: Mapping[str, str]


@dataclass(frozen=True)
class Found:
    """What is wrong with a run."""

    name: str
    """`dead_units`"""
    severity: str
    """problem, warning or remark."""


@dataclass(frozen=True)
class Run:
    """One run's folder, read."""

    folder: Path
    source: Path
    """The PATH of the command that it was found under."""
    name: str
    """Unique among the runs compared: `3` in one sweep, `09-30-00/3` among several."""
    config: Mapping[str, Value]
    """By dotted key: `{"optimizer": "adam", "optimizer.learning_rate": 0.001, "batch_size": 64, ...}`.

    The option of every group stands under the group's name. Bookkeeping, interpolations and `seed` are left
    out.
    """
    groups: frozenset[str]
    """The keys of `config` that are config groups."""
    overrides: tuple[str, ...]
    """As typed, `optimizer=adam`."""
    flags: tuple[str, ...]
    """Of the command that are no overrides: `("--config-dir", "my/configs")`."""
    seed: int
    status: str
    """running, completed, stopped_early, diverged, pruned, failed or interrupted."""
    error: str | None
    steps: int
    epochs: float
    parameters: int
    metrics: Mapping[str, float | None]
    """The last value of every tag; None where it was not finite."""
    best_metric: str | None
    best_value: float | None
    best_step: int | None
    mode: str | None
    """What its summary or its config says of its best: max, min, or None where the metric decides."""
    seconds: Mapping[str, float]
    """total, compile, train, evaluate; a lane's are its share of its program."""
    started: str
    findings: tuple[Found, ...]
    provenance: Provenance
    records: Path
    """`metrics.jsonl`; it may be missing. Read one tag of it with `history.read_history`."""
    made_by: str | None = None
    """The command that made it, of an ensemble; None where its overrides say how it is trained."""

    @property
    def went_wrong(self) -> bool:
        """Whether it diverged, failed or was pruned."""
        return self.status in WRONG

    @property
    def is_unfinished(self) -> bool:
        """Whether more is to come: its value is the one so far."""
        return self.status in UNFINISHED


SEVERITIES = ("problem", "warning", "remark")
"""Of findings, the gravest first."""
UNFINISHED = frozenset({"running", "interrupted"})
WRONG = frozenset({"diverged", "failed", "pruned"})


@dataclass(frozen=True)
class Interval:
    """A 95 % confidence interval, in the unit of the metric."""

    low: float
    high: float
    method: str
    """`t` (Student's) or `bootstrap` (BCa, from 20 values on)."""

    def contains(self, value: float) -> bool:
        """Whether `value` lies in it."""
        return self.low <= value <= self.high


@dataclass(frozen=True)
class Setting:
    """A config without its seed."""

    rank: int
    """1 is the best; see docs/compare.md for how runs that went wrong count."""
    label: str
    """The varied options in words, `optimizer=adam optimizer.learning_rate=0.01`; `default` where none."""
    options: Mapping[str, Value]
    """The varied options alone, in the order of `Comparison.varied`; a key that this config lacks is left
    out."""
    runs: tuple[Run, ...]
    """By seed, one each; good or not."""
    values: tuple[float, ...]
    """The metric of each of `runs`, in their order; nan for one that diverged, failed or has none yet.

    A pruned run has the value that it was pruned at, an unfinished one its value so far.
    """
    score: float
    """What it is ranked by: the mean in which a run that diverged or failed counts as far below the worst
    value of the comparison as the best is above it (docs/compare.md); nan where nothing is known yet."""
    mean: float
    """Over the finite values; nan where there is none."""
    interval: Interval | None
    """Of the mean; None with fewer than two finite values, or where all are one number."""
    worst: float
    """Of the finite values; nan where there is none."""
    seconds: float
    """Mean total seconds of a run that did not go wrong, or of all where every one did; nan while unknown."""
    statuses: Mapping[str, int]
    """How many runs ended how, the commonest first."""

    @property
    def finite(self) -> tuple[float, ...]:
        """The values that there are."""
        return tuple(value for value in self.values if math.isfinite(value))


@dataclass(frozen=True)
class Effect:
    """What one value of an option does against another, everything else the same."""

    key: str
    value: Value
    against: Value
    """The reference: the value that the best setting has."""
    basis: str
    """`same`: pairs of runs that differ in nothing else. `best`: each value at its best
    setting, chosen on a third of the seeds and judged on the others."""
    differences: Mapping[int, float]
    """By seed: the metric with `value` minus that with `against`, averaged over the other options."""
    pairs: int
    """How many pairs of runs the differences are made of."""
    lost: int
    """Pairs beside these: one or both runs diverged, failed or have no value yet, or the pair was left out so
    that each seed's difference is over the same other options."""
    mean: float
    """Of the differences, in the unit of the metric; above 0 is better only where the metric is maximised.

    nan where every pair was lost.
    """
    interval: Interval | None
    """None with fewer than two seeds, or where all differences are one number, whose spread tells nothing."""
    p: float | None
    """Two-sided, of the paired t test (of the sign test where all differences are one number)."""
    adjusted: float | None
    """`p` after Holm's adjustment over all pairs of values of every option: results chose `against`."""
    verdict: str
    """`better`, `worse`, `not distinguishable`, or, which tells nothing, `one seed` or `no pair`."""
    more_seeds: int | None
    """How many more seeds would tell a difference of this size, with 80 % power; None if told or unknown."""

    @property
    def seeds(self) -> int:
        """How many seeds both values have a run of."""
        return len(self.differences)


@dataclass(frozen=True)
class IsolationRow:
    """One value of an option, at its best."""

    value: Value
    best: Setting
    settings: int
    """How many settings it is the best of."""
    effect: Effect | None = None
    """At its best against the first row at its best, adjusted over the rows; None for the first row."""


@dataclass(frozen=True)
class Isolation:
    """For each value of one option the best over the others, best first (Google's tuning playbook, 2023)."""

    key: str
    rows: tuple[IsolationRow, ...]


@dataclass(frozen=True)
class Arrival:
    """When a setting reached the target; medians over the seeds that did, None where none did."""

    setting: Setting
    reached: int
    step: float | None
    epoch: float | None
    seconds: float | None
    """Training and evaluation up to there, its compilation left out."""


@dataclass(frozen=True)
class Race:
    """The time to a target, the first to arrive first."""

    target: float
    tag: str
    arrivals: tuple[Arrival, ...]


@dataclass(frozen=True)
class Mean:
    """A mean over seeds."""

    mean: float
    interval: Interval | None
    count: int


@dataclass(frozen=True)
class Winner:
    """The best setting: chosen on val, reported on test."""

    setting: Setting
    run: Run
    """Its best seed's."""
    test: Mapping[str, Mean]
    """By tag, `test/accuracy`; empty before any run has ended."""
    reproduce: str
    """The command that trains, or makes, `run` again."""
    confirm: str | None
    """The command that trains the setting on seeds nobody has looked at; None of an ensemble."""


@dataclass(frozen=True)
class FindingCount:
    """The runs that have a finding."""

    name: str
    severities: tuple[int, ...]
    """How many have it at each of `SEVERITIES`."""
    common: tuple[tuple[str, Value], ...]
    """Values of varied options that nearly all of them have, and fewer than all runs that were compared."""


@dataclass(frozen=True)
class Comparison:
    """All there is to say."""

    title: str
    """The paths, in short."""
    paths: tuple[Path, ...]
    metric: str
    """The tag that settings are ranked by, `val/accuracy`."""
    at_best: bool
    """Whether a run's value is that of its best step (the metric is its objective), rather than its last."""
    maximise: bool
    runs: tuple[Run, ...]
    seeds: tuple[int, ...]
    """All that any run has."""
    varied: tuple[str, ...]
    """The keys that differ, the ones that were set on the command line first; without `seed`."""
    domains: Mapping[str, tuple[Value, ...]]
    """The values of each varied key, in order: numbers ascending, then words."""
    settings: tuple[Setting, ...]
    """The best first."""
    effects: tuple[Effect, ...]
    """By key, in the order of `varied`."""
    isolations: tuple[Isolation, ...]
    """Of each varied key, or of the one that `--by` names."""
    winner: Winner | None
    """None while no run has a value."""
    race: Race | None
    """None without `--target`."""
    by: str | None
    """The key that `--by` named."""
    findings: tuple[FindingCount, ...]
    """How many runs have which."""
    cautions: tuple[str, ...]
    """Sentences: what to know before believing it, the gravest first."""
