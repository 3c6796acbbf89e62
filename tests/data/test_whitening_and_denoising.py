"""ZCA leaves no correlation and is SciPy's inverse root; the median filter is SciPy's too."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import linalg, ndimage
from sklearn.covariance import EmpiricalCovariance
from sklearn.decomposition import PCA
from sklearn.preprocessing import StandardScaler

from runner.composition import compose
from runner.data import whitening
from runner.data.denoising import denoise
from runner.data.whitening import zca
from runner.experiment import build_dataset, fit_preprocessing
from runner.preparation import place_dataset
from runner.training.batches import preprocess

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.integers(0, 256, (300, 4, 5, 2), dtype=np.uint8)
IMAGES[:, 1:] = (IMAGES[:, 1:] // 2) + IMAGES[:, :1] // 2  # rows that go together
FEATURES = RANDOM.normal(2, [1, 5, 30], (500, 3)).astype(np.float32)


def fraction(images):
    return jnp.asarray(images / 255, jnp.float32)


@pytest.mark.parametrize("examples", [300, 25])  # more, and fewer, than there are pixels
@pytest.mark.parametrize("epsilon", [1e-3, 0.1])
def test_zca_is_the_inverse_root_of_the_covariance(epsilon, examples, monkeypatch):
    monkeypatch.setattr(whitening, "ROWS", 128)  # a few parts, the last of them short
    flat = IMAGES[:examples].reshape(examples, -1) / 255
    fitted = EmpiricalCovariance().fit(flat)
    root = linalg.fractional_matrix_power(fitted.covariance_ + epsilon * np.eye(40), -0.5)
    found = zca(IMAGES[:examples], 255.0, epsilon=epsilon)(fraction(IMAGES))
    expected = ((IMAGES.reshape(300, -1) / 255 - fitted.location_) @ root).reshape(IMAGES.shape)
    np.testing.assert_allclose(found, expected, atol=1e-4)


def test_zca_of_features_is_pca_whitening_turned_back():
    pca = PCA(whiten=True).fit(FEATURES.astype(np.float64))
    expected = pca.transform(FEATURES) @ pca.components_ * np.sqrt(500 / 499)  # it divides by n - 1
    found = np.asarray(zca(FEATURES, 1.0, epsilon=1e-9)(jnp.asarray(FEATURES)))
    np.testing.assert_allclose(found, expected, atol=1e-4)
    np.testing.assert_allclose(np.cov(found.T, bias=True), np.eye(3), atol=1e-4)


@pytest.mark.parametrize("size", [1, 3, 5])
def test_denoised_images_are_median_filtered(size):
    found = jax.jit(denoise(IMAGES, 255.0, size=size, deviations=3.0))(fraction(IMAGES))
    expected = ndimage.median_filter(IMAGES, size=(1, size, size, 1), mode="reflect") / 255
    np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_denoised_image_loses_its_speckles():
    image = np.zeros((1, 6, 6, 1), np.uint8)
    image[0, 2, 3] = 255
    assert np.all(denoise(image, 255.0, size=3, deviations=3.0)(fraction(image)) == 0)
    with pytest.raises(ValueError, match="odd"):
        denoise(image, 255.0, size=2, deviations=3.0)


def test_features_are_clipped_at_so_many_deviations():
    scaler = StandardScaler().fit(FEATURES.astype(np.float64))
    expected = scaler.inverse_transform(np.clip(scaler.transform(FEATURES), -1.5, 1.5))
    found = denoise(FEATURES, 1.0, size=3, deviations=1.5)(jnp.asarray(FEATURES))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)
    assert np.mean(np.asarray(found) != FEATURES) == pytest.approx(0.134, abs=0.03)


def test_they_compose_and_are_fitted_to_the_training_split():
    config = compose(["preprocessing=[denoise,minmax,zca,standardize]", "dataset.val_fraction=0.4"])
    dataset = build_dataset(config)
    data = place_dataset(config, dataset)
    names = [type(function).__name__ for function in data.preprocessing]
    assert names == ["Median", "Affine", "Whitening", "Affine"]
    inputs = jnp.asarray(dataset.inputs / dataset.maximum, jnp.float32)
    found = np.asarray(jax.jit(preprocess)(data, inputs))
    assert abs(found[dataset.train].mean()) < 1e-4 < abs(found[dataset.val].mean())
    assert found[dataset.train].std() == pytest.approx(1, abs=1e-3)


def test_a_fitted_filter_has_the_structure_of_one_fitted_to_anything():
    config = compose(["preprocessing=[denoise,zca]"])
    ours, anything = (
        fit_preprocessing(config, images, 255.0) for images in (IMAGES, np.zeros_like(IMAGES[:2]))
    )
    assert jax.tree.structure(ours) == jax.tree.structure(anything)
