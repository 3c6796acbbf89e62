"""Pairs of options that make no sense together: each is refused in one line, by the words beside it."""

from typing import NamedTuple

from tests.options.covering import Row

FEATURES = {"iris", "wine", "breast_cancer", "diabetes", "playground", "csv"}
REGRESSION = {"diabetes"}
IMAGES_ONLY = {"cnn", "resnet", "wide_resnet", "vit"}
DISTORTIONS = {"flip", "translate", "crop", "rotate", "scale", "shear", "elastic", "cutout", "cutmix"}
COLOURLESS = {"digits", "fashion_mnist", "mnist"}
CLASS_LOSSES = {"cross_entropy", "hinge", "binary_cross_entropy", "focal"}


class Nonsense(NamedTuple):
    """Options that do not go together, and how that is told."""

    options: dict[str, set[str]]
    told: str


NONSENSE = [
    Nonsense({"dataset": FEATURES, "model": IMAGES_ONLY}, "images"),
    Nonsense({"dataset": FEATURES, "augmentation": DISTORTIONS}, "images"),
    Nonsense({"dataset": REGRESSION, "loss": CLASS_LOSSES}, "classes"),
]


def makes_sense(row: Row) -> bool:
    """Whether no two options of a row are nonsense together."""
    return not any(_matches(row, pair) for pair in NONSENSE)


def _matches(row: Row, pair: Nonsense) -> bool:
    return all(row.get(group) in options for group, options in pair.options.items())
