"""What a sweep or several runs say, ranked and with uncertainty: PATH [PATH ...]."""

import math
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from runner.arguments import Arguments
from runner.errors import ConfigError

if TYPE_CHECKING:
    import numpy as np


def main(argv: list[str]) -> int:
    """Prints the comparison of the runs under the paths and writes its report.

    Raises:
        ConfigError: there is no run, metric or option of that name, or the output would overwrite something.
    """
    arguments = _read(argv)
    # NumPy and Rich are imported only once the command is known to be right.
    from rich.console import Console

    from runner.comparison import compare
    from runner.comparison.output import place_of, write
    from runner.comparison.terminal import show, show_files

    comparison = compare(arguments.paths, arguments.metric, arguments.by, arguments.target)
    place = None if arguments.no_report else place_of(arguments.paths, arguments.output)
    console = Console(highlight=False)
    show(comparison, console)
    if place is not None:
        show_files(write(comparison, place, _heights), console)
    return 0


def _heights(folder: Path, points: "np.ndarray") -> "np.ndarray | None":
    # JAX is imported only where there is a landscape to draw.
    from runner.landscape import heights

    try:
        return heights(folder, points)
    except ConfigError:  # a run that has saved nothing yet, or whose data has gone, is compared all the same
        return None


def _read(argv: list[str]) -> Namespace:
    parser = Arguments(prog="runner compare", description=__doc__)
    parser.add_argument("paths", nargs="+", metavar="PATH", type=Path, help="a sweep's folder, or a run's")
    parser.add_argument("--metric", metavar="TAG", help="rank by this instead of the objective: val/loss")
    parser.add_argument("--by", metavar="KEY", help="each value of one option at its best: optimizer")
    parser.add_argument("--target", metavar="VALUE", type=_finite, help="the time to reach this value")
    parser.add_argument("--output", metavar="DIR", type=Path, help="where the report goes")
    parser.add_argument("--no-report", action="store_true", help="print only, write nothing")
    return parser.parse_args(argv)


def _finite(text: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise ConfigError(f"--target {text}: not a number") from error
    if not math.isfinite(value):
        raise ConfigError(f"--target {text}: not a finite number")
    return value
