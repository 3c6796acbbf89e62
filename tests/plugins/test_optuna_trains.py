"""A search with Optuna that trains: its trials are runs, and its second batch compiles nothing anew."""

import json

import jax
import pytest

from runner.cli import main
from tests.sweeps.conftest import SMALL, statuses, summary_in

SEARCH = ["hydra/sweeper=optuna", "optimizer=sgd,adam", "optimizer.learning_rate=tag(log,interval(1e-3,1))"]


@pytest.fixture
def missed():
    """How often a program was compiled that was not in the cache."""
    found = []

    def listen(event, **_):
        if event == "/jax/compilation_cache/cache_misses":
            found.append(event)

    jax.monitoring.register_event_listener(listen)
    yield found
    jax.monitoring.unregister_event_listener(listen)


def _search(sweep, *given):
    return main(["train", "-m", *SMALL, *SEARCH, "hydra.sweeper.n_jobs=4", *given, f"output_dir={sweep}"])


def test_trials_are_runs_and_later_batches_compile_nothing(tmp_path, missed, capsys):
    sweep = tmp_path / "sweep"
    assert _search(sweep, "hydra.sweeper.n_trials=4") == 0
    assert {summary_in(sweep / str(run))["choices"]["optimizer"] for run in range(4)} == {"sgd", "adam"}
    missed.clear()
    assert _search(sweep, "hydra.sweeper.n_trials=9") == 0  # batches of 4 and 1
    assert missed == []
    assert statuses(sweep) == dict.fromkeys(range(9), "completed")
    assert "best of 9 trials" in capsys.readouterr().out
    best = json.loads((sweep / "sweep.json").read_text())["best"]
    assert f"best_value: {best['value']}" in (sweep / "optimization_results.yaml").read_text()


def test_a_trial_that_cannot_be_built_fails_alone(tmp_path):
    sweep = tmp_path / "sweep"
    given = ["hydra/sweeper=optuna", "batch_size=64,1000", "hydra.sweeper.n_trials=4", f"output_dir={sweep}"]
    assert main(["train", "-m", *SMALL, *given]) == 1
    assert sorted(statuses(sweep).values()) == ["completed", "failed"]


def test_a_search_by_loss_with_another_launcher(tmp_path):
    sweep = tmp_path / "sweep"
    given = ["hydra/launcher=basic", "objective.metric=val/loss", "hydra.sweeper.n_trials=2"]
    assert _search(sweep, *given) == 0
    assert statuses(sweep) == {0: "completed", 1: "completed"}
    losses = [summary_in(sweep / str(run))["best"]["value"] for run in range(2)]
    assert f"best_value: {min(losses)}" in (sweep / "optimization_results.yaml").read_text()
