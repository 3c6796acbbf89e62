"""A sweep as Hydra runs it: a sweeper asks a launcher for jobs."""

import argparse
import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hydra._internal.callbacks import Callbacks
from hydra._internal.core_plugins.basic_sweeper import BasicSweeperConf
from hydra._internal.hydra import Hydra
from hydra.core.plugins import Plugins
from hydra.plugins.sweeper import Sweeper
from hydra.types import HydraContext, RunMode
from omegaconf import DictConfig, OmegaConf

from runner.composition.composer import Composer
from runner.composition.grids import expand, lines, read
from runner.composition.invocations import earlier_kept
from runner.composition.overrides import texts
from runner.composition.sweeping import Application, Plans, launches_together, quoted, typed_folder
from runner.errors import ConfigError
from runner.folder import default_path, refuse_unless_sweep

ROOT = "outputs/sweeps"
"""What configs/config.yaml says, and each sweep has a folder of its own in."""
SUBDIR = "${hydra.job.num}"
TOGETHER = ("pruning", "fail_fast")
"""What `sweep` asks for that only a launcher that runs all jobs can do."""


def run_sweep(
    hydra: Hydra, composer: Composer, flags: argparse.Namespace, overrides: list[str], task: Any
) -> int:
    """Runs the jobs that the overrides ask for: the exit code.

    It is Hydra.multirun, with a folder that no other sweep has, and an end that comes after failed jobs too.
    Raises ConfigError, with nothing written, where the config of a job is wrong.
    """
    composer.check(overrides)
    with composer.explained(overrides):
        config = hydra.compose_config(composer.source.config_name, overrides, RunMode.MULTIRUN)
        _give_folder(config)
        refuse_unless_sweep(Path(str(config.hydra.sweep.dir)))
        _check_launcher(config)
        command = [*sys.argv[0].split(), *sys.argv[1:]]
        application = Application(task, composer, config, command)
        callbacks = Callbacks(config)
        context = HydraContext(config_loader=hydra.config_loader, callbacks=callbacks)
        sweeper = Plugins.instance().instantiate_sweeper(
            config=config, hydra_context=context, task_function=application
        )
        arguments = texts(config.hydra.overrides.task)
        if flags.dry_run:
            return _plan(sweeper, config, arguments)
        _check_jobs(config, application, arguments)
        callbacks.on_multirun_start(config=config, config_name=composer.source.config_name)
    try:
        return _run(sweeper, application, arguments)
    finally:
        callbacks.on_multirun_end(config=config, config_name=composer.source.config_name)


def _run(sweeper: Sweeper, application: Application, arguments: list[str]) -> int:
    try:
        with _surroundings(sweeper, application, arguments):
            sweeper.sweep(arguments=arguments)
    except KeyboardInterrupt:
        application.exit_code()
        raise
    except Exception:
        if isinstance(sweeper, Plans):
            raise
        # Hydra's own sweepers stop at a job that failed, and raise what it raised.
        code = application.exit_code()
        if code == 0:
            raise
        return code
    return application.exit_code()


@contextlib.contextmanager
def _surroundings(sweeper: Sweeper, application: Application, arguments: list[str]) -> Iterator[None]:
    if isinstance(sweeper, Plans):
        # Ours explain what they compose, write only what they have checked, and hide no error of a task.
        yield
        return
    with earlier_kept(application.folder), application.composer.explained(arguments):
        yield


def _plan(sweeper: Sweeper, config: DictConfig, arguments: list[str]) -> int:
    if not isinstance(sweeper, Plans) or not launches_together(config):
        needed = "hydra/sweeper=grid or optuna, and hydra/launcher=lanes"
        raise ConfigError(f"--dry-run goes with {needed}, which plan before they train")
    sweeper.plan(arguments)
    return 0


def _check_jobs(config: DictConfig, application: Application, arguments: list[str]) -> None:
    """Checks the jobs of Hydra's own sweeper, which makes folders before it looks at any."""
    # Hydra runs the modules of plugins again, so that the class is not the one that could be imported here.
    if config.hydra.sweeper._target_ == BasicSweeperConf._target_ and application.takes_many:
        given = read([*lines(config.hydra.sweeper.params), *arguments], application.composer.loader)
        for job in expand(given, []):
            application.jobs.compose(job)


def _check_launcher(config: DictConfig) -> None:
    if launches_together(config):
        return
    for key in TOGETHER:
        if OmegaConf.select(config, f"sweep.{key}"):
            raise ConfigError(f"sweep.{key}: it goes with hydra/launcher=lanes, which sees all runs at once")


def _give_folder(config: DictConfig) -> None:
    given = texts(config.hydra.overrides.hydra)
    place = typed_folder(texts(config.hydra.overrides.task))
    for text in given:
        if text.startswith("hydra.sweep.dir=") and place is not None:
            raise ConfigError(f"{text}: output_dir={place} names the sweep's folder already; give one")
    if config.hydra.sweep._get_node("subdir")._value() != SUBDIR:
        raise ConfigError("hydra.sweep.subdir: the runs of a sweep lie in folders named by their numbers")
    if place is None and str(config.hydra.sweep.dir) == ROOT:
        place = str(default_path(Path(ROOT)))
    if place is not None:
        # What launchers give to every job, and what they read themselves.
        config.hydra.overrides.hydra.append(f"hydra.sweep.dir={quoted(place)}")
        config.hydra.sweep.dir = place
