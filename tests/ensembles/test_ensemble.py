"""`runner ensemble PATH...`: from the command to a folder that every other command takes."""

import csv
import errno
import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from runner import checkpoints, load_run
from runner.cli import main
from runner.commands.ensemble import METHODS, complete
from runner.ensembles.methods import COMBINING
from runner.ensembles.soups import RECIPES
from runner.ensembles.structures import by_structure
from runner.evaluation import measure
from runner.experiment import build_dataset
from runner.runs import BEST
from tests.conftest import Command
from tests.runs.outcomes import run_in, summary_of, written
from tests.sweeps.conftest import sweep_in

SMALL = ["model.hidden=[16]", "epochs=8", "dataset.subset=320", "diagnostics=off"]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sweeps and runs to make ensembles of, and one that is made."""
    root = tmp_path_factory.mktemp("ensembles")
    rate = "optimizer.learning_rate=0.01"
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        sweep_in(Path("seeds"), [*SMALL, rate, "seed=range(3)"])
        sweep_in(Path("again"), [*SMALL, "init_from=seeds/0", "optimizer.learning_rate=1e-3,3e-3,0.3"])
        assert main(["ensemble", "seeds", "--output", "average"]) == 0
        run_in(Path("other"), [*SMALL, rate, "model=linear", "preprocessing=minmax"])
        sweep_in(Path("numbers"), ["dataset=diabetes", *SMALL[:1], "epochs=5", "diagnostics=off", "seed=0,1"])
    return root


@pytest.fixture
def at_root(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of them, in the current folder."""
    shutil.copytree(root, tmp_path / "here")
    monkeypatch.chdir(tmp_path / "here")
    return tmp_path / "here"


def made(*argv: str) -> Path:
    """The folder of an ensemble."""
    assert main(["ensemble", *argv, "--output", "made"]) == 0
    return Path("made")


def told(folder: Path) -> dict:
    return json.loads((folder / "ensemble.json").read_text())


def assert_evaluates_to_its_summary(folder: Path) -> None:
    recorded = {tag: own for tag, own in summary_of(folder)["metrics"].items() if tag.startswith("test/")}
    assert main(["evaluate", str(folder)]) == 0
    (found,) = folder.glob("evaluation-*.json")
    assert recorded and json.loads(found.read_text())["metrics"] == recorded


def refused(capsys: pytest.CaptureFixture[str], *argv: str) -> str:
    """What is said of a command that is wrong; it wrote nothing."""
    before = sorted(Path().rglob("*"))
    capsys.readouterr()
    assert main(list(argv)) == 2
    assert sorted(Path().rglob("*")) == before
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    return said


def test_the_average_is_a_run(at_root):
    members = [load_run(f"seeds/{number}") for number in range(3)]
    dataset = build_dataset(members[0].config)
    inputs, labels = dataset.inputs[dataset.test], dataset.targets[dataset.test]
    each = [member.predict(inputs) for member in members]
    assert len(by_structure([Path(f"seeds/{number}") for number in range(3)])) == 1, "lanes of one program"

    shutil.move("average", "moved")
    folder = Path("moved")
    said = (folder / "run.log").read_text()
    for word in (
        "average of 3",
        "mean of 3 runs",
        "accuracy",
        "nll",
        "ece",
        "less best on val",
        "3 of 3 runs used",
    ):
        assert word in said
    shutil.rmtree("seeds")

    run = load_run(folder)
    np.testing.assert_allclose(run.predict(inputs), np.mean(each, axis=0), rtol=1e-4, atol=1e-6)
    assert run.predict(inputs[:0]).shape == (0, 10)
    assert_evaluates_to_its_summary(folder)
    summary, details = summary_of(folder), told(folder)
    assert summary["status"] == "completed"
    test = details["test"]
    accuracy, likelihood = (
        np.mean(each, axis=0).argmax(1) == labels,
        np.mean(each, axis=0)[range(180), labels],
    )
    assert test["ensemble"]["accuracy"]["value"] == pytest.approx(accuracy.mean())
    assert test["ensemble"]["nll"]["value"] == pytest.approx(-np.log(likelihood).mean(), rel=1e-4)
    assert summary["metrics"]["test/loss"] == pytest.approx(test["ensemble"]["nll"]["value"], rel=1e-5)
    singles = [np.mean(own.argmax(1) == labels) for own in each]
    assert test["mean_single"]["accuracy"]["value"] == pytest.approx(np.mean(singles))
    best = np.argmax([summary_of(folder / "members" / str(n))["best"]["value"] for n in range(3)])
    assert details["best_single"] == f"seeds/{best}"
    assert test["best_single"]["accuracy"]["value"] == pytest.approx(singles[best])
    tags = {tag for tag, _, _ in written(folder)}
    assert {"test/loss", "test/accuracy", "val/accuracy", "calibration/ece"} <= tags

    np.savez("test.npz", inputs=inputs)
    assert main(["predict", "moved", "test.npz", "--output", "said.csv"]) == 0
    rows = list(csv.DictReader(Path("said.csv").read_text().splitlines()))
    assert [row["prediction"] for row in rows] == [str(own) for own in np.mean(each, axis=0).argmax(1)]


