"""LAMB, whose trust ratio is of the step and the weight decay together."""

import jax
import optax

from runner.training.decay import are_weights

Number = jax.Array | float


def lamb(
    learning_rate: optax.Schedule, b1: Number, b2: Number, eps: Number, decoupled_decay: Number = 0.0
) -> optax.GradientTransformation:
    """w <- w - rate * |w| / |u| * u with u = m / (sqrt(v) + eps) + decay * w, the norms those of each array.

    You et al. 2020, arXiv 1904.00962. m and v are Adam's, bias-corrected; a norm of 0 makes the ratio 1. As
    everywhere here, only weights decay: arrays of two or more axes.
    """
    return optax.lamb(learning_rate, b1, b2, eps, weight_decay=decoupled_decay, mask=are_weights)
