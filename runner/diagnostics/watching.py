"""A forward pass that is watched: what the activations of a network do on the way."""

from typing import Any

import jax
from flax import nnx

from runner.diagnostics.activity import Sown
from runner.diagnostics.layers import activation_layer


def watch(network: Any, *given: jax.Array) -> tuple[jax.Array, dict[str, Sown]]:
    """The outputs of a network, and what each layer's activation sowed, in the order of their names.

    A module with an attribute `watched` sows while that is true: `output`, and perhaps `slope` and `ends`, as
    `models.layers.activation.ActivationLayer` does. A network without such modules is only called.
    """
    if not any(hasattr(module, "watched") for _, module in nnx.iter_modules(network)):
        return network(*given), {}
    network.set_attributes(watched=True, raise_if_not_found=False)
    outputs, sown = nnx.capture(network, nnx.Intermediate)(*given)
    found: dict[str, dict[str, tuple[jax.Array, ...]]] = {}
    for path, variable in nnx.to_flat_state(sown):
        found.setdefault(activation_layer(path[:-1]), {})[str(path[-1])] = variable.get_value()
    return outputs, {layer: values for layer, values in found.items() if "output" in values}
