"""What is traced once does in another trace what it would have done there."""

import jax
import jax.numpy as jnp
import numpy as np

from runner.training.once import Once


def test_it_is_traced_once_for_the_same_shapes():
    calls = []

    def function(tree, scale):
        calls.append(1)
        return {"sum": tree["a"] * scale + jnp.sum(tree["b"])}, tree["b"]

    once, tree = Once(function), {"a": jnp.float32(2), "b": jnp.arange(3.0)}
    once.trace(tree, np.float32(3))
    lanes = jax.tree.map(lambda leaf: jnp.stack([leaf, leaf + 1]), tree)
    found = jax.jit(jax.vmap(once, in_axes=(0, None)))(lanes, np.float32(3))
    assert len(calls) == 1
    expected = jax.vmap(function, in_axes=(0, None))(lanes, np.float32(3))
    jax.tree.map(np.testing.assert_array_equal, found, expected)


def test_other_shapes_are_traced_anew():
    once = Once(lambda array: 2 * array)
    once.trace(np.zeros(3, np.float32))
    assert jax.eval_shape(once, np.zeros(4, np.float32)).shape == (4,)
    assert jax.eval_shape(once, np.zeros(3, np.int32)).dtype == np.int32