def test_it_is_drawn_and_compared(at_root, capsys):
    assert b"test/reliability" in next(Path("average").glob("events.*")).read_bytes()
    assert main(["compare", "seeds", "average", "--no-report"]) == 0
    said = capsys.readouterr().out
    assert "4 runs, 2 settings" in said and "average" in said


@pytest.mark.parametrize("method", ["greedy", "stacking"])
def test_what_is_fitted_to_val_is_a_run_too(method, at_root):
    folder = made("seeds", "--method", method)
    assert_evaluates_to_its_summary(folder)
    run = load_run(folder)
    dataset = build_dataset(run.config)
    found = measure(run, dataset, dataset.val)
    members = told(folder)["members"]
    assert found["loss"] <= min(member["val"]["nll"] for member in members) + 1e-6
    weights = [member["weight"] for member in members if member["used"]]
    assert weights == [None] * 3 if method == "stacking" else sum(weights) == pytest.approx(1)
    # What its summary says of val is cross-fitted: worse than what was fitted to all of it.
    assert summary_of(folder)["metrics"]["val/loss"] >= found["loss"] - 1e-6


def test_members_of_several_structures(at_root):
    paths = [Path("seeds/0"), Path("other"), Path("seeds/1")]
    assert [one.places for one in by_structure(paths)] == [(0, 2), (1,)]
    runs = [load_run(path) for path in paths]
    folder = made(*map(str, paths), "--method", "stacking")
    arrays = checkpoints.read(folder / "combination.msgpack").arrays
    inputs = build_dataset(runs[0].config).inputs[:9]
    logits = np.tile(arrays["bias"], (9, 1))
    for run, kernel in zip(runs, arrays["kernel"], strict=True):
        logits += np.maximum(np.log(run.predict(inputs)), -15) @ kernel
    expected = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(load_run(folder).predict(inputs), expected, rtol=1e-3, atol=1e-6)
    assert_evaluates_to_its_summary(folder)


@pytest.mark.parametrize("method", ["soup", "greedy_soup"])
def test_a_soup_is_one_network(method, at_root, capsys):
    folder = made("again", "--method", method)
    assert "loss on val" in capsys.readouterr().out
    assert_evaluates_to_its_summary(folder)
    assert not (folder / "members").exists()
    used = [member["run"] for member in told(folder)["members"] if member["used"]]
    assert used == [f"again/{number}" for number in range(3)] if method == "soup" else len(used) < 3
    saved = checkpoints.latest(folder)
    each = [checkpoints.latest(Path(member)) for member in used]
    weights = [name for name in saved.arrays if name.startswith(BEST)]
    assert weights
    for name in weights:
        np.testing.assert_allclose(
            saved.arrays[name], np.mean([own.arrays[name] for own in each], axis=0), rtol=1e-5
        )


def test_a_soup_of_runs_that_began_apart_is_meaningless(at_root, capsys):
    said = refused(capsys, "ensemble", "seeds", "--method", "soup")
    assert (
        "averaging the weights of these runs is meaningless: they began at different ones (seed=0 he_normal"
        in said
    )
    loss, mean = re.findall(r"loss on val is ([\d.]+) with the average, ([\d.]+) in the mean", said)[0]
    assert float(loss) > 1.5 * float(mean), "the evidence"
    said = refused(capsys, "ensemble", "seeds/0", "other", "--method", "greedy_soup")
    assert "other: its network or preprocessing is another than that of seeds/0" in said


