"""Sweeps as they lie on disk, without training: real configs, made-up numbers."""

import functools
import itertools
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from omegaconf import OmegaConf

from runner.composition import compose
from runner.groups import defaults, folders, names

STEPS_AN_EPOCH = 22
VERSIONS = {"runner": "0.1.0", "python": "3.11.7", "jax": "0.10.2", "numpy": "2.4.6"}


def write_sweep(
    folder: Path,
    options: Mapping[str, Sequence[object]],
    seeds: Sequence[int],
    value: Callable[..., float | None],
    **changes: Any,
) -> None:
    """One run a combination and seed; `value(seed, *options)` is its val/accuracy, None where it diverged."""
    combinations = itertools.product(*options.values(), seeds)
    for number, (*chosen, seed) in enumerate(combinations):
        overrides = [f"{key}={option}" for key, option in zip(options, chosen, strict=True)]
        write_run(folder / str(number), overrides, seed, value(seed, *chosen), **changes)


def write_run(
    folder: Path,
    overrides: Sequence[str],
    seed: int = 0,
    value: float | None = 0.9,
    curve: Sequence[float] | None = None,
    metric: str = "val/accuracy",
    **changes: Any,
) -> None:
    """A run's folder; `curve` is the metric after each epoch, `changes` replace keys of its summary."""
    (folder / ".hydra").mkdir(parents=True)
    (folder / ".hydra/config.yaml").write_text(
        _config(tuple(overrides)).replace("seed: 0\n", f"seed: {seed}\n", 1)
    )
    (folder / ".hydra/overrides.yaml").write_text(json.dumps([*overrides, f"seed={seed}"]))
    values = [value] if curve is None else list(curve)
    records = [
        {"step": STEPS_AN_EPOCH * epoch, "epoch": float(epoch), metric: reached, "train/loss": 1 / epoch}
        for epoch, reached in enumerate(values, start=1)
    ]
    (folder / "metrics.jsonl").write_text("".join(f"{json.dumps(record)}\n" for record in records))
    made = summary(overrides, seed, values[-1], len(values), metric)
    (folder / "summary.json").write_text(json.dumps(made | changes))


LOST = {
    "name": "diverged",
    "severity": "problem",
    "where": "loss",
    "since": 60,
    "evidence": {"sentence": "the loss was not finite at step 60", "numbers": {"step": 60.0}},
    "suggestion": "optimizer.learning_rate=0.01",
}


def summary(
    overrides: Sequence[str], seed: int, value: float | None, epochs: int, metric: str
) -> dict[str, Any]:
    """What `summary.json` says of a run whose best is its last value."""
    steps = STEPS_AN_EPOCH * epochs
    test = {} if value is None else {f"test/{metric.rpartition('/')[2]}": value - 0.01}
    return {
        "status": "diverged" if value is None else "completed",
        "error": None if value is not None else f"the loss was not finite at step {steps}",
        "overrides": [*overrides, f"seed={seed}"],
        "choices": _choices(tuple(text for text in overrides if "." not in text.partition("=")[0])),
        "seed": seed,
        "steps": steps,
        "epochs": float(epochs),
        "parameters": 17226,
        "metrics": {"train/loss": 0.3, metric: value, **test},
        "best": {"metric": metric, "value": value, "step": None if value is None else steps},
        "seconds": {"total": 2.0 + seed / 10, "compile": 1.0, "train": 0.8, "evaluate": 0.2, "shared": 8},
        "findings": [LOST] if value is None else [],
        "data": {"fingerprint": "b534bfdaf1058222", "train": 1437, "val": 180, "test": 180, "split_seed": 0},
        "started": "2026-11-24T22:56:03",
        "config_name": "config",
        "config_dir": None,
        "working_dir": "/somewhere",
        "command": f"runner train -m {' '.join(overrides)}",
        "code": {"commit": "0ef274c9d1b2", "dirty": False},
        "device": {"platform": "cpu", "kind": "cpu", "count": 1},
        "versions": VERSIONS,
        "format": 1,
    }


@functools.cache
def _config(overrides: tuple[str, ...]) -> str:
    # Composing takes 0.15 s, and a value changes one line of what the choices make.
    config = OmegaConf.create(_composed(tuple(filter(_is_choice, overrides))))
    for text in overrides:
        if not _is_choice(text):
            key, _, value = text.partition("=")
            OmegaConf.update(config, key, OmegaConf.create({"value": json.loads(value)})["value"])
    return OmegaConf.to_yaml(config)


@functools.cache
def _composed(choices: tuple[str, ...]) -> str:
    return OmegaConf.to_yaml(compose(list(choices)))


@functools.cache
def _choices(overrides: tuple[str, ...]) -> dict[str, str]:
    chosen = dict(text.split("=", 1) for text in overrides if _is_choice(text))
    return defaults() | {"experiment": "None"} | chosen


@functools.cache
def _groups() -> frozenset[str]:
    return frozenset(names(folders()))


def _is_choice(text: str) -> bool:
    return text.partition("=")[0] in _groups()
