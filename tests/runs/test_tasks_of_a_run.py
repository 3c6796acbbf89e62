"""A run of several tasks, from the command to `load_run`."""

import json

import numpy as np
import pytest

from runner import load_run
from runner.cli import main
from runner.data.digits import digits


@pytest.mark.parametrize(
    ("model", "tags", "shape", "picture"),
    [
        ("multitask", ["val/parity/accuracy", "val/reconstruction/mse", "test/accuracy"], 10, True),
        ("autoencoder", ["val/mse", "test/mse"], 64, False),
    ],
)
def test_each_task_is_measured_and_predicted(model, tags, shape, picture, here, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        "runner.report.draw_confusion", lambda *a: drawn.append(a) or np.zeros((4, 4, 3), "u1")
    )
    assert (
        main(["train", f"model={model}", "epochs=1", "model.hidden=[8]", "diagnostics=off", "output_dir=run"])
        == 0
    )
    run = load_run("run")
    assert set(tags) <= run.metrics.keys()
    assert run.predict(digits().inputs[:3]).shape == (3, shape)
    assert bool(drawn) == picture
    assert main(["evaluate", "run"]) == 0
    (found,) = here.glob("run/evaluation*.json")
    assert json.loads(found.read_text())["metrics"][tags[-1]] == run.metrics[tags[-1]]
