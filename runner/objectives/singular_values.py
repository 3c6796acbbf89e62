"""Singular values of matrices, in lanes too."""

import jax
import jax.numpy as jnp


@jax.custom_batching.custom_vmap
def decompose(matrix: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
    """U [m, r], the singular values [r], falling, and V^T [r, n] of a matrix [m, n], r = min(m, n).

    It has no derivative; `nuclear_norm` has.
    """
    left, values, right = jnp.linalg.svd(matrix, full_matrices=False)
    return left, values, right


@decompose.def_vmap
def _(size: int, batched: list[bool], matrices: jax.Array):
    # On a CPU in turn: jaxlib 0.10 divides a batch into tasks for the pool of threads that it is running on,
    # and waits for them. With lanes on every core, each thread waits, for ever; one matrix is no task.
    def in_turn(matrices: jax.Array):
        return jax.lax.map(decompose, matrices)

    together = jax.vmap(lambda matrix: tuple(jnp.linalg.svd(matrix, full_matrices=False)))
    return jax.lax.platform_dependent(matrices, cpu=in_turn, default=together), (True, True, True)


@jax.custom_vjp
def nuclear_norm(matrix: jax.Array) -> jax.Array:
    """The sum of the singular values of a matrix [m, n]; its gradient is U V^T (Watson 1992)."""
    return jnp.sum(decompose(matrix)[1])


def _forward(matrix: jax.Array):
    left, values, right = decompose(matrix)
    return jnp.sum(values), left @ right


def _backward(gradient: jax.Array, cotangent: jax.Array):
    return (cotangent * gradient,)


nuclear_norm.defvjp(_forward, _backward)
