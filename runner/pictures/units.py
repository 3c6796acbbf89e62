"""What each unit of a layer computes over the plane."""

import numpy as np

from runner.pictures.boundary import number_colours
from runner.pictures.colours import INK, QUIET
from runner.pictures.grid import tile_grid

CELLS = 40
"""On each side of a unit's plane."""
MOST = 64
"""Units that are drawn."""


def draw_units(values: np.ndarray, title: str) -> np.ndarray:
    """Draws a plane for each unit: blue where it is positive, orange where negative, white where it is 0.

    Each has a scale of its own, and its range below it.

    Args:
        values: [CELLS * CELLS, units] at a window's grid; of more than `MOST` units the first.
        title: stands above.

    Returns:
        A picture uint8 [height, width, 3].
    """
    units = values.shape[1]
    shown = [_tile(values[:, unit]) for unit in range(min(units, MOST))]
    captions = [_caption(unit, values[:, unit]) for unit in range(len(shown))]
    more = f" (the first {MOST} of {units} units)" if units > MOST else ""
    return tile_grid(np.stack(shown), captions, title=f"{title}{more}", colours=(INK, QUIET))


def _tile(values: np.ndarray) -> np.ndarray:
    largest = float(np.max(np.abs(values), initial=0.0, where=np.isfinite(values)))
    return number_colours(values, -largest, largest).reshape(CELLS, CELLS, 3)


def _caption(unit: int, values: np.ndarray) -> str:
    return f"{unit}\n{values.min():.2g} to {values.max():.2g}"
