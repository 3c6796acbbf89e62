"""The losses of generators, against formulas computed another way."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from scipy import stats

from models.gan import Gan
from models.layers.normalization import none
from models.vae import Vae, bernoulli, gaussian

SHAPE, CLASSES, N = (4, 4, 1), 3, 6
COMMON = {"kernel_init": nnx.initializers.he_normal(), "normalization": none, "dropout": 0.0}


def made(kind, **options):
    rngs = nnx.Rngs(default=0, params=1, dropout=2)
    return kind(SHAPE, CLASSES, code=2, rngs=rngs, **COMMON, **options)


@pytest.fixture
def batch():
    random = np.random.default_rng(0)
    return jnp.asarray(random.random((N, *SHAPE)), jnp.float32), jax.nn.one_hot(
        np.arange(N) % CLASSES, CLASSES
    )


def vae(**options):
    chosen = {"kl_weight": 2 / 16, "likelihood": bernoulli, **options}
    return made(Vae, hidden=[8], activation=jax.nn.relu, **chosen)


def gan():
    return made(Gan, generator=[8], discriminator=[8], penalty=2.0, activation=jax.nn.softplus)


@pytest.mark.parametrize("network", [vae(), gan()], ids=["vae", "gan"])
def test_what_is_generated_lies_in_the_range_of_images(network, batch):
    images = network.generate(jax.random.key(0), batch[1])
    assert images.shape == (N, *SHAPE)
    assert ((images >= 0) & (images <= 1)).all()
    assert not np.allclose(images, network.generate(jax.random.key(1), batch[1]))


@pytest.mark.parametrize("network", [vae(), gan()], ids=["vae", "gan"])
def test_noise_is_drawn_anew_in_training_alone(network, batch):
    network.train()
    assert not np.allclose(network(*batch), network(*batch))
    network.eval()
    np.testing.assert_array_equal(network(*batch), network(*batch))


def test_the_divergence_is_that_of_gaussians(batch):
    """Against the definition, E log q - log p, by sampling."""
    network = vae()
    inputs, classes = batch
    flat = jnp.concatenate([inputs.reshape(N, -1), classes], axis=-1)
    mean, log_variance = np.split(np.asarray(network.encoder(flat)), 2, axis=-1)
    drawn = np.random.default_rng(0).normal(mean, np.exp(log_variance / 2), (100_000, *mean.shape))
    inside = stats.norm.logpdf(drawn, mean, np.exp(log_variance / 2)) - stats.norm.logpdf(drawn)
    np.testing.assert_allclose(network(*batch)[:, 1], inside.sum(-1).mean(0), atol=0.03)
    np.testing.assert_allclose(vae(kl_weight=1 / 16)(*batch)[:, 1], network(*batch)[:, 1] / 2, rtol=1e-5)


def test_likelihoods_are_those_of_their_distributions():
    random = np.random.default_rng(0)
    outputs, inputs = random.normal(size=(5, 7)), random.random((5, 7))
    means = 1 / (1 + np.exp(-outputs))
    entropy = -(inputs * np.log(means) + (1 - inputs) * np.log(1 - means)).sum(-1)
    np.testing.assert_allclose(bernoulli(jnp.asarray(outputs), jnp.asarray(inputs)), entropy, rtol=1e-5)
    expected = -stats.norm.logpdf(inputs, means, 0.3).sum(-1)
    found = partial(gaussian, deviation=0.3)(jnp.asarray(outputs), jnp.asarray(inputs))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def gradients(network, batch, term):
    graphdef, parameters, others = nnx.split(network, nnx.Param, ...)

    def loss(parameters):
        return jnp.mean(nnx.merge(graphdef, parameters, others, copy=True)(*batch)[:, term])

    found = jax.grad(loss)(parameters)
    return {
        player: float(sum(abs(leaf).sum() for leaf in jax.tree.leaves(found[player]))) for player in found
    }


@pytest.mark.parametrize(("term", "mover"), [(0, "discriminator"), (1, "discriminator"), (2, "generator")])
def test_each_term_moves_one_player(term, mover, batch):
    network = gan()
    network.eval()
    moved = gradients(network, batch, term)
    assert moved.pop(mover) > 0
    assert set(moved.values()) == {0.0}


def test_the_penalty_is_the_slope_of_the_discriminator(batch):
    """By central differences."""
    network, (inputs, classes) = gan(), batch
    flat, step = np.asarray(inputs.reshape(N, -1)), 1e-2

    def told(images):
        return np.asarray(network.discriminator(jnp.concatenate([images, classes], axis=-1))[:, 0])

    shifts = step * np.eye(flat.shape[1], dtype=np.float32)
    slopes = np.stack([(told(flat + shift) - told(flat - shift)) / (2 * step) for shift in shifts])
    np.testing.assert_allclose(network(*batch)[:, 1], (slopes**2).sum(0), rtol=1e-2)
