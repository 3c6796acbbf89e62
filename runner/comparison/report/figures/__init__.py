"""The page's plots, as what Plotly draws."""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from runner.comparison.report.figures.figure import Figure

DIGITS = 6


def as_json(figures: Iterable[Figure]) -> str:
    """The figures as JSON that may stand in a page: without `<`, and null for what is not finite."""
    nodes = [{"name": figure.element, "data": figure.data, "layout": figure.layout} for figure in figures]
    return json.dumps(_plain(nodes), separators=(",", ":"), allow_nan=False).replace("<", "\\u003c")


def _plain(node: Any) -> Any:
    if isinstance(node, float):  # NumPy's are floats too
        return float(f"{node:.{DIGITS}g}") if math.isfinite(node) else None
    if isinstance(node, Mapping):
        return {key: _plain(item) for key, item in node.items()}
    if isinstance(node, list | tuple):
        return [_plain(item) for item in node]
    return node
