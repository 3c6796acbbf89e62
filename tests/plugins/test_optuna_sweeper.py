"""A search with Optuna, whose trials need no training here."""

import math
import subprocess
import sys

import optuna
import pytest
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra_plugins.runner._space import distribution, examples
from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend
from optuna.trial import TrialState

from runner.cli import main
from runner.composition import run_hydra
from runner.errors import ConfigError
from tests.plugins.tasks import Scored

RATE = "optimizer.learning_rate=tag(log,interval(1e-4,1))"
SPACES = {
    "seed=1,2": CategoricalDistribution(["1", "2"]),
    "optimizer=choice(sgd,adam)": CategoricalDistribution(["sgd", "adam"]),
    "augmentation=[flip],[flip,translate]": CategoricalDistribution(["[flip]", "[flip,translate]"]),
    "seed=range(1,4)": IntDistribution(1, 3),
    "seed=range(0,10,3)": IntDistribution(0, 9, step=3),
    "seed=tag(log,range(1,9))": IntDistribution(1, 8, log=True),
    "x=range(0.0,1.0,0.25)": FloatDistribution(0.0, 0.75, step=0.25),
    "x=interval(0,1)": FloatDistribution(0, 1),
    "x=int(interval(1,5))": IntDistribution(1, 5),
    "x=tag(log,interval(1e-4,1))": FloatDistribution(1e-4, 1, log=True),
}


def _parsed(text):
    return OverridesParser.create().parse_overrides([text])[0]


def _search(folder, task, *given, n_trials=8, n_jobs=4):
    sizes = [f"hydra.sweeper.n_trials={n_trials}", f"hydra.sweeper.n_jobs={n_jobs}"]
    arguments = ["-m", "hydra/sweeper=optuna", *sizes, f"output_dir={folder}", *(given or (RATE,))]
    assert run_hydra("train", arguments, task) == 0
    return task


def _study(folder):
    storage = JournalStorage(JournalFileBackend(str(folder / "study.journal")))
    return optuna.load_study(study_name="sweep", storage=storage)


def _near_a_tenth(config):
    return -abs(math.log10(config["optimizer"]["learning_rate"]) + 1)


@pytest.mark.parametrize("text", SPACES)
def test_what_an_override_searches(text):
    assert distribution(_parsed(text)) == SPACES[text]


@pytest.mark.parametrize("text", ["x=interval(1,0)", "x=tag(log,interval(0,1))", "x=range(3,3)"])
def test_nothing_to_search(text):
    with pytest.raises(ConfigError) as error:
        distribution(_parsed(text))
    assert text in str(error.value)


def test_each_value_is_in_an_example():
    space = {"optimizer": SPACES["optimizer=choice(sgd,adam)"], "x": FloatDistribution(0, 1)}
    assert examples(space, lambda text: text.startswith("optimizer=")) == [
        ["optimizer=sgd", "x=0.0"],
        ["optimizer=sgd", "x=1.0"],
        ["optimizer=adam", "x=0.0"],
        ["optimizer=adam", "x=1.0"],
    ]


def test_trials_asked_at_once_are_one_batch_of_equal_programs(empty, capsys):
    task = _search(empty / "sweep", Scored(_near_a_tenth), RATE, "epochs=3", n_trials=10)
    assert [len(batch) for batch in task.batches] == [4, 4, 2]
    assert task.lanes == [4, 4, 4]
    assert all("epochs=3" in job.job.overrides for job in task.jobs)
    assert all(1e-4 <= rate <= 1 for rate in task.rates)
    assert "best of 10 trials: optimizer.learning_rate=" in capsys.readouterr().out


def test_it_finds_what_is_best(empty):
    _search(empty / "sweep", Scored(_near_a_tenth), n_trials=40)
    assert 0.05 < _study(empty / "sweep").best_params["optimizer.learning_rate"] < 0.2


def test_it_goes_on_as_if_it_had_not_stopped(empty):
    whole = _search(empty / "whole", Scored(_near_a_tenth), n_trials=16)
    parts = [_search(empty / "parts", Scored(_near_a_tenth), n_trials=count) for count in (8, 16, 16)]
    assert [len(part.jobs) for part in parts] == [8, 8, 0]
    assert [rate for part in parts for rate in part.rates] == whole.rates
    assert len(set(whole.rates)) == 16
    assert len(list((empty / "parts").glob("multirun*.yaml"))) == 3


