"""Whole comparisons, from files on disk."""

import subprocess
import sys
from pathlib import Path

import pytest

from runner.comparison import compare
from runner.errors import ConfigError
from tests.comparison.sweep_files import write_run, write_sweep

RATE = "optimizer.learning_rate"
FAILED = {"status": "failed", "error": "no data", "best": None, "metrics": {}}
HEAVY = ("jax", "flax", "hydra", "scipy.stats", "matplotlib", "plotly")
OPTIMA = {"sgd": 0.1, "adam": 0.01}


def skill(seed, optimizer, rate):
    """Adam is a little better at its best; each optimizer has a rate of its own."""
    off = abs([0.001, 0.01, 0.1].index(rate) - [0.001, 0.01, 0.1].index(OPTIMA[optimizer]))
    return 0.9 + 0.02 * (optimizer == "adam") - 0.1 * off + 0.001 * ((seed * 7 + len(optimizer)) % 4)


@pytest.fixture(scope="module")
def sweep(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("sweep")
    write_sweep(folder, {"optimizer": ["sgd", "adam"], RATE: [0.001, 0.01, 0.1]}, range(4), skill)
    return folder


def test_a_sweep(sweep):
    found = compare([sweep])
    assert found.varied == ("optimizer", RATE)
    assert found.domains == {"optimizer": ("adam", "sgd"), RATE: (0.001, 0.01, 0.1)}
    assert (len(found.runs), len(found.settings), found.seeds) == (24, 6, (0, 1, 2, 3))
    assert (found.metric, found.maximise, found.at_best) == ("val/accuracy", True, True)
    assert found.settings[0].options == {"optimizer": "adam", RATE: 0.01}
    assert found.winner.setting is found.settings[0]
    assert [isolation.key for isolation in found.isolations] == ["optimizer", RATE]
    assert found.race is None
    assert found.cautions == ()


def test_by_one_option_at_its_best(sweep):
    found = compare([sweep], by="optimizer")
    (isolation,) = found.isolations
    assert [(row.value, row.best.options[RATE]) for row in isolation.rows] == [("adam", 0.01), ("sgd", 0.1)]
    (sentence,) = found.cautions
    assert "with optimizer=sgd is 0.1, the highest" in sentence


def test_what_does_not_vary_cannot_be_isolated(sweep):
    with pytest.raises(ConfigError, match=r"--by optimiser: it does not vary; did you mean optimizer\?"):
        compare([sweep], by="optimiser")


def test_another_metric_and_a_target(sweep):
    found = compare([sweep], metric="train/loss", target=0.5)
    assert (found.metric, found.maximise, found.at_best) == ("train/loss", False, False)
    assert found.race.target == 0.5


def test_a_live_sweep_is_read_from_what_is_there(tmp_path):
    write_sweep(tmp_path, {"optimizer": ["sgd", "adam"]}, range(2), lambda seed, name: 0.8 + seed / 100)
    write_run(
        tmp_path / "4", ["optimizer=momentum"], value=0.7, status="running", metrics={"val/accuracy": 0.7}
    )
    write_run(
        tmp_path / "5", ["optimizer=momentum"], seed=1, value=None, status="running", best={}, metrics={}
    )
    write_run(tmp_path / "6", ["optimizer=momentum"], seed=2)
    (tmp_path / "6/summary.json").unlink()
    with (tmp_path / "4/metrics.jsonl").open("a") as records:
        records.write('{"step": 99, "epo')
    found = compare([tmp_path], target=0.6)
    assert len(found.runs) == 6
    assert found.settings[-1].statuses == {"running": 2}
    assert found.settings[-1].finite == (0.7,)
    assert any("2 of 6 runs not finished" in sentence for sentence in found.cautions)
    assert any("1 run could not be read" in sentence for sentence in found.cautions)


def test_a_sweep_all_of_whose_runs_failed_still_says_so(tmp_path):
    for seed in range(2):
        write_run(tmp_path / str(seed), [], seed, None, **FAILED)
    found = compare([tmp_path])
    assert found.winner is None
    assert found.settings[0].statuses == {"failed": 2}
    assert found.cautions[0] == "2 of 2 runs failed; most often: no data"


def test_sweeps_of_different_shape_side_by_side(tmp_path):
    write_sweep(tmp_path / "a", {"optimizer": ["sgd", "adam"]}, range(2), lambda seed, name: 0.8 + seed / 100)
    write_sweep(tmp_path / "b", {"regularizer.dropout": [0.1, 0.2]}, range(3), lambda seed, rate: 0.9 - rate)
    found = compare([tmp_path / "a", tmp_path / "b"])
    assert set(found.varied) == {"optimizer", "regularizer.dropout"}
    assert len(found.settings) == 4
    assert {run.source for run in found.runs} == {tmp_path / "a", tmp_path / "b"}


def test_one_config_under_two_paths_compares_the_paths(tmp_path):
    for name, gain in {"before": 0.0, "after": 0.03}.items():
        write_sweep(
            tmp_path / name,
            {"optimizer": ["sgd", "adam"]},
            range(4),
            lambda seed, name, gain=gain: 0.8 + gain + (seed * 3 + len(name)) % 4 / 1000 * (1 + gain),
        )
    found = compare([tmp_path / "before", tmp_path / "after"])
    assert found.varied == ("optimizer", "path")
    effect = found.effects[1]
    assert (effect.key, effect.value, effect.verdict) == ("path", str(tmp_path / "before"), "worse")


def test_a_run_that_was_made_twice_counts_once(tmp_path):
    write_run(tmp_path / "0", [], started="2026-11-24T10:00:00", value=0.8)
    write_run(tmp_path / "1", [], started="2026-11-25T10:00:00", value=0.9)
    found = compare([tmp_path])
    assert [run.name for run in found.runs] == ["1"]
    assert found.cautions[-1].startswith("1 repeated")


def test_neither_jax_nor_scipys_stats_nor_plots_are_imported(sweep):
    code = (
        "import sys; from pathlib import Path; from runner.comparison import compare; "
        f"compare([Path({str(sweep)!r})]); print([name for name in {HEAVY} if name in sys.modules])"
    )
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root)
    assert done.stdout == "[]\n", done.stderr
