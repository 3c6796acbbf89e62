"""Models of two weights walk over a surface: the path is recorded, and drawn over the loss."""

import re
from pathlib import Path

import jax
import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from runner.cli import main
from runner.landscape import heights
from runner.records.trajectory import read_trajectory

STEPS, RATES = 6, (0.1, 0.3)
SHORT = ["experiment=surface", f"epochs={STEPS}", "precision=float64"]


@pytest.fixture(scope="module", autouse=True)
def floats():
    """A run in float64 leaves JAX as it was."""
    before = jax.config.values["jax_enable_x64"]
    yield
    jax.config.update("jax_enable_x64", before)


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Plain gradient descent down the ravine at two rates, in one program; and compared."""
    folder = tmp_path_factory.mktemp("surface") / "sweep"
    rates = ",".join(map(str, RATES))
    options = ["model=ravine", "optimizer=sgd", f"optimizer.learning_rate={rates}", "sweep.grids=null"]
    assert main(["train", "-m", *SHORT, *options, f"output_dir={folder}"]) == 0
    assert main(["compare", str(folder)]) == 0
    return folder


def images(folder: Path) -> list[str]:
    return EventAccumulator(str(folder), {"images": 0}).Reload().Tags()["images"]


def test_a_path_is_that_of_the_formula(sweep):
    for number, rate in enumerate(RATES):
        found = read_trajectory(sweep / str(number) / "metrics.jsonl", ("x", "y"))
        expected = [np.array([-2.0, 0.5])]
        while len(expected) < STEPS:
            expected.append(expected[-1] * (1 - rate * np.array([0.1, 5])))
        np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_the_landscape_is_the_loss_at_every_point(sweep):
    points = np.random.default_rng(0).normal(size=(300, 2))
    expected = (points[:, 0] ** 2 + 50 * points[:, 1] ** 2) / 20
    np.testing.assert_allclose(heights(sweep / "0", points), expected, rtol=1e-9)


def test_the_best_run_of_a_program_is_drawn_and_all_of_them_together(sweep):
    assert sorted("path" in images(sweep / str(number)) for number in range(2)) == [False, True]
    assert "7_over_the_loss" in images(sweep / "comparison/figures")
    page = (sweep / "comparison/report.html").read_text()
    assert 'id="landscapes"' in page and '"type":"contour"' in page
    assert len(re.findall(r'"symbol":\["circle-open"', page)) == len(RATES)


def test_without_a_checkpoint_the_paths_are_compared_without_the_loss(sweep):
    for file in sweep.rglob("checkpoints/*"):
        file.unlink()
    assert main(["compare", str(sweep)]) == 0
    page = (sweep / "comparison/report.html").read_text()
    assert 'id="landscapes"' in page and '"type":"contour"' not in page
