"""Signals against what NumPy computes."""

import jax.numpy as jnp
import numpy as np
import pytest

from runner.diagnostics.signals import basic, none

GRADIENTS = {"a": jnp.arange(6.0).reshape(2, 3), "b": jnp.array([-3.0, 4.0])}


def test_the_global_norm_is_that_of_all_gradients_together():
    together = np.concatenate([np.ravel(leaf) for leaf in GRADIENTS.values()])
    found = basic(None, GRADIENTS, None)
    assert found.keys() == {"gradient_norm/global"}
    assert float(found["gradient_norm/global"]) == pytest.approx(np.linalg.norm(together))


def test_none_is_nothing():
    assert none(None, GRADIENTS, None) == {}
