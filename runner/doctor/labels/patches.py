"""What images look like, in numbers, without training: how much of which small pattern is where."""

import numpy as np

FILTERS, PATCHES, CHUNK = 100, 10_000, 64
POOLS = 3
"""Parts of the height and of the width that responses are summed over."""
LARGEST, SMALL = 24, 12
"""Images are halved until a side is shorter than the first; patches of images as small as the second have
3 pixels a side, others 5."""
CONTRAST, WHITENING, THRESHOLD = 0.01, 0.1, 0.25
"""Added to the variance of a patch, in [0, 1], and of its whitened axes; what a response must exceed."""


def patch_features(images: np.ndarray) -> np.ndarray:
    """Features float32 [n, POOLS * POOLS * FILTERS] of images [n, height, width, channels] in [0, 1].

    Random patches of the images themselves, whitened, are filters; responses to patches of even contrast are
    rectified and summed over parts of the image (Coates, Lee and Ng 2011, "An analysis of single-layer
    networks in unsupervised feature learning"; that random patches do nearly as well as learned ones: Coates
    and Ng 2011).
    """
    small = _halved(images.astype(np.float32))
    size = min(5 if min(small.shape[1:3]) >= SMALL else 3, *small.shape[1:3])
    # [n, rows, columns, channels, size, size]
    windows = np.lib.stride_tricks.sliding_window_view(small, (size, size), axis=(1, 2))
    weights, bias = _filters(windows)
    rows, columns = (_bounds(extent) for extent in windows.shape[1:3])
    features = np.empty((len(images), len(rows) * len(columns) * FILTERS), np.float32)
    for first in range(0, len(images), CHUNK):
        responses = _responses(windows[first : first + CHUNK], weights, bias)
        summed = np.add.reduceat(np.add.reduceat(responses, rows, axis=1), columns, axis=2)
        features[first : first + CHUNK] = summed.reshape(len(summed), -1)
    return features


def _filters(windows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights [numbers of a patch, FILTERS] for raw patches, and what responses must exceed [FILTERS]."""
    random = np.random.default_rng(0)
    places = tuple(random.integers(0, extent, PATCHES) for extent in windows.shape[:3])
    raw = windows[places].reshape(PATCHES, -1).astype(np.float64)
    even = (raw - raw.mean(axis=1, keepdims=True)) / np.sqrt(raw.var(axis=1, keepdims=True) + CONTRAST)
    mean = even.mean(axis=0)
    values, axes = np.linalg.eigh(np.cov(even, rowvar=False))
    whitening = (axes / np.sqrt(np.maximum(values, 0) + WHITENING)) @ axes.T
    # A flat patch is a filter of nothing.
    varied = np.argsort(-raw.std(axis=1))[: max(FILTERS, int((raw.std(axis=1) > 0.05).sum()))]
    chosen = (even[random.choice(varied, FILTERS, replace=False)] - mean) @ whitening
    chosen /= np.maximum(np.linalg.norm(chosen, axis=1, keepdims=True), 1e-12)
    weights = whitening @ chosen.T
    # The mean of a patch is taken off by weights that sum to 0.
    return (weights - weights.mean(axis=0)).astype(np.float32), (mean @ weights + THRESHOLD).astype(
        np.float32
    )


def _responses(windows: np.ndarray, weights: np.ndarray, bias: np.ndarray) -> np.ndarray:
    patches = windows.reshape(-1, len(weights))
    responses = patches @ weights
    responses /= np.sqrt(patches.var(axis=1) + CONTRAST)[:, None]
    responses -= bias
    return np.maximum(responses, 0, out=responses).reshape(*windows.shape[:3], -1)


def _bounds(extent: int) -> np.ndarray:
    """Where each of the parts begins."""
    return np.unique(np.linspace(0, extent, POOLS + 1).astype(int)[:-1])


def _halved(images: np.ndarray) -> np.ndarray:
    while min(images.shape[1:3]) >= LARGEST:
        height, width = (extent // 2 * 2 for extent in images.shape[1:3])
        even = images[:, :height, :width]
        images = (even[:, ::2, ::2] + even[:, 1::2, ::2] + even[:, ::2, 1::2] + even[:, 1::2, 1::2]) / 4
    return images
