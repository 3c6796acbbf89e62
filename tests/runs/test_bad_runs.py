"""What only building or the data shows to be wrong: one line, exit code 2, nothing written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from runner.cli import main

# The overrides, and what the one line must say.
CONFIGS = [
    # the config and the data
    ("batch_size=5000", "batch_size=5000 is larger than the 1437 training examples"),
    ("dataset.subset=50", "batch_size=64 is larger than the 50 training examples"),
    ("dataset.subset=1438", "subset=1438: there are 1437 training examples"),
    ("dataset.val_fraction=0.0001", "none for val"),
    ("dataset.test_fraction=0.0001", "none for test"),
    ("objective.metric=val/r2", "this data set has val/loss, val/accuracy"),
    ("objective.metric=accuracy", "this data set has val/loss, val/accuracy"),
    ("dataset=mine dataset.task=numbers loss=mse objective.metric=val/accuracy", "val/loss, val/mse, val/r2"),
    ("dataset=mine dataset.task=numbers", "loss: softmax_cross_entropy needs classes"),
    ("dataset=mine dataset.task=numbers loss=mse loss.label_smoothing=0.1", "label_smoothing needs classes"),
    ("dataset=mine dataset.task=numbers loss=mse dataset.label_noise=0.1", "label_noise=0.1"),
    ("dataset=mine dataset.task=numbers loss=hinge", "loss: hinge needs classes"),
    ("optimizer=mine regularizer=l0", "regularizer.l0: its proximal step follows the optimizer's"),
    ("optimizer=mine regularizer=l1 regularizer.l1_mode=proximal", "mine.signs has no step_size; choose one"),
    ("dataset.path=.", "dataset.path=.: this data set reads no files"),
    ("dataset=fashion_mnist dataset.path=nowhere", "dataset.path=nowhere: there is no such folder"),
    ("dataset=fashion_mnist dataset.path=mine.py", "dataset.path=mine.py: there is no such folder"),
    ("dataset=fashion_mnist dataset.path=.", "it has no train-images-idx3-ubyte"),
    ("dataset.memory=1", "dataset.memory=1: this data set is always held in memory; leave it null"),
    ("dataset.memory=-1", "dataset.memory=-1: expected null or a number of at least 0"),
    ("model=cnn model.depth=4", "depth 4 is too deep for 8x8 images"),
    ("model=cnn dataset=mine", "model: a CNN needs images"),
    ("augmentation=flip dataset=mine", "augmentation.flip: augmentation=flip needs images"),
    (
        "sampler=balanced dataset=mine dataset.task=numbers loss=mse",
        "sampler: sampler=balanced needs classes",
    ),
    # the machine
    ("model.hidden=[300000,300000]", "model: the device's memory is too small (Out of memory allocating"),
    ("device=tpu", "device=tpu: JAX finds no such device"),
    ("output_dir=/dev/null/x", "output_dir=/dev/null/x: cannot be made"),
    ("output_dir=mine.py", "output_dir=mine.py: it is no folder"),
    # what is called
    ("model._target_=nowhere.Net", "model: _target_=nowhere.Net: there is no nowhere"),
    ("model._target_=models.mlpp.MLP", "there is no mlpp; did you mean mlp?"),
    ("model._target_=models.mlp.MPL", "there is no MPL; did you mean MLP?"),
    ("model._target_=models.mine.Net.make", "there is no make"),
    ("model._target_=unimportable.Net", "unimportable.Net: ModuleNotFoundError: No module named 'no_such"),
    ("optimizer._target_=optax.adm", "did you mean adam?"),
    ("optimizer._target_=optx.adam", "did you mean optax?"),
    ("dataset._target_=mine.wave", "dataset: _target_=mine.wave: there is no wave; did you mean waves?"),
    ("dataset._target_=mine.wave dataset.path=.", "dataset: _target_=mine.wave"),
    ("loss._target_=optax.losses", "loss: Expected a callable target"),
    ("activation._target_=jax.nn.rellu", "did you mean relu?"),
    ("+model.wdth=3", "model: TypeError: MLP.__init__() got an unexpected keyword argument 'wdth'"),
    ("+optimizer.beta=0.9", "optimizer: TypeError: adam() got an unexpected keyword argument 'beta'"),
    ("+loss.delta=0.9", "loss: TypeError: softmax_cross_entropy() got an unexpected keyword argument"),
    # a user's own parts
    ("model=faulty model.fault=init", "model: RuntimeError: no weights today"),
    ("model=faulty model.fault=call", "model: RuntimeError: no outputs today"),
    ("model=faulty model.fault=eval", "model: RuntimeError: no outputs today"),
    ("model=faulty model.fault=outputs", "model: its outputs: expected the shape [64, 10], got [64, 11]"),
    ("model=faulty model.fault=flat", "expected the shape [64, 10], got [64]"),
    ("model=faulty model.fault=pair", "expected the shape [64, 10], got tuple"),
    ("model=faulty model.fault=nothing", "expected the shape [64, 10], got NoneType"),
    ("model=faulty model.fault=x model._target_=models.faulty.nothing", "returns NoneType, not a flax"),
    ("optimizer=faulty", "optimizer: "),
    ("loss=faulty", "loss: what it returns: expected the shape [64], got []"),
    ("augmentation=faulty", "augmentation.faulty: it returns "),
    ("sampler=faulty", "sampler: the order it returns: expected the shape [1437], got [1436]"),
]


@pytest.mark.parametrize(("overrides", "hint"), CONFIGS, ids=[overrides for overrides, _ in CONFIGS])
def test_a_bad_run_is_one_line(overrides, hint, at_home, capsys):
    _refuses(overrides.split(), hint, at_home, capsys)


DATA = [
    ("raises", "OSError: the disk is gone"),
    ("no source", "it returns tuple, not a runner.data.dataset.Source"),
    ("empty", "0 examples leave none"),
    ("lists", "its inputs are not a NumPy array of numbers, but list"),
    ("text", "its inputs are not a NumPy array of numbers, but [100, 4]"),
    ("flat inputs", "its inputs are [100], expected [n, ...]"),
    ("nan", "inputs[3, 1] is nan, expected a finite number"),
    ("infinity", "inputs[3, 1] is inf"),
    ("nan numbers", "targets[0, 0] is nan"),
    ("maximum", "its maximum is 0.0"),
    ("fewer labels", "100 inputs and 99 targets"),
    ("fewer inputs", "99 inputs and 100 targets"),
    ("one-hot", "its targets are float32 [100, 2], expected classes as integers [n]"),
    ("labels are floats", "its targets are float32 [100], expected classes"),
    ("flat numbers", "its targets are float32 [100], expected numbers [n, k]"),
    ("label too large", "targets[3] is 2, expected a class from 0 to 1"),
    ("label too small", "targets[3] is -1"),
    ("test of another shape", "[100, 4] to train and [10, 3] to test"),
    ("test with fewer labels", "10 test inputs and 9 test targets"),
    ("test with nan", "test inputs[0, 0] is nan"),
]


@pytest.mark.parametrize(("fault", "hint"), DATA, ids=[fault for fault, _ in DATA])
def test_faulty_data_is_one_line(fault, hint, at_home, capsys):
    loss = ["loss=mse"] if "numbers" in fault else []
    _refuses(
        ["dataset=faulty", f"dataset.fault='{fault}'", "batch_size=10", *loss],
        f"dataset: {hint}",
        at_home,
        capsys,
    )


def _refuses(overrides: list[str], hint: str, folder: Path, capsys) -> None:
    shutil.rmtree(folder / "outputs", ignore_errors=True)
    before = set(folder.iterdir())
    code = main(["train", "--config-dir", "configs", "epochs=1", *overrides])
    error = capsys.readouterr().err
    assert (code, error.count("\n")) == (2, 1), error
    assert error.startswith("runner: ") and hint in error
    assert {path for path in folder.iterdir() if path.name != "__pycache__"} <= before


def test_weights_of_another_structure_are_refused(at_home, capsys, tmp_path):
    first = tmp_path / "first"
    small = ["epochs=1", "model.hidden=[8]", "diagnostics=off"]
    assert main(["train", *small, f"output_dir={first}"]) == 0
    capsys.readouterr()
    for other in ("model.hidden=[9]", "normalization=batch"):
        _refuses([f"init_from={first}", *small, other], f"init_from={first}: ", at_home, capsys)


def test_a_traceback_is_shown_when_asked_for(at_home, monkeypatch):
    monkeypatch.setenv("RUNNER_FULL_ERROR", "1")
    for fault in ("init", "call"):
        with pytest.raises(RuntimeError, match="\ntoday"):
            main(["train", "--config-dir", "configs", "model=faulty", f"model.fault={fault}"])


def test_the_command_prints_the_line_or_the_traceback(own_folder):
    line = ["train", "--config-dir", "configs", "model=faulty", "model.fault=call"]
    command = [sys.executable, "-m", "runner", *line]
    short = subprocess.run(command, cwd=own_folder, capture_output=True, text=True)
    assert (short.returncode, short.stdout) == (2, "")
    assert short.stderr == "runner: model: RuntimeError: no outputs today\n"
    full = os.environ | {"RUNNER_FULL_ERROR": "1"}
    long = subprocess.run(command, cwd=own_folder, capture_output=True, text=True, env=full)
    assert long.returncode == 1 and long.stdout == ""
    assert "Traceback" in long.stderr and 'raise RuntimeError("no outputs\\ntoday")' in long.stderr
