"""What architectures for images ask of their input."""

from collections.abc import Sequence


def check_images(input_shape: Sequence[int], architecture: str) -> None:
    """Refuses inputs that are not images.

    Raises:
        ValueError: `input_shape` is not [h, w, c].
    """
    if len(input_shape) != 3 or min(input_shape) < 1:
        raise ValueError(
            f"a {architecture} needs images [h, w, c], got an input of shape {list(input_shape)}"
        )
