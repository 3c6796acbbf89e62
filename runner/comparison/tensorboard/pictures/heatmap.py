"""Two options at once."""

import math

import numpy as np
from matplotlib.colors import LinearSegmentedColormap

from runner.comparison.model import Comparison
from runner.comparison.plots.interaction import BLUES, DARK_FROM, MOST_TEXTS, Interaction
from runner.comparison.tensorboard.pictures.canvas import QUIET, axes, pixels
from runner.comparison.wording import number


def draw_heatmap(comparison: Comparison, table: Interaction) -> np.ndarray:
    """The mean of the metric over seeds and the other options; darker is better."""
    rows, columns = table.means.shape
    with_texts = columns <= MOST_TEXTS
    title = f"{comparison.metric}, mean over seeds and the other options; darker is better"
    drawn = axes(
        max(min(2.5 + 0.75 * columns, 12), 5.5) if with_texts else 9, min(1.8 + 0.5 * rows, 9), title
    )
    stops = BLUES if comparison.maximise else BLUES[::-1]
    image = drawn.imshow(table.means, cmap=LinearSegmentedColormap.from_list("blues", stops), aspect="auto")
    every = 1 if with_texts else math.ceil(columns / MOST_TEXTS)
    drawn.set_xticks(range(0, columns, every), table.columns.texts[::every], rotation=0 if with_texts else 90)
    drawn.set_yticks(range(rows), table.rows.texts)
    drawn.invert_yaxis()
    drawn.grid(visible=False)
    drawn.set_xlabel(table.column, color=QUIET)
    drawn.set_ylabel(table.row, color=QUIET)
    if not with_texts:
        drawn.figure.colorbar(image)
        return pixels(drawn)
    is_dark = (table.shares if comparison.maximise else 1 - table.shares) > DARK_FROM
    for i, j in np.argwhere(np.isfinite(table.means)):
        colour = "white" if is_dark[i, j] else "#10233c"
        drawn.text(j, i, number(float(table.means[i, j])), ha="center", va="center", color=colour)
    return pixels(drawn)
