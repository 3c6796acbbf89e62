"""Runs one command as a Hydra application does, with every flag of Hydra's."""

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from hydra._internal.callbacks import Callbacks
from hydra._internal.hydra import Hydra
from hydra.core.global_hydra import GlobalHydra
from hydra.core.utils import JobStatus, configure_log, run_job
from hydra.types import HydraContext, RunMode
from omegaconf import DictConfig, OmegaConf

from runner.composition.composer import Composer
from runner.composition.flags import read_flags
from runner.composition.keys import unknown_key
from runner.composition.loader import Loader
from runner.composition.multirun import run_sweep
from runner.composition.source import Source, source_of
from runner.composition.sweeping import quoted
from runner.errors import ConfigError

Task = Callable[[DictConfig], int]


def run_hydra(command: str, argv: list[str], task: Task, about: str = "") -> int:
    """Composes the config that `argv` asks for and gives it to `task`, or shows what a flag asks for.

    The first line of `about` says in the help what the command does.

    Returns the task's exit code; 0 where a flag showed something, or a sweep ended.

    Raises:
        ConfigError: a flag, an override, an option or a config file is wrong.
    """
    flags, parser = read_flags(argv)
    source = source_of(flags)
    with _environment(command, argv), _hydra(command, source) as (hydra, composer):
        if flags.help or flags.hydra_help:
            return _help(hydra, composer, flags, parser, [f"runner {command}", about.partition("\n")[0]])
        if flags.cfg is not None or flags.info is not None:
            return _show(hydra, composer, flags)
        return _run(hydra, composer, flags, task)


@contextmanager
def _environment(command: str, argv: list[str]) -> Iterator[None]:
    # Hydra takes its program's name from sys.argv, and raises instead of printing with HYDRA_FULL_ERROR.
    saved_argv, saved_error = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv = [f"runner {command}", *argv]
    os.environ["HYDRA_FULL_ERROR"] = "1"
    try:
        yield
    finally:
        sys.argv = saved_argv
        os.environ.pop("HYDRA_FULL_ERROR")
        if saved_error is not None:
            os.environ["HYDRA_FULL_ERROR"] = saved_error


@contextmanager
def _hydra(command: str, source: Source) -> Iterator[tuple[Hydra, Composer]]:
    GlobalHydra.instance().clear()
    hydra = Hydra.create_main_hydra2(command, source.search_path())
    try:
        hydra.config_loader = loader = Loader(source.search_path())
        yield hydra, Composer(source, loader)
    finally:
        GlobalHydra.instance().clear()


def _help(
    hydra: Hydra,
    composer: Composer,
    flags: argparse.Namespace,
    parser: argparse.ArgumentParser,
    names: Sequence[str],
) -> int:
    with composer.explained(flags.overrides):
        header = quoted(": ".join(names))
        flags.overrides += [f"hydra.help.app_name={quoted(names[0])}", f"hydra.help.header={header}"]
        if flags.help:
            hydra.app_help(composer.source.config_name, parser, flags)
        else:
            hydra.hydra_help(composer.source.config_name, parser, flags)
    return 0


def _show(hydra: Hydra, composer: Composer, flags: argparse.Namespace) -> int:
    name, overrides = composer.source.config_name, flags.overrides
    with composer.explained(overrides):
        if flags.info is not None:
            hydra.show_info(flags.info, name, overrides)
            return 0
        composer.check(overrides)
        if flags.package not in (None, "_global_"):
            _check_package(flags.package, composer.load(overrides))
        hydra.show_cfg(name, overrides, flags.cfg, flags.package, flags.resolve)
    return 0


def _check_package(package: str, config: DictConfig) -> None:
    if OmegaConf.select(config, package) is None:
        raise ConfigError(f"--package {unknown_key(package, config)}")


def _run(hydra: Hydra, composer: Composer, flags: argparse.Namespace, task: Task) -> int:
    overrides = list(flags.overrides)
    if flags.multirun or flags.dry_run:
        return run_sweep(hydra, composer, flags, [*overrides, "hydra.mode=MULTIRUN"], task)
    if "hydra.mode=MULTIRUN" in overrides:
        return run_sweep(hydra, composer, flags, overrides, task)
    config = composer.load(overrides)
    if config.hydra.mode == RunMode.MULTIRUN:
        return run_sweep(hydra, composer, flags, overrides, task)
    config.hydra.mode = RunMode.RUN
    return _run_once(hydra, composer, config, task)


def _run_once(hydra: Hydra, composer: Composer, config: DictConfig, task: Task) -> int:
    # Hydra.run, less a second composition and its own report of what the task raised.
    with composer.explained([]):
        callbacks = Callbacks(config)
        callbacks.on_run_start(config=config, config_name=composer.source.config_name)
        context = HydraContext(config_loader=hydra.config_loader, callbacks=callbacks)
        configure_log(config.hydra.hydra_logging, config.hydra.verbose)
        job = run_job(task, config, "hydra.run.dir", None, context)
        callbacks.on_run_end(config=config, config_name=composer.source.config_name, job_return=job)
    if job.status is JobStatus.FAILED:
        raise job._return_value
    return job.return_value
