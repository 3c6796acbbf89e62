"""Squares taken out, and two examples made one."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest
from scipy import stats

from runner.data.augmentation import cutmix, cutout, mixup

N = 600
IMAGES = np.random.default_rng(0).uniform(0.1, 1, (N, 8, 6, 2)).astype(np.float32)
TARGETS = np.eye(N, dtype=np.float32)  # every example tells itself from the others
KEY = jax.random.key(0)


def applied(augmentation, inputs, **strengths):
    found = jax.jit(lambda x, y: augmentation(KEY, x, y, **strengths))(inputs, TARGETS[: len(inputs)])
    return tuple(np.asarray(array) for array in found)


@pytest.mark.parametrize(("fraction", "side"), [(0.5, 3), (0.25, 2), (0.0, 0)])
def test_cutout_blackens_a_square_about_any_pixel(fraction, side):
    found, targets = applied(cutout, IMAGES, fraction=fraction)
    np.testing.assert_array_equal(targets, TARGETS)
    squares = {}
    for row in range(8):
        for column in range(6):
            kept = np.ones((8, 6), bool)
            top, left = row - side // 2, column - side // 2
            kept[max(top, 0) : max(top + side, 0), max(left, 0) : max(left + side, 0)] = False
            squares[kept.tobytes()] = kept
    drawn = set()
    for new, old in zip(found, IMAGES, strict=True):
        kept = new[..., 0] > 0
        assert kept.tobytes() in squares
        np.testing.assert_array_equal(new, old * kept[..., None])
        drawn.add(kept.tobytes())
    assert drawn == squares.keys()


@pytest.mark.parametrize("inputs", [IMAGES, IMAGES[:, 0, :, 0]], ids=["images", "features"])
def test_mixup_is_a_convex_combination_with_a_partner(inputs):
    found, targets = applied(mixup, inputs, alpha=0.4)
    own, others = np.diag(targets), targets - np.diag(np.diag(targets))
    partners = np.where(others.max(axis=1) > 0, others.argmax(axis=1), np.arange(N))
    share = own.reshape(-1, *[1] * (inputs.ndim - 1))
    np.testing.assert_allclose(found, share * inputs + (1 - share) * inputs[partners], atol=1e-6)
    np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-6)
    known = (own > 0) & (own < 1)
    assert len(set(partners[known])) == known.sum() > 0.9 * N  # a permutation
    assert stats.kstest(own[partners != np.arange(N)], stats.beta(0.4, 0.4).cdf).pvalue > 0.01


def test_cutmix_pastes_a_rectangle_and_counts_its_area():
    found, targets = applied(cutmix, IMAGES, alpha=1.0)
    others = targets - np.diag(np.diag(targets))
    lost = 0
    for index, (new, old) in enumerate(zip(found, IMAGES, strict=True)):
        partner = others[index].argmax() if others[index].max() > 0 else index
        pasted = (new != old).all(axis=-1)
        np.testing.assert_array_equal(new, np.where(pasted[..., None], IMAGES[partner], old))
        rows, columns = pasted.any(axis=1), pasted.any(axis=0)
        np.testing.assert_array_equal(pasted, rows[:, None] & columns)
        assert np.diff(np.flatnonzero(rows)).tolist() == [1] * (rows.sum() - 1 if rows.any() else 0)
        assert targets[index, partner] == pytest.approx(pasted.mean() if partner != index else 1, abs=1e-6)
        lost += pasted.any()
    assert 0.5 * N < lost <= N
    np.testing.assert_allclose(targets.sum(axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("augmentation", [mixup, cutmix])
def test_an_alpha_of_zero_is_off(augmentation):
    found, targets = augmentation(KEY, IMAGES, TARGETS, alpha=0.0)
    np.testing.assert_array_equal(found, IMAGES)
    np.testing.assert_array_equal(targets, TARGETS)


def test_a_mixed_target_mixes_the_cross_entropy():
    _, targets = applied(mixup, IMAGES[:5, 0, :, 0], alpha=1.0)
    logits = jnp.asarray(np.random.default_rng(1).normal(size=(5, targets.shape[1])))
    each = -jax.nn.log_softmax(logits)
    expected = np.sum(targets * np.asarray(each), axis=-1)
    np.testing.assert_allclose(optax.softmax_cross_entropy(logits, targets), expected, rtol=1e-5)
