"""Schedules whose values may be traced: functions of the step to the learning rate."""

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