def test_a_trial_that_was_interrupted_is_asked_for_again(empty):
    first = _search(empty / "sweep", Scored(lambda config: None))
    assert len(first.jobs) == 4
    second = _search(empty / "sweep", Scored(_near_a_tenth))
    assert second.rates[:4] == first.rates
    assert [trial.state for trial in _study(empty / "sweep").trials] == [TrialState.COMPLETE] * 8


def test_what_failed_or_diverged_is_told_so(empty):
    def score(config):
        rate = config["optimizer"]["learning_rate"]
        return "no data" if rate < 1e-3 else math.nan if rate > 0.1 else rate

    _search(empty / "sweep", Scored(score), n_trials=24)
    trials = _study(empty / "sweep").trials
    for trial in trials:
        rate = trial.params["optimizer.learning_rate"]
        expected = (
            TrialState.FAIL if rate < 1e-3 else TrialState.PRUNED if rate > 0.1 else TrialState.COMPLETE
        )
        assert trial.state == expected
    assert {trial.state for trial in trials} == {TrialState.FAIL, TrialState.PRUNED, TrialState.COMPLETE}


def test_the_sampler_can_be_chosen(empty):
    given = [RATE, "hydra/sweeper/sampler=random", "hydra.sweeper.sampler.seed=3"]
    found = [_search(empty / name, Scored(), *given).rates for name in ("one", "two")]
    assert found[0] == found[1] != _search(empty / "three", Scored(), *given[:2]).rates


def test_a_dry_run_plans_the_first_batch(empty):
    task = Scored()
    assert run_hydra("train", ["--dry-run", "hydra/sweeper=optuna", RATE], task) == 0
    assert len(task.jobs) == 8
    assert list(empty.iterdir()) == []


BAD = {
    "epochs=1": "nothing to search",
    "optimizer.learning_rate=interval(-1,1)": "expected a number greater than 0",
    "optimizer.lerning_rate=interval(0.1,1)": "did you mean optimizer.learning_rate?",
    "model=mlp,mpl": "did you mean mlp?",
    "epochs=interval(1,3)": "whole number",
    "seed=range(3,3)": "seed=range(3,3): a range without values",
    "seed=0,1 hydra.sweeper.n_trials=0": "expected at least 1",
    "seed=0,1 hydra.sweeper.n_trials=x": "hydra.sweeper.n_trials=x",
    "seed=0,1 hydra.sweeper.ntrials=2": "hydra.sweeper.ntrials: there is no such key",
    "seed=0,1 hydra.sweeper.direction=up": "expected null, maximize or minimize",
    "seed=0,1 hydra.sweeper.sampler._target_=optuna.samplers.Foo": "optuna.samplers.Foo",
    "seed=0,1 hydra/sweeper/sampler=foo": "choose from qmc, random, tpe",
    "seed=0,1 +hydra.sweeper.sampler.foo=1": "foo",
}


@pytest.mark.parametrize("line", BAD)
def test_bad_input_is_one_line_and_leaves_no_folder(line, command, empty):
    code, _, error = command("train", "-m", "hydra/sweeper=optuna", "output_dir=sweep", *line.split())
    assert code == 2 and error.count("\n") == 1 and BAD[line] in error
    assert list(empty.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (["optimizer.learning_rate=0.1,0.2"], "optimizer.learning_rate: the study in"),
        ([RATE, "hydra.sweeper.direction=minimize"], "goes the other way"),
    ],
)
def test_a_study_is_not_mixed_with_another_search(given, says, empty):
    _search(empty / "sweep", Scored(), n_trials=4)
    with pytest.raises(ConfigError, match=says):
        _search(empty / "sweep", Scored(), *given)
    assert len(list((empty / "sweep").glob("multirun*"))) == 1


def test_without_optuna_one_line_says_what_to_install(here, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "optuna", None)
    assert main(["train", "-m", "hydra/sweeper=optuna", RATE]) == 2
    assert capsys.readouterr().err.endswith("pip install 'runner[optuna]'\n")
    assert list(here.iterdir()) == []


def test_the_plugin_imports_no_optuna():
    program = "import hydra_plugins.runner.optuna_sweeper, sys; sys.exit('optuna' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
