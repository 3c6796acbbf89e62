"""The jobs of a sweep, composed once for each choice of options, are what Hydra composes job by job."""

from pathlib import Path

import pytest
from omegaconf import OmegaConf

from runner.composition import Composer, Source
from runner.composition.jobs import JobComposer, check_shared
from runner.configuration import identity, to_yaml
from runner.errors import ConfigError
from runner.validation import validate

JOBS = [
    [],
    ["optimizer=sgd"],
    ["optimizer=momentum", "optimizer.learning_rate=1", "seed=7"],
    ["optimizer.learning_rate=1e-2", "optimizer=sgd"],
    ["augmentation=[flip,translate]", "augmentation.translate.fraction=0.2", "model.hidden=[32,16]"],
    ["regularizer=[l2,dropout]", "regularizer.l2=null", "regularizer.dropout=0.1"],
    ["experiment=fashion_mlp", "epochs=3"],
    ["steps='${epochs}'"],
    ["+note='baseline ${seed}'", "seed=3"],
    ["+optimizer.nesterov=true", "optimizer=sgd", "optimizer.learning_rate=0.5"],
    ["~optimizer.b2"],
    ["regularizer={l2: 0.1}"],
    ["dataset.path='a,b'", "early_stopping.patience=3", "precision=bfloat16"],
    ["schedule=cosine", "schedule.alpha=0.1", "schedule.decay_steps=5"],
]


@pytest.fixture
def jobs(empty: Path) -> JobComposer:
    return JobComposer(Composer(Source()), [], ["runner", "train", "-m"])


@pytest.mark.parametrize("overrides", JOBS, ids=" ".join)
def test_a_job_is_what_hydra_composes(overrides: list[str], jobs: JobComposer) -> None:
    jobs.compose(overrides)
    found = jobs.compose(overrides)  # from what the first has left behind
    composer = Composer(Source())
    expected = composer.compose(overrides)
    validate(expected, composer.defaults(overrides))
    assert found.config == OmegaConf.to_container(expected, resolve=False)
    assert found.resolved == OmegaConf.to_container(expected, resolve=True)
    assert to_yaml(found.config) == OmegaConf.to_yaml(expected)
    assert found.job.overrides == overrides


def test_a_text_that_holds_a_number_is_each_job_s_own(jobs: JobComposer) -> None:
    rows = [["+note='seed ${seed}'", f"seed={seed}"] for seed in (1, 2)]
    assert [jobs.compose(row).resolved["note"] for row in rows] == ["seed 1", "seed 2"]


def test_choices_are_named(jobs: JobComposer) -> None:
    assert jobs.compose(["optimizer=sgd", "seed=1"]).job.choices["optimizer"] == "sgd"
    assert jobs.compose(["optimizer=adam", "seed=1"]).job.choices["optimizer"] == "adam"


@pytest.mark.parametrize(
    ("overrides", "says"),
    [
        (["optimizer.learning_rate=-1"], "optimizer.learning_rate=-1: expected a number greater than 0"),
        (["epochs=null"], "epochs and steps are both null"),
        (["dataset.val_fraction=0.6", "dataset.test_fraction=0.6"], "expected less than 1"),
        (["optimizer=adm", "seed=1"], "did you mean adam?"),
        (["sed=1"], "did you mean seed?"),
        (["optimizer=[sgd,adam]"], "optimizer takes one option"),
    ],
)
def test_what_is_wrong_with_a_job(overrides: list[str], says: str, jobs: JobComposer) -> None:
    with pytest.raises(ConfigError, match=says.replace("?", r"\?").replace(".", r"\.")):
        jobs.compose(overrides)


def test_identity_is_of_what_decides_the_result(jobs: JobComposer) -> None:
    def own(*overrides: str) -> str:
        return identity(jobs.compose(list(overrides)).resolved)

    assert own("optimizer.learning_rate=1") == own("optimizer.learning_rate=1.0")
    assert own() == own("output_dir=here", "checkpoint.seconds=1", "sweep.lanes=3", "log_every=5")
    assert own("epochs=30") == own()
    assert len({own(), own("seed=1"), own("epochs=31"), own("optimizer=sgd"), own("model.hidden=[128]")}) == 5


def test_how_a_sweep_is_run_is_the_same_for_its_jobs(jobs: JobComposer) -> None:
    rows = [["seed=1"], ["sweep.isolated=true"]]
    with pytest.raises(ConfigError, match="sweep: it is the same for all runs"):
        check_shared([jobs.compose(row) for row in rows])
