"""Dropout with numbers that may be traced."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.layers.dropout import Dropout, make_dropout
from models.layers.identity import Identity


def test_drops_with_probability_and_keeps_the_mean():
    y = np.asarray(Dropout(0.3, rngs=nnx.Rngs(0))(jnp.full((400, 500), 2.0)))
    # Five standard errors of 200,000 draws.
    assert abs((y == 0).mean() - 0.3) < 5 * (0.3 * 0.7 / y.size) ** 0.5
    np.testing.assert_allclose(y[y != 0], 2 / 0.7, rtol=1e-6)


def test_masks_are_those_of_flax():
    x = jnp.ones((8, 16))
    np.testing.assert_allclose(
        Dropout(0.4, rngs=nnx.Rngs(dropout=3))(x), nnx.Dropout(0.4, rngs=nnx.Rngs(dropout=3))(x), rtol=1e-6
    )


def test_next_call_draws_anew_and_eval_does_nothing():
    layer, x = Dropout(0.5, rngs=nnx.Rngs(0)), jnp.ones((10, 10))
    assert (layer(x) != layer(x)).any()
    layer.eval()
    np.testing.assert_array_equal(layer(x), x)
    layer.train()
    assert (layer(x) != x).any()


def test_traced_rate_equals_the_number():
    x = jnp.ones((16, 16))
    traced = jax.jit(lambda rate: Dropout(rate, rngs=nnx.Rngs(0))(x))(0.25)
    np.testing.assert_allclose(traced, Dropout(0.25, rngs=nnx.Rngs(0))(x), rtol=1e-6)


@pytest.mark.parametrize("rate", [0.0, 0.5, 1.0])
def test_gradient_is_finite_at_every_traced_rate(rate):
    gradient = jax.jit(jax.grad(lambda x, rate: Dropout(rate, rngs=nnx.Rngs(0))(x).sum()))(jnp.ones(8), rate)
    assert jnp.isfinite(gradient).all()


@pytest.mark.parametrize("dtype", [jnp.bfloat16, jnp.float32])
def test_keeps_the_dtype(dtype):
    assert Dropout(jnp.float32(0.5), rngs=nnx.Rngs(0))(jnp.ones(4, dtype)).dtype == dtype


def test_rate_is_state():
    state = nnx.state(Dropout(0.5, rngs=nnx.Rngs(0)), nnx.Not(nnx.RngState))
    assert jax.tree.leaves(state) == [0.5]
    assert not jax.tree.leaves(nnx.state(Dropout(0.5, rngs=nnx.Rngs(0)), nnx.Param))


@pytest.mark.parametrize("zero", [0, 0.0, np.float32(0)])
def test_python_zero_is_no_layer(zero):
    assert isinstance(make_dropout(zero, rngs=nnx.Rngs(0)), Identity)


def test_an_array_of_zero_is_a_layer():
    assert isinstance(make_dropout(jnp.float32(0), rngs=nnx.Rngs(0)), Dropout)


@pytest.mark.parametrize("rate", [-0.1, 1.0, 2])
def test_rate_outside_the_unit_interval(rate):
    with pytest.raises(ValueError, match=r"dropout must be in \[0, 1\), got"):
        make_dropout(rate, rngs=nnx.Rngs(0))
