"""Muon for whatever is a matrix, Adam for the rest."""

import math
from typing import Any

import jax
import optax
from optax.contrib import MuonDimensionNumbers, scale_by_muon

Number = jax.Array | float


def muon(
    learning_rate: optax.ScalarOrSchedule,
    momentum: Number,
    rms: Number,
    b1: Number,
    b2: Number,
    eps: Number,
) -> optax.GradientTransformation:
    """w <- w - rate * rms * sqrt(max(n, m)) * O for kernels, as matrices [n, m]; Adam for the rest.

    O is the Nesterov momentum with its singular values made about 1 by five Newton-Schulz iterations
    (Jordan 2024); of root mean square 1 / sqrt(max(n, m)), so that `rms` is that of the update and one rate
    serves both (Liu et al. 2025, arXiv 2502.16982). `optax.contrib.muon` gives what is no matrix to NAdam.
    """
    orthogonal = optax.chain(
        scale_by_muon(beta=momentum, eps=eps, weight_dimension_numbers=as_matrices),
        optax.stateless(lambda updates, _: jax.tree.map(lambda u: rms * _longer_side(u) ** 0.5 * u, updates)),
        optax.scale_by_learning_rate(learning_rate),
    )
    adam = optax.adam(learning_rate, b1, b2, eps)
    return optax.partition({"muon": orthogonal, "adam": adam}, _labels)


def as_matrices(kernels: Any) -> Any:
    """Of each kernel, which axes are a matrix's rows (all but the last) and which its columns."""
    return jax.tree.map(lambda w: MuonDimensionNumbers(tuple(range(w.ndim - 1)), w.ndim - 1), kernels)


def _longer_side(kernel: jax.Array) -> int:
    return max(math.prod(kernel.shape[:-1]), kernel.shape[-1])


def _labels(parameters: Any) -> Any:
    return jax.tree.map(lambda w: "muon" if w.ndim >= 2 else "adam", parameters)
