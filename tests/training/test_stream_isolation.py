"""Turning one option on changes no other option's random draws."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from runner.composition import compose
from runner.experiment import blueprint, build_dataset, numbers_of, specify
from runner.preparation import place_dataset
from runner.training.batches import epoch_order
from runner.training.state import create_model

BASE = ["model=cnn", "model.width=4", "model.hidden=[16,8]"]
OPTIONS = {
    "dropout": ["regularizer=dropout"],
    "l2": ["regularizer=l2"],
    "batch norm": ["normalization=batch"],
    "augmentation": ["augmentation=[flip,translate]"],
    "label smoothing": ["loss.label_smoothing=0.1"],
    "optimizer": ["optimizer=momentum", "schedule=cosine", "optimizer.gradient_clip=1"],
    "bfloat16": ["precision=bfloat16"],
}


def draws(overrides):
    """The initial kernels, the order of two epochs and the masks of an augmentation, at seed 0."""
    config = compose([*BASE, *overrides])
    dataset = build_dataset(config)
    spec, numbers = specify(dataset), numbers_of(config, 100)
    parts = blueprint(config, spec, numbers).build(numbers)
    kernels = [leaf for leaf in jax.tree.leaves(_state(create_model(parts))) if leaf.ndim >= 2]
    data = place_dataset(config, dataset)
    orders = [epoch_order(parts, data, jnp.int32(epoch)) for epoch in (0, 1)]
    return [np.asarray(array) for array in (*kernels, *orders)]


def _state(model):
    from flax import nnx

    return nnx.state(model, nnx.Param)


@pytest.fixture(scope="module")
def expected():
    return draws([])


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_leaves_the_other_draws(option, expected):
    found = draws(OPTIONS[option])
    assert len(found) == len(expected) == 7
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours, theirs)


def test_another_seed_changes_every_draw(expected):
    for ours, theirs in zip(draws(["seed=1"]), expected, strict=True):
        assert not np.array_equal(ours, theirs)


def test_an_epoch_visits_every_example_once(expected):
    *_, first, second = expected
    assert len(np.unique(first)) == len(first) == 1437
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(np.sort(first), np.sort(second))
