"""Evaluates a trained run and writes what it found beside the run, never over its summary."""

import json
import time
from pathlib import Path
from typing import Any

import jax.numpy as jnp
import numpy as np
from omegaconf import DictConfig
from rich.console import Console

from runner import folder as folders
from runner.composition import compose
from runner.data.dataset import Dataset
from runner.errors import ConfigError
from runner.experiment import build_dataset
from runner.provenance import provenance
from runner.records.console import result_table
from runner.runs import Run, load_run
from runner.validation import validate


def evaluate(folder: Path, overrides: list[str], command: list[str]) -> int:
    """Evaluates the best weights of a run on a test split; the exit code.

    Raises ConfigError if the data does not fit the run.
    """
    run = load_run(folder)
    config = _on(run, overrides)
    dataset = build_dataset(config)
    _refuse_misfit(run, dataset)
    metrics = measure(run, dataset, dataset.test)
    found = {
        "metrics": {f"test/{name}": value for name, value in metrics.items()},
        "overrides": overrides,
        "data": {
            "fingerprint": dataset.fingerprint,
            "test": len(dataset.test),
            "split_seed": config.dataset.split_seed,
        },
        **provenance(command),
    }
    path = _write(folder, found)
    console = Console(highlight=False, soft_wrap=True)
    console.print(result_table({"test": metrics}))
    console.print(f"{len(dataset.test)} examples: {path}")
    return 0


def measure(run: Run, dataset: Dataset, split: np.ndarray) -> dict[str, float]:
    """Loss and metrics of a run over the examples of a split."""
    outputs = jnp.asarray(run.outputs(dataset.inputs[split]))
    targets = run.parts.task.encode(jnp.asarray(dataset.targets[split]), outputs.dtype)
    ones = jnp.ones(len(split), outputs.dtype)
    losses = {"loss": jnp.mean(run.parts.loss(outputs, targets))}
    return {
        name: float(value)
        for name, value in {
            **losses,
            **{name: metric(outputs, targets, ones) for name, metric in run.parts.task.metrics.items()},
        }.items()
    }


def _on(run: Run, overrides: list[str]) -> DictConfig:
    if not overrides:
        return run.config
    _, typed = folders.load_config(run.folder)
    kept = [text for text in typed if not _chooses_data(text)] if _chooses_any(overrides) else typed
    summary = folders.read_summary(run.folder)
    config_dir = Path(summary["config_dir"]) if summary["config_dir"] else None
    composed = compose([*kept, *overrides], config_dir)
    validate(composed)
    config = run.config.copy()
    config.dataset = composed.dataset
    return config


def _chooses_data(text: str) -> bool:
    return text.lstrip("+").startswith(("dataset=", "dataset."))


def _chooses_any(overrides: list[str]) -> bool:
    return any(text.startswith("dataset=") for text in overrides)


def _refuse_misfit(run: Run, dataset: Dataset) -> None:
    if dataset.input_shape != tuple(run.spec.input_shape):
        raise ConfigError(
            f"dataset: its inputs are {dataset.input_shape}, the run's {tuple(run.spec.input_shape)}"
        )
    if dataset.outputs != run.spec.outputs or (dataset.classes is None) != (run.classes is None):
        raise ConfigError(f"dataset: it has {dataset.outputs} outputs, the run {run.spec.outputs}")


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
    raise ConfigError(f"{folder}: too many evaluations in one second")
