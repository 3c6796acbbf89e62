"""Pairs of options that make no sense together: each is refused in one line, by the words beside it."""

from typing import NamedTuple

from tests.options.covering import Row

REGRESSIONS = {"diabetes", "low_rank", "polynomial", "zeros"}
FEATURES = {"iris", "wine", "breast_cancer", "playground", "csv", "rare_features", *REGRESSIONS}
GREY = {"digits", "spoiled_digits", "fashion_mnist", "mnist"}
IMAGE_MODELS = {"cnn", "concat", "resnet", "wide_resnet", "vit"}
WITHOUT_PARITY = FEATURES | {
    "cifar10",
    "cifar100",
    "fashion_mnist",
    "huggingface",
    "image_folder",
    "mnist",
    "npz",
}
CLASS_LOSSES = {"cross_entropy", "hinge", "binary_cross_entropy", "focal"}
OF_IMAGES = {
    "brightness",
    "color",
    "contrast",
    "crop",
    "cutmix",
    "cutout",
    "elastic",
    "flip",
    "noise",
    "rotate",
    "scale",
    "shear",
    "translate",
}
NOT_DIGITS = {
    "breast_cancer",
    "cifar10",
    "cifar100",
    "csv",
    "fashion_mnist",
    "huggingface",
    "image_folder",
    "iris",
    "mnist",
    "npz",
    "playground",
    "rare_features",
    "wine",
}
SCHEDULES = {"cosine", "exponential", "one_cycle", "plateau", "polynomial", "step", "warmup_cosine"}
UNKNOWN_STEP = {"adadelta", "lamb", "lion", "muon", "schedule_free_adamw"}
LARGE = {
    "autoencoder",
    "cnn",
    "concat",
    "gru",
    "linear",
    "lstm",
    "mlp",
    "multitask",
    "resnet",
    "rnn",
    "vit",
    "wide_resnet",
}


class Nonsense(NamedTuple):
    """Options that do not go together, and how that is told."""

    options: dict[str, set[str]]
    told: str


NONSENSE = [
    Nonsense({"dataset": FEATURES, "model": IMAGE_MODELS}, "needs images"),
    Nonsense({"dataset": FEATURES, "augmentation": OF_IMAGES}, "needs images"),
    Nonsense({"dataset": NOT_DIGITS, "augmentation": {"generated"}}, "it has examples of"),
    Nonsense({"dataset": REGRESSIONS, "augmentation": {"generated"}}, "have classes alone"),
    Nonsense({"model": {"multitask", "autoencoder"}, "augmentation": {"generated"}}, "have classes alone"),
    Nonsense({"dataset": GREY, "augmentation": {"color"}}, "needs red, green and blue"),
    Nonsense({"model": {"multitask"}, "augmentation": {"color"}}, "needs red, green and blue"),
    Nonsense({"dataset": REGRESSIONS, "loss": CLASS_LOSSES}, "needs classes"),
    Nonsense({"model": {"autoencoder"}, "loss": CLASS_LOSSES}, "needs classes"),
    Nonsense({"model": {"multitask"}, "dataset": WITHOUT_PARITY}, "this data set has"),
    Nonsense({"dataset": REGRESSIONS, "sampler": {"balanced"}}, "classes"),
    Nonsense({"model": {"rnn", "lstm", "gru", "wide_resnet"}, "activation": {"maxout"}}, "maxout"),
    Nonsense({"optimizer": {"schedule_free_adamw"}, "schedule": SCHEDULES}, "schedule=constant"),
    Nonsense({"model": LARGE, "diagnostics": {"weights"}}, "too many to record each"),
    Nonsense({"optimizer": UNKNOWN_STEP, "regularizer": {"l0"}}, "has no step_size"),
]


def makes_sense(row: Row) -> bool:
    """Whether no two options of a row are nonsense together."""
    return not any(_matches(row, pair) for pair in NONSENSE)


def _matches(row: Row, pair: Nonsense) -> bool:
    return all(row.get(group) in options for group, options in pair.options.items())


UNSTABLE: list[dict[str, set[str]]] = [
    # What a network puts out has no least value.
    {"model": LARGE, "loss": {"output"}},
    # A surface's height is its loss: of what another makes of it, the gradient is rounding noise, or huge.
    {"model": {"saddle", "ravine", "plateau"}, "loss": {*CLASS_LOSSES, "mse", "huber"}},
    # Weights of variance 1 explode through the steps of a series.
    {"model": {"rnn", "lstm", "gru"}, "initializer": {"normal"}},
    # Activations without a bound do so in a series of hundreds.
    {"model": {"rnn", "lstm", "gru"}, "dataset": {"rare_features"}},
    # Attention grows with the square of what nothing bounds.
    {"model": {"vit"}, "activation": {"identity"}, "normalization": {"none"}},
]
"""Options that may be built together, though what they train need not stay finite."""


def is_stable(row: Row) -> bool:
    """Whether a few steps of a row must have finite losses."""
    return not any(all(row.get(group) in chosen for group, chosen in pair.items()) for pair in UNSTABLE)
