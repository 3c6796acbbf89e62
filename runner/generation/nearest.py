"""How far images are from those that were trained on: whether a generator copies."""

import numpy as np

BLOCK = 256


def nearest(images: np.ndarray, trained: np.ndarray) -> np.ndarray:
    """The distance of each image to the nearest of `trained`: [n, ...], [m, ...] of one shape -> [n].

    A distance is the root of the mean squared difference of the pixels.
    """
    rows, others = _rows(images), _rows(trained)
    squares = np.sum(others**2, axis=1)
    found = []
    for first in range(0, len(rows), BLOCK):
        block = rows[first : first + BLOCK]
        closest = np.argmin(squares - 2 * block @ others.T, axis=1)
        # Taken of the difference itself: of nearly equal images, the sums of squares would leave noise.
        found.append(np.sqrt(np.mean((block - others[closest]) ** 2, axis=1)))
    return np.concatenate(found)


def _rows(images: np.ndarray) -> np.ndarray:
    return images.reshape(len(images), -1).astype(np.float32)
