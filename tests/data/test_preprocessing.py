"""Standardizing and scaling to 0..1 are scikit-learn's, fitted to the training split alone."""

import jax.numpy as jnp
import numpy as np
import pytest
from sklearn.preprocessing import MinMaxScaler, StandardScaler

from runner.composition import compose
from runner.data.preprocessing import minmax, standardize
from runner.experiment import build_dataset
from runner.preparation import place_dataset

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("inputs", "maximum"),
    [
        (RANDOM.normal(3, [1, 10, 100], (500, 3)).astype(np.float32), 1.0),
        (RANDOM.integers(0, 256, (50, 6, 5, 3), dtype=np.uint8), 255.0),
        (RANDOM.integers(0, 17, (50, 8, 8, 1), dtype=np.uint8), 16.0),
        (RANDOM.integers(0, 256, (5000, 9, 9, 1), dtype=np.uint8), 255.0),
    ],
)
@pytest.mark.parametrize(("fit", "scaler"), [(standardize, StandardScaler), (minmax, MinMaxScaler)])
def test_it_is_scikit_learns(inputs, maximum, fit, scaler):
    columns = inputs.reshape(-1, inputs.shape[-1]).astype(np.float64) / maximum
    expected = scaler().fit_transform(columns).reshape(inputs.shape)
    found = fit(inputs, maximum)(jnp.asarray(inputs / maximum, jnp.float32))
    np.testing.assert_allclose(found, expected, atol=2e-5)


@pytest.mark.parametrize("fit", [standardize, minmax])
def test_a_feature_that_never_changes_is_only_shifted(fit):
    inputs = np.column_stack([np.full(10, 7.0), np.arange(10.0)]).astype(np.float32)
    found = np.asarray(fit(inputs, 1.0)(jnp.asarray(inputs)))
    np.testing.assert_array_equal(found[:, 0], np.zeros(10))
    assert np.isfinite(found).all()


def test_it_is_fitted_to_the_training_split():
    config = compose(["dataset.val_fraction=0.4", "dataset.test_fraction=0.4"])
    dataset = build_dataset(config)
    (fitted,) = place_dataset(config, dataset).preprocessing
    train = dataset.inputs[dataset.train] / dataset.maximum
    assert float(fitted.shift[0]) == pytest.approx(train.mean(), rel=1e-6)
    assert float(fitted.shift[0]) != pytest.approx(dataset.inputs.mean() / dataset.maximum, rel=1e-6)
