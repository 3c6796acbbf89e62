"""How fast a small CNN trains inside a loop, for each way to convolve and to pool.

    python -m benchmarks.convolution

One step: batch 128 of 28x28x1, convolutions 3x3 to 32 and 64 channels, 2x2 max-pooling, dense 128. Compare
the ratios of one run only: the times depend on what else the machine does.
"""

import time
from collections.abc import Callable
from functools import partial, reduce
from typing import TypeAlias

import jax
import jax.numpy as jnp
from flax import nnx
from jax import lax

from models.layers.convolution import convolve, convolve_natively, extract_patches
from models.layers.pooling import max_pool

Convolve: TypeAlias = Callable[[jax.Array, jax.Array], jax.Array]
Pool: TypeAlias = Callable[[jax.Array], jax.Array]
Params: TypeAlias = dict[str, jax.Array]

PADS = ((1, 1), (1, 1))
BATCH = 128


def native(x: jax.Array, kernel: jax.Array) -> jax.Array:
    """XLA's convolution."""
    return convolve_natively(x, kernel, (1, 1), PADS)


def differentiated_patches(x: jax.Array, kernel: jax.Array) -> jax.Array:
    """Patches and one matrix product, with the gradient of autodiff."""
    return extract_patches(x, (3, 3), (1, 1), PADS) @ kernel.reshape(-1, kernel.shape[-1])


def lax_patches(x: jax.Array, kernel: jax.Array) -> jax.Array:
    """JAX's own patches, which are a convolution with ones."""
    patches = lax.conv_general_dilated_patches(
        x, (3, 3), (1, 1), PADS, dimension_numbers=("NHWC", "HWIO", "NHWC")
    )
    return patches @ kernel.transpose(2, 0, 1, 3).reshape(-1, kernel.shape[-1])


def shifted_products(x: jax.Array, kernel: jax.Array) -> jax.Array:
    """One matrix product for each position of the kernel."""
    _, h, w, _ = x.shape
    x = jnp.pad(x, ((0, 0), *PADS, (0, 0)))
    products = [x[:, i : i + h, j : j + w] @ kernel[i, j] for i in range(3) for j in range(3)]
    return reduce(jnp.add, products)


def reduce_window(x: jax.Array) -> jax.Array:
    """Flax's pooling."""
    return nnx.max_pool(x, (2, 2), (2, 2))


def reshaped_max(x: jax.Array) -> jax.Array:
    """The maximum over two axes of windows."""
    n, h, w, c = x.shape
    return x.reshape(n, h // 2, 2, w // 2, 2, c).max((2, 4))


def initial_params(key: jax.Array) -> Params:
    """He-normal kernels."""
    shapes = {"first": (3, 3, 1, 32), "second": (3, 3, 32, 64), "dense": (3136, 128), "logits": (128, 10)}
    keys = jax.random.split(key, len(shapes))
    init = jax.nn.initializers.he_normal()
    return {name: init(key, shape) for key, (name, shape) in zip(keys, shapes.items(), strict=True)}


def loss(params: Params, x: jax.Array, labels: jax.Array, conv: Convolve, pool: Pool) -> jax.Array:
    """Mean cross-entropy."""
    for name in ("first", "second"):
        x = pool(jax.nn.relu(conv(x, params[name])))
    x = jax.nn.relu(x.reshape(len(x), -1) @ params["dense"]) @ params["logits"]
    return -jnp.take_along_axis(jax.nn.log_softmax(x), labels[:, None], 1).mean()


def train(
    params: Params, x: jax.Array, labels: jax.Array, steps: int, *, conv: Convolve, pool: Pool
) -> Params:
    """Gradient descent in a loop on the device."""

    def step(i: jax.Array, params: Params) -> Params:
        start = i % (len(x) // BATCH) * BATCH
        batch = [lax.dynamic_slice_in_dim(a, start, BATCH) for a in (x, labels)]
        gradients = jax.grad(loss)(params, *batch, conv, pool)
        return jax.tree.map(lambda p, g: p - 0.01 * g, params, gradients)

    return lax.fori_loop(0, steps, step, params)


def measure(cases: list[tuple[Convolve, Pool]], lanes: int, steps: int = 4, repeats: int = 4) -> list[float]:
    """Milliseconds a step and lane, the best of interleaved repeats."""
    x = jax.random.normal(jax.random.key(0), (4 * BATCH, 28, 28, 1))
    labels = jax.random.randint(jax.random.key(1), (4 * BATCH,), 0, 10)
    params = jax.vmap(initial_params)(jax.random.split(jax.random.key(2), lanes))
    alone = [partial(train, conv=conv, pool=pool) for conv, pool in cases]
    if lanes == 1:
        params = jax.tree.map(lambda leaf: leaf[0], params)
    trainers = [jax.jit(one if lanes == 1 else jax.vmap(one, (0, None, None, None))) for one in alone]
    best = [float("inf")] * len(cases)
    for repeat in range(repeats + 1):
        for case, trainer in enumerate(trainers):
            start = time.perf_counter()
            jax.block_until_ready(trainer(params, x, labels, steps))
            if repeat:  # the first compiles
                best[case] = min(best[case], (time.perf_counter() - start) * 1e3 / steps / lanes)
    return best


def report(cases: list[tuple[Convolve, Pool]], lanes: int) -> None:
    """Prints a line a case; the first case is the unit of the ratios."""
    times = measure(cases, lanes)
    print(f"\n{jax.default_backend()}, lanes: {lanes}\n{'convolution':24}{'pooling':16}{'ms':>8}{'ratio':>8}")
    for (conv, pool), milliseconds in zip(cases, times, strict=True):
        ratio = milliseconds / times[0]
        print(f"{conv.__name__:24}{pool.__name__:16}{milliseconds:8.1f}{ratio:8.2f}")


def main() -> None:
    """Both comparisons for one lane and for four."""
    others: list[Convolve] = [differentiated_patches, lax_patches, shifted_products, native]
    for lanes in (1, 4):
        pools = [(convolve, pool) for pool in (max_pool, reshaped_max, reduce_window)]
        report([*pools, *((conv, max_pool) for conv in others)], lanes)


if __name__ == "__main__":
    main()
