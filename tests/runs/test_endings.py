"""A run ends where it ends, alone or as a lane of a program that goes on; and says so in words that agree."""

import re
from pathlib import Path

import pytest

from runner import checkpoints
from runner.cli import main
from tests.runs.outcomes import killed, run_in, summary_of

ENDS = [
    "optimizer=momentum",
    "model.hidden=[16]",
    "epochs=20",
    "early_stopping.patience=2",
    "diagnostics=off",
]
RATES = ("0.3", "0.01", "1e38")
"""Of runs that stop early, sooner and later, and of one that diverges."""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Each as a single run."""
    root = tmp_path_factory.mktemp("alone")
    options = [[*ENDS, f"optimizer.learning_rate={rate}"] for rate in RATES]
    return [run_in(root / rate, own, int(rate == "1e38")) for rate, own in zip(RATES, options, strict=True)]


def assert_ended_alike(lane: Path, single: Path) -> None:
    ours, theirs = summary_of(lane), summary_of(single)
    for key in ("status", "error", "steps", "epochs"):
        assert ours[key] == theirs[key], key
    ours, theirs = checkpoints.latest(lane), checkpoints.latest(single)
    assert ours is not None and theirs is not None
    assert ours.step == theirs.step


def last_line(folder: Path) -> str:
    return (folder / "metrics.jsonl").read_text().splitlines()[-1].partition(', "test')[0]


def test_a_lane_ends_where_the_run_alone_does(alone, tmp_path):
    sweep = tmp_path / "sweep"
    varied = f"optimizer.learning_rate={','.join(RATES)}"
    assert main(["train", "-m", *ENDS, varied, f"output_dir={sweep}"]) == 0
    ends = [summary_of(single)["steps"] for single in alone]
    assert [summary_of(single)["status"] for single in alone] == ["stopped_early"] * 2 + ["diverged"]
    assert len(set(ends)) == 3
    for number, single in enumerate(alone):
        assert_ended_alike(sweep / str(number), single)
    assert [last_line(sweep / number) for number in "01"] == [last_line(single) for single in alone[:2]]


def test_a_run_that_is_killed_after_its_end_knows_where_it_was(alone, tmp_path):
    folder, rate = tmp_path / "run", f"optimizer.learning_rate={RATES[0]}"
    code = (
        "import os\nfrom runner.logbook import Logbook\nLogbook.conclude = lambda *_: os.kill(os.getpid(), 9)"
    )
    killed(["train", *ENDS, rate, f"output_dir={folder}"], tmp_path, code)
    assert main(["resume", str(folder)]) == 0
    assert_ended_alike(folder, alone[0])


def test_what_is_said_of_a_run_that_diverged_agrees(alone, tmp_path, capsys):
    run_in(tmp_path / "run", [*ENDS, "optimizer.learning_rate=1e38"], 1)
    said = capsys.readouterr().out
    assert "diverged: the loss was not finite at step 2\n" in said
    assert re.search(r"^diverged after 2 steps in ", said, re.MULTILINE)
    assert not set(said) & set("\u2502\u2500\u2503\u2501")  # no table, for there is nothing to put into one
