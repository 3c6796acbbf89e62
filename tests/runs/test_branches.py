"""Branches of `model=concat` that start from trained runs, frozen or not."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from runner import checkpoints, load_run
from runner.cli import main
from runner.experiment import build_dataset
from tests.options.programs import traced
from tests.runs.outcomes import run_in

SMALL = ["normalization=batch", "regularizer=dropout", "batch_size=32", "diagnostics=off", "epochs=null"]
BRANCH = "model.branches.dense"
CONCAT = [
    *SMALL,
    "model=concat",
    f"{BRANCH}.hidden=[8]",
    "~model.branches.convolutional",
    "+model@model.branches.wide=linear",
]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run, and two that start from it: one whose branch is frozen."""
    root = tmp_path_factory.mktemp("branches")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        run_in(Path("base"), [*SMALL, "model.hidden=[8]", "steps=6"])
        begun = [*CONCAT, "steps=6", f"{BRANCH}.init_from=base", "optimizer.weight_decay=0.5"]
        run_in(Path("frozen"), [*begun, f"{BRANCH}.frozen=true", "regularizer.l2=0.1", "ema=0.9"])
        run_in(Path("tuned"), begun)
    return root


def branch_of(folder: Path, weights: str = "state.model") -> dict[str, np.ndarray]:
    """The weights and running statistics of the branch, as the run has them by name."""
    saved = checkpoints.latest(folder)
    assert saved is not None
    prefix = f"{weights}.branches.dense."
    return {
        name.removeprefix(prefix): array
        for name, array in saved.arrays.items()
        if name.startswith(prefix) and "rngs" not in name and "rate" not in name
    }


def origin(root: Path) -> dict[str, np.ndarray]:
    saved = checkpoints.latest(root / "base")
    assert saved is not None
    return {name.removeprefix("state.best.model."): array for name, array in saved.arrays.items()}


@pytest.mark.parametrize("weights", ["state.model", "state.best.model"])
def test_a_frozen_branch_is_the_run_s_to_the_bit(weights, root):
    base, found = origin(root), branch_of(root / "frozen", weights)
    assert len(found) == 5  # a kernel, and what batch normalization has
    for name, array in found.items():
        np.testing.assert_array_equal(array, base[name], err_msg=name)


def test_another_branch_goes_on_from_the_run(root):
    base, found = origin(root), branch_of(root / "tuned")
    for name, array in found.items():
        assert (array != base[name]).any(), name
        assert np.abs(array - base[name]).max() < 0.5


def test_the_run_that_a_branch_is_from_is_needed_no_more(root, tmp_path):
    run = load_run(root / "frozen")
    dataset = build_dataset(run.config)
    before = run.predict(dataset.inputs[dataset.test])
    shutil.copytree(root / "frozen", tmp_path / "frozen")
    (root / "base").rename(root / "gone")
    try:
        after = load_run(root / "frozen").predict(dataset.inputs[dataset.test])
        assert main(["resume", str(tmp_path / "frozen"), "steps=9"]) == 0
        assert main(["evaluate", str(tmp_path / "frozen")]) == 0
    finally:
        (root / "gone").rename(root / "base")
    np.testing.assert_array_equal(before, after)
    assert json.loads((tmp_path / "frozen/summary.json").read_text())["steps"] == 9
    base = origin(root)
    for name, array in branch_of(tmp_path / "frozen").items():
        np.testing.assert_array_equal(array, base[name], err_msg=name)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ([f"{BRANCH}.init_from=nowhere"], "expected null or the folder of a run"),
        (
            [f"{BRANCH}.init_from=base", "dataset=iris", "batch_size=16"],
            "its inputs are (8, 8, 1), here (4,)",
        ),
        ([f"{BRANCH}.init_from=base", "preprocessing=minmax"], "its inputs are preprocessed otherwise"),
        (
            [f"{BRANCH}.init_from=base", "activation=tanh"],
            "its model has activation=jax.nn.relu, the branch jax",
        ),
        ([f"{BRANCH}.init_from=base", f"{BRANCH}.hidden=[4]"], "its model has hidden=[8], the branch [4]"),
        ([f"{BRANCH}.init_from=diverged"], "it diverged before its first evaluation"),
        (["+model.branches.third.frozen=true"], "model.branches.third: it has no _target_"),
    ],
)
def test_a_branch_that_does_not_fit_is_refused_in_one_line(options, said, root, monkeypatch, capsys):
    monkeypatch.chdir(root)
    if not Path("diverged").exists():
        shutil.copytree("base", "diverged")
        summary = json.loads(Path("diverged/summary.json").read_text())
        summary |= {"status": "diverged", "best": summary["best"] | {"step": None}}
        Path("diverged/summary.json").write_text(json.dumps(summary))
    capsys.readouterr()
    assert main(["train", *CONCAT, "steps=6", *options, "output_dir=refused"]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1
    assert not Path("refused").exists()


def test_diagnostics_look_at_a_frozen_branch_too():
    looked_at = ["diagnostics=full", f"{BRANCH}.frozen=true", "steps=6"]
    assert traced([*CONCAT, *looked_at]).inputs["seed"] == 0


@pytest.mark.slow
def test_all_of_a_run_with_a_frozen_branch_is_taken_by_init_from(root, tmp_path, monkeypatch):
    monkeypatch.chdir(root)
    options = [*CONCAT, f"{BRANCH}.frozen=true", "init_from=frozen", "steps=6", "optimizer.weight_decay=0.5"]
    run_in(tmp_path / "again", [*options, "regularizer.l2=0.1", "ema=0.9"])
    base = origin(root)
    for name, array in branch_of(tmp_path / "again").items():
        np.testing.assert_array_equal(array, base[name], err_msg=name)
