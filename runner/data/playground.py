"""The points of Google's TensorFlow playground (Smilkov et al. 2017, arXiv 1708.03788; src/dataset.ts)."""

import difflib
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np

from runner.data.dataset import DataError, Plane, Source

T = TypeVar("T")
Shape = Callable[[np.random.Generator, int, float], tuple[np.ndarray, np.ndarray]]
"""From a source of randomness, a number of points and their noise to points [n, 2] and labels [n]."""


def playground(
    *, task: str, shape: str | None, samples: int, noise: float, features: Sequence[str], seed: int
) -> Source:
    """Points of the plane, each with a class (negative or positive) or a number from -1 to 1.

    Inputs are float32 [samples, features], the features of a point (x1, x2).

    Args:
        task: classification or regression.
        shape: circle, xor, gauss or spiral to classify; plane or gauss for regression. None is the first.
        samples: how many points; half of each class, so that an odd number is one more.
        noise: 0 is none; the playground goes up to 0.5.
        features: any of x1, x2, x1^2, x2^2, x1x2, sin x1, sin x2.
        seed: fixes the points, whatever the seed of the run.

    Raises:
        DataError: there is no such task, shape or feature.
    """
    shapes = _named("task", task, SHAPES)
    draw = _named("shape", next(iter(shapes)) if shape is None else shape, shapes)
    columns = [_named("features", name, FEATURES) for name in features]
    if not columns:
        raise DataError(f"dataset.features=[]: expected some of {', '.join(FEATURES)}")
    points, labels = draw(np.random.default_rng(seed), samples, noise)
    points = points.astype(np.float32)

    def features_of(points: np.ndarray) -> np.ndarray:
        return np.column_stack([column(*points.T) for column in columns])

    inputs, where = features_of(points), Plane(points, features_of)
    if task == "regression":
        return Source(inputs, labels.astype(np.float32)[:, None], None, 1.0, plane=where)
    return Source(inputs, (labels > 0).astype(np.int32), ("negative", "positive"), 1.0, plane=where)


def circle(random: np.random.Generator, samples: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Positive within 2.5 of the origin, negative in a ring from 3.5 to 5; the noise moves who is what."""
    half = -(-samples // 2)
    radius = np.concatenate([random.uniform(0, 2.5, half), random.uniform(3.5, 5, half)])
    angle = random.uniform(0, 2 * np.pi, 2 * half)
    points = np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
    moved = points + noise * random.uniform(-5, 5, points.shape)
    return points, np.where(np.hypot(*moved.T) < 2.5, 1, -1)


def xor(random: np.random.Generator, samples: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """The sign of x1 x2 in a square, with 0.3 left free along the axes."""
    points = random.uniform(-5, 5, (samples, 2))
    points += np.where(points > 0, 0.3, -0.3)
    moved = points + noise * random.uniform(-5, 5, points.shape)
    return points, np.where(moved.prod(axis=1) >= 0, 1, -1)


def two_gauss(random: np.random.Generator, samples: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """A Gaussian around (2, 2), another around (-2, -2), of variance 0.5 + 7 noise each."""
    labels = np.repeat([1, -1], -(-samples // 2))
    return random.normal(2.0 * labels[:, None], np.sqrt(0.5 + 7 * noise), (len(labels), 2)), labels


def spiral(random: np.random.Generator, samples: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Two arms from the origin to radius 5, 1.75 turns each."""
    half = -(-samples // 2)
    along = np.arange(half) / (samples / 2)
    angle = 1.75 * along * 2 * np.pi + np.array([[0], [np.pi]])
    points = 5 * along[..., None] * np.stack([np.sin(angle), np.cos(angle)], axis=-1)
    moved = points.reshape(-1, 2) + noise * random.uniform(-1, 1, (2 * half, 2))
    return moved, np.repeat([1, -1], half)


def plane(random: np.random.Generator, samples: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """(x1 + x2) / 10 in a square."""
    points, moved = _square(random, samples, noise)
    return points, moved.sum(axis=1) / 10


def six_gauss(random: np.random.Generator, samples: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    """Six bumps of radius 2, of alternating sign: sign * max(0, 1 - distance / 2) of the nearest."""
    points, moved = _square(random, samples, noise)
    distances = np.linalg.norm(moved[:, None] - _CENTRES, axis=-1)
    nearest = distances.argmin(axis=1)
    return points, _SIGNS[nearest] * np.clip(1 - distances.min(axis=1) / 2, 0, 1)


SHAPES: dict[str, dict[str, Shape]] = {
    "classification": {"circle": circle, "xor": xor, "gauss": two_gauss, "spiral": spiral},
    "regression": {"plane": plane, "gauss": six_gauss},
}

FEATURES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1^2": lambda x1, x2: x1**2,
    "x2^2": lambda x1, x2: x2**2,
    "x1x2": lambda x1, x2: x1 * x2,
    "sin x1": lambda x1, x2: np.sin(x1),
    "sin x2": lambda x1, x2: np.sin(x2),
}

_CENTRES = np.array([[-4, 2.5], [0, 2.5], [4, 2.5], [-4, -2.5], [0, -2.5], [4, -2.5]])
_SIGNS = np.array([1, -1, 1, -1, 1, -1])


def _square(random: np.random.Generator, samples: int, noise: float) -> tuple[np.ndarray, np.ndarray]:
    points = random.uniform(-6, 6, (samples, 2))
    return points, points + noise * random.uniform(-6, 6, points.shape)


def _named(key: str, name: str, known: Mapping[str, T]) -> T:
    if name in known:
        return known[name]
    guess = difflib.get_close_matches(str(name), known, n=1)
    meant = f"did you mean {guess[0]}?" if guess else f"choose from {', '.join(known)}"
    raise DataError(f"dataset.{key}={name}: there is no such {key.removesuffix('s')}; {meant}")
