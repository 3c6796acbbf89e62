"""A sweep in JAX alone: one compiled program for all runs, nothing recorded.

    python vmap_by_hand.py DATA --rates 1e-3 1e-2 --seeds 8 --epochs 30 --across map

Prints the best run. DATA is an .npz with x, y, x_val, y_val. `--across` says how the runs on one device
advance: `vmap` (together), `map` (one after another), or a number: so many together, one group after another.
"""

import argparse
import os
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import NamedSharding, PartitionSpec

WIDTHS = (128, 64, 10)
BATCH = 64
B1, B2, EPSILON = 0.9, 0.999, 1e-8


def initial(key, inputs):
    sizes = zip((inputs, *WIDTHS), WIDTHS, strict=False)
    normal = jax.nn.initializers.he_normal()
    return [
        (normal(jax.random.fold_in(key, place), shape), jnp.zeros(shape[1]))
        for place, shape in enumerate(sizes)
    ]


def network(parameters, x):
    for kernel, bias in parameters[:-1]:
        x = jax.nn.relu(x @ kernel + bias)
    kernel, bias = parameters[-1]
    return x @ kernel + bias


def losses(parameters, x, y):
    logits = network(parameters, x)
    loss = -jnp.take_along_axis(jax.nn.log_softmax(logits), y[:, None], 1).mean()
    return loss, jnp.mean(logits.argmax(-1) == y)


def adam(rate, step, parameters, moments, gradients):
    first = jax.tree.map(lambda m, g: B1 * m + (1 - B1) * g, moments[0], gradients)
    second = jax.tree.map(lambda m, g: B2 * m + (1 - B2) * g * g, moments[1], gradients)
    scale = rate * jnp.sqrt(1 - B2**step) / (1 - B1**step)
    moved = jax.tree.map(lambda p, m, v: p - scale * m / (jnp.sqrt(v) + EPSILON), parameters, first, second)
    return moved, (first, second)


def train(data, epochs, rate, seed):
    """Losses and accuracies on train and val after each epoch, and the best weights on val."""
    x, y, x_val, y_val = data
    per_epoch = len(x) // BATCH
    key, order_key = jax.random.split(jax.random.key(seed))
    parameters = initial(key, x.shape[1])
    zeros = jax.tree.map(jnp.zeros_like, parameters)

    def step(carry, batch):
        parameters, moments, count = carry
        (loss, accuracy), gradients = jax.value_and_grad(losses, has_aux=True)(parameters, x[batch], y[batch])
        parameters, moments = adam(rate, count, parameters, moments, gradients)
        return (parameters, moments, count + 1), (loss, accuracy)

    def epoch(carry, key):
        carry, best = carry
        order = jax.random.permutation(key, len(x))[: per_epoch * BATCH].reshape(per_epoch, BATCH)
        carry, trained = jax.lax.scan(step, carry, order)
        val = losses(carry[0], x_val, y_val)
        better = val[1] > best[1]
        best = jax.tree.map(lambda new, old: jnp.where(better, new, old), (carry[0], val[1]), best)
        return (carry, best), (*map(jnp.mean, trained), *val)

    start = (parameters, (zeros, zeros), 1.0), (parameters, jnp.float32(-1))
    (_, (best, _)), history = jax.lax.scan(epoch, start, jax.random.split(order_key, epochs))
    return history, best


def sweep(across, data, epochs, rates, seeds):
    one = partial(train, data, epochs)
    if across == "vmap":
        return jax.vmap(one)(rates, seeds)
    size = None if across == "map" else int(across)
    return jax.lax.map(lambda run: one(*run), (rates, seeds), batch_size=size)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--rates", type=float, nargs="+", required=True)
    parser.add_argument("--seeds", type=int, required=True)
    parser.add_argument("--epochs", type=int, required=True)
    parser.add_argument("--across", default="map")
    parser.add_argument("--devices", type=int, default=os.cpu_count())
    options = parser.parse_args()
    jax.config.update("jax_num_cpu_devices", options.devices)

    mesh = jax.make_mesh((options.devices,), ("runs",))
    whole, split = (NamedSharding(mesh, spec) for spec in (PartitionSpec(), PartitionSpec("runs")))
    with np.load(options.data) as file:
        data = jax.device_put(tuple(file[name] for name in ("x", "y", "x_val", "y_val")), whole)
    rates, seeds = (grid.ravel() for grid in np.meshgrid(options.rates, range(options.seeds), indexing="ij"))
    runs = jax.device_put((rates.astype(np.float32), seeds), split)

    def on_each_device(data, *runs):
        return sweep(options.across, data, options.epochs, *runs)

    specs = (whole.spec, split.spec, split.spec)
    mapped = jax.shard_map(on_each_device, mesh=mesh, in_specs=specs, out_specs=split.spec, check_vma=False)
    history, _ = jax.device_get(jax.jit(mapped)(data, *runs))
    reached = history[3].max(axis=1)
    best = int(reached.argmax())
    print(f"best val accuracy {reached[best]:.4f}: rate {rates[best]:.2e}, seed {seeds[best]}")


if __name__ == "__main__":
    main()
