"""The layers of a network: named as in its tree of modules, ordered as it computes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import jax
from flax import nnx

from runner.diagnostics.depth import Depth, depths
from runner.diagnostics.observed import ByLayer

Path = tuple[Any, ...]
"""Where something is in the tree: `("dense", "hidden", 0, "linear", "kernel")`."""

ACTIVATION = "activation"
"""What the architectures call the only activation of a layer."""


class Layers(NamedTuple):
    """The layers of a network."""

    names: list[str]
    """By their depth; those that have an activation and no parameters too."""
    owners: Sequence[str | None]
    """The layer of each leaf of the parameters."""

    def divide(self, tree: Any) -> ByLayer:
        """The arrays of each layer in a tree like that of the parameters."""
        found: dict[str, list[jax.Array]] = {name: [] for name in self.names}
        for owner, leaf in zip(self.owners, jax.tree.leaves(tree), strict=True):
            if owner is not None:
                found[owner].append(leaf)
        return {name: leaves for name, leaves in found.items() if leaves}


def find_layers(outputs: Callable[[Any], ByLayer], parameters: nnx.State) -> Layers:
    """The layers of a network with these parameters; `outputs` are those of its activations by layer."""
    paths = [
        (path, leaf.ndim)
        for path, variable in nnx.to_flat_state(parameters)
        for leaf in jax.tree.leaves(variable)
    ]
    layers = layers_of(dict(paths))
    owners = [layers.get(path) for path, _ in paths]
    used, made = depths(outputs, parameters)
    places: dict[str, Depth] = {name: made[name][0] for name in made}
    for owner, place in zip(owners, used, strict=True):
        if owner is not None:
            places[owner] = min(place, places.get(owner, place))
    return Layers(sorted(places, key=places.__getitem__), owners)


def layers_of(axes: Mapping[Path, int]) -> dict[Path, str]:
    """The layer of each parameter, given how many axes each has; one that has none is left out.

    A layer is the outermost module with a single module inside that has a weight matrix: what belongs to that
    matrix, its normalization and activation say, is the layer's too. A parameter of a normalization that
    stands alone has no layer. Parameters of the network itself are layers of their own.
    """
    owners = {path[:-1] for path, count in axes.items() if count >= 2}
    found = {path: _layer(path, owners) for path in axes}
    return {path: _name(layer) for path, layer in found.items() if layer is not None}


def activation_layer(path: Path) -> str:
    """The layer of an activation, given where its module is."""
    return _name(path[:-1] if len(path) > 1 and path[-1] == ACTIVATION else path)


def spread(names: Sequence[str], most: int) -> list[str]:
    """At most so many of the names, evenly spaced, the first and the last among them."""
    if len(names) <= most:
        return list(names)
    return [names[round(place * (len(names) - 1) / (most - 1))] for place in range(most)]


def _layer(path: Path, owners: set[Path]) -> Path | None:
    for length in range(1, len(path)):
        prefix = path[:length]
        inside = {owner[: length + 1] for owner in owners if owner[:length] == prefix}
        if not inside:
            return None
        # The items of a list are layers each, even if there is one alone.
        alone = len(inside) == 1 and not isinstance(next(iter(inside))[-1], int)
        if alone or prefix in inside:
            return prefix
    return path if len(path) == 1 else None


def _name(path: Path) -> str:
    return ".".join(map(str, path))
