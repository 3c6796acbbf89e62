"""A watched activation tells how steep it is; unwatched it tells nothing."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.layers.activation import make_activation
from models.layers.maxout import Maxout
from models.layers.prelu import PReLU

X = jnp.linspace(-4.0, 4.0, 24).reshape(4, 6)
FLATTENS = {
    "sigmoid": jax.nn.sigmoid,
    "tanh": jnp.tanh,
    "hard_tanh": jax.nn.hard_tanh,
    "soft_sign": jax.nn.soft_sign,
}
DOES_NOT = {
    "relu": jax.nn.relu,
    "leaky_relu": jax.nn.leaky_relu,
    "prelu": partial(PReLU, slope=0.25, shared=False),
    "elu": jax.nn.elu,
    "gelu": jax.nn.gelu,
    "softplus": jax.nn.softplus,
    "identity": lambda x: x,
    "maxout": Maxout(2),
    "softmax": jax.nn.softmax,
    "sine": jnp.sin,
}


def seen(activation, x=X):
    layer = make_activation(activation, x.shape[-1], param_dtype=jnp.float32)
    layer.set_attributes(watched=True)
    output, sown = nnx.capture(layer, nnx.Intermediate)(x)
    found = {name: variable.get_value()[0] for (name,), variable in nnx.to_flat_state(sown)}
    np.testing.assert_array_equal(found["output"], output)
    return found


@pytest.mark.parametrize("name", [*FLATTENS, *DOES_NOT])
def test_only_what_flattens_at_both_ends_has_flat_ends(name):
    found = seen({**FLATTENS, **DOES_NOT}[name])
    assert bool(jnp.all(found["ends"] < 0.05)) == (name in FLATTENS)
    assert found["slope"].shape == found["output"].shape
    assert found["ends"].shape == found["output"].shape[-1:]


@pytest.mark.parametrize(
    ("function", "slope"), [(jnp.tanh, lambda x: 1 - np.tanh(x) ** 2), (jax.nn.relu, lambda x: x > 0)]
)
def test_a_slope_is_a_share_of_that_near_zero(function, slope):
    expected = slope(np.asarray(X, float)) / max(slope(np.array(0.5)), slope(np.array(-0.5)))
    np.testing.assert_allclose(seen(function)["slope"], expected, atol=1e-6)


def test_a_softmax_has_no_slope_of_its_own():
    assert (seen(jax.nn.softmax)["slope"] == 1).all()


def test_a_function_with_a_rule_for_one_direction_alone_is_watched():
    @jax.custom_vjp
    def double(x):
        return 2 * x

    double.defvjp(lambda x: (2 * x, None), lambda _, back: (2 * back,))
    np.testing.assert_allclose(seen(double)["slope"], 1)


@pytest.mark.filterwarnings("error")
def test_unwatched_it_sows_nothing():
    layer = make_activation(jnp.tanh, 6, param_dtype=jnp.float32)
    _, sown = nnx.capture(layer, nnx.Intermediate)(X)
    assert not jax.tree.leaves(sown)
    layer(X)
    assert not jax.tree.leaves(nnx.state(layer))
