"""Normalization layers as architectures make them."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.layers.normalization import make_normalization, none


def test_none_is_the_identity():
    x = jnp.arange(6.0).reshape(2, 3)
    layer = make_normalization(none, 3, dtype=jnp.float32, param_dtype=jnp.float32)
    np.testing.assert_array_equal(layer(x), x)


def test_batch_normalization():
    x = jax.random.normal(jax.random.key(0), (50, 4, 3)) * 3 + 2
    momentum = jnp.float32(0.8)
    make = partial(nnx.BatchNorm, momentum=momentum, epsilon=1e-5)
    layer = make_normalization(make, 3, dtype=jnp.float32, param_dtype=jnp.float32)
    mean, variance = np.mean(x, (0, 1)), np.var(x, (0, 1))
    np.testing.assert_allclose(layer(x), (x - mean) / np.sqrt(variance + 1e-5), atol=1e-4)
    np.testing.assert_allclose(layer.mean[...], 0.2 * mean, rtol=1e-4)
    np.testing.assert_allclose(layer.var[...], 0.8 + 0.2 * variance, rtol=1e-4)


@pytest.mark.filterwarnings("error")
def test_running_statistics_are_as_precise_as_the_parameters():
    with jax.enable_x64(True):
        x = jax.random.normal(jax.random.key(0), (50, 3), jnp.float64) + 1 / 3
        layer = make_normalization(nnx.BatchNorm, 3, dtype=jnp.float64, param_dtype=jnp.float64)
        layer(x)
        assert layer.mean.dtype == layer.var.dtype == jnp.float64
        np.testing.assert_allclose(layer.mean[...], 0.01 * np.mean(x, 0), rtol=1e-12)
    half = make_normalization(nnx.BatchNorm, 3, dtype=jnp.bfloat16, param_dtype=jnp.float32)
    assert half(jnp.ones((2, 3), jnp.bfloat16)).dtype == jnp.bfloat16
    assert half.mean.dtype == jnp.float32
