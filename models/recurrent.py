"""Recurrent networks: an image row by row, or features one by one."""

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx
from jax import lax

from models.layers._types import Activation, Initializer, Normalization, Number
from models.layers.activation import pieces
from models.layers.dense import DenseStack
from models.layers.options import LayerOptions


class InDtype(nnx.Module):
    """An activation whose result has the dtype of its input: a carry must keep its own through a scan."""

    def __init__(self, activation: Callable[[jax.Array], jax.Array]) -> None:
        self.activation = activation

    def __call__(self, x: jax.Array) -> jax.Array:
        return self.activation(x).astype(x.dtype)


class RecurrentLayer(nnx.Module):
    """A cell over the steps of a series -> normalization -> dropout: [n, steps, in] to [n, steps, out]."""

    def __init__(
        self,
        in_features: int,
        out_features: int,
        options: LayerOptions,
        *,
        cell: Callable[..., Any],
        rngs: nnx.Rngs,
    ) -> None:
        each_gate = by_gate(options.kernel_init, out_features)
        self.activation = options.make_activation(out_features)
        self.cell = cell(
            in_features,
            out_features,
            activation_fn=InDtype(self.activation.function),
            kernel_init=each_gate,
            recurrent_kernel_init=each_gate,
            dtype=options.dtype,
            param_dtype=options.param_dtype,
            rngs=rngs,
        )
        self.normalization = options.make_normalization(out_features)
        self.dropout = options.make_dropout(rngs=rngs)
        self.dtype = options.dtype

    def __call__(self, x: jax.Array) -> jax.Array:
        zeros = self.cell.initialize_carry((x.shape[0], x.shape[2]), nnx.Rngs(0))
        carry = jax.tree.map(lambda leaf: leaf.astype(self.dtype), zeros)
        x = x.astype(self.dtype).swapaxes(0, 1)
        # Not `nnx.RNN`: its scan compares graph definitions, where a traced slope of the activation lies.
        _, y = lax.scan(self.cell, carry, x)
        if self.activation.watched:
            self._watch(carry, x)
        return self.dropout(self.normalization(y.swapaxes(0, 1)))

    def _watch(self, carry: Any, x: jax.Array) -> None:
        """Has the activation of all steps [n, steps, out] seen: from inside a scan nothing can be sown."""

        def step(carry: Any, x: jax.Array) -> Any:
            return self.cell(carry, x)[0], (carry, x)

        _, before = lax.scan(step, carry, x)
        unwatched, self.cell.activation_fn = self.cell.activation_fn, InDtype(self.activation)
        self.cell(*jax.tree.map(lambda leaf: leaf.swapaxes(0, 1), before))
        self.cell.activation_fn = unwatched


def by_gate(kernel_init: Initializer, features: int) -> Initializer:
    """Draws the kernel of each gate of a cell by itself: [in, gates * features] as [in, features] each.

    Flax's cells hold them in one array, whose fan-out is not that of a gate, and in which the gates of an
    orthogonal kernel would not be orthogonal.
    """

    def init(key: jax.Array, shape: Any, dtype: Any = None, out_sharding: Any = None) -> jax.Array:
        del out_sharding
        keys = jax.random.split(key, shape[-1] // features)
        return jnp.concatenate([kernel_init(k, (*shape[:-1], features), dtype) for k in keys], axis=-1)

    return init


class Recurrent(nnx.Module):
    """Recurrent layers, then the logits of the last step: from [n, *input_shape] to [n, outputs].

    An image [h, w, c] is a series of its h rows of w * c numbers; d features are a series of d steps of one
    number. `cell` makes the recurrence, such as `flax.nnx.SimpleCell` (Elman 1990), `OptimizedLSTMCell`
    (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000) or `GRUCell` (Cho et al. 2014,
    arXiv 1406.1078); `activation` is that of its candidate, the gates are sigmoids. `kernel_init` draws the
    recurrent kernels too. `hidden` are the widths of the layers; normalization and dropout act on what a
    layer passes on, not inside the recurrence. Biases and the first state are 0. `dtype` names the dtype of
    the activations; the parameters and the outputs are never less than float32. `rngs` needs the streams
    `params` and `dropout`.

    Raises:
        ValueError: `hidden` is empty, a width or the number of outputs is less than 1, `input_shape` is
            neither [d] nor [h, w, c], the activation is a maxout, or `dropout` is outside [0, 1).
    """

    def __init__(
        self,
        input_shape: Sequence[int],
        outputs: int | None,
        *,
        cell: Callable[..., Any],
        hidden: Sequence[int],
        activation: Activation,
        kernel_init: Initializer,
        normalization: Normalization,
        dropout: Number,
        dtype: str = "float32",
        rngs: nnx.Rngs,
    ) -> None:
        _check(input_shape, hidden, activation)
        options = LayerOptions(activation, kernel_init, normalization, dropout, dtype)
        self.layers = nnx.List(
            # A stream of its own: what a layer draws moves no other layer's kernels.
            RecurrentLayer(fan_in, fan_out, options, cell=cell, rngs=rngs.fork())
            for fan_in, fan_out in pairwise([math.prod(input_shape[1:]), *hidden])
        )
        self.logits = DenseStack(hidden[-1], outputs, options, hidden=[], rngs=rngs.fork())

    def __call__(self, x: jax.Array) -> jax.Array:
        x = x.reshape(*x.shape[:2], -1)
        for layer in self.layers:
            x = layer(x)
        return self.logits(x[:, -1])


def _check(input_shape: Sequence[int], hidden: Sequence[int], activation: Activation) -> None:
    if len(input_shape) not in (1, 3) or min(input_shape) < 1:
        raise ValueError(
            "a recurrent network needs features [d] or images [h, w, c], "
            f"got an input of shape {list(input_shape)}"
        )
    if len(hidden) == 0 or min(hidden) < 1:
        raise ValueError(f"hidden must be one width or more, each at least 1, got {list(hidden)}")
    if pieces(activation) != 1:
        raise ValueError(
            "a recurrent cell has no place for maxout, which needs the layer before it wider; "
            "choose another activation, or model=mlp"
        )
