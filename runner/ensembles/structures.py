"""Runs by the structure of their networks: those of one structure are lanes of a program."""

import hashlib
import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from flax import nnx

from runner import checkpoints
from runner import folder as folders
from runner.comparison.flattening import load_yaml
from runner.configuration import BOOKKEEPING
from runner.objectives.joint import columns
from runner.runs import Run, load_single, saved_of, variables_of
from runner.training.lanes import Layout, lay_out

OF_TRAINING = BOOKKEEPING | {"seed", "epochs", "steps", "optimizer", "schedule", "init_from", "ensemble"}
"""Keys of a config that runs of one structure most often differ in."""
EVALUATED_TOGETHER = 512
"""Examples in a batch, about."""


class Structure(NamedTuple):
    """Runs whose networks differ in nothing but their variables, and whose inputs are preprocessed alike."""

    run: Run
    """The first of them."""
    places: tuple[int, ...]
    """Of each among all the runs."""
    variables: nnx.State
    """Of the networks, lanes first."""

    @property
    def columns(self) -> slice:
        """Which of the outputs are those of the main task."""
        return next(iter(columns(self.run.tasks).values()))


def layout_of(variables: nnx.State) -> Layout:
    """How networks are evaluated that have these variables, lanes first."""
    leaves = jax.tree.leaves(variables)
    lanes = leaves[0].shape[0]
    size = sum(leaf.size for leaf in leaves) / lanes
    return lay_out(lanes, 2.0 * size * EVALUATED_TOGETHER, jax.devices()[:1])


def by_structure(runs: Sequence[Path]) -> list[Structure]:
    """The runs in these folders; a network is built for each that none before is like.

    Raises ConfigError as `load_run` does.
    """
    groups: list[tuple[Run, str, list[int], list[nnx.State]]] = []
    known: dict[str, int] = {}
    for place, folder in enumerate(runs):
        saved = saved_of(folder)
        inputs = _preprocessing_of(saved)
        key = f"{_network_of(folder)} {inputs}"
        if key not in known:
            run = load_single(folder)
            alike = (at for at, group in enumerate(groups) if group[1] == inputs and _alike(group[0], run))
            known[key] = next(alike, len(groups))
            if known[key] == len(groups):
                groups.append((run, inputs, [], []))
        run, _, places, variables = groups[known[key]]
        places.append(place)
        variables.append(variables_of(nnx.state(run.model), saved))
    return [Structure(run, tuple(places), _stacked(own)) for run, _, places, own in groups]


def fixed_of(graphdef: nnx.GraphDef) -> Any:
    """What is equal for networks that differ in nothing but their variables."""
    return graphdef.nodes, [(key, _unfolded(kept)) for key, kept in graphdef.attributes]


def _stacked(variables: Sequence[nnx.State]) -> nnx.State:
    return jax.tree.map(lambda *leaves: jnp.stack(leaves), *variables)


def _network_of(folder: Path) -> str:
    """What a network is built from, and more: runs that have it in common need not be compared further."""
    config = load_yaml((folder / folders.CONFIG).read_text(encoding="utf-8"))
    kept = {key: node for key, node in config.items() if key not in OF_TRAINING}
    return json.dumps(kept, sort_keys=True, default=str)


def _preprocessing_of(saved: checkpoints.Saved) -> str:
    """Of the fitted preprocessing: it is the same where its arrays are, and their names."""
    digest = hashlib.blake2b(digest_size=16)
    for name, array in sorted(saved.arrays.items()):
        if name.startswith("preprocessing."):
            digest.update(f"{name} {array.dtype} {array.shape}".encode() + array.tobytes())
    return digest.hexdigest()


def _alike(first: Run, second: Run) -> bool:
    kinds = [jax.tree.structure(run.preprocessing) for run in (first, second)]
    networks = [nnx.split(run.model) for run in (first, second)]
    shapes = [
        jax.tree.map(lambda leaf: (leaf.shape, leaf.dtype), nnx.to_pure_dict(own)) for _, own in networks
    ]
    same = first.config.precision == second.config.precision and list(first.tasks) == list(second.tasks)
    return (
        same
        and kinds[0] == kinds[1]
        and fixed_of(networks[0][0]) == fixed_of(networks[1][0])
        and shapes[0] == shapes[1]
    )


def _unfolded(kept: Any) -> Any:
    # Two partials of one function are never equal, and activations with a parameter are such.
    value = getattr(kept, "value", None)
    return (value.func, value.args, value.keywords) if isinstance(value, partial) else kept
