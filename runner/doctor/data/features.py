"""Features that say nothing: constant ones, and copies of others."""

import numpy as np

from runner.diagnostics.findings import Finding
from runner.doctor.checked import Checked, counted, finding
from runner.doctor.sample import told

COPY = 1 - 1e-6
"""The correlation from which a feature is a copy of another, perhaps in another unit."""
MOST = 1_000
"""Features that are compared with one another."""
NAMED = 8


def check_features(inputs: np.ndarray, of: int) -> Checked:
    """Constant features and copies among them; of images, constant or repeated channels.

    Args:
        inputs: of training examples, [n, d] or [n, height, width, channels].
        of: how many training examples there are.
    """
    is_image = inputs.ndim == 4
    about, noun = told(len(inputs), of), "channel" if is_image else "feature"
    columns = inputs.reshape(-1, inputs.shape[-1]).astype(np.float64)
    columns = columns[np.isfinite(columns).all(axis=1)]
    constant = np.flatnonzero(np.ptp(columns, axis=0) == 0)
    found = _constant(constant, noun, columns.shape[1], about)
    compared = np.setdiff1d(np.arange(min(columns.shape[1], MOST)), constant)
    found += _copies(_copied(columns, compared), noun, about)
    said = f"{about}: no {noun} is constant or a copy"
    if is_image:
        flat = inputs.reshape(len(inputs), -1)
        said += f"; {int((flat == flat[0]).all(axis=0).sum())} of {flat.shape[1]} pixels never change"
    return Checked(said, found)


def _copied(columns: np.ndarray, compared: np.ndarray) -> list[tuple[int, int]]:
    """Pairs of features of which the second is a multiple of the first."""
    if len(compared) < 2:
        return []
    correlations = np.corrcoef(columns[:, compared], rowvar=False)
    pairs = np.argwhere(np.triu(np.abs(correlations) > COPY, 1))
    seen, found = set(), []
    for first, second in pairs.tolist():
        if second not in seen:
            seen.add(second)
            found.append((int(compared[first]), int(compared[second])))
    return found


def _constant(columns: np.ndarray, noun: str, of: int, about: str) -> list[Finding]:
    if not len(columns):
        return []
    verb = "never changes" if len(columns) == 1 else "never change"
    sentence = f"{counted(len(columns), noun)} of {of} {verb} in {about}: {_names(columns)}"
    return [finding("constant_features", "warning", "inputs", sentence, features=len(columns), of=of)]


def _copies(pairs: list[tuple[int, int]], noun: str, about: str) -> list[Finding]:
    if not pairs:
        return []
    named = ", ".join(f"{second} of {first}" for first, second in pairs[:NAMED])
    copies = f"{counted(len(pairs), noun)} {'is a copy' if len(pairs) == 1 else 'are copies'}"
    sentence = f"{copies} of another in {about}: {named}{', ...' if len(pairs) > NAMED else ''}"
    return [finding("duplicate_features", "warning", "inputs", sentence, features=len(pairs))]


def _names(columns: np.ndarray) -> str:
    return f"{', '.join(map(str, columns[:NAMED]))}{', ...' if len(columns) > NAMED else ''}"
