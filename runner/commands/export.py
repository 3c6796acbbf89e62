"""A trained run as a StableHLO program, and an ONNX model, that need no runner: PATH."""

from argparse import Namespace, RawDescriptionHelpFormatter
from pathlib import Path

from runner.arguments import Arguments, folder_of
from runner.errors import ConfigError
from runner.export.place import refuse_place

PLATFORMS = ("cpu", "cuda", "rocm", "tpu")
DEFAULT = "cpu,cuda,tpu"
DETAILS = """
what is written
  model.stablehlo   From raw inputs to class probabilities, or numbers: weights and preprocessing
                    inside, for any number of examples. `jax.export.deserialize` reads it.
  model.onnx        With --onnx: the same for ONNX Runtime; pip install 'runner[onnx]'.
  example.npz       Inputs, the first of the test split, and the outputs that belong to them.
  signature.json    Shapes, dtypes, the names of classes and features.
  README.md         The same for people, with the code that loads it.

Each is checked against the run before the folder gets its name.
"""


def main(argv: list[str]) -> int:
    """Exports the run in a folder; the exit code.

    Raises:
        ConfigError: there is no run, it cannot be exported, or the output would be written over something.
    """
    arguments = _read(argv)
    folder = folder_of([arguments.path], "runner export PATH")
    output = arguments.output or folder / "export"
    platforms = _platforms(arguments.platforms)
    refuse_place(output)
    # JAX is imported only once the arguments are known to be right.
    from runner.export.exporting import export
    from runner.export.onnx import refuse_without_converter

    if arguments.onnx:
        refuse_without_converter()
    files = export(folder, output, platforms, arguments.onnx)
    print(f"{', '.join(sorted(files))}: {output}")
    return 0


def _read(argv: list[str]) -> Namespace:
    parser = Arguments(
        prog="runner export",
        description=__doc__,
        epilog=DETAILS,
        formatter_class=RawDescriptionHelpFormatter,
    )
    parser.add_argument("path", metavar="PATH", help="a run's folder")
    parser.add_argument("--output", metavar="FOLDER", type=Path, help="a new folder; PATH/export by default")
    parser.add_argument("--onnx", action="store_true", help="an ONNX model too")
    parser.add_argument("--platforms", metavar="A,B", default=DEFAULT, help=f"{DEFAULT} by default")
    return parser.parse_args(argv)


def _platforms(text: str) -> tuple[str, ...]:
    asked = tuple(dict.fromkeys(text.split(",")))
    for name in asked:
        if name not in PLATFORMS:
            raise ConfigError(f"--platforms {text}: {name!r} is none; choose of {', '.join(PLATFORMS)}")
    return asked
