"""What Hydra's sweepers and launchers are given for a task, and what ours make of it."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple, Protocol, runtime_checkable

from hydra.core.override_parser.types import Quote, QuotedString
from hydra.core.utils import JobReturn
from hydra.utils import get_class
from omegaconf import DictConfig

from runner.composition.composer import Composer
from runner.composition.jobs import JobComposer, SweepJob
from runner.composition.overrides import parse, texts
from runner.errors import ConfigError


class Outcome(NamedTuple):
    """How the run of a job ended."""

    folder: Path
    value: float
    """The best value of its objective; nan where it has none, or diverged."""
    error: str | None
    """Why it failed; None where it did not."""
    ended: bool = True
    """False where it was interrupted."""


@runtime_checkable
class Together(Protocol):
    """A task that takes many jobs at once."""

    def together(self, jobs: Sequence[SweepJob], folder: Path, lanes: int) -> list[Outcome]:
        """Runs the jobs in a sweep's folder, in programs of at least `lanes` lanes; in their order."""
        ...

    def plan(self, jobs: Sequence[SweepJob], lanes: int) -> None:
        """Says how it would run the jobs."""
        ...

    def go_on(self, folder: Path, command: list[str]) -> bool:
        """Runs what a sweep that was killed has left; False where it was interrupted again."""
        ...

    def maximises(self, job: SweepJob) -> bool:
        """Whether a higher value of the job's objective is better; raises ConfigError as building it does."""
        ...

    def conclude(self, folder: Path) -> int:
        """Sums up a sweep, whoever ran its jobs; the exit code."""
        ...


@runtime_checkable
class LaunchesTogether(Protocol):
    """A launcher that takes jobs whose configs have been composed."""

    def launch_composed(self, jobs: Sequence[SweepJob], lanes: int = 1) -> Sequence[JobReturn]:
        """Runs the jobs, in programs of at least `lanes` lanes."""
        ...


@runtime_checkable
class Plans(Protocol):
    """A sweeper that can say what it would do, and writes nothing before it has checked what it is asked."""

    def plan(self, arguments: list[str]) -> None:
        """Says how the jobs that these overrides ask for would run."""
        ...


class Application:
    """A task in a sweep. To a worker process, which it is pickled for, it is the task alone."""

    def __init__(self, task: Any, composer: Composer, config: DictConfig, command: list[str]) -> None:
        self.task = task
        self.composer = composer
        self.folder = Path(str(config.hydra.sweep.dir))
        self._hydra = texts(config.hydra.overrides.hydra)
        self._command = command

    def __call__(self, config: DictConfig) -> Any:
        """Runs one job."""
        return self.task(config)

    def __reduce__(self) -> tuple[Any, ...]:
        return _itself, (self.task,)

    @property
    def takes_many(self) -> bool:
        """Whether the task takes many jobs at once."""
        return isinstance(self.task, Together)

    @cached_property
    def jobs(self) -> JobComposer:
        """Composes jobs."""
        return JobComposer(self.composer, self._hydra, self._command)

    def launch(self, jobs: Sequence[SweepJob], lanes: int = 1) -> list[Outcome]:
        """Runs jobs together, in programs of at least `lanes` lanes."""
        return self.task.together(jobs, self.folder, lanes)

    def plan(self, jobs: Sequence[SweepJob], lanes: int = 1) -> None:
        """Says how jobs would run together."""
        self.task.plan(jobs, lanes)

    def go_on(self) -> bool:
        """Runs what a sweep that was killed has left in the folder; False where it was interrupted again."""
        return self.task.go_on(self.folder, self._command)

    def maximises(self, job: SweepJob) -> bool:
        """Whether a higher value of the job's objective is better."""
        return self.task.maximises(job)

    def exit_code(self) -> int:
        """What the sweep's exit code is, once its jobs have run."""
        return self.task.conclude(self.folder) if self.takes_many else 0


def launches_together(config: DictConfig) -> bool:
    """Whether the launcher that a config chooses takes jobs whose configs have been composed."""
    return issubclass(get_class(config.hydra.launcher._target_), LaunchesTogether)


def typed_folder(overrides: Sequence[str]) -> str | None:
    """The `output_dir` among the overrides of a sweep, None where it is not given.

    Raises:
        ConfigError: it is several.
    """
    for override in map(parse, overrides):
        if override.key_or_group == "output_dir":
            if override.is_sweep_override():
                raise ConfigError(f"{override.input_line}: a sweep has one folder, and its runs lie in it")
            value = override.value()
            return None if value is None else str(value)
    return None


def quoted(text: str) -> str:
    """A text as Hydra's grammar takes it."""
    return QuotedString(text, Quote.single).with_quotes()


def _itself(task: Any) -> Any:
    return task
