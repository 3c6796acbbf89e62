"""An ensemble as a network: each member preprocesses its inputs, and what they say together it puts out."""

from collections.abc import Callable, Sequence
from typing import Any

import jax
import jax.numpy as jnp
from flax import nnx

from runner.ensembles.combining import Arrays, Combine
from runner.ensembles.structures import Structure, layout_of
from runner.training.lanes import over_lanes

Say = Callable[[jax.Array], jax.Array]


class Lanes(nnx.Module):
    """Networks of one structure, evaluated as lanes."""

    def __init__(self, structure: Structure, say: Say) -> None:
        kept = structure.variables, structure.run.preprocessing
        self.arrays = _variables(kept)
        self.tree = jax.tree.structure(kept)
        self.network = nnx.graphdef(structure.run.model)
        self.first, self.last = structure.columns.start, structure.columns.stop
        self.say = say

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """What each network says of inputs [b, ...], images in [0, 1]: [lanes, b, k]."""
        variables, preprocessing = jax.tree.unflatten(self.tree, [own[...] for own in self.arrays])
        for function in preprocessing:
            inputs = function(inputs).astype(inputs.dtype)

        def answer(own: nnx.State, inputs: jax.Array) -> jax.Array:
            return nnx.merge(self.network, own, copy=True)(inputs)

        outputs = over_lanes(answer, 1, layout_of(variables))(variables, inputs)
        return self.say(outputs[..., self.first : self.last])


class Ensemble(nnx.Module):
    """Members of any structures, and what combines them."""

    def __init__(self, structures: Sequence[Structure], say: Say, combine: Combine, arrays: Arrays) -> None:
        self.members = nnx.List([Lanes(structure, say) for structure in structures])
        places = [place for structure in structures for place in structure.places]
        self.order = tuple(places.index(place) for place in range(len(places)))
        self.combine = combine
        self.names = tuple(sorted(arrays))
        self.combination = _variables([arrays[name] for name in self.names])

    def __call__(self, inputs: jax.Array) -> jax.Array:
        """The outputs [b, k] for inputs [b, ...], images in [0, 1]."""
        said = jnp.concatenate([lanes(inputs) for lanes in self.members])[jnp.asarray(self.order)]
        arrays = {name: own[...] for name, own in zip(self.names, self.combination, strict=True)}
        return self.combine(arrays, said)


def _variables(tree: Any) -> nnx.List:
    return nnx.List([nnx.Variable(jnp.asarray(leaf)) for leaf in jax.tree.leaves(tree)])
