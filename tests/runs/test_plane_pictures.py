"""What the network says over the plane is drawn: on the way of a run, and once for the best of a sweep."""

from pathlib import Path

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from runner.cli import main

SMALL = ["dataset=playground", "dataset.samples=100", "batch_size=20", "model.hidden=[4]"]


def pictures(run: Path) -> dict[str, list[int]]:
    events = EventAccumulator(str(run), {"images": 0}).Reload()
    return {tag: [image.step for image in events.Images(tag)] for tag in events.Tags()["images"]}


def test_a_run_draws_on_its_way(here: Path) -> None:
    dropped = ["regularizer=dropout", "regularizer.dropout=0.2"]
    options = ["epochs=5", "diagnostics=off", *dropped, "dataset.features=[x1,x1x2,x2]", "output_dir=run"]
    assert main(["train", *SMALL, *options]) == 0
    drawn = pictures(here / "run")
    assert drawn["plane"] == [4, 8, 12, 16, 20] and drawn["test/confusion"] == [20]


def test_full_diagnostics_draw_each_hidden_unit_beside_it_and_count_numbers(here: Path) -> None:
    options = ["model.hidden=[4,3]", "epochs=10", "diagnostics=full", "output_dir=run"]
    assert main(["train", *SMALL, *options]) == 0
    drawn = pictures(here / "run")
    assert drawn["units/dense.hidden.0"] == drawn["units/dense.hidden.1"] == drawn["plane"]
    assert drawn["plane"] == list(range(4, 41, 4))
    events = EventAccumulator(str(here / "run"), {"histograms": 0}).Reload()
    layers = ["dense.hidden.0", "dense.hidden.1"]
    expected = {f"activations/{layer}" for layer in layers}
    expected |= {
        f"{kind}/{layer}" for kind in ("weights", "gradients") for layer in [*layers, "dense.logits"]
    }
    assert set(events.Tags()["histograms"]) == expected
    for tag in expected:  # the first evaluation, each half, and the end
        assert [event.step for event in events.Histograms(tag)] == [4, 20, 40]


def test_a_sweep_draws_its_best_run_once(here: Path) -> None:
    options = ["dataset.task=regression", "epochs=1", "seed=0,1,2", "diagnostics=full", "output_dir=sweep"]
    assert main(["train", "-m", *SMALL, *options]) == 0
    drawn = [pictures(here / "sweep" / str(number)) for number in range(3)]
    for tag in ("plane", "units/dense.hidden.0"):
        assert sorted(own.get(tag, []) for own in drawn) == [[], [], [4]]


def test_a_table_of_two_features_is_drawn_and_tells_what_was_missing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    points = np.random.default_rng(0).normal(size=(60, 2))
    rows = [f"{x:.3f},{y:.3f},{x > y}" for x, y in points]
    (here / "table.csv").write_text("\n".join(["x,y,larger", *rows, "1.0,2.0,"]))
    options = ["dataset=csv", "dataset.path=table.csv", "dataset.target=larger", "output_dir=run"]
    assert main(["train", *options, "batch_size=8", "model.hidden=[4]", "epochs=1", "diagnostics=off"]) == 0
    assert pictures(here / "run")["plane"] == [6]
    note = "table.csv: 1 rows without larger are left out"
    assert note in capsys.readouterr().out
    assert note in (here / "run" / "run.log").read_text()
    assert note in (here / "run" / "summary.json").read_text()


def test_on_a_line_a_curve_is_drawn(here: Path) -> None:
    options = ["dataset=polynomial", "model=linear", "epochs=1", "diagnostics=off", "output_dir=run"]
    assert main(["train", *options]) == 0
    drawn = pictures(here / "run")
    assert drawn["curve"] == [6] and "plane" not in drawn
