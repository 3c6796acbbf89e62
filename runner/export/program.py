"""A trained run as one StableHLO program, for any number of examples and several platforms."""

from collections.abc import Sequence

import jax
import numpy as np
from jax import export

from runner.instantiation import blaming
from runner.preparation import real
from runner.runs import Run

BATCH = "batch"
"""The name of the axis that may be of any length."""


def export_program(run: Run, platforms: Sequence[str]) -> bytes:
    """What `jax.export.deserialize` reads: from raw inputs [batch, ...] to what `Run.predict` says of them.

    The weights and the preprocessing are constants in it.

    Raises ConfigError where the model cannot be traced for any number of examples, or not be compiled for a
    platform.
    """
    (batch,) = export.symbolic_shape(BATCH)
    inputs = jax.ShapeDtypeStruct((batch, *run.spec.input_shape), real(run.config))
    with blaming(f"{run.folder}: its model does not export"):
        exported = export.export(jax.jit(lambda x: run.answer(x)), platforms=platforms)(inputs)
        return bytes(exported.serialize())


def call_program(program: bytes, inputs: np.ndarray) -> np.ndarray:
    """What an exported program says of inputs [n, ...], as whoever loads it would find."""
    return np.asarray(export.deserialize(bytearray(program)).call(inputs))
