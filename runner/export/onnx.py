"""A trained run as an ONNX model, by jax2onnx."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import numpy as np

from runner.errors import ConfigError
from runner.export.platforms import as_on_any_platform
from runner.export.program import BATCH
from runner.instantiation import blaming
from runner.preparation import real
from runner.runs import Run

INPUTS, OUTPUTS = "inputs", "outputs"


def refuse_without_converter() -> None:
    """Raises ConfigError where jax2onnx is not installed."""
    if find_spec("jax2onnx") is None:
        raise ConfigError("--onnx needs jax2onnx; pip install 'runner[onnx]'")


def export_onnx(run: Run) -> bytes:
    """An ONNX model from `inputs` [batch, ...] to `outputs`, what `Run.predict` says of them.

    Raises ConfigError where jax2onnx does not know an operation of the model.
    """
    from jax2onnx import to_onnx

    with blaming(f"{run.folder}: its model does not convert to ONNX; leave --onnx out"), _quietly():
        model = to_onnx(
            as_on_any_platform(run.answer),
            inputs=[(BATCH, *run.spec.input_shape)],
            input_names=[INPUTS],
            output_names=[OUTPUTS],
            enable_double_precision=real(run.config) == "float64",
        )
        return model.SerializeToString()


def call_onnx(model: bytes, inputs: np.ndarray) -> np.ndarray:
    """What ONNX Runtime says of inputs [n, ...].

    Raises ConfigError where it refuses the model.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors alone
    with blaming("ONNX Runtime does not take the model; leave --onnx out"):
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        (outputs,) = session.run([OUTPUTS], {INPUTS: inputs})
    return np.asarray(outputs)


@contextmanager
def _quietly() -> Iterator[None]:
    # It warns of shapes whose types it does not write out, which nothing needs.
    log = logging.getLogger("onnx_ir")
    before = log.level
    log.setLevel(logging.ERROR)
    try:
        yield
    finally:
        log.setLevel(before)
