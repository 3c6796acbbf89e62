"""One model of several trained runs, and what it gains over them: PATH [PATH ...]."""

from argparse import Namespace, RawDescriptionHelpFormatter
from pathlib import Path

from runner.arguments import Arguments
from runner.errors import ConfigError

METHODS = {
    "average": "the mean of the members' probabilities, or numbers",
    "weighted": "a weighted mean: the weights that minimise the loss on val",
    "greedy": "members picked on val one by one, with replacement (Caruana et al. 2004)",
    "stacking": "a linear model of what the members say of val, cross-fitted (Wolpert 1992)",
    "soup": "one network, its weights the mean of the members' (Wortsman et al. 2022)",
    "greedy_soup": "the same of the members that make it no worse on val",
}
FLAG = "--method"
DETAILS = """
methods
{methods}

Members are runs that ended well, of the same data and split; others are named and left out. A soup takes
runs of one structure that began at the same weights (one seed and initializer, or one init_from).

What is told of test is accuracy, negative log-likelihood and expected calibration error, or mean squared
error, against the member that is best on val and the mean member. The folder is like a run's, for evaluate,
predict, compare and load_run; it holds copies of the members' weights.
"""


def main(argv: list[str]) -> int:
    """Makes an ensemble of the runs under the paths; the exit code.

    Raises:
        ConfigError: the runs do not fit together, or cannot be combined so; nothing was written.
    """
    arguments = _read(argv)
    _refuse_occupied(arguments.output)
    # JAX is imported only once the command is known to be right.
    from runner.ensembles.launch import ensemble

    return ensemble(arguments.paths, arguments.method, arguments.output, ["runner", "ensemble", *argv])


def complete(words: list[str], word: str) -> list[str]:
    """What a word on the command line may become."""
    if word.startswith(f"{FLAG}="):
        return [f"{FLAG}={name}" for name in METHODS if f"{FLAG}={name}".startswith(word)]
    if words and words[-1] == FLAG:
        return [name for name in METHODS if name.startswith(word)]
    return [name for name in (FLAG, "--output") if word and name.startswith(word)]


def _refuse_occupied(output: Path | None) -> None:
    if output is not None and output.exists() and (not output.is_dir() or any(output.iterdir())):
        raise ConfigError(f"--output {output}: it is there and no empty folder; choose another name")


def _read(argv: list[str]) -> Namespace:
    width = max(map(len, METHODS)) + 2
    listed = "\n".join(f"  {name:<{width}}{text}" for name, text in METHODS.items())
    parser = Arguments(
        prog="runner ensemble",
        description=__doc__,
        epilog=DETAILS.format(methods=listed),
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("paths", nargs="+", metavar="PATH", type=Path, help="a sweep's folder, or a run's")
    parser.add_argument(FLAG, choices=METHODS, default="average", help="average by default")
    parser.add_argument(
        "--output", metavar="FOLDER", type=Path, help="a new one; outputs/ensembles/DATE/TIME-ID by default"
    )
    return parser.parse_args(argv)
