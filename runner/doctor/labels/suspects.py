"""Labels that are probably wrong, from what the other examples say."""

from typing import Any, NamedTuple

import numpy as np

from runner.data.dataset import Dataset
from runner.diagnostics.findings import Severity
from runner.doctor.checked import Checked, finding, percent
from runner.doctor.labels.kernels import WIDTHS, kernel_features, standardised
from runner.doctor.labels.mixture import Mixture, fit_mixture
from runner.doctor.labels.patches import patch_features
from runner.doctor.ridge import fit_ridge
from runner.doctor.sample import told
from runner.pictures.colours import INK, WRONG
from runner.pictures.grid import image_grid
from runner.pictures.mistakes import mistakes_table

SUSPECT = 1 / 3
"""A label is listed when it is wrong with at least this probability."""
NOISY, FULL_OF_NOISE = 0.02, 0.1
"""Shares of listed labels that are worth a look, and that are a problem."""
DRAWN = 32
TAG = "labels/suspects"


class Suspects(NamedTuple):
    """Examples whose labels are probably wrong, the most probable first."""

    places: np.ndarray
    """Among those that were looked at, int [m]."""
    wrong: np.ndarray
    """How probable it is [m]."""
    looks_like: np.ndarray
    """The class that the other examples say, int [m]."""
    shares: np.ndarray
    """The probability of that class, [m]."""
    expected: float
    """The share of all labels that are wrong, as estimated."""


def find_suspects(inputs: np.ndarray, labels: np.ndarray, classes: int) -> Suspects:
    """Labels that are unlikely given the inputs and all other labels.

    As in confident learning (Northcutt, Jiang and Chuang 2021, arXiv 1911.00068), the evidence is what a
    model says of an example that it was not fitted to: here ridge regression on features that need no
    training, so that each example is left out by itself, in closed form. What is doubtful is not decided by
    the classes' mean confidences but by a mixture, in which a label is what the inputs say or is drawn by
    chance: classes that look alike are not taken for noise.

    Args:
        inputs: images [n, height, width, channels] in [0, 1], or features [n, d].
        labels: int [n].
        classes: how many there are.
    """
    mixture = fit_mixture(_held_out(inputs, np.eye(classes)[labels]), labels)
    return _suspects(mixture)


def check_labels(dataset: Dataset, looked_at: np.ndarray) -> Checked:
    """Suspected wrong labels among the training examples at `looked_at`; the data set has classes."""
    assert dataset.classes is not None
    labels = dataset.targets[looked_at]
    found = find_suspects(dataset.inputs[looked_at] / dataset.maximum, labels, len(dataset.classes))
    about, count = told(len(looked_at), len(dataset.train)), len(found.places)
    if not count:
        return Checked(f"{about}: no label is suspected to be wrong")
    share, indices = count / len(looked_at), looked_at[found.places]
    sentence = (
        f"{about}: {count:,} labels ({percent(share)}) are probably wrong; the estimate is "
        f"{percent(found.expected)} of all"
    )
    numbers = {"listed": count, "share": share, "estimated": found.expected}
    pictures, texts = _shown(dataset, indices, found)
    return Checked(
        about,
        [finding("label_noise", _severity(share), "train", sentence, **numbers)],
        listed=_listed(dataset, indices, found),
        pictures=pictures,
        texts=texts,
    )


def _held_out(inputs: np.ndarray, targets: np.ndarray) -> np.ndarray:
    if inputs.ndim == 4:
        features = patch_features(inputs)
        # A response that hardly varies would be blown up to noise.
        deviation = features.std(axis=0)
        return fit_ridge(features / (deviation + 1e-3 * deviation.mean() + 1e-12), targets).held_out
    columns = standardised(inputs)
    fits = [fit_ridge(kernel_features(columns, width), targets) for width in WIDTHS]
    return min(fits, key=lambda fit: fit.error).held_out


def _suspects(mixture: Mixture) -> Suspects:
    listed = np.flatnonzero(mixture.wrong >= SUSPECT)
    listed = listed[np.argsort(-mixture.wrong[listed], kind="stable")]
    said = mixture.probabilities[listed]
    return Suspects(
        listed,
        mixture.wrong[listed],
        said.argmax(axis=1) if len(listed) else np.zeros(0, int),
        said.max(axis=1) if len(listed) else np.zeros(0),
        float(mixture.wrong.mean()),
    )


def _severity(share: float) -> Severity:
    if share >= FULL_OF_NOISE:
        return "problem"
    return "warning" if share >= NOISY else "remark"


def _listed(dataset: Dataset, indices: np.ndarray, found: Suspects) -> list[dict[str, Any]]:
    classes = dataset.classes or ()
    rows = zip(indices, dataset.targets[indices], found.looks_like, found.wrong, strict=True)
    return [
        {
            "index": int(index),
            "label": classes[int(label)],
            "looks_like": classes[int(other)],
            "wrong": round(float(wrong), 4),
        }
        for index, label, other, wrong in rows
    ]


def _shown(
    dataset: Dataset, indices: np.ndarray, found: Suspects
) -> tuple[dict[str, np.ndarray], dict[str, str]]:
    """A picture of the first suspects, or where they are not images a table."""
    assert dataset.classes is not None
    first, classes = indices[:DRAWN], dataset.classes
    looks, shares = found.looks_like[:DRAWN], found.shares[:DRAWN]
    if not dataset.is_image:
        return {}, {TAG: mistakes_table(first, dataset.targets[first], looks, shares, classes)}
    captions = [
        f"{classes[dataset.targets[index]]}\n{classes[other]} · {100 * share:.0f} %"
        for index, other, share in zip(first, looks, shares, strict=True)
    ]
    title = "labels that are probably wrong: the label, in red what it looks like"
    return {TAG: image_grid(dataset.inputs[first], captions, title=title, colours=(INK, WRONG))}, {}
