"""One trunk, a head a task; and an encoder with its mirror image."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.autoencoder import Autoencoder
from models.layers.normalization import none
from models.mlp import MLP
from models.multitask import Multitask

SHAPE = (4, 3, 1)
OPTIONS = {
    "activation": jax.nn.relu,
    "kernel_init": jax.nn.initializers.he_normal(),
    "normalization": none,
    "dropout": 0.0,
}
HEADS = {"class": 5, "parity": 2, "reconstruction": 12}


def rngs():
    return nnx.Rngs(params=0, dropout=1)


def multitask(head_hidden=()):
    options = {"heads": HEADS, "hidden": [8, 6], "head_hidden": head_hidden}
    return Multitask(SHAPE, 19, **options, **OPTIONS, rngs=rngs())


def parameters(model):
    return sum(leaf.size for leaf in jax.tree.leaves(nnx.state(model, nnx.Param)))


def test_the_parameters_are_those_of_one_trunk_and_the_heads():
    trunk = (12 * 8 + 8) + (8 * 6 + 6)
    assert parameters(multitask()) == trunk + (6 * 5 + 5) + (6 * 2 + 2) + (6 * 12 + 12)
    own = sum((6 * 4 + 4) + (4 * width + width) for width in HEADS.values())
    assert parameters(multitask([4])) == trunk + own


def test_the_outputs_are_those_of_the_heads_side_by_side():
    model = multitask([4])
    x = jax.random.normal(jax.random.key(0), (7, *SHAPE))
    hidden = x.reshape(7, -1)
    for layer in model.trunk:
        hidden = layer(hidden)
    expected = np.concatenate([model.heads[name](hidden) for name in HEADS], axis=1)
    assert expected.shape == (7, 19)
    np.testing.assert_array_equal(model(x), expected)


def test_the_trunk_is_an_mlps():
    mlp = MLP(SHAPE, 5, hidden=[8, 6], **OPTIONS, rngs=rngs())
    for ours, theirs in zip(multitask().trunk, mlp.dense.hidden, strict=True):
        np.testing.assert_array_equal(ours.linear.kernel[...], theirs.linear.kernel[...])


def test_heads_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="20 outputs"):
        Multitask(SHAPE, 20, heads=HEADS, hidden=[8], head_hidden=[], **OPTIONS, rngs=rngs())


def test_an_autoencoder_is_an_encoder_and_its_mirror_image():
    model = Autoencoder(SHAPE, 12, hidden=[8, 6], code=3, **OPTIONS, rngs=rngs())
    encoder = (12 * 8 + 8) + (8 * 6 + 6) + (6 * 3 + 3)
    decoder = (3 * 6 + 6) + (6 * 8 + 8) + (8 * 12 + 12)
    assert parameters(model) == encoder + decoder
    x = jax.random.normal(jax.random.key(0), (7, *SHAPE))
    code = model.encoder(x.reshape(7, -1))
    assert code.shape == (7, 3) and jnp.min(code) < 0  # no activation
    np.testing.assert_array_equal(model(x), model.decoder(code))
