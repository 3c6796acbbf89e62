"""The playground's points are those of its dataset.ts, written here point by point."""

import math

import numpy as np
import pytest

from runner.data.dataset import DataError, Source
from runner.data.playground import FEATURES, SHAPES, playground

SHAPES_OF = [(task, shape) for task, shapes in SHAPES.items() for shape in shapes]


def points(task: str = "classification", shape: str | None = None, **given) -> Source:
    defaults = {"samples": 400, "noise": 0.0, "features": ["x1", "x2"], "seed": 0}
    return playground(task=task, shape=shape, **(defaults | given))


def bumps(x: float, y: float) -> float:
    """regressGaussian's getLabel: the bump that is largest in absolute value."""
    label = 0.0
    for cx, cy, sign in [
        (-4, 2.5, 1),
        (0, 2.5, -1),
        (4, 2.5, 1),
        (-4, -2.5, -1),
        (0, -2.5, 1),
        (4, -2.5, -1),
    ]:
        new = sign * min(1, max(0, 1 - math.hypot(x - cx, y - cy) / 2))
        label = new if abs(new) > abs(label) else label
    return label


LABELS = {
    ("classification", "circle"): lambda x, y: math.hypot(x, y) < 2.5,
    ("classification", "xor"): lambda x, y: x * y >= 0,
    ("regression", "plane"): lambda x, y: (x + y) / 10,
    ("regression", "gauss"): bumps,
}


@pytest.mark.parametrize(("task", "shape"), LABELS)
def test_without_noise_a_label_is_what_the_formula_says(task, shape):
    found = points(task, shape)
    expected = [LABELS[task, shape](float(x), float(y)) for x, y in found.inputs]
    np.testing.assert_allclose(found.targets.reshape(-1), expected, atol=1e-6)


def test_the_spiral_is_what_the_formula_says():
    found, half = points(shape="spiral"), 200
    for index in (0, 1, 77, 199):
        radius, angle = 5 * index / half, 1.75 * index / half * 2 * math.pi
        arm = [radius * math.sin(angle), radius * math.cos(angle)]
        np.testing.assert_allclose(found.inputs[index], arm, atol=1e-5)
        np.testing.assert_allclose(found.inputs[half + index], np.negative(arm), atol=1e-5)
    np.testing.assert_array_equal(found.targets, np.repeat([1, 0], half))


@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_the_gaussians_have_their_mean_and_variance(noise):
    found = points(shape="gauss", samples=40_000, noise=noise)
    for label, centre in ((1, 2.0), (0, -2.0)):
        own = found.inputs[found.targets == label]
        assert len(own) == 20_000
        np.testing.assert_allclose(own.mean(axis=0), [centre, centre], atol=0.06)
        np.testing.assert_allclose(own.var(axis=0), 0.5 + 7 * noise, rtol=0.04)


def test_points_lie_where_they_are_drawn():
    inner, outer = np.split(np.hypot(*points(shape="circle").inputs.T), 2)
    assert inner.max() < 2.5 and outer.min() > 3.5 and outer.max() < 5
    square = np.abs(points(shape="xor").inputs)
    assert square.min() >= 0.3 and 5 < square.max() <= 5.3
    for shape in ("plane", "gauss"):
        assert 5.8 < np.abs(points("regression", shape).inputs).max() < 6


@pytest.mark.parametrize(("task", "shape"), SHAPES_OF)
def test_noise_changes_labels_or_points_and_the_seed_fixes_them(task, shape):
    clean, noisy, again, other = (
        points(task, shape, noise=noise, seed=seed)
        for noise, seed in [(0.0, 0), (0.4, 0), (0.4, 0), (0.4, 1)]
    )
    for name in ("inputs", "targets"):
        np.testing.assert_array_equal(getattr(noisy, name), getattr(again, name))
    assert not np.array_equal(noisy.inputs, other.inputs) or shape == "spiral"
    assert not (np.array_equal(clean.inputs, noisy.inputs) and np.array_equal(clean.targets, noisy.targets))
    moves = shape == "spiral" or (task, shape) == ("classification", "gauss")
    assert np.array_equal(clean.inputs, noisy.inputs) != moves
    assert np.array_equal(clean.targets, noisy.targets) == moves


def test_label_noise_of_the_circle_is_the_playgrounds():
    """The share of outer points that the noise takes inside: drawn again by dataset.ts, one by one."""
    random, inside = np.random.default_rng(7), 0
    for _ in range(20_000):
        radius, angle = random.uniform(3.5, 5), random.uniform(0, 2 * math.pi)
        shift = random.uniform(-5, 5, 2) * 0.5
        inside += math.hypot(radius * math.sin(angle) + shift[0], radius * math.cos(angle) + shift[1]) < 2.5
    found = points(shape="circle", samples=40_000, noise=0.5)
    assert found.targets[20_000:].mean() == pytest.approx(inside / 20_000, abs=0.015)


def test_features_are_functions_of_the_points():
    x, y = points().inputs.T.astype(np.float64)
    expected = [x, y, x**2, y**2, x * y, np.sin(x), np.sin(y)]
    found = points(features=list(FEATURES)).inputs
    np.testing.assert_allclose(found, np.column_stack(expected), atol=1e-5)
    np.testing.assert_array_equal(points(features=["x1x2", "x1"]).inputs, found[:, [4, 0]])


def test_the_features_of_any_point_can_be_asked_for():
    found = points(shape="spiral", noise=0.1, features=["sin x2", "x1^2"])
    assert found.plane is not None
    np.testing.assert_array_equal(found.plane.inputs(found.plane.points), found.inputs)
    np.testing.assert_array_equal(found.plane.points, points(shape="spiral", noise=0.1).inputs)


def test_the_first_shape_is_the_default():
    for task, shape in (("classification", "circle"), ("regression", "plane")):
        np.testing.assert_array_equal(points(task).targets, points(task, shape).targets)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"shape": "sprial"}, "dataset.shape=sprial: there is no such shape; did you mean spiral?"),
        (
            {"task": "regression", "shape": "xor"},
            "dataset.shape=xor: there is no such shape; choose from plane",
        ),
        ({"task": "regresion"}, "dataset.task=regresion: there is no such task; did you mean regression?"),
        ({"features": ["x1", "x1^3"]}, "dataset.features=x1^3: there is no such feature; did you mean x1^2?"),
        ({"features": []}, r"dataset.features=[]: expected some of x1, x2"),
    ],
)
def test_an_unknown_name_says_the_nearest(given, said):
    with pytest.raises(DataError) as error:
        points(**given)
    assert said in str(error.value)
