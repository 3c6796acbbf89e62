"""The command: what it says, writes and returns, of healthy data and of data with faults."""

import json
from pathlib import Path

import numpy as np
import pytest
from tensorboard.backend.event_processing.event_file_loader import EventFileLoader

from runner.cli import main
from runner.doctor.checklist import CHECKS
from tests.conftest import Command

TITLES = [(check.group, check.title) for check in CHECKS]


def test_healthy_digits_pass(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "output_dir=well"])
    lines = capsys.readouterr().out.splitlines()
    assert code == 0, lines
    assert [line.split()[0] for line in lines[: len(CHECKS)]].count("ok") == len(CHECKS) - 1
    assert lines[-2] == "nothing found: well/doctor.json"
    written = json.loads((here / "well" / "doctor.json").read_text())
    assert (written["verdict"], written["findings"]) == ("ok", [])
    assert [(check["group"], check["check"]) for check in written["checks"]] == TITLES
    assert _tags(here / "well") == {"doctor/text_summary", "data/examples", "data/distribution"}


def test_wrong_labels_are_a_warning_as_json(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "dataset.label_noise=0.05", "output_dir=noisy", "--json"])
    printed = json.loads(capsys.readouterr().out)
    assert code == 1
    assert printed == json.loads((here / "noisy" / "doctor.json").read_text())
    assert [found["name"] for found in printed["findings"]] == ["label_noise"]
    (listed,) = [check["listed"] for check in printed["checks"] if check["listed"]]
    assert 60 <= len(listed) <= 85
    assert "labels/suspects" in _tags(here / "noisy")


@pytest.fixture(scope="module")
def faulty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sorted by class, and every example twice: much of val and test is in train."""
    random = np.random.default_rng(0)
    inputs = np.repeat(random.normal(size=(300, 10)), 2, axis=0)
    labels = (inputs[:, 0] + inputs[:, 1] > 0).astype(np.int32)
    order = np.argsort(labels, kind="stable")
    path = tmp_path_factory.mktemp("faulty") / "faulty.npz"
    np.savez(path, inputs=inputs[order].astype(np.float32), targets=labels[order])
    return path


def test_faults_are_named(here: Path, faulty_file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = ["dataset=npz", f"dataset.path={faulty_file}", "sampler=sequential"]
    assert main(["doctor", *options, "--json"]) == 1
    printed = json.loads(capsys.readouterr().out)
    problems = {found["name"] for found in printed["findings"] if found["severity"] == "problem"}
    assert problems >= {"leak", "not_shuffled"}
    leaks = {found["where"] for found in printed["findings"] if found["name"] == "leak"}
    assert leaks == {"val", "test"}
    checks = {check["check"]: check for check in printed["checks"]}
    assert checks["shuffled labels"]["verdict"] == "problem"
    assert len(list(here.glob("outputs/doctor/*/*/doctor.json"))) == 1


def test_unscaled_inputs_are_named_with_their_cure(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "dataset=wine", "model.hidden=[8]", "preprocessing=none"]) == 1
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "data: preprocessing" in line]
    assert line.startswith("problem") and line.endswith("; try: preprocessing=standardize")


@pytest.mark.parametrize(
    "line, said",
    [
        ("epochs=0", "epochs=0: expected"),
        ("-m", "-m: the doctor looks at one config"),
        ("hydra.mode=MULTIRUN", "the doctor looks at one config"),
        ("--jsom", "--jsom: there is no such flag"),
    ],
)
def test_bad_input_is_one_line(line: str, said: str, command: Command, empty: Path) -> None:
    code, out, err = command("doctor", line)
    assert (code, out) == (2, "")
    assert said in err and err.count("\n") == 1
    assert list(empty.iterdir()) == []


def test_what_only_the_data_shows_to_be_wrong_writes_nothing(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["doctor", "dataset=iris", "batch_size=500"]) == 2
    captured = capsys.readouterr()
    assert (captured.out, captured.err.count("\n")) == ("", 1)
    (here / "full").mkdir()
    (here / "full" / "file").touch()
    assert main(["doctor", "output_dir=full"]) == 2
    assert [path.name for path in here.iterdir()] == ["full"]


def test_help_and_config_answer_without_jax(command: Command) -> None:
    code, out, _ = command("doctor", "--help")
    assert code == 0 and "runner doctor: The checks to make before spending compute" in out
    code, out, _ = command("doctor", "--cfg", "job")
    assert code == 0 and "batch_size: 64" in out


def _tags(folder: Path) -> set[str]:
    (file,) = folder.glob("events.out.tfevents.*")
    return {value.tag for event in EventFileLoader(str(file)).Load() for value in event.summary.value}
