"""Evaluates a trained run and writes what it found beside the run, never over its summary."""

import hashlib
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jax
import numpy as np
from flax import nnx
from omegaconf import DictConfig
from rich.console import Console

from runner import folder as folders
from runner.composition import Composer, Source, change
from runner.data.dataset import DataError, Dataset
from runner.data.reading import blocks
from runner.data.streamed import Inputs
from runner.errors import ConfigError, RunError
from runner.examining import examiner
from runner.experiment import build_dataset
from runner.provenance import provenance
from runner.records.console import result_table
from runner.runs import Run, load_run, refuse_without_best
from runner.training.lanes import alone
from runner.validation import validate


def evaluate(folder: Path, overrides: list[str], command: list[str]) -> int:
    """Evaluates the best weights of a run on a test split; the exit code.

    Raises ConfigError if the data does not fit the run.
    """
    run, summary = load_run(folder), folders.read_summary(folder)
    best = summary["best"]["step"]
    refuse_without_best(folder, summary)
    config = _on(run, overrides)
    dataset = build_dataset(config)
    _refuse_misfit(run, dataset)
    own = _own(run, dataset, overrides)
    try:
        if own is not None:
            _refuse_same(own, dataset, overrides)
        seen = None if own is None else count_seen(own, dataset)
        metrics = measure(run, dataset, dataset.test)
    except DataError as error:  # of streamed data, an example that cannot be read
        raise ConfigError(f"dataset: {error}") from error
    found = {
        "metrics": {f"test/{name}": value for name, value in metrics.items()},
        "overrides": overrides,
        "data": {
            "fingerprint": dataset.fingerprint,
            "test": len(dataset.test),
            "split_seed": config.dataset.split_seed,
            "trained_on": seen,
        },
        **provenance(command),
    }
    path = _write(folder, found)
    console = Console(highlight=False, soft_wrap=True)
    console.print(result_table({"test": metrics}))
    if summary["status"] == "diverged":
        console.print(f"the run diverged: these are its best weights, from step {best}, before it did")
    if seen and overrides:
        console.print(
            f"{seen} of these examples are among those it was trained on: this is no test of new ones"
        )
    console.print(f"{len(dataset.test)} examples: {path}")
    return 0


def count_seen(own: Dataset, dataset: Dataset) -> int:
    """How many of the test examples of a data set have, to the byte, the inputs of one `own` trains on."""
    trained = set(_digests(own.inputs, own.train))
    return sum(digest in trained for digest in _digests(dataset.inputs, dataset.test))


def measure(run: Run, dataset: Dataset, split: np.ndarray) -> dict[str, float]:
    """Loss and metrics of a run over the examples of a split, to the last digit as training finds them."""
    lanes = jax.tree.map(lambda leaf: leaf[None], nnx.state(run.model))
    found, _ = examiner(run, dataset, alone())(lanes, split)
    return {name: float(value[0]) for name, value in found.items()}


def _on(run: Run, overrides: list[str]) -> DictConfig:
    if not overrides:
        return run.config
    if any(text.startswith("dataset=") for text in overrides):
        config = run.config.copy()
        config.dataset = _composed(run.folder, overrides).dataset
        return config
    config = change(run.config, overrides)
    validate(config, run.config)
    return config


def _composed(folder: Path, overrides: list[str]) -> DictConfig:
    summary = folders.read_summary(folder)
    _, typed = folders.load_config(folder)
    others = [text for text in typed if not text.lstrip("+~").startswith(("dataset=", "dataset."))]
    config_dir = Path(summary["config_dir"]) if summary["config_dir"] else None
    composer, everything = Composer(Source(config_dir, summary["config_name"])), [*others, *overrides]
    config = composer.compose(everything)
    validate(config, composer.defaults(everything))
    return config


def _own(run: Run, dataset: Dataset, overrides: list[str]) -> Dataset | None:
    """The data set of the run itself; None where its files have gone."""
    if not overrides:
        return dataset
    try:
        return build_dataset(run.config)
    except ConfigError:
        return None


def _refuse_same(own: Dataset, dataset: Dataset, overrides: list[str]) -> None:
    keys = {text.partition("=")[0] for text in overrides}
    if not keys or not keys <= {"dataset.split_seed", "dataset.test_fraction"}:
        return
    if list(_digests(own.inputs, own.test)) == list(_digests(dataset.inputs, dataset.test)):
        raise ConfigError(f"{' '.join(overrides)}: the test split stays what it is; leave it out")


def _digests(inputs: Inputs, examples: np.ndarray) -> Iterator[bytes]:
    for block in blocks(inputs, examples):
        for example in block:
            yield hashlib.blake2b(example.tobytes(), digest_size=16).digest()


def _refuse_misfit(run: Run, dataset: Dataset) -> None:
    if dataset.input_shape != tuple(run.spec.input_shape):
        raise ConfigError(
            f"dataset: its inputs are {dataset.input_shape}, the run's {tuple(run.spec.input_shape)}"
        )
    if dataset.outputs != run.spec.outputs or (dataset.classes is None) != (run.classes is None):
        theirs, ours = _kind(dataset.outputs, dataset.classes), _kind(run.spec.outputs, run.classes)
        raise ConfigError(f"dataset: its targets are {theirs}, the run's {ours}")


def _kind(outputs: int, classes: tuple[str, ...] | None) -> str:
    return f"{outputs} numbers" if classes is None else f"one of {outputs} classes"


def _write(folder: Path, found: dict[str, Any]) -> Path:
    stem = time.strftime("evaluation-%Y-%m-%d-%H-%M-%S")
    for number in range(1000):
        path = folder / (f"{stem}-{number}.json" if number else f"{stem}.json")
        try:
            with path.open("x", encoding="utf-8") as file:
                file.write(json.dumps(found, indent=2) + "\n")
            return path
        except FileExistsError:
            continue
        except OSError as error:
            raise RunError(f"{path}: {error.strerror}") from error
    raise ConfigError(f"{folder}: too many evaluations in one second")
