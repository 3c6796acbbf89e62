"""Examples beside the data set's own, which an augmentation draws from."""

from typing import NamedTuple

import jax


class Pool(NamedTuple):
    """Examples beside the data set's own."""

    inputs: jax.Array
    """[m, ...] as stored."""
    labels: jax.Array
    """int32 [m]."""
    maximum: jax.Array
    """What they are divided by."""
