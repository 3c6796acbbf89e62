"""How fast JAX multiplies matrices of float32 here.

    python jax_peak.py

Prints JSON: floating-point operations a second, the best of several sizes.
"""

import json
import time

import jax
import jax.numpy as jnp

SIZES = (1024, 2048, 4096)
SECONDS = 1.0


def main():
    print(json.dumps({"rate": max(map(rate, SIZES))}))


def rate(size):
    """Of the fastest of some products."""
    left, right = jax.random.normal(jax.random.key(0), (2, size, size))
    product = jax.jit(jnp.matmul)
    jax.block_until_ready(product(left, right))
    fastest, until = float("inf"), time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < until:
        jax.block_until_ready(product(left, right))
        fastest = min(fastest, time.perf_counter() - began)
    return 2 * size**3 / fastest


if __name__ == "__main__":
    main()
