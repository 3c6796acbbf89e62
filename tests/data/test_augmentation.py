"""Mirrors and shifts: each image has a draw of its own, and what is drawn is what the formula says."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from runner.data.augmentation import crop, flip, translate

IMAGES = np.random.default_rng(0).uniform(0.1, 1, (200, 6, 10, 2)).astype(np.float32)
TARGETS = jnp.eye(4)[jnp.arange(200) % 4]
KEY = jax.random.key(0)


def shifted(image: np.ndarray, down: int, right: int) -> np.ndarray:
    """A shift with zeros, pixel by pixel."""
    height, width, _ = image.shape
    moved = np.zeros_like(image)
    for row in range(height):
        for column in range(width):
            if 0 <= row - down < height and 0 <= column - right < width:
                moved[row, column] = image[row - down, column - right]
    return moved


def test_flip_mirrors_some_images_and_leaves_the_others():
    found, targets = flip(KEY, jnp.asarray(IMAGES), TARGETS, probability=0.3)
    mirrored = np.array([np.array_equal(new, old[:, ::-1]) for new, old in zip(found, IMAGES, strict=True)])
    kept = np.array([np.array_equal(new, old) for new, old in zip(found, IMAGES, strict=True)])
    assert np.all(mirrored ^ kept)
    assert 0.2 < mirrored.mean() < 0.4
    np.testing.assert_array_equal(targets, TARGETS)


@pytest.mark.parametrize(("probability", "expected"), [(0.0, IMAGES), (1.0, IMAGES[:, :, ::-1])])
def test_flip_never_and_always(probability, expected):
    found, _ = flip(KEY, jnp.asarray(IMAGES), TARGETS, probability=probability)
    np.testing.assert_array_equal(found, expected)


def test_translate_shifts_each_image_by_its_own_whole_pixels():
    found, targets = translate(KEY, jnp.asarray(IMAGES), TARGETS, fraction=0.3)
    offsets = [(down, right) for down in range(-2, 3) for right in range(-3, 4)]
    drawn = set()
    for new, old in zip(np.asarray(found), IMAGES, strict=True):
        fits = [offset for offset in offsets if np.array_equal(new, shifted(old, *offset))]
        assert len(fits) == 1
        drawn.update(fits)
    assert {down for down, _ in drawn} == set(range(-2, 3))
    assert {right for _, right in drawn} == set(range(-3, 4))
    np.testing.assert_array_equal(targets, TARGETS)


def test_crop_shifts_each_image_and_its_reflection_by_its_own_whole_pixels():
    found, targets = crop(KEY, jnp.asarray(IMAGES), TARGETS, fraction=0.3)
    padded = np.pad(IMAGES, ((0, 0), (2, 2), (3, 3), (0, 0)), mode="reflect")
    drawn = set()
    for new, old in zip(np.asarray(found), padded, strict=True):
        corners = [(top, left) for top in range(5) for left in range(7)]
        fits = [(t, left) for t, left in corners if np.array_equal(new, old[t : t + 6, left : left + 10])]
        assert len(fits) == 1
        drawn.update(fits)
    assert {top for top, _ in drawn} == set(range(5)) and {left for _, left in drawn} == set(range(7))
    np.testing.assert_array_equal(targets, TARGETS)


def test_a_traced_strength_gives_what_a_constant_gives():
    traced = jax.jit(lambda fraction: translate(KEY, jnp.asarray(IMAGES), TARGETS, fraction=fraction)[0])
    np.testing.assert_array_equal(traced(0.3), translate(KEY, jnp.asarray(IMAGES), TARGETS, fraction=0.3)[0])
