"""What validation lets through, and the types it gives."""

from pathlib import Path

import pytest
from omegaconf import DictConfig, OmegaConf

from runner import rules
from runner.composition import Composer, Source
from runner.leaves import leaves
from runner.validation import validate


def checked(*overrides: str, config_dir: Path | None = None) -> DictConfig:
    composer = Composer(Source(config_dir))
    config = composer.compose(overrides)
    validate(config, composer.defaults(overrides))
    return config


@pytest.mark.parametrize(
    "option", [["model=cnn"], ["experiment=fashion_cnn"], ["augmentation=[flip,translate]"]]
)
def test_the_defaults_pass(option: list[str], empty: Path) -> None:
    config = checked(*option)
    validate(config)
    assert not rules.KEYS.keys() - leaves(config).keys()


@pytest.mark.parametrize(
    ("override", "key", "value"),
    [
        ("optimizer.learning_rate=1", "optimizer.learning_rate", 1.0),
        ("checkpoint.seconds=10", "checkpoint.seconds", 10.0),
        ("regularizer.l2=null", "regularizer.l2", 0.0),
        ("optimizer.weight_decay=null", "optimizer.weight_decay", 0.0),
        ("regularizer=dropout", "regularizer.dropout", 0.2),
        ("batch_size=full", "batch_size", "full"),
        ("model.hidden=[]", "model.hidden", []),
        ("model.dropout=0", "model.dropout", 0.0),
        ("steps=100", "steps", 100),
        ("log_every=5%", "log_every", "5%"),
        ("output_dir=runs/one", "output_dir", "runs/one"),
        ("early_stopping.patience=null", "early_stopping.patience", None),
    ],
)
def test_values_and_their_types(override: str, key: str, value: object, empty: Path) -> None:
    found = OmegaConf.select(checked(override), key)
    assert found == value and type(found) is type(OmegaConf.create([value])[0])


def test_steps_may_replace_epochs(empty: Path) -> None:
    assert checked("epochs=null", "steps=10").epochs is None


def test_a_user_s_option_may_mean_something_else_by_a_name(empty: Path) -> None:
    (empty / "optimizer").mkdir()
    text = "_target_: x.y\nlearning_rate: 2\nmomentum: 7\nhidden: 64\nwhatever: [a, 1]\nnothing: null\n"
    (empty / "optimizer" / "mine.yaml").write_text(text)
    config = checked("optimizer=mine", "optimizer.momentum=9", "optimizer.nothing=x", config_dir=empty)
    assert (config.optimizer.momentum, config.optimizer.hidden, config.optimizer.nothing) == (9, 64, "x")
    assert isinstance(config.optimizer.learning_rate, float)


def test_init_from_a_run(empty: Path) -> None:
    (empty / "run").mkdir()
    (empty / "run" / "summary.json").write_text("{}")
    assert checked("init_from=run").init_from == "run"
