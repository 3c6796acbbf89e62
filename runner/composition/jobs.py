"""The configs of a sweep's jobs: composed once for each choice of options, not once a job."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hydra.core.override_parser.types import Override, OverrideType
from omegaconf import DictConfig, OmegaConf

from runner.binding import put_in, resolve, take_out
from runner.composition.composer import Composer, without_hydra
from runner.composition.job import Job, choices_of
from runner.composition.overrides import parse
from runner.errors import ConfigError
from runner.leaves import Leaf, leaves
from runner.validation import check_together, typed_value, validate

PLAIN = (bool, int, float, str, list, type(None))


@dataclass(frozen=True)
class SweepJob:
    """A run that is asked for, with the config it makes as plain dicts and lists."""

    job: Job
    config: dict[str, Any]
    """As it is saved: its interpolations are not resolved."""
    resolved: dict[str, Any]


@dataclass(frozen=True)
class _Base:
    """What jobs with the same choices share; the others of their overrides set plain values in it."""

    config: DictConfig
    plain: dict[str, Any]
    leaves: dict[str, Leaf]
    choices: dict[str, str]


SHARED = ("sweep", "device", "compilation_cache")
"""Keys that say how a sweep is run."""


def check_shared(jobs: Sequence[SweepJob]) -> None:
    """Refuses jobs that cannot be run as one sweep.

    Raises:
        ConfigError: they differ in how the sweep is run.
    """
    for key in SHARED:
        if any(job.resolved[key] != jobs[0].resolved[key] for job in jobs):
            raise ConfigError(f"{key}: it is the same for all runs of a sweep")


class JobComposer:
    """Composes the jobs of a sweep from one source; `hydra` overrides go to every job."""

    def __init__(self, composer: Composer, hydra: Sequence[str], command: list[str]) -> None:
        self._composer = composer
        self._hydra = list(hydra)
        self._command = command
        self._base = functools.cache(self._composed)
        self._template = functools.cache(self._with_slots)

    def compose(self, overrides: Sequence[str]) -> SweepJob:
        """The job that these overrides ask for.

        Raises:
            ConfigError: what they ask for is wrong, by the config alone.
        """
        choices = tuple(self._composer.choices(overrides))
        others = [_read(text) for text in overrides if text not in choices]
        values = {override.key_or_group: override.value() for override, is_plain in others if is_plain}
        if len(values) == len(others) and values.keys() <= self._base(choices).leaves.keys():
            return self._set(choices, values, list(overrides))
        return self._whole(list(overrides))

    def compose_all(self, jobs: Sequence[Sequence[str]]) -> list[SweepJob]:
        """The jobs that these overrides ask for; raises as `compose` and `check_shared` do."""
        composed = [self.compose(overrides) for overrides in jobs]
        check_shared(composed)
        return composed

    def _set(self, choices: tuple[str, ...], values: dict[str, Any], overrides: list[str]) -> SweepJob:
        base = self._base(choices)
        values = {key: typed_value(key, value, base.leaves) for key, value in values.items()}
        check_together({key: leaf.value for key, leaf in base.leaves.items()} | values)
        config = base.plain
        for key, value in values.items():
            config = _replaced(config, key.split("."), value)
        template = self._template(choices, frozenset(values))
        resolved = resolve(OmegaConf.create(config)) if template is None else put_in(template, values)
        return SweepJob(self._job(overrides, base.choices), config, resolved)

    def _whole(self, overrides: list[str]) -> SweepJob:
        composer, everything = self._composer, [*self._hydra, *overrides]
        loaded = composer.load(everything)
        choices = choices_of(loaded.hydra)
        config = without_hydra(loaded)
        validate(config, composer.defaults(everything))
        plain: Any = OmegaConf.to_container(config, resolve=False)
        return SweepJob(self._job(overrides, choices), plain, resolve(config))

    def _composed(self, choices: tuple[str, ...]) -> _Base:
        loaded = self._composer.load([*self._hydra, *choices])
        named = choices_of(loaded.hydra)
        config = without_hydra(loaded)
        validate(config)
        plain: Any = OmegaConf.to_container(config, resolve=False)
        return _Base(config, plain, leaves(config), named)

    def _with_slots(self, choices: tuple[str, ...], keys: frozenset[str]) -> Any:
        try:
            return take_out(self._base(choices).config, keys)
        except Exception:  # a value that becomes part of a text, or of what a resolver computes
            return None

    def _job(self, overrides: list[str], choices: dict[str, str]) -> Job:
        source = self._composer.source
        config_dir = None if source.config_dir is None else str(source.config_dir.resolve())
        return Job(self._command, overrides, choices, source.config_name, config_dir, str(Path.cwd()))


@functools.lru_cache(maxsize=100_000)
def _read(text: str) -> tuple[Override, bool]:
    """An override, and whether it does no more than give one key a value."""
    override = parse(text)
    sets = override.type == OverrideType.CHANGE and not override.is_sweep_override()
    return override, sets and override.package is None and _is_plain(override.value())


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return all(map(_is_plain, value))
    # A text may be an interpolation, or the sign of a value that is to be given.
    return isinstance(value, PLAIN) and not (isinstance(value, str) and ("${" in value or value == "???"))


def _replaced(node: Mapping[str, Any], path: Sequence[str], value: Any) -> dict[str, Any]:
    name, *rest = path
    return {**node, name: _replaced(node[name], rest, value) if rest else value}
