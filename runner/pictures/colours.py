"""The colours that all pictures share."""

import numpy as np

Colour = tuple[int, int, int]

PAPER: Colour = (255, 255, 255)
INK: Colour = (36, 41, 51)
QUIET: Colour = (124, 132, 145)
RULE: Colour = (222, 226, 232)
WRONG: Colour = (196, 57, 43)

_STOPS = np.array(
    [(245, 248, 252), (214, 228, 243), (165, 202, 230), (98, 159, 210), (45, 111, 178), (12, 58, 118)],
    dtype=np.float32,
)
_READABLE_ON_DARK = 150


def blues(shares: np.ndarray) -> np.ndarray:
    """Colours uint8 [..., 3] of numbers [...] from 0, almost white, to 1, dark blue."""
    at = np.linspace(0, 1, len(_STOPS))
    return np.stack([np.interp(shares, at, stops) for stops in _STOPS.T], axis=-1).round().astype(np.uint8)


def ink_on(background: np.ndarray) -> Colour:
    """Dark or white, whichever is readable on a background [3]."""
    luminance = float(background @ np.array([0.299, 0.587, 0.114]))
    return INK if luminance > _READABLE_ON_DARK else PAPER
