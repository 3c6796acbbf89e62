"""Brightness, contrast, colour and noise change the values as their formulas say."""

import colorsys

import jax
import numpy as np
from scipy import stats

from runner.data.augmentation import brightness, color, contrast, noise

RANDOM = np.random.default_rng(0)
IMAGES = RANDOM.uniform(0, 1, (300, 4, 5, 3)).astype(np.float32)
KEY = jax.random.key(0)


def applied(augmentation, images, **strengths):
    found, targets = jax.jit(lambda x: augmentation(KEY, x, x, **strengths))(images)
    np.testing.assert_array_equal(targets, images)
    return np.asarray(found)


def test_brightness_adds_one_number_to_an_image_and_clips():
    found = applied(brightness, IMAGES, fraction=0.3)
    inside = (found > 0) & (found < 1)
    shifts = np.where(inside, found - IMAGES, np.nan)
    drawn = np.nanmedian(shifts, axis=(1, 2, 3))
    np.testing.assert_allclose(found, np.clip(IMAGES + drawn[:, None, None, None], 0, 1), atol=1e-6)
    assert stats.kstest(drawn, "uniform", (-0.3, 0.6)).pvalue > 0.01
    assert not inside.all()


def test_contrast_spreads_about_the_mean_of_each_channel():
    pale = 0.4 + 0.2 * IMAGES
    found, mean = applied(contrast, pale, fraction=0.5), pale.mean((1, 2), keepdims=True)
    factors = (found - mean).std(axis=(1, 2)) / (pale - mean).std(axis=(1, 2))
    np.testing.assert_allclose(factors, factors[:, :1].repeat(3, 1), rtol=1e-4)
    np.testing.assert_allclose(found, mean + factors[:, None, None] * (pale - mean), atol=1e-5)
    assert stats.kstest(factors[:, 0], "uniform", (0.5, 1)).pvalue > 0.01
    assert applied(contrast, IMAGES.round(), fraction=0.5).max() == 1


def hsv(images):
    return np.array([colorsys.rgb_to_hsv(*map(float, pixel)) for pixel in images.reshape(-1, 3)]).reshape(
        len(images), -1, 3
    )


def test_color_turns_the_hue_and_scales_the_saturation_of_an_image():
    before, after = hsv(IMAGES), hsv(applied(color, IMAGES, hue=0.2, saturation=0.5))
    turns = (after[..., 0] - before[..., 0] + 0.5) % 1 - 0.5
    coloured = (before[..., 1] > 0.1) & (before[..., 2] > 0.1)
    drawn = np.nanmedian(np.where(coloured, turns, np.nan), axis=1)
    np.testing.assert_allclose(turns[coloured], drawn[:, None].repeat(20, 1)[coloured], atol=1e-4)
    assert stats.kstest(drawn, "uniform", (-0.2, 0.4)).pvalue > 0.01
    factors = (after[..., 1] / before[..., 1]).max(axis=1)  # others were clipped
    np.testing.assert_allclose(after[..., 1], np.minimum(before[..., 1] * factors[:, None], 1), atol=1e-4)
    assert factors.min() >= 0.5 - 1e-4 and factors.max() <= 1.5 + 1e-4 and factors.std() > 0.2
    np.testing.assert_allclose(after[..., 2], before[..., 2], atol=1e-5)


def test_noise_is_normal_and_of_its_own_in_each_value():
    grey = np.full((300, 8, 8, 1), 0.5, np.float32)
    found = applied(noise, grey, deviation=0.05)
    assert stats.kstest((found - grey).ravel(), "norm", (0, 0.05)).pvalue > 0.01
    assert len(np.unique(found)) > 0.5 * found.size
    dark = applied(noise, np.zeros_like(grey), deviation=0.05)
    assert dark.min() == 0 and 0.45 < (dark == 0).mean() < 0.55
