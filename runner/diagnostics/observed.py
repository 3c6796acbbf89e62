"""What can be seen of one step of training, and what is made of it."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import jax

from runner.diagnostics.activity import Activity
from runner.diagnostics.noise import SquaredNorms

ByLayer = Mapping[str, Sequence[jax.Array]]
"""Arrays of each layer with parameters, the layers by their depth."""


class Ratio(NamedTuple):
    """A signal that is averaged above and below before it is divided; where it is 0 below, there is none."""

    above: jax.Array
    below: jax.Array


Signals = Mapping[str, jax.Array | Ratio]
"""Scalars by tag, in the order in which they are recorded."""


class Observed(NamedTuple):
    """A step that is about to be taken, on the batch it is taken on."""

    layers: Sequence[str]
    """The names of all layers by their depth."""
    parameters: ByLayer
    """Before the step."""
    gradients: ByLayer
    """Of the loss with its penalties, before clipping."""
    updates: ByLayer
    """What the optimizer adds to the parameters."""
    weights: Any
    """All parameters before the step, as the tree that they are in."""
    activities: Mapping[str, Activity]
    """Of each layer with an activation, by their depth."""
    losses: Mapping[str, jax.Array]
    """On the batch, without penalties: of the `network`, and of outputs that are all `zeros`."""
    class_losses: Mapping[str, Ratio]
    """The loss on the examples of each class, by its name."""
    outputs: Callable[[], ByLayer]
    """What the activations returned, on the first micro-batch where there are several."""
    squared_norms: Callable[[], SquaredNorms | None]
    """Takes the gradients over parts of the batch, and with them the time of another step.

    None where a batch has no two parts.
    """
