"""The most confident mistakes of a classifier, as a picture or a table."""

from collections.abc import Sequence

import numpy as np

from runner.pictures.colours import INK, WRONG
from runner.pictures.grid import CAPTION, image_grid
from runner.pictures.text import shorten, text_width

_TITLE = "worst mistakes: true class, predicted class in red"


def worst_mistakes(scores: np.ndarray, labels: np.ndarray, count: int) -> np.ndarray:
    """Indices int64 [at most count] of wrong predictions, the least probable true class first.

    Args:
        scores: class probabilities [n, classes].
        labels: the true classes, int [n].
        count: how many to return at most.
    """
    wrong = np.flatnonzero(scores.argmax(axis=-1) != labels)
    truth, guess = scores[wrong, labels[wrong]].astype(float), scores[wrong].max(axis=-1).astype(float)
    # Many a probability is exactly 0 in float32; there the prediction's own probability decides.
    return wrong[np.lexsort((-guess, truth))[:count]]


def draw_mistakes(
    images: np.ndarray,
    labels: np.ndarray,
    predictions: np.ndarray,
    confidences: np.ndarray,
    class_names: Sequence[str],
) -> np.ndarray:
    """Draws images [n, height, width, channels] with their true and their predicted classes.

    Args:
        images: of any range.
        labels: the true classes, int [n].
        predictions: the predicted classes, int [n].
        confidences: the probabilities of the predicted classes [n].
        class_names: one a class.

    Returns:
        A picture uint8 [height, width, 3].
    """
    rows = zip(labels, predictions, confidences, strict=True)
    captions = [
        _caption(class_names[int(true)], class_names[int(guess)], float(share)) for true, guess, share in rows
    ]
    return image_grid(images, captions, title=_TITLE, colours=(INK, WRONG))


def mistakes_table(
    indices: np.ndarray,
    labels: np.ndarray,
    predictions: np.ndarray,
    confidences: np.ndarray,
    class_names: Sequence[str],
) -> str:
    """The same as a Markdown table, for data that are not images; all arrays are [n]."""
    names = [name.replace("|", r"\|") for name in class_names]
    rows = zip(indices, labels, predictions, confidences, strict=True)
    lines = [
        f"| {names[true]} | {names[guess]} | {100 * float(share):.1f} % | {index} |"
        for index, true, guess, share in rows
    ]
    return "\n".join(["| true | predicted | probability | index |", "| --- | --- | ---: | ---: |", *lines])


def _caption(true: str, guess: str, confidence: float) -> str:
    share = f" · {100 * confidence:.0f} %"
    # Only the name gives way, so that the number is never what an ellipsis hides.
    return f"{true}\n{shorten(guess, CAPTION - text_width(share))}{share}"
