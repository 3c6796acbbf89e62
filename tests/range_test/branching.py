"""A user's schedule that no compiled program can take a rate for."""

import optax


def capped(value: float) -> optax.Schedule:
    """The rate, at most 0.05: asked in Python."""
    return optax.constant_schedule(value if value < 0.05 else 0.05)
