"""A loss for numbers is told from one for classes by what it says of answers that are right."""

from functools import partial

import jax.numpy as jnp
import optax
import pytest

from runner.doctor.model.look import SURER
from runner.doctor.model.objective import check_objective
from runner.objectives import losses

RIGHT = jnp.eye(10)
FOCAL = partial(losses.focal, gamma=2.0, alpha=0.25)


@pytest.mark.parametrize("loss", [losses.mse, partial(losses.huber, delta=1.0)], ids=["mse", "huber"])
def test_a_loss_for_numbers_is_named(loss):
    (found,) = check_objective(*costs(loss)).findings
    assert (found.name, found.severity, found.suggestion) == ("wrong_loss", "warning", "loss=cross_entropy")
    assert found.evidence.numbers["surer"] > found.evidence.numbers["right"] == 0


@pytest.mark.parametrize(
    "loss",
    [optax.softmax_cross_entropy, losses.hinge, losses.binary_cross_entropy, FOCAL],
    ids=["cross_entropy", "hinge", "binary_cross_entropy", "focal"],
)
def test_a_loss_for_classes_is_fine(loss):
    assert check_objective(*costs(loss)).verdict == "ok"


def costs(loss) -> tuple[float, float]:
    first, second = (float(jnp.mean(loss(times * RIGHT, RIGHT))) for times in (1.0, SURER))
    return first, second
