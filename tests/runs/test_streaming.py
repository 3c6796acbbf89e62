"""A streamed run is, to the bit, the run of the same data in memory; and it can be killed like one."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from runner import checkpoints, supplies
from runner.cli import main
from runner.composition import compose
from runner.experiment import build_dataset
from tests.runs.outcomes import Outcome, killed, outcome, run_in, start_process, summary_of
from tests.sweeps.conftest import sweep_in

IMAGES = 300
SHORT = [
    "epochs=3",
    "model.hidden=[16]",
    "regularizer=dropout",
    "augmentation=noise",
    "sampler=balanced",
    "dataset.label_noise=0.1",
    "batch_size=32",
]
"""A run that uses every random stream."""
MEMORY, WINDOW = 3 * 64 * 50, 50
"""What streamed images may take on the device, in bytes, and how many images a window then has."""
STREAMED = f"dataset.memory={MEMORY / 1e9}"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first digits as images in folders."""
    root, digits = tmp_path_factory.mktemp("images"), build_dataset(compose([]))
    images = np.round(np.asarray(digits.inputs[:IMAGES, ..., 0]) / digits.maximum * 255).astype(np.uint8)
    for number, (image, label) in enumerate(zip(images, digits.targets, strict=False)):
        (root / str(label)).mkdir(exist_ok=True)
        Image.fromarray(image).save(root / str(label) / f"{number:03}.png")
    return root


def of(folder: Path) -> list[str]:
    return ["dataset=image_folder", f"dataset.path={folder}", "dataset.size=8", "dataset.channels=1"]


@pytest.fixture(scope="module")
def in_memory(folder, tmp_path_factory) -> Outcome:
    return outcome(run_in(tmp_path_factory.mktemp("memory") / "run", [*of(folder), *SHORT]))


@pytest.fixture
def reads(monkeypatch) -> list[tuple[int, int]]:
    """How many examples each window was filled with, and how many it had room for."""
    found, fill = [], supplies.fill

    def counted(inputs, examples, into):
        found.append((len(examples), len(into)))
        fill(inputs, examples, into)

    monkeypatch.setattr(supplies, "fill", counted)
    return found


def test_a_streamed_run_is_the_run_in_memory(folder, in_memory, tmp_path, reads, capsys):
    run = run_in(tmp_path / "run", [*of(folder), *SHORT, STREAMED])
    outcome(run).assert_equal(in_memory)
    note = "streamed: the inputs take 1.92e-05 GB, and dataset.memory is 9.6e-06 GB"
    assert note in capsys.readouterr().out and note in (run / "run.log").read_text()
    assert summary_of(run)["data"]["notes"] == [note]
    assert {size for _, size in reads} == {WINDOW} and max(count for count, _ in reads) <= WINDOW
    assert 3 * WINDOW * 64 <= MEMORY and len(reads) > 3 * 240 / WINDOW
    before = set(run.iterdir())
    assert main(["evaluate", str(run)]) == 0
    (found,) = set(run.iterdir()) - before
    metrics = json.loads(found.read_text())["metrics"]
    assert metrics.items() <= summary_of(run)["metrics"].items() and metrics
    assert "test/worst_mistakes" in pictures(run)


def pictures(run: Path) -> set[str]:
    return set(EventAccumulator(str(run), {"images": 0}).Reload().Tags()["images"])


def test_a_table_without_preprocessing_a_step_at_a_time(tmp_path):
    library = pytest.importorskip("datasets", exc_type=ImportError)
    iris = build_dataset(compose(["dataset=iris"]))
    rows = {"sizes": np.asarray(iris.inputs).tolist(), "label": iris.targets.tolist()}
    library.Dataset.from_dict(rows).save_to_disk(tmp_path / "saved")
    of_it = ["dataset=huggingface", f"dataset.path={tmp_path / 'saved'}", "preprocessing=none"]
    options = [*of_it, "model=linear", "epochs=2", "batch_size=16"]
    plain = outcome(run_in(tmp_path / "memory", options))
    outcome(run_in(tmp_path / "streamed", [*options, "dataset.memory=0"])).assert_equal(plain)


KILLED_AFTER_A_CHECKPOINT = """
import os, signal
from runner import checkpoints
original, calls = checkpoints.save, []
def save(folder, saved):
    calls.append(saved.step)
    original(folder, saved)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
checkpoints.save = save"""


def test_killed_and_resumed(folder, in_memory, tmp_path, capfd):
    run = tmp_path / "run"
    options = [*of(folder), *SHORT, STREAMED, "checkpoint.seconds=0", f"output_dir={run}"]
    killed(["train", *options], tmp_path, KILLED_AFTER_A_CHECKPOINT)
    assert summary_of(run)["status"] == "running"
    capfd.readouterr()
    assert main(["resume", str(run)]) == 0
    assert capfd.readouterr().err == ""
    outcome(run).assert_equal(in_memory)


