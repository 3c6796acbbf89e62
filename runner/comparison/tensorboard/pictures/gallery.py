"""All pictures of a comparison."""

from collections.abc import Iterator, Sequence
from itertools import groupby, islice

import numpy as np

from runner.comparison.model import Comparison
from runner.comparison.plots.bands import curve_tags
from runner.comparison.plots.featured import featured
from runner.comparison.plots.interaction import interactions
from runner.comparison.plots.landscapes import Landscape
from runner.comparison.plots.parallel import parallel
from runner.comparison.tensorboard.pictures.curves import draw_curves
from runner.comparison.tensorboard.pictures.forest import draw_forest
from runner.comparison.tensorboard.pictures.heatmap import draw_heatmap
from runner.comparison.tensorboard.pictures.isolation import draw_isolation
from runner.comparison.tensorboard.pictures.landscape import draw_landscape
from runner.comparison.tensorboard.pictures.parallel import draw_parallel
from runner.comparison.tensorboard.pictures.race import draw_race

MOST_OPTIONS = 6
"""With pictures of their own; the report has all."""


def pictures(comparison: Comparison, landscapes: Sequence[Landscape]) -> Iterator[tuple[str, np.ndarray]]:
    """By tag, uint8 [height, width, 3]; numbered, because TensorBoard sorts by tag."""
    yield from _of_options(comparison)
    named = featured(comparison)
    for tag in curve_tags(comparison):
        if (picture := draw_curves(tag, named)) is not None:
            yield f"4_curves/{tag}", picture
    if (lines := parallel(comparison)) is not None:
        yield "5_parallel_coordinates", draw_parallel(lines, named)
    if comparison.race is not None and (picture := draw_race(comparison.race, named)) is not None:
        yield "6_time_to_target", picture
    for landscape in landscapes:
        yield f"7_over_the_loss/{landscape.label}".rstrip("/"), draw_landscape(landscape)


def _of_options(comparison: Comparison) -> Iterator[tuple[str, np.ndarray]]:
    named = featured(comparison)
    by_key = groupby(comparison.effects, key=lambda effect: effect.key)
    for key, effects in islice(by_key, MOST_OPTIONS):
        yield f"1_effects/{key}", draw_forest(comparison, key, list(effects))
    for view in comparison.isolations[:MOST_OPTIONS]:
        if any(row.best.finite for row in view.rows):
            yield f"2_at_its_best/{view.key}", draw_isolation(comparison, view, named)
    for table in interactions(comparison):
        yield f"3_pairs/{table.row}_and_{table.column}", draw_heatmap(comparison, table)
