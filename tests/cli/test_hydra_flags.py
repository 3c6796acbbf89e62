"""Hydra's flags on a command, with a task that only remembers its config."""

from pathlib import Path
from typing import Any

import pytest
from omegaconf import DictConfig, OmegaConf

from runner.composition import compose, job_defaults, job_overrides, run_hydra
from runner.errors import ConfigError
from tests.conftest import Command


class Recorder:
    """A task that keeps what it is given."""

    def __init__(self) -> None:
        self.configs: list[DictConfig] = []
        self.defaults: list[DictConfig | None] = []
        self.overrides: list[list[str]] = []

    def __call__(self, config: DictConfig) -> int:
        self.configs.append(config)
        self.defaults.append(job_defaults())
        self.overrides.append(job_overrides())
        return 3


@pytest.fixture
def task() -> Recorder:
    return Recorder()


def test_the_task_gets_the_config_and_gives_the_exit_code(task: Recorder, empty: Path) -> None:
    assert run_hydra("train", ["optimizer=sgd", "epochs=3"], task) == 3
    (config,) = task.configs
    assert (config.optimizer._target_, config.epochs) == ("optax.sgd", 3)
    assert "hydra" not in config
    assert task.overrides == [["optimizer=sgd", "epochs=3"]]
    assert list(empty.iterdir()) == []


def test_defaults_are_the_choices_alone(task: Recorder, empty: Path) -> None:
    run_hydra("train", ["experiment=fashion_mlp", "epochs=3"], task)
    run_hydra("train", ["optimizer=sgd"], task)
    assert task.defaults[0] is not None and task.defaults[0].epochs == 15
    assert task.defaults[1] is None


def test_flags_and_overrides_mix(task: Recorder, empty: Path) -> None:
    (empty / "conf").mkdir()
    run_hydra("train", ["seed=1", "--config-dir", "conf", "epochs=2"], task)
    assert (task.configs[0].seed, task.configs[0].epochs) == (1, 2)


def test_multirun_runs_every_job(task: Recorder, empty: Path) -> None:
    assert run_hydra("train", ["-m", "seed=1,2", "optimizer=sgd,adam"], task) == 0
    jobs = [(config.seed, config.optimizer._target_) for config in task.configs]
    assert jobs == [(seed, f"optax.{name}") for seed in (1, 2) for name in ("sgd", "adam")]


def test_an_error_of_the_task_comes_through(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(config: DictConfig) -> int:
        raise ZeroDivisionError("the task's own")

    with pytest.raises(ZeroDivisionError, match="own"):
        run_hydra("train", [], fail)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("--cfg job", "learning_rate: 0.001"),
        ("--cfg job -p optimizer", "# @package optimizer"),
        ("--cfg job --resolve -p schedule", "value: 0.001"),
        ("--cfg hydra", "mode: null"),
        ("--cfg all", "hydra:"),
        ("--info searchpath", "configs"),
        ("--info defaults", "optimizer/adam"),
        ("--help", "runner train"),
        ("--hydra-help", "--config-dir"),
        ("--config-dir conf optimizer=mine --cfg job", "_target_: mine.optimizer"),
        ("--config-dir conf --config-name other --cfg job", "only: 1"),
        ("--config-path conf --config-name other --cfg job", "only: 1"),
    ],
)
def test_what_flags_show(line: str, says: str, command: Command, empty: Path) -> None:
    (empty / "conf" / "optimizer").mkdir(parents=True)
    (empty / "conf" / "optimizer" / "mine.yaml").write_text("_target_: mine.optimizer\nlearning_rate: 1.0\n")
    (empty / "conf" / "other.yaml").write_text("only: 1\n")
    code, out, err = command("train", *line.split())
    assert (code, err) == (0, "")
    assert says in out
    assert [entry.name for entry in empty.iterdir()] == ["conf"]


def select(override: str, key: str) -> Any:
    return OmegaConf.select(compose([override]), key)


@pytest.mark.parametrize(
    ("override", "key", "value"),
    [
        ("+optimizer.nesterov=true", "optimizer.nesterov", True),
        ("++optimizer.b1=0.8", "optimizer.b1", 0.8),
        (
            "+regularizer.penalties.mine={_target_:my.penalty,strength:1}",
            "regularizer.penalties.mine.strength",
            1,
        ),
        ("+note=baseline", "note", "baseline"),
        ("~optimizer.b2", "optimizer.b2", None),
        ("augmentation=[flip,translate]", "augmentation.translate.fraction", 0.1),
        ("steps='${epochs}'", "steps", 30),
    ],
)
def test_hydra_s_grammar_works(override: str, key: str, value: Any, empty: Path) -> None:
    assert select(override, key) == value


def test_compose_with_a_user_s_folder(empty: Path) -> None:
    (empty / "conf" / "optimizer").mkdir(parents=True)
    (empty / "conf" / "optimizer" / "mine.yaml").write_text("_target_: mine.optimizer\n")
    assert compose(["optimizer=mine"], Path("conf")).optimizer._target_ == "mine.optimizer"
    with pytest.raises(ConfigError, match="no such option"):
        compose(["optimizer=mine"])
