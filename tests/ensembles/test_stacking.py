"""Linear models of what members say, against scikit-learn, and at their optimum."""

import numpy as np
import pytest
from scipy.special import log_softmax
from sklearn.linear_model import LogisticRegression, Ridge

from runner.ensembles.crossfitting import cross_fitted
from runner.ensembles.stacking import average_of, features_of, fit_linear, fit_logistic

EXAMPLES, MEMBERS, OUTPUTS = 150, 2, 3


@pytest.fixture
def said() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(MEMBERS, EXAMPLES, OUTPUTS))


@pytest.fixture
def labels(said) -> np.ndarray:
    noisy = said.mean(axis=0) + np.random.default_rng(1).normal(size=(EXAMPLES, OUTPUTS))
    return noisy.argmax(axis=1)


def test_features_and_the_average(said):
    features = features_of(said)
    assert features.shape == (EXAMPLES, MEMBERS * OUTPUTS)
    np.testing.assert_array_equal(features[5], np.concatenate([said[0, 5], said[1, 5]]))
    np.testing.assert_allclose(features @ average_of(MEMBERS, OUTPUTS), said.mean(axis=0))


def test_logistic_regression_is_scikit_learn_s(said, labels):
    features, strength = features_of(said), 0.03
    prior = np.zeros((MEMBERS * OUTPUTS, OUTPUTS))
    found = fit_logistic(features, labels, prior, strength)
    # Its penalty is 1 / (2 C) |K|^2 on the sum over examples.
    reference = LogisticRegression(C=1 / (strength * EXAMPLES), tol=1e-8, max_iter=10_000).fit(
        features, labels
    )
    expected = reference.predict_log_proba(features)
    np.testing.assert_allclose(log_softmax(features @ found.kernel + found.bias, axis=1), expected, atol=1e-3)
    np.testing.assert_allclose(found.kernel, reference.coef_.T, atol=1e-3)


def test_drawn_to_the_average_no_step_aside_is_better(said, labels):
    features, prior, strength = features_of(said), average_of(MEMBERS, OUTPUTS), 0.05
    found = fit_logistic(features, labels, prior, strength)

    def loss(kernel, bias):
        logs = log_softmax(features @ kernel + bias, axis=1)
        return -logs[np.arange(EXAMPLES), labels].mean() + strength / 2 * np.square(kernel - prior).sum()

    best, random = loss(*found), np.random.default_rng(2)
    for _ in range(50):
        aside = random.normal(size=found.kernel.shape) * 0.02, random.normal(size=OUTPUTS) * 0.02
        assert loss(found.kernel + aside[0], found.bias + aside[1]) > best
    assert loss(prior, np.zeros(OUTPUTS)) > best


def test_ridge_regression_is_scikit_learn_s_on_what_the_average_leaves(said):
    features, prior, strength = features_of(said), average_of(MEMBERS, OUTPUTS), 0.2
    targets = said[0] * 0.7 + 3 + np.random.default_rng(3).normal(size=(EXAMPLES, OUTPUTS))
    found = fit_linear(features, targets, prior, strength)
    reference = Ridge(alpha=strength * features.var(axis=0).mean() * EXAMPLES).fit(
        features, targets - features @ prior
    )
    np.testing.assert_allclose(found.kernel, prior + reference.coef_.T, rtol=1e-8, atol=1e-10)
    np.testing.assert_allclose(found.bias, reference.intercept_, rtol=1e-8)


def test_a_strong_penalty_leaves_the_average(said, labels):
    features, prior = features_of(said), average_of(MEMBERS, OUTPUTS)
    for found in (fit_logistic(features, labels, prior, 1e4), fit_linear(features, said[0], prior, 1e6)):
        np.testing.assert_allclose(found.kernel, prior, atol=1e-4)


@pytest.mark.parametrize("examples", [3, 23])
def test_no_example_is_judged_by_what_was_fitted_to_it(examples):
    fitted_to = []

    def fit(places):
        fitted_to.append(set(places.tolist()))

        def outputs(others):
            assert not fitted_to[-1] & set(others.tolist())
            return others[:, None] * 2.0

        return outputs

    np.testing.assert_array_equal(cross_fitted(fit, examples)[:, 0], 2.0 * np.arange(examples))
    assert len(fitted_to) == min(5, examples)
