"""The names of a model's arrays."""

from typing import Any

import jax


def names_of(parameters: Any) -> list[str]:
    """The dotted path of each leaf, in their order: `dense.output.kernel`."""
    paths = [path for path, _ in jax.tree_util.tree_leaves_with_path(parameters)]
    return [".".join(str(entry.key) for entry in path if hasattr(entry, "key")) for path in paths]
