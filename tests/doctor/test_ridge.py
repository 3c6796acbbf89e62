"""Ridge regression, beside what it says when it is fitted anew without each example."""

import numpy as np
import pytest

from runner.doctor.ridge import fit_ridge

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize("examples, features", [(40, 5), (12, 30)])
def test_held_out_outputs_are_those_of_fits_without_the_example(examples, features):
    inputs, targets = RANDOM.normal(size=(examples, features)), RANDOM.normal(size=(examples, 2))
    fit = fit_ridge(inputs, targets, [0.1])
    centred = inputs - inputs.mean(axis=0)
    strength = 0.1 * np.mean(np.linalg.svd(centred, compute_uv=False) ** 2)
    for left_out in range(examples):
        others = np.arange(examples) != left_out
        design, answers = inputs[others], targets[others]
        mean, offset = design.mean(axis=0), answers.mean(axis=0)
        gram = (design - mean).T @ (design - mean) + strength * np.eye(features)
        weights = np.linalg.solve(gram, (design - mean).T @ (answers - offset))
        alone = (inputs[left_out] - mean) @ weights + offset
        np.testing.assert_allclose(fit.held_out[left_out], alone, rtol=1e-6, atol=1e-8)


def test_it_predicts_and_chooses_the_strength_that_is_best_held_out():
    inputs = RANDOM.normal(size=(200, 10))
    targets = inputs @ RANDOM.normal(size=(10, 1)) + 3
    fit = fit_ridge(inputs, targets)
    np.testing.assert_allclose(fit.predict(inputs), targets, atol=0.05)
    errors = [fit_ridge(inputs, targets, [strength]).error for strength in (1e-3, 0.3)]
    assert fit.error == pytest.approx(min(errors))
