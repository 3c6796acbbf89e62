"""Text in pictures: how wide it is, shortening and drawing it."""

import functools
import math
import unicodedata

from PIL import Image, ImageDraw, ImageFont

from runner.pictures.colours import INK, Colour

NORMAL = 12
TITLE = 15
_FINER = 2


@functools.cache
def font(size: int) -> ImageFont.FreeTypeFont:
    """Pillow's built-in font, its text `size` pixels high."""
    loaded = ImageFont.load_default(size)
    assert isinstance(loaded, ImageFont.FreeTypeFont), "this Pillow was built without FreeType"
    return loaded


def line_height(size: int) -> int:
    """Pixels from one line to the next."""
    return sum(font(size).getmetrics()) + 1


@functools.lru_cache(maxsize=4096)
def text_width(text: str, size: int = NORMAL) -> int:
    """Pixels that a line of text takes."""
    return math.ceil(font(size).getlength(drawable(text)))


def shorten(text: str, width: int, size: int = NORMAL) -> str:
    """The text, or as much of its beginning as fits into `width` pixels with an ellipsis."""
    if text_width(text, size) <= width:
        return text
    kept = len(text) - 1
    while kept and text_width(_cut(text, kept), size) > width:
        kept -= 1
    return _cut(text, kept)


def write(
    picture: Image.Image,
    at: tuple[float, float],
    text: str,
    size: int = NORMAL,
    colour: Colour = INK,
    anchor: str = "la",
) -> None:
    """Writes a line of text; `anchor` says which point of it is `at`, as in Pillow: "la", "mm", ..."""
    ImageDraw.Draw(picture).text(at, drawable(text), fill=colour, font=font(size), anchor=anchor)


def write_turned(
    picture: Image.Image, end: tuple[float, float], text: str, size: int, colour: Colour, degrees: int
) -> None:
    """Writes a line of text turned counterclockwise, so that the middle of its right edge is at `end`."""
    # Turning blurs the thin strokes of small text unless it happens at a finer scale.
    finer = 1 if degrees % 90 == 0 else _FINER
    mask = _mask(text, size, finer)
    turned = mask.rotate(degrees, Image.Resampling.BICUBIC, expand=True).reduce(finer)
    angle, reach = math.radians(degrees), mask.width / finer / 2
    middle = end[0] - reach * math.cos(angle), end[1] + reach * math.sin(angle)
    corner = round(middle[0] - turned.width / 2), round(middle[1] - turned.height / 2)
    picture.paste(colour, (*corner, corner[0] + turned.width, corner[1] + turned.height), turned)


@functools.lru_cache(maxsize=4096)
def drawable(text: str) -> str:
    """The text without accents, of which the built-in font has none: it would draw boxes."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _mask(text: str, size: int, finer: int) -> Image.Image:
    mask = Image.new("L", (text_width(text, size * finer), line_height(size) * finer))
    ImageDraw.Draw(mask).text(
        (0, mask.height / 2), drawable(text), fill=255, font=font(size * finer), anchor="lm"
    )
    return mask


def _cut(text: str, kept: int) -> str:
    return text[:kept].rstrip() + "…"
