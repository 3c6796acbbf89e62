"""Schedules whose values may be traced: functions of the step to the learning rate."""

from collections.abc import Sequence

import jax
import jax.numpy as jnp
import optax

Number = jax.Array | float


def cosine(init_value: Number, decay_steps: Number, alpha: Number = 0.0) -> optax.Schedule:
    """init_value * ((1 - alpha) (1 + cos(pi t / decay_steps)) / 2 + alpha) for t <= decay_steps.

    Loshchilov and Hutter 2017, arXiv 1608.03983, without restarts. `optax.cosine_decay_schedule` is the
    same function, but compares `decay_steps` in Python, so a traced number of steps fails there.
    """

    def schedule(step: jax.typing.ArrayLike) -> jax.Array:
        share = jnp.minimum(step / decay_steps, 1.0)
        return init_value * ((1 - alpha) * (1 + jnp.cos(jnp.pi * share)) / 2 + alpha)

    return schedule


def step(
    init_value: Number, total_steps: Number, boundaries: Sequence[Number], factor: Number
) -> optax.Schedule:
    """init_value, times `factor` from each of `boundaries` on: shares of the run, to the nearest step.

    As `optax.piecewise_constant_schedule`, whose boundaries are the keys of a Python dict.
    """

    def schedule(step: jax.typing.ArrayLike) -> jax.Array:
        value = jnp.asarray(init_value)
        for share in boundaries:
            value = jnp.where(step >= _steps(share, total_steps), factor * value, value)
        return value

    return schedule


def exponential(init_value: Number, transition_steps: Number, decay_rate: Number) -> optax.Schedule:
    """init_value * decay_rate^(t / transition_steps).

    As `optax.exponential_decay`, which asks of its numbers in Python whether they are 0.
    """

    def schedule(step: jax.typing.ArrayLike) -> jax.Array:
        return init_value * jnp.power(decay_rate, step / transition_steps)

    return schedule


def polynomial(
    init_value: Number, transition_steps: Number, power: Number, alpha: Number = 0.0
) -> optax.Schedule:
    """init_value * ((1 - alpha) (1 - t / transition_steps)^power + alpha) for t <= transition_steps.

    As `optax.polynomial_schedule` to `alpha * init_value`, which asks of its steps in Python whether they
    are positive.
    """

    def schedule(step: jax.typing.ArrayLike) -> jax.Array:
        left = 1 - jnp.minimum(step / transition_steps, 1.0)
        return init_value * ((1 - alpha) * jnp.power(left, power) + alpha)

    return schedule


def warmup_cosine(
    peak_value: Number, total_steps: Number, warmup: Number, start: Number = 0.0, alpha: Number = 0.0
) -> optax.Schedule:
    """A line from `start * peak_value` up to `peak_value`, then half a cosine down to `alpha * peak_value`.

    Goyal et al. 2017, arXiv 1706.02677; Loshchilov and Hutter 2017, arXiv 1608.03983. `warmup` is the share
    of the run that the line takes, to the nearest step. As `optax.warmup_cosine_decay_schedule`, which
    compares its numbers in Python.
    """
    peak_step = _steps(warmup, total_steps)
    fall = cosine(peak_value, jnp.maximum(total_steps - peak_step, 1), alpha)

    def schedule(step: jax.typing.ArrayLike) -> jax.Array:
        risen = start + (1 - start) * step / jnp.maximum(peak_step, 1)
        return jnp.where(step < peak_step, peak_value * risen, fall(step - peak_step))

    return schedule


def one_cycle(
    peak_value: Number, total_steps: Number, warmup: Number, start: Number, end: Number
) -> optax.Schedule:
    """Half a cosine from `start * peak_value` up to `peak_value`, another down to `end * peak_value`.

    Smith and Topin 2018, arXiv 1708.07120, with the cosines of the fast.ai course. `warmup` is the share of
    the run that the way up takes, to the nearest step. As `optax.cosine_onecycle_schedule` with a
    `div_factor` of 1 / start and a `final_div_factor` of start / end, whose steps are Python's.
    """
    peak_step = _steps(warmup, total_steps)
    fall = cosine(peak_value, jnp.maximum(total_steps - peak_step, 1), end)

    def schedule(step: jax.typing.ArrayLike) -> jax.Array:
        share = jnp.minimum(step / jnp.maximum(peak_step, 1), 1.0)
        risen = start + (1 - start) * (1 - jnp.cos(jnp.pi * share)) / 2
        return jnp.where(step < peak_step, peak_value * risen, fall(step - peak_step))

    return schedule


def _steps(share: Number, total_steps: Number) -> jax.Array:
    return jnp.round(jnp.asarray(share * total_steps))
