"""Images of any kind and size as arrays of one."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO

import numpy as np
from PIL import Image, ImageOps

from runner.data.dataset import DataError


def height_and_width(size: int | Sequence[int]) -> tuple[int, int]:
    """What `dataset.size` means: the side of a square, or both sides. Raises DataError if it is neither."""
    sides = [size, size] if isinstance(size, int) else list(size)
    if len(sides) != 2 or not all(isinstance(side, int) and side > 0 for side in sides):
        raise DataError(f"dataset.size={size}: expected a whole number of pixels, or [height, width]")
    return sides[0], sides[1]


def check_channels(channels: int) -> None:
    """Raises DataError unless they are those of colours or of grey."""
    if channels not in (1, 3):
        raise DataError(f"dataset.channels={channels}: expected 3 for colours or 1 for grey")


def is_image(file: Path) -> bool:
    """Whether a file's ending is one of images."""
    Image.init()
    return file.suffix.lower() in Image.EXTENSION


def decoded(
    file: Path | IO[bytes], shape: tuple[int, int], channels: int, where: str | None = None
) -> np.ndarray:
    """The image in a file, as `pixels` makes it.

    Raises:
        DataError: it is not whole, or not of 8 bits a channel; `where` says which image it is.
    """
    where = str(file) if where is None else where
    try:
        with Image.open(file) as image:
            return pixels(image, shape, channels, where)
    except (OSError, SyntaxError, Image.DecompressionBombError) as error:
        raise DataError(f"{where}: not a whole image ({' '.join(str(error).split())})") from error


def pixels(image: Image.Image, shape: tuple[int, int], channels: int, where: str) -> np.ndarray:
    """An image upright and resized, bilinear over what a pixel covers: uint8 [height, width, channels].

    Raises:
        DataError: its pixels are not of 8 bits a channel; `where` says which image it is.
    """
    if image.mode.startswith(("I", "F")):
        raise DataError(f"{where}: its pixels are of the kind {image.mode}, expected 8 bits a channel")
    upright = ImageOps.exif_transpose(image).convert("L" if channels == 1 else "RGB")
    resized = upright.resize((shape[1], shape[0]), Image.Resampling.BILINEAR)
    return np.asarray(resized).reshape(*shape, channels)
