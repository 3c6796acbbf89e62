"""Singular values in lanes are those of each lane; on a CPU no call gets several matrices."""

import re

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from runner.objectives.singular_values import decompose, nuclear_norm

MATRICES = np.random.default_rng(0).normal(size=(2, 3, 5, 4)).astype(np.float32)


def test_lanes_of_lanes_are_decomposed_each_by_itself():
    left, values, right = jax.jit(jax.vmap(jax.vmap(decompose)))(MATRICES)
    np.testing.assert_allclose(values, np.linalg.svd(MATRICES, compute_uv=False), rtol=1e-5)
    np.testing.assert_allclose((left * values[..., None, :]) @ right, MATRICES, atol=1e-5)


def test_the_gradient_in_lanes_is_that_of_each():
    gradients = jax.vmap(jax.grad(lambda matrix: 3 * nuclear_norm(matrix)))(jnp.asarray(MATRICES[0]))
    left, _, right = np.linalg.svd(MATRICES[0], full_matrices=False)
    np.testing.assert_allclose(gradients, 3 * left @ right, atol=1e-5)


@pytest.mark.skipif(jax.default_backend() != "cpu", reason="of jaxlib's LAPACK on a CPU")
def test_lapack_is_given_one_matrix_at_a_time():
    # A batch would wait for threads that lanes on other cores hold: a sweep of nuclear norms hung.
    text = jax.jit(jax.vmap(jax.vmap(decompose))).lower(MATRICES).as_text()
    calls = re.findall(r"lapack_sgesdd\w*\(.*?\).*?: \((tensor<[^>]*>)", text)
    assert calls == ["tensor<5x4xf32>"]
