"""The programs of diagnostics, each for one lane: they look at a step from outside, and change nothing.

Apart from the program that trains, which is the same bits with them and without: a condition inside its loop,
even one that never holds, costs a small network a third of its speed on a CPU.
"""

from collections.abc import Callable

import jax
import jax.numpy as jnp
from flax import nnx

from runner.diagnostics.histograms import Histogram, histogram
from runner.diagnostics.observed import Ratio
from runner.diagnostics.watching import watch
from runner.training.batches import Data, preprocess
from runner.training.observation import observe
from runner.training.parts import Build, Numbers, Parts
from runner.training.state import State, skeleton


def look(build: Build, tags: list[str]) -> Callable[[Numbers, State, jax.Array, Data], jax.Array]:
    """The program that takes the signals of the step that comes next: [2, tags], above and below their line.

    Tracing it fills `tags`.
    """

    def run(numbers: Numbers, state: State, index: jax.Array, data: Data) -> jax.Array:
        parts = _build(build, numbers, state)
        signals = parts.signals(observe(parts, state, data, index))
        tags[:] = signals
        ratios = [_ratio(signal) for signal in signals.values()]
        dtype = data.maximum.dtype
        lines = [[jnp.asarray(line, dtype) for line in lines] for lines in zip(*ratios, strict=True)]
        return jnp.stack([jnp.stack(line) for line in lines]) if ratios else jnp.zeros((2, 0), dtype)

    return run


def inspect(build: Build) -> Callable[..., dict[str, Histogram]]:
    """The program that counts weights, gradients and activations by layer, at the step that comes next."""

    def run(numbers: Numbers, state: State, index: jax.Array, data: Data) -> dict[str, Histogram]:
        observed = observe(_build(build, numbers, state), state, data, index)
        kinds = {
            "weights": observed.parameters,
            "gradients": observed.gradients,
            "activations": observed.outputs(),
        }
        return {
            f"{kind}/{layer}": histogram(arrays)
            for kind, layers in kinds.items()
            for layer, arrays in layers.items()
        }

    return run


def reveal(build: Build) -> Callable[..., dict[str, jax.Array]]:
    """The program that tells what each hidden unit computes, [n, units] by layer, for raw inputs [n, ...].

    Of units at many places or steps it is what they compute at the last.
    """

    def run(numbers: Numbers, model: nnx.State, inputs: jax.Array, data: Data) -> dict[str, jax.Array]:
        network = nnx.merge(skeleton(build(numbers)), model, copy=True)
        network.eval()
        _, seen = watch(network, preprocess(data, inputs / data.maximum))
        return {layer: _last(sown["output"][-1]) for layer, sown in seen.items()}

    return run


def _build(build: Build, numbers: Numbers, state: State) -> Parts:
    return build(numbers) if state.plateau is None else build(numbers, state.plateau.scale)


def _ratio(signal: jax.Array | Ratio) -> Ratio:
    return signal if isinstance(signal, Ratio) else Ratio(signal, jnp.ones(()))


def _last(outputs: jax.Array) -> jax.Array:
    return outputs.reshape(len(outputs), -1, outputs.shape[-1])[:, -1]
