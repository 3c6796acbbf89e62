"""Turning one option on changes no other option's random draws."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.layers.dropout import Dropout
from runner.composition import compose
from runner.experiment import blueprint, build_dataset, numbers_of
from runner.preparation import place_dataset
from runner.specs import specify
from runner.training.batches import augment, epoch_order
from runner.training.state import create_model

BASE = ["model=cnn", "model.width=4", "model.hidden=[16,8]"]
ALL = ["augmentation=[flip,translate]", "regularizer=dropout"]
"""What draws in training."""
OPTIONS = {
    "no dropout": [ALL[0]],
    "another probability": [*ALL, "augmentation.translate.fraction=0.1"],
    "no augmentation": [ALL[1]],
    "one augmentation": ["augmentation=translate", ALL[1]],
    "another order": ["augmentation=[translate,flip]", ALL[1]],
    "l2": [ALL[0], "regularizer=[l2,dropout]"],
    "batch norm": [*ALL, "normalization=batch"],
    "label smoothing": [*ALL, "loss.label_smoothing=0.1"],
    "optimizer": [*ALL, "optimizer=momentum", "schedule=cosine", "optimizer.gradient_clip=1"],
    "bfloat16": [*ALL, "precision=bfloat16"],
}
TURNED_OFF = {
    "no dropout": {"dropout 0", "dropout 1"},
    "no augmentation": {"flip", "translate"},
    "one augmentation": {"flip"},
}


def draws(overrides):
    """By name, at seed 0: initial kernels, two epochs' orders, two steps' augmentations and dropout masks."""
    config = compose([*BASE, *overrides])
    dataset = build_dataset(config)
    spec, numbers = specify(dataset), numbers_of(config, 100)
    parts = blueprint(config, spec, numbers).build(numbers)
    model, data = create_model(parts), place_dataset(config, dataset)
    kernels = [leaf for leaf in jax.tree.leaves(nnx.state(model, nnx.Param)) if leaf.ndim >= 2]
    orders = [epoch_order(parts, data, jnp.int32(epoch)) for epoch in (0, 1)]
    found = {f"kernel {number}": kernel for number, kernel in enumerate(kernels)}
    found |= {f"order {epoch}": order for epoch, order in enumerate(orders)}
    return found | augmentations(parts, data) | masks(model)


def augmentations(parts, data):
    """What each of all augmentations would make of images whose pixels all differ, in two steps."""
    images = jnp.arange(1.0, 1 + 32 * 8 * 8).reshape(32, 8, 8, 1)
    made = {name: [] for name in parts.augmentations}

    def noting(name):
        def call(key, inputs, targets):
            made[name].append(parts.augmentations[name](key, images, images)[0])
            return inputs, targets

        return call

    noted = parts._replace(augmentations={name: noting(name) for name in made})
    for step in (0, 1):
        augment(noted, data, images, images, jnp.int32(step))
    return {name: np.stack(steps) for name, steps in made.items()}


def masks(model):
    """What each dropout layer keeps of 512 ones, in two steps."""
    model.train()
    layers = [layer for _, layer in nnx.iter_modules(model) if isinstance(layer, Dropout)]
    return {
        f"dropout {number}": np.stack([layer(jnp.ones(512)) > 0 for _ in range(2)])
        for number, layer in enumerate(layers)
    }


@pytest.fixture(scope="module")
def expected():
    return draws(ALL)


def test_everything_that_is_drawn_is_compared(expected):
    drawn = {"order 0", "order 1", "flip", "translate", "dropout 0", "dropout 1"}
    assert expected.keys() - {f"kernel {number}" for number in range(5)} == drawn
    for name in ("flip", "translate", "dropout 0", "dropout 1"):
        assert not np.array_equal(*expected[name]), name  # each step has a draw of its own
    assert not np.array_equal(expected["dropout 0"], expected["dropout 1"])


@pytest.mark.parametrize("option", OPTIONS)
def test_an_option_leaves_the_other_draws(option, expected):
    found = draws(OPTIONS[option])
    assert expected.keys() - found.keys() == TURNED_OFF.get(option, set())
    for name in found:
        np.testing.assert_array_equal(found[name], expected[name], err_msg=name)


def test_another_seed_changes_every_draw(expected):
    found = draws([*ALL, "seed=1"])
    for name in expected:
        assert not np.array_equal(found[name], expected[name]), name


def test_an_epoch_visits_every_example_once(expected):
    first, second = expected["order 0"], expected["order 1"]
    assert len(np.unique(first)) == len(first) == 1437
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(np.sort(first), np.sort(second))
