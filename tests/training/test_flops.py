"""The operations of a traced program, against those counted by hand."""

import jax
import jax.numpy as jnp
import pytest
from jax import lax

from runner.training.flops import flops


def counted(function, *shapes):
    """Of a function of float32 arrays of these shapes."""
    return flops(jax.jit(function).trace(*(jnp.zeros(shape) for shape in shapes)).jaxpr.jaxpr)


def test_a_product_and_its_gradients():
    def loss(kernel, x):
        return jnp.sum(jnp.tanh(x @ kernel))

    assert counted(loss, (5, 7), (3, 5)) == 2 * 3 * 5 * 7
    assert counted(jax.grad(loss), (5, 7), (3, 5)) == 2 * (2 * 3 * 5 * 7)
    assert counted(jax.grad(loss, argnums=(0, 1)), (5, 7), (3, 5)) == 3 * (2 * 3 * 5 * 7)


def test_lanes_count_each():
    assert counted(jax.vmap(jnp.matmul), (11, 3, 5), (11, 5, 7)) == 11 * 2 * 3 * 5 * 7


@pytest.mark.parametrize("groups", [1, 2])
def test_a_convolution(groups):
    def convolve(images, kernel):
        return lax.conv_general_dilated(
            images,
            kernel,
            (1, 1),
            "SAME",
            dimension_numbers=("NHWC", "HWIO", "NHWC"),
            feature_group_count=groups,
        )

    taps = 3 * 3 * 4 // groups
    assert counted(convolve, (2, 8, 8, 4), (3, 3, 4 // groups, 6)) == 2 * (2 * 8 * 8 * 6) * taps


def test_a_loop_counts_its_rounds_where_it_has_a_number_of_them():
    def times(x, kernel):
        return lax.scan(lambda carry, _: (carry @ kernel, None), x, length=4)[0]

    def until(x, kernel):
        return lax.while_loop(lambda carry: jnp.sum(carry) < 1, lambda carry: carry @ kernel, x)

    assert counted(times, (3, 5), (5, 5)) == 4 * (2 * 3 * 5 * 5)
    assert counted(until, (3, 5), (5, 5)) == 2 * 3 * 5 * 5


def test_of_branches_the_largest():
    def either(x, kernel):
        return lax.cond(jnp.sum(x) > 0, lambda: x @ kernel @ kernel, lambda: x @ kernel)

    assert counted(either, (3, 5), (5, 5)) == 2 * (2 * 3 * 5 * 5)
