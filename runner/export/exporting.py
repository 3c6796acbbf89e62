"""Writes a trained run into a folder as files that need no runner."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from runner import folder as folders
from runner.errors import RunError
from runner.export import description
from runner.export.example import Example, example_of
from runner.export.onnx import call_onnx, export_onnx
from runner.export.place import new_folder
from runner.export.program import call_program, export_program
from runner.runs import load_run, refuse_without_best

TOLERANCE = {"float32": 1e-4, "float64": 1e-10, "bfloat16": 1e-2}
"""How far what is exported may be from what the run predicts, by the precision of the run.

Most are within 1e-6 in float32; a normalization whose variance is a difference of means rounds to 1e-5.
"""


def export(folder: Path, output: Path, platforms: Sequence[str], with_onnx: bool) -> list[str]:
    """Exports the run in a folder; the names of the files written.

    Raises:
        ConfigError: there is no run, it has no weights, or its model cannot be exported. Nothing is written.
        RunError: what was exported does not say what the run does, or the disk is full. Nothing is left.
    """
    run = load_run(folder)
    refuse_without_best(folder, folders.read_summary(folder))
    example, tolerance = example_of(run), TOLERANCE[run.config.precision]
    program = export_program(run, platforms)
    _check(description.PROGRAM, call_program(program, example.inputs), example, tolerance)
    files = {description.PROGRAM: program}
    if with_onnx:
        files[description.ONNX] = export_onnx(run)
        _check(description.ONNX, call_onnx(files[description.ONNX], example.inputs), example, tolerance)
    signature = description.signature_of(run, example, platforms)
    files[description.SIGNATURE] = (json.dumps(signature, indent=2) + "\n").encode()
    files[description.README] = description.readme_of(signature, tolerance, with_onnx).encode()
    with new_folder(output) as place:
        for name, content in files.items():
            (place / name).write_bytes(content)
        np.savez(place / description.EXAMPLE, inputs=example.inputs, outputs=example.outputs)
    return [*files, description.EXAMPLE]


def _check(name: str, outputs: np.ndarray, example: Example, tolerance: float) -> None:
    if not np.allclose(outputs, example.outputs, rtol=tolerance, atol=tolerance):
        apart = np.max(np.abs(outputs - example.outputs))
        raise RunError(
            f"{name}: it differs from what the run predicts by up to {apart:.1e}; nothing is written"
        )
