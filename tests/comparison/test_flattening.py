"""A saved config as one mapping."""

import pytest
import yaml
from omegaconf import OmegaConf

from runner.comparison.flattening import flatten, load_yaml
from runner.composition import compose


def test_a_real_config_is_read_as_yaml_reads_it():
    text = OmegaConf.to_yaml(compose(["model=cnn", "regularizer=[l2,dropout]"]))
    assert load_yaml(text) == yaml.safe_load(text)


@pytest.mark.parametrize(
    "text", ["a:\n- 1\n- b: 2\n", "a: 'x\n\n  y'\nb: 2\n", "a: |\n  one\n  two\n\nb: {}\n", "? a\n: 1\n"]
)
def test_sections_are_cut_where_yaml_would(text):
    assert load_yaml(text) == yaml.safe_load(text)


@pytest.mark.parametrize("text", ["- 1\n", "just words\n"])
def test_what_is_no_mapping_is_refused(text):
    with pytest.raises(ValueError, match="not a mapping"):
        load_yaml(text)


def test_values_are_by_dotted_key_and_options_by_group():
    config = {
        "seed": 3,
        "output_dir": "x",
        "model": {"hidden": [128, 64], "dropout": "${regularizer.dropout}"},
        "regularizer": {"l2": 0.0},
        "init_from": None,
    }
    flat = flatten(config, {"model": "mlp", "regularizer": "['l2', 'dropout']", "experiment": "None"})
    assert flat == {
        "model": "mlp",
        "regularizer": "[l2,dropout]",
        "experiment": None,
        "model.hidden": "[128,64]",
        "regularizer.l2": 0.0,
        "init_from": None,
    }
