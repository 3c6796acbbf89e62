"""The noise of the gradient, from a batch and its parts."""

from typing import NamedTuple

import jax


class SquaredNorms(NamedTuple):
    """Squared norms of gradients over few examples and over many."""

    small: jax.Array
    """Mean of the squared norms of the gradients over each part of the batch."""
    large: jax.Array
    """Squared norm of their mean, the gradient over the whole batch."""
    small_size: int
    """Examples in a part."""
    large_size: int


def gradient_noise(norms: SquaredNorms) -> tuple[jax.Array, jax.Array]:
    """tr(S) and |G|^2, unbiased: S is the covariance of one example's gradient about the true one, G.

    E |g_b|^2 = |G|^2 + tr(S) / b for a batch of b examples; two sizes tell both (McCandlish et al. 2018,
    arXiv 1812.06162, appendix A.1). tr(S) / |G|^2 is the simple noise scale: the number of examples from
    which a larger batch helps less. An estimate of |G|^2 may be negative: averages come before the ratio.
    """
    b, large = norms.small_size, norms.large_size
    trace = (norms.small - norms.large) / (1 / b - 1 / large)
    return trace, (large * norms.large - b * norms.small) / (large - b)
