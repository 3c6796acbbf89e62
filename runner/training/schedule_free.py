"""Schedule-free AdamW, whose decay acts on the weights that it averages."""

import jax
import optax

from runner.training.decay import decoupled_weight_decay

Number = jax.Array | float


def schedule_free_adamw(
    learning_rate: optax.Schedule, b1: Number, b2: Number, eps: Number, decoupled_decay: Number = 0.0
) -> optax.GradientTransformation:
    """z <- z - rate * (g / (sqrt(v) + eps) + decay * y); x averages z; g is taken at y = (1 - b1) z + b1 x.

    Defazio et al. 2024, arXiv 2405.15682, for a constant rate, so that every z counts alike; v is Adam's,
    bias-corrected. The parameters are y; x, which is evaluated, is `optax.contrib.schedule_free_eval_params`.

    Raises ValueError if b1 is 0: x, which is not kept, could not be told from y and z.
    """
    if isinstance(b1, float) and b1 == 0:
        raise ValueError("b1=0.0: expected a number between 0 and 1")
    stages = (
        optax.scale_by_rms(b2, eps, eps_in_sqrt=False, bias_correction=True),
        optax.scale_by_learning_rate(learning_rate),
        decoupled_weight_decay(learning_rate, decoupled_decay),
    )
    return optax.contrib.schedule_free(optax.chain(*stages), learning_rate, b1)
