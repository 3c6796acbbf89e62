"""Rotation, scaling, shearing and warping put each pixel where SciPy puts it."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from scipy import ndimage, stats

from runner.data.augmentation import rotate, scale, shear
from runner.data.augmentation.affine import rotated, scaled, sheared
from runner.data.augmentation.elasticity import warped

RANDOM = np.random.default_rng(0)
IMAGE = RANDOM.uniform(0, 1, (9, 9, 2)).astype(np.float32)
WIDE = RANDOM.uniform(0, 1, (6, 9, 3)).astype(np.float32)
KEY = jax.random.key(3)


def sampled(image, rows, columns):
    """Each channel at these points, by SciPy, zero outside."""
    sample = [
        ndimage.map_coordinates(channel, [rows, columns], order=1, mode="grid-constant")
        for channel in np.moveaxis(image.astype(np.float64), -1, 0)
    ]
    return np.stack(sample, -1)


def by_scipy(image, matrix):
    """The image transformed about its centre; `matrix` takes a pixel to where it comes from."""
    centre = (np.array(image.shape[:2]) - 1) / 2
    places = np.indices(image.shape[:2]).reshape(2, -1) - centre[:, None]
    rows, columns = (np.asarray(matrix) @ places + centre[:, None]).reshape(2, *image.shape[:2])
    return sampled(image, rows, columns)


@pytest.mark.parametrize("turns", [1, 2, 3, -1])
@pytest.mark.parametrize("side", [8, 9])
def test_a_rotation_by_right_angles_is_rot90(turns, side):
    image = IMAGE[:side, :side]
    found = jax.jit(rotated)(image, turns * jnp.pi / 2)
    np.testing.assert_allclose(found, np.rot90(image, turns), atol=1e-5)


@pytest.mark.parametrize("image", [IMAGE, WIDE], ids=["square", "wide"])
def test_transformations_are_scipys(image):
    angle = np.deg2rad(23)
    turn = [[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]]
    np.testing.assert_allclose(rotated(image, angle), by_scipy(image, turn), atol=1e-5)
    np.testing.assert_allclose(scaled(image, 1.4), by_scipy(image, np.eye(2) / 1.4), atol=1e-5)
    np.testing.assert_allclose(sheared(image, 0.3), by_scipy(image, [[1, 0], [0.3, 1]]), atol=1e-5)


def test_a_factor_of_two_doubles_and_a_slope_of_one_moves_a_row_a_pixel():
    line = np.zeros((5, 5, 1), np.float32)
    line[:, 2] = 1
    np.testing.assert_allclose(sheared(line, 1.0)[..., 0], np.eye(5)[::-1], atol=1e-6)
    square = np.zeros((7, 7, 1), np.float32)
    square[2:5, 2:5] = 1
    doubled = np.asarray(scaled(square, 2.0))[..., 0]
    np.testing.assert_allclose(doubled[1:6, 1:6], 1)
    np.testing.assert_allclose(doubled[0, 1:6], 0.5)


def test_a_warp_is_simards_by_scipy():
    noise = RANDOM.uniform(-1, 1, (2, *WIDE.shape[:2])).astype(np.float32)
    blurred = [ndimage.gaussian_filter(field, 1.5, mode="constant", radius=(5, 8)) for field in noise]
    rows, columns = (
        place + 4.0 * field for place, field in zip(np.indices(WIDE.shape[:2]), blurred, strict=True)
    )
    found = jax.jit(warped)(WIDE, noise, alpha=4.0, sigma=1.5)
    np.testing.assert_allclose(found, sampled(WIDE, rows, columns), atol=1e-5)
    assert np.abs(np.asarray(found) - WIDE).max() > 0.1


def test_the_draws_are_uniform_within_their_reach():
    # Where a dot has moved tells what was drawn.
    images = np.zeros((500, 41, 41, 1), np.float32)
    images[:, 20, 30] = 1  # right of the centre

    def dot(augmentation, **strengths):
        found = np.asarray(jax.jit(lambda x: augmentation(KEY, x, x, **strengths)[0])(images))[..., 0]
        mass = found.sum((1, 2))
        places = np.arange(41) - 20
        return (found.sum(2) @ places) / mass, (found.sum(1) @ places) / mass

    down, right = dot(rotate, degrees=30.0)
    angles = np.rad2deg(np.arctan2(-down, right))
    assert stats.kstest(angles, "uniform", (-30, 60)).pvalue > 0.01
    _, right = dot(scale, fraction=0.5)
    logarithms = np.log(right / 10)
    assert stats.kstest(logarithms, "uniform", (-np.log(1.5), 2 * np.log(1.5))).pvalue > 0.01
    images = np.swapaxes(images, 1, 2)  # below the centre, so that a slant moves it left
    _, right = dot(shear, fraction=0.4)
    assert stats.kstest(right / 10, "uniform", (-0.4, 0.8)).pvalue > 0.01