def test_an_image_that_turns_out_to_be_broken_ends_the_run_in_one_line(
    folder, in_memory, tmp_path, monkeypatch, capsys
):
    copy = shutil.copytree(folder, tmp_path / "images")
    run, broken = tmp_path / "run", sorted(copy.glob("4/*.png"))[7]
    image, save = broken.read_bytes(), checkpoints.save

    def breaking(folder, saved):
        save(folder, saved)
        part = tmp_path / "part.png"
        part.write_bytes(image[:60])
        part.replace(broken)

    monkeypatch.setattr(checkpoints, "save", breaking)
    run_in(run, [*of(copy), *SHORT, STREAMED, "checkpoint.seconds=0"], code=1)
    said = f"{broken}: not a whole image (image file is truncated)"
    assert capsys.readouterr().err == f"runner: {said}; put it right and go on with: runner resume {run}\n"
    assert (summary_of(run)["status"], summary_of(run)["error"]) == ("failed", said)
    monkeypatch.undo()
    assert main(["evaluate", str(run)]) == 2
    assert capsys.readouterr().err == f"runner: dataset: {said}\n"
    broken.write_bytes(image)
    assert main(["resume", str(run)]) == 0
    outcome(run).assert_equal(in_memory)


def test_broken_at_the_start_it_leaves_no_folder(folder, tmp_path, capsys):
    copy = shutil.copytree(folder, tmp_path / "images")
    broken = sorted(copy.glob("4/*.png"))[7]
    broken.write_bytes(broken.read_bytes()[:60])
    for memory in ("null", "0"):
        run_in(tmp_path / "run", [*of(copy), f"dataset.memory={memory}"], code=2)
        said = f"runner: dataset: {broken}: not a whole image (image file is truncated)\n"
        assert capsys.readouterr().err == said and not (tmp_path / "run").exists()


def test_a_batch_that_is_too_large_to_be_streamed_is_one_line(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(supplies, "free_bytes", lambda device: 3 * 64 * 100)
    run_in(tmp_path / "run", [*of(folder), STREAMED, "batch_size=full"], code=2)
    said = capsys.readouterr().err
    assert said.startswith("runner: batch_size=240: of streamed data 3 batches lie in memory at a time")
    assert said.endswith("use at most 100\n") and not (tmp_path / "run").exists()


SWEEP = ["optimizer.learning_rate=1e-3,1e-2,1e30", "model.hidden=[8]", "epochs=2", "batch_size=32"]
EVALUATIONS = ("val/", "test/")
"""What streamed data has programs of its own for, in which XLA may add in another order on some CPUs."""
KILLED_AFTER_A_SNAPSHOT = """
import os, signal
from runner.sweeps.batches import Batch
original, calls = Batch.keep, []
def keep(self, snapshot):
    original(self, snapshot)
    calls.append(1)
    if len(calls) == 2:
        os.kill(os.getpid(), signal.SIGKILL)
Batch.keep = keep"""


def test_the_lanes_of_a_streamed_sweep_are_those_of_one_in_memory(folder, tmp_path):
    in_memory = sweep_in(tmp_path / "memory", [*of(folder), *SWEEP])
    assert_same_runs(sweep_in(tmp_path / "streamed", [*of(folder), *SWEEP, STREAMED]), in_memory)


@pytest.mark.slow
def test_also_on_a_device_a_core_killed_and_resumed(folder, tmp_path):
    options = ["train", "-m", *of(folder), *SWEEP, "checkpoint.seconds=0"]
    process(tmp_path, [*options, "output_dir=memory"])
    process(tmp_path, [*options, STREAMED, "output_dir=whole"])
    killed([*options, STREAMED, "output_dir=streamed"], tmp_path, KILLED_AFTER_A_SNAPSHOT)
    process(tmp_path, ["resume", "streamed"])
    assert_same_runs(tmp_path / "streamed", tmp_path / "memory")
    for number in range(3):
        resumed, whole = (tmp_path / name / str(number) / "metrics.jsonl" for name in ("streamed", "whole"))
        assert resumed.read_text() == whole.read_text()


def assert_same_runs(sweep: Path, other: Path) -> None:
    for number, status in enumerate(["completed", "completed", "diverged"]):
        ours, theirs = sweep / str(number), other / str(number)
        assert summary_of(ours)["status"] == summary_of(theirs)["status"] == status
        for line, wanted in zip(lines(ours), lines(theirs), strict=True):
            evaluated = {tag: wanted.pop(tag) for tag in list(wanted) if tag.startswith(EVALUATIONS)}
            assert {tag: line.pop(tag) for tag in evaluated} == pytest.approx(evaluated, rel=1e-6)
            assert line == wanted
        saved, expected = checkpoints.latest(ours), checkpoints.latest(theirs)
        assert saved is not None and expected is not None
        for name in (name for name in expected.arrays if ".model." in name):
            np.testing.assert_array_equal(saved.arrays[name], expected.arrays[name], err_msg=name)


def lines(run: Path) -> list[dict]:
    return [json.loads(line) for line in (run / "metrics.jsonl").read_text().splitlines()]


def process(place: Path, arguments: list[str]) -> None:
    started = start_process(arguments, place)
    _, errors = started.communicate(timeout=180)
    assert (started.returncode, errors) == (0, "")


@pytest.mark.slow
def test_a_broken_image_fails_the_runs_of_a_sweep_that_need_it(folder, tmp_path, capsys):
    copy = shutil.copytree(folder, tmp_path / "images")
    options = [*of(copy), "preprocessing=none", "model=linear", "epochs=1", STREAMED, "seed=0,1"]
    broken = sorted(copy.glob("4/*.png"))[7]
    broken.write_bytes(broken.read_bytes()[:60])
    sweep = sweep_in(tmp_path / "sweep", [*options, "batch_size=16,32"], code=1)
    said = f"{broken}: not a whole image (image file is truncated)"
    assert [summary_of(sweep / str(run))["error"] for run in range(4)] == 4 * [said]
    assert capsys.readouterr().err == ""
