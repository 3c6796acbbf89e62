"""Every weight by itself, of a model that has a few."""

from typing import Any

import jax
import numpy as np

from runner.diagnostics.signals import Signals, basic

MOST = 16


def weights(parameters: Any, gradients: Any, updates: Any) -> Signals:
    """`basic`, and each weight before its update; with a record every step these are the model's path.

    Raises:
        ValueError: there are more than 16.
    """
    count = sum(leaf.size for leaf in jax.tree.leaves(parameters))
    if count > MOST:
        raise ValueError(
            f"a model of {count:,} weights has too many to record each: at most {MOST}; try diagnostics=basic"
        )
    found = basic(parameters, gradients, updates)
    for path, leaf in jax.tree_util.tree_leaves_with_path(parameters):
        name = jax.tree_util.keystr(path, simple=True, separator="/").removesuffix("/value")
        places = [()] if leaf.size == 1 else np.ndindex(leaf.shape)
        for place, value in zip(places, leaf.ravel(), strict=True):
            found[f"diagnostics/weight/{'/'.join([name, *map(str, place)])}"] = value
    return found
