"""Hydra's sweep grammar with -m: which jobs it comes to."""

from pathlib import Path

import pytest
from omegaconf import OmegaConf

from runner import groups
from runner.cli import main
from runner.composition import run_hydra
from tests.plugins.tasks import Scored

GRAMMAR = {
    "seed=1,2": [["seed=1"], ["seed=2"]],
    "seed=choice(1,2)": [["seed=1"], ["seed=2"]],
    "seed=range(3)": [["seed=0"], ["seed=1"], ["seed=2"]],
    "optimizer.learning_rate=range(0.1,0.3,0.1)": [
        ["optimizer.learning_rate=0.1"],
        ["optimizer.learning_rate=0.2"],
    ],
    "seed=sort(3,1,2,reverse=true)": [["seed=3"], ["seed=2"], ["seed=1"]],
    "sampler=glob(*,exclude=b*)": [["sampler=sequential"], ["sampler=shuffle"]],
    "optimizer=sgd,adam seed=1,2": [
        ["optimizer=sgd", "seed=1"],
        ["optimizer=sgd", "seed=2"],
        ["optimizer=adam", "seed=1"],
        ["optimizer=adam", "seed=2"],
    ],
    "experiment=fashion_mlp seed=1,2": [
        ["experiment=fashion_mlp", "seed=1"],
        ["experiment=fashion_mlp", "seed=2"],
    ],
    "experiment=fashion_mlp,fashion_cnn": [["experiment=fashion_mlp"], ["experiment=fashion_cnn"]],
    "augmentation=[flip],[flip,translate]": [["augmentation=[flip]"], ["augmentation=[flip,translate]"]],
    "model.hidden=[8],[8,4]": [["model.hidden=[8]"], ["model.hidden=[8,4]"]],
    "seed=1,2 ~optimizer.b2": [["seed=1", "~optimizer.b2"], ["seed=2", "~optimizer.b2"]],
    "seed=1,2 +note='a b'": [["seed=1", "+note='a b'"], ["seed=2", "+note='a b'"]],
    "seed=1 seed=2,3": [["seed=2"], ["seed=3"]],
    "seed=1,1": [["seed=1"]],
    "seed=5": [["seed=5"]],
}

GRIDS = OmegaConf.load(groups.CONFIGS / "sweep" / "optimizers.yaml").grids
RATES = {grid["optimizer"]: grid["optimizer.learning_rate"].split(",") for grid in GRIDS}
"""Those of `sweep=optimizers`, by optimizer."""


def jobs_of(arguments: list[str]) -> list[list[str]]:
    task = Scored()
    assert run_hydra("train", ["-m", *arguments], task) == 0
    return [job.job.overrides for job in task.jobs]


def _words(line: str) -> list[str]:
    return line.replace("'a b'", "'a_b'").split()


@pytest.mark.parametrize("line", GRAMMAR)
def test_the_jobs_of_a_line(line, empty):
    arguments = [word.replace("a_b", "a b") for word in _words(line)]
    assert jobs_of(arguments) == GRAMMAR[line]
    (sweep,) = empty.glob("outputs/sweeps/*/*")
    assert [path.name for path in sweep.iterdir()] == ["multirun.yaml"]


def test_a_union_of_grids(empty):
    jobs = jobs_of(["sweep=optimizers", "seed=1,2"])
    assert len(jobs) == 2 * sum(len(rates) for rates in RATES.values())
    assert sorted(jobs[0][-2:], reverse=True) == ["sweep=optimizers", "seed=1"]
    options = {option.name for option in groups.options("optimizer", [groups.CONFIGS])}
    assert {job[0] for job in jobs} == {f"optimizer={name}" for name in options}


@pytest.mark.parametrize(
    ("given", "count"),
    [
        ("optimizer.learning_rate=0.5,0.6", 2 * len(RATES)),
        ("optimizer=sgd", len({float(rate) for rates in RATES.values() for rate in rates})),
    ],
)
def test_what_is_on_the_command_line_wins_over_a_grid(given, count, empty):
    jobs = jobs_of(["sweep=optimizers", given])
    key, _, values = given.partition("=")
    found = {text for job in jobs for text in job if text.startswith(f"{key}=")}
    assert found == {f"{key}={value}" for value in values.split(",")}
    assert len(jobs) == count


