"""Near-copies across splits: the same thing photographed twice, cropped, saved again."""

import numpy as np

from runner.diagnostics.findings import Severity
from runner.doctor.checked import Checked, finding, percent, skipped
from runner.doctor.sample import told

DIMENSIONS = 64
"""Of the random projection in which neighbours are sought (Johnson and Lindenstrauss 1984)."""
NEAR = 0.25
"""A near-copy is nearer than this share of the distance to the fifth neighbour."""
NEIGHBOURS = 5
FEWEST_FEATURES = 8
"""In fewer dimensions some neighbours are that near by chance."""
LEAK, AT_LEAST = 0.01, 3


def near_copies(held_out: np.ndarray, train: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of examples that are far nearer to each other than to others, but not equal.

    Candidates are the nearest in a random projection; distances that decide are those of all numbers.

    Args:
        held_out: [m, d].
        train: [n, d].

    Returns:
        Indices into `held_out` and, of each, into `train`.
    """
    projection = _projection(train.shape[1])
    candidates = _nearest(held_out @ projection, train @ projection)
    differences = train[candidates] - held_out[:, None]
    distances = np.sort(np.sqrt(np.square(differences).sum(axis=-1)), axis=1)
    order = np.sqrt(np.square(differences).sum(axis=-1)).argmin(axis=1)
    nearest, fifth = distances[:, 0], distances[:, -1]
    near = np.flatnonzero((nearest > 0) & (nearest < NEAR * fifth))
    return near, candidates[near, order[near]]


def check_neighbours(
    pairs: tuple[np.ndarray, np.ndarray] | None, held_out: int, of: int, train: int, of_train: int
) -> Checked:
    """What `near_copies` found among so many examples, samples of so many; None where it was not asked."""
    if pairs is None:
        return skipped(f"fewer than {FEWEST_FEATURES} features: some neighbours are near by chance")
    about = f"{told(held_out, of, 'examples of val')} beside {told(train, of_train)}"
    count = len(pairs[0])
    if not count:
        return Checked(f"{about}: no near-copies")
    share = count / held_out
    grave: Severity = "warning" if share >= LEAK and count >= AT_LEAST else "remark"
    sentence = f"{about}: {count:,} of val ({percent(share)}) are near-copies of a training example"
    found = finding("near_duplicates", grave, "val", sentence, examples=count, share=share)
    listed = [{"val": int(own), "train": int(other)} for own, other in zip(*pairs, strict=True)]
    return Checked(about, [found], listed=listed)


def _projection(size: int) -> np.ndarray:
    if size <= DIMENSIONS:
        return np.eye(size, dtype=np.float32)
    random = np.random.default_rng(0).normal(size=(size, DIMENSIONS))
    return (random / np.sqrt(DIMENSIONS)).astype(np.float32)


def _nearest(queries: np.ndarray, points: np.ndarray) -> np.ndarray:
    """The indices [m, NEIGHBOURS] of the nearest points of each query, in no order."""
    squares = np.square(points).sum(axis=1)
    distances = squares - 2 * queries @ points.T
    return np.argpartition(distances, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
