"""Predictions of a trained run for a csv or npz file, images, or standard input: PATH INPUT."""

from argparse import Namespace, RawDescriptionHelpFormatter
from pathlib import Path

from runner.arguments import Arguments, folder_of

DETAILS = """
what is read
  csv       A header, then an example a line. Of a run that was trained on a csv: the same
            columns in any order, its target or not. Of others: numbers, in the order of
            the inputs of its data set.
  npz       The array `inputs`: features, or images of whole numbers as the data set has
            them or of numbers from 0 to 1.
  images    Of any size: they become such as the run takes. Folders inside one count too.

what is written, for each example
  example             the number of its row in a csv (the header's is 1), its place in an
                      npz (from 0), or the path of the image
  prediction          the name of its class, or a number; prediction/1, prediction/2, ...
                      where there are several
  probability/CLASS   of each class; in JSON lines, an object `probabilities`
  TASK/...            the same for each other task of model=multitask

The preprocessing of the run is applied. Inputs may be larger than memory: they are read, and
predictions are written, block by block. FILE is there once it is whole.
"""


def main(argv: list[str]) -> int:
    """Writes what the run in a folder predicts; the exit code.

    Raises:
        ConfigError: there is no run, an input does not fit it, or the output would be written over something.
    """
    arguments = _read(argv)
    folder = folder_of([arguments.path], "runner predict PATH INPUT")
    # NumPy is imported only once the arguments are known to be right, and JAX once the input is found.
    from runner.prediction.inputs import reader_of
    from runner.prediction.output import refuse_output
    from runner.prediction.writers import FORMATS

    read = reader_of(arguments.input)
    if arguments.output is not None:
        refuse_output(arguments.output)
    from runner.prediction.predicting import predict

    form = FORMATS[arguments.format or _by_ending(arguments.output)]
    count = predict(folder, arguments.input, read, form, arguments.output)
    if arguments.output is not None:
        print(f"{count} examples: {arguments.output}")
    return 0


def _read(argv: list[str]) -> Namespace:
    parser = Arguments(
        prog="runner predict",
        description=__doc__,
        epilog=DETAILS,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", metavar="PATH", help="a run's folder")
    parser.add_argument("input", metavar="INPUT", help="a csv, npz or image, a folder of images, or - (csv)")
    parser.add_argument("--output", metavar="FILE", type=Path, help="a new file; standard output by default")
    parser.add_argument("--format", choices=["csv", "jsonl"], help="csv by default, or as FILE ends")
    return parser.parse_args(argv)


def _by_ending(output: Path | None) -> str:
    return "jsonl" if output is not None and output.suffix.lower() == ".jsonl" else "csv"
