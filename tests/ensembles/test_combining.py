"""What an ensemble makes of what its members say, against loops over members and examples."""

import numpy as np
import pytest

from runner.ensembles.combining import (
    FLOOR,
    mix_numbers,
    mix_probabilities,
    stack_numbers,
    stack_probabilities,
)

WEIGHTS = np.array([0.5, 0.0, 0.3, 0.2])
MEMBERS, EXAMPLES, OUTPUTS = 4, 7, 3


@pytest.fixture
def logs() -> np.ndarray:
    probabilities = np.random.default_rng(0).dirichlet(np.ones(OUTPUTS), (MEMBERS, EXAMPLES))
    return np.log(probabilities).astype(np.float32)


@pytest.fixture
def linear() -> dict[str, np.ndarray]:
    random = np.random.default_rng(1)
    return {"kernel": random.normal(size=(MEMBERS, OUTPUTS, OUTPUTS)), "bias": random.normal(size=OUTPUTS)}


def test_probabilities_are_mixed(logs):
    found = np.exp(mix_probabilities({"weights": WEIGHTS}, logs))
    expected = sum(weight * np.exp(own) for weight, own in zip(WEIGHTS, logs, strict=True))
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    np.testing.assert_allclose(found.sum(axis=-1), 1, rtol=1e-5)


def test_what_no_member_of_weight_thinks_possible_is_very_unlikely_and_no_nan():
    logs = np.log(np.array([[[1.0, 1e-38]], [[1.0, 1e-38]]], np.float32))
    found = np.asarray(mix_probabilities({"weights": np.array([1.0, 0.0])}, logs))
    np.testing.assert_allclose(found, logs[0], rtol=1e-5, atol=1e-6)


def test_numbers_are_mixed(logs):
    expected = sum(weight * own for weight, own in zip(WEIGHTS, logs, strict=True))
    np.testing.assert_allclose(mix_numbers({"weights": WEIGHTS}, logs), expected, rtol=1e-5)


def test_a_stack_is_linear(logs, linear):
    expected = np.tile(linear["bias"], (EXAMPLES, 1))
    for member in range(MEMBERS):
        for example in range(EXAMPLES):
            expected[example] += logs[member, example] @ linear["kernel"][member]
    np.testing.assert_allclose(stack_numbers(linear, logs), expected, rtol=1e-4, atol=1e-5)


def test_a_stack_of_probabilities_hears_nothing_below_the_floor(logs, linear):
    silent = logs.copy()
    silent[:, :, 0] = -300
    heard = silent.copy()
    heard[:, :, 0] = FLOOR
    np.testing.assert_array_equal(stack_probabilities(linear, silent), stack_numbers(linear, heard))
