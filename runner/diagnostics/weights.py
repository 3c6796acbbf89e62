"""Every weight by itself, of a model that has a few."""

import jax
import numpy as np

from runner.diagnostics.observed import Observed, Signals

MOST = 16


def weights(observed: Observed) -> Signals:
    """Each weight before the step; with a look every step the model's path.

    Raises:
        ValueError: there are more than 16.
    """
    count = sum(leaf.size for leaf in jax.tree.leaves(observed.weights))
    if count > MOST:
        raise ValueError(
            f"a model of {count:,} weights has too many to record each: at most {MOST}; try diagnostics=basic"
        )
    found = {}
    for path, leaf in jax.tree_util.tree_leaves_with_path(observed.weights):
        name = jax.tree_util.keystr(path, simple=True, separator="/").removesuffix("/value")
        places = [()] if leaf.size == 1 else np.ndindex(leaf.shape)
        for place, value in zip(places, leaf.ravel(), strict=True):
            found[f"diagnostics/weight/{'/'.join([name, *map(str, place)])}"] = value
    return found