def test_a_sweep_of_a_user_s_own(empty):
    grids = [{"optimizer": "sgd", "batch_size": "16,32"}, {"seed": "range(3)"}]
    _write(empty / "mine" / "sweep" / "own.yaml", {"grids": grids})
    jobs = jobs_of(["--config-dir", "mine", "sweep=own"])
    assert [job[:-1] for job in jobs] == [
        ["optimizer=sgd", "batch_size=16"],
        ["optimizer=sgd", "batch_size=32"],
        ["seed=0"],
        ["seed=1"],
        ["seed=2"],
    ]


@pytest.mark.parametrize("sweeper", ["grid", "basic"])
def test_values_in_a_config(sweeper, empty):
    params = {"seed": "1,2", "optimizer": "sgd,adam"}
    own = f"# @package _global_\nhydra:\n  sweeper:\n    params: {params}\n"
    (empty / "mine" / "experiment").mkdir(parents=True)
    (empty / "mine" / "experiment" / "own.yaml").write_text(own)
    arguments = ["--config-dir", "mine", "experiment=own", f"hydra/sweeper={sweeper}", "optimizer=momentum"]
    assert [sorted(job) for job in jobs_of(arguments)] == [
        ["experiment=own", "optimizer=momentum", "seed=1"],
        ["experiment=own", "optimizer=momentum", "seed=2"],
    ]


BAD_GRIDS = {
    "{seed: 1}": "sweep.grids",
    "[{optimizer: 'sgd,adm'}]": "did you mean adam?",
    "[{optimizer.rate: '1,2'}]": "optimizer.rate: there is no such key",
    "[{seed: 'range(3'}]": "not in Hydra's grammar",
    "[{seed: 'interval(0,3)'}]": "hydra/sweeper=optuna searches intervals",
}


@pytest.mark.parametrize("grids", BAD_GRIDS)
def test_a_grid_that_is_wrong_is_one_line(grids, command, empty):
    (empty / "mine" / "sweep").mkdir(parents=True)
    (empty / "mine" / "sweep" / "own.yaml").write_text(
        f"grids: {{{grids}}}" if ":" in grids[:5] else f"grids: {grids}"
    )
    code, _, error = command("train", "-m", "--config-dir", "mine", "sweep=own")
    assert code == 2 and error.count("\n") == 1 and BAD_GRIDS[grids] in error
    assert [path.name for path in empty.iterdir()] == ["mine"]


def test_a_folder_that_hydra_is_told(empty):
    assert jobs_of(["seed=1,2", "hydra.sweep.dir=told"]) == [["seed=1"], ["seed=2"]]
    assert (empty / "told" / "multirun.yaml").exists()


@pytest.mark.parametrize(
    ("override", "says"),
    [
        ("hydra.sweep.subdir=x", "folders named by their numbers"),
        ("hydra.sweep.subdir=${hydra.job.override_dirname}", "folders named by their numbers"),
        ("hydra.sweep.dir=other", "output_dir=own names the sweep's folder already"),
        ("hydra.sweep.dir=a,b", "Hydra"),
        ("hydra/sweeper=gird", "did you mean grid?"),
        ("hydra/launcher=lane", "did you mean lanes?"),
        ("+hydra.sweeper.params.seed=x", "seed"),
    ],
)
def test_hydra_s_own_options_that_are_wrong_are_one_line(override, says, here, capsys):
    assert (
        main(
            [
                "train",
                "-m",
                "seed=0,1" if "params" not in override else "epochs=1",
                override,
                "output_dir=own",
            ]
        )
        == 2
    )
    error = capsys.readouterr().err
    assert error.count("\n") == 1 and says in error
    assert list(here.iterdir()) == []


def _write(path: Path, config: object) -> None:
    path.parent.mkdir(parents=True)
    OmegaConf.save(OmegaConf.create(config), path)