@pytest.mark.parametrize("method", ["weighted", "stacking"])
def test_numbers_have_an_error_and_no_calibration(method, at_root):
    folder = made("numbers", "--method", method)
    assert list(told(folder)["test"]["ensemble"]) == ["mse"]
    assert_evaluates_to_its_summary(folder)
    metrics = summary_of(folder)["metrics"]
    assert metrics["test/mse"] == pytest.approx(told(folder)["test"]["ensemble"]["mse"]["value"], rel=1e-4)
    assert "calibration/ece" not in metrics
    if method == "weighted":
        inputs = build_dataset(load_run(folder).config).inputs[:5]
        each = [load_run(f"numbers/{number}").predict(inputs) for number in range(2)]
        weights = [member["weight"] or 0 for member in told(folder)["members"]]
        expected = np.tensordot(weights, each, axes=1)
        np.testing.assert_allclose(load_run(folder).predict(inputs), expected, rtol=1e-5)


def test_runs_that_did_not_end_well_are_named_and_left_out(at_root, capsys):
    end("seeds/0", "diverged")
    folder = made("seeds")
    assert "left out: seeds/0: diverged\n" in capsys.readouterr().out
    assert [member["run"] for member in told(folder)["members"]] == ["seeds/1", "seeds/2"]
    assert told(folder)["left_out"] == ["seeds/0: diverged"]
    end("seeds/2", "running")
    said = refused(capsys, "ensemble", "seeds")
    assert "one trained run, seeds/1; seeds/0: diverged; seeds/2: running" in said


def end(run: str, status: str) -> None:
    """Gives a run another ending."""
    summary = summary_of(Path(run))
    Path(run, "summary.json").write_text(json.dumps(summary | {"status": status}))


def test_members_that_do_not_fit_are_refused(at_root, capsys):
    assert "numbers/0: its inputs are (10,), of seeds/0 (8, 8, 1)" in refused(
        capsys, "ensemble", "seeds", "numbers"
    )
    summary = summary_of(Path("other"))
    summary["data"]["fingerprint"] = "0123456789abcdef"
    Path("other/summary.json").write_text(json.dumps(summary))
    said = refused(capsys, "ensemble", "seeds", "other")
    assert "other: its data or split differs, with the fingerprint 0123456789abcdef, of seeds/0 " in said
    assert "val of one may be what another was trained on" in said
    for member in Path("seeds").glob("[0-9]"):
        shutil.copy("other/summary.json", member)
    assert "seeds/0: its data has changed since it was trained" in refused(capsys, "ensemble", "seeds")


def test_an_ensemble_is_no_member_and_is_not_trained(at_root, capsys):
    said = refused(capsys, "ensemble", "average", "other")
    assert "average: an ensemble itself; name its members: average/members" in said
    assert "average: an ensemble is made, not trained" in refused(capsys, "resume", "average", "epochs=9")
    said = refused(capsys, "train", *SMALL, "init_from=average")
    assert "init_from=average: an ensemble; start from one of average/members" in said
    said = refused(capsys, "ensemble", "seeds", "--output", "average")
    assert "--output average: it is there and no empty folder" in said


def test_a_full_disk_leaves_no_half_of_one(at_root, capsys, monkeypatch):
    def full(path: Path, saved: checkpoints.Saved) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path))

    monkeypatch.setattr(checkpoints, "write", full)
    assert main(["ensemble", "seeds", "--output", "made"]) == 1
    assert "No space left on device" in capsys.readouterr().err
    assert not Path("made").exists()


def test_every_method_is_known_to_the_command():
    assert set(METHODS) == {*COMBINING, *RECIPES}


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("", "the following arguments are required: PATH"),
        ("x --method boosting", "invalid choice: 'boosting'"),
        ("x --output .", "--output .: it is there and no empty folder"),
    ],
)
def test_what_is_wrong_is_said_without_jax(line: str, hint: str, command: Command) -> None:
    Path("file").touch()
    code, out, err = command("ensemble", *line.split())
    assert (code, out) == (2, "") and hint in err


def test_methods_are_completed():
    assert complete([], "--m") == ["--method"]
    assert complete([], "") == complete(["seeds"], "se") == [], "paths are the shell's"
    assert complete(["seeds", "--method"], "greedy") == ["greedy", "greedy_soup"]
    assert complete([], "--method=st") == ["--method=stacking"]
