"""Sweeps that tests look at, made in this process."""

import json
from pathlib import Path

import numpy as np
import pytest

from runner.cli import main
from runner.sweeps.numbering import run_folders

SMALL = ["model.hidden=[8]", "epochs=2", "dataset.subset=256", "diagnostics=off"]


def sweep_in(folder: Path, options: list[str], code: int = 0) -> Path:
    """A sweep made in this process."""
    assert main(["train", "-m", *options, f"output_dir={folder}"]) == code
    return folder


def statuses(sweep: Path) -> dict[int, str]:
    return {number: summary_in(path)["status"] for number, path in run_folders(sweep).items()}


def summary_in(run: Path) -> dict:
    return json.loads((run / "summary.json").read_text())


def recorded(run: Path, tag: str) -> np.ndarray:
    """The values of a tag in `metrics.jsonl`, [evaluations]."""
    lines = [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]
    return np.array([line[tag] for line in lines if tag in line], float)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two optimizers, two rates, two seeds; to be read, and not changed."""
    rates = "optimizer.learning_rate=1e-3,1e-2"
    folder = tmp_path_factory.mktemp("small") / "sweep"
    return sweep_in(folder, [*SMALL, "optimizer=sgd,adam", rates, "seed=0,1"])
