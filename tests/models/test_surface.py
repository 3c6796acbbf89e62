"""Surfaces have their saddle, ravine and plateau where they say, and the model stands on them."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.surface import Surface, plateau, ravine, saddle


def slope(height, x, y):
    return np.array(jax.grad(height, argnums=(0, 1))(x, y))


def curvatures(height, x, y):
    return np.linalg.eigvalsh(jax.hessian(lambda point: height(*point))(jnp.array([x, y])))


def test_the_saddle_falls_one_way_and_rises_the_other():
    assert float(saddle(0.0, 0.0)) == 1
    np.testing.assert_array_equal(slope(saddle, 0.0, 0.0), [0, 0])
    np.testing.assert_allclose(curvatures(saddle, 0.0, 0.0), [-4, 2])
    for x in (-1.0, 1.0):
        assert float(saddle(x, 0.0)) == 0 and curvatures(saddle, x, 0.0).min() > 0


def test_the_ravine_has_its_condition_number():
    low, high = curvatures(partial(ravine, steepness=50.0), 3.0, -2.0)
    assert high / low == pytest.approx(50)
    assert float(ravine(2.0, 0.1, steepness=50.0)) == pytest.approx((4 + 0.5) / 20)


def test_the_plateau_is_flat_far_off_and_exact_at_the_bottom():
    assert np.abs(slope(plateau, -5.0, 2.0)).max() < 1e-5
    assert float(plateau(-1.0, 2.0)) == pytest.approx(1 - np.exp(-2.5))
    assert float(plateau(1e-4, 0.0)) == pytest.approx(5e-9)


def test_every_output_is_the_height_and_the_gradient_is_the_slope():
    model = Surface((4, 4, 1), 3, height=saddle, start=[0.5, -1.5], rngs=nnx.Rngs(0))
    outputs = model(jnp.ones((2, 4, 4, 1)))
    np.testing.assert_allclose(outputs, np.full((2, 3), 0.75**2 + 1.5**2))
    gradient = nnx.grad(lambda model: model(jnp.zeros((2, 4, 4, 1))).mean())(model)
    found = [float(gradient[name][...].item()) for name in ("x", "y")]
    np.testing.assert_allclose(found, slope(saddle, 0.5, -1.5))


def test_a_start_is_two_numbers():
    with pytest.raises(ValueError, match="start must be two numbers"):
        Surface((1,), 1, height=saddle, start=[1.0], rngs=nnx.Rngs(0))
