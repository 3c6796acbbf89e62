"""`runner compare` as typed."""

from pathlib import Path

import pytest

from tests.comparison.sweep_files import write_sweep


@pytest.fixture
def sweep(empty: Path) -> Path:
    write_sweep(empty / "sweep", {"optimizer": ["sgd", "adam"]}, range(3), lambda seed, name: 0.8 + seed / 10)
    return Path("sweep")


def test_a_comparison_is_printed_and_written(command, sweep):
    code, out, err = command("compare", str(sweep), "--by", "optimizer", "--target", "0.85")
    assert (code, err) == (0, "")
    for words in ("Ranking", "Each optimizer at its best", "First to val/accuracy 0.85", "Winner: "):
        assert words in out
    assert "sweep/comparison/report.html" in out
    assert (sweep / "comparison/report.html").is_file()


def test_output_can_be_elsewhere_or_nowhere(command, sweep):
    assert command("compare", str(sweep), "--no-report")[0] == 0
    assert not (sweep / "comparison").exists()
    assert command("compare", str(sweep), "--output", "there")[0] == 0
    assert Path("there/compare.csv").is_file()
    assert not (sweep / "comparison").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "the following arguments are required: PATH"),
        (["nowhere"], "nowhere: there is no such folder"),
        (["sweep", "nowhere"], "nowhere: there is no such folder"),
        (["sweep", "--metric", "val/acc"], "--metric val/acc: no run has it; did you mean val/accuracy?"),
        (["sweep", "--by", "epochs"], "--by epochs: it does not vary; choose from optimizer"),
        (["sweep", "--target", "high"], "--target high: not a number"),
        (["sweep", "--target", "nan"], "--target nan: not a finite number"),
        (["sweep", "--output", "sweep/0/summary.json"], "sweep/0/summary.json: not a folder"),
        (["sweep", "--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_bad_input_is_one_line_and_writes_nothing(command, sweep, arguments, message):
    before = sorted(Path().rglob("*"))
    code, out, err = command("compare", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith(f"runner: {message}")
    assert err.count("\n") == 1
    assert sorted(Path().rglob("*")) == before


def test_it_is_listed(command):
    assert "compare" in command("--help")[1]
