"""What an export says of itself: to programs as JSON, to people as a page whose code runs as it stands."""

from collections.abc import Iterator, Sequence
from typing import Any

import jax
import numpy as np

from runner.data.dataset import Column
from runner.export.example import Example
from runner.export.program import BATCH
from runner.runs import Run

PROGRAM, EXAMPLE, SIGNATURE, README = "model.stablehlo", "example.npz", "signature.json", "README.md"
ONNX = "model.onnx"


def signature_of(run: Run, example: Example, platforms: Sequence[str]) -> dict[str, Any]:
    """Shapes, dtypes and names of what goes in and what comes out."""
    return {
        "inputs": {
            **_array(example.inputs),
            "maximum": run.spec.maximum,
            "features": list(_features(run.spec.columns)) or None,
        },
        "outputs": {
            **_array(example.outputs),
            "meaning": "numbers" if example.classes is None else "probabilities",
            "classes": example.classes and list(example.classes),
        },
        "example": example.origin,
        "platforms": list(platforms),
        "run": str(run.folder),
        "jax": jax.__version__,
    }


def readme_of(signature: dict[str, Any], tolerance: float, has_onnx: bool) -> str:
    """The page beside an export, in Markdown."""
    parts = [
        f"# A model, exported from {signature['run']}",
        _files(signature, has_onnx),
        f"## Inputs\n\n{_inputs(signature['inputs'])}",
        f"## Outputs\n\n{_outputs(signature['outputs'])}",
        f"## Use\n\n{_use(signature, tolerance)}",
    ]
    if has_onnx:
        parts.append(f"With ONNX Runtime (`pip install numpy onnxruntime`):\n\n{_use_onnx(tolerance)}")
    return "\n\n".join(parts) + "\n"


def _array(example: np.ndarray) -> dict[str, Any]:
    return {"shape": [BATCH, *example.shape[1:]], "dtype": str(example.dtype)}


def _features(columns: Sequence[Column]) -> Iterator[str]:
    for column in columns:
        if column.median is not None:
            yield column.name
        yield from (f"{column.name}={category}" for category in column.categories)
        if column.has_values and column.flagged:
            yield f"{column.name} is missing"


def _files(signature: dict[str, Any], has_onnx: bool) -> str:
    rows = {
        PROGRAM: "weights and preprocessing as one StableHLO program, written by `jax.export` of jax "
        f"{signature['jax']} for {', '.join(signature['platforms'])}",
        **({ONNX: "the same as an ONNX model, from `inputs` to `outputs`"} if has_onnx else {}),
        EXAMPLE: f"`inputs`, {signature['example']}, and the `outputs` that belong to them",
        SIGNATURE: "what this page says, for programs",
    }
    return "\n".join(
        ["| file | holds |", "|---|---|", *(f"| `{name}` | {text} |" for name, text in rows.items())]
    )


def _inputs(inputs: dict[str, Any]) -> str:
    features = inputs["features"]
    lines = [
        f"{_kind(inputs)}, for any `{BATCH}`, as the data set has them: {_range(inputs)}. "
        "They are scaled and preprocessed inside."
    ]
    if features is not None:
        lines += [
            "",
            "The features are, in this order (0 or 1 for those with a `=` and those that may be missing;",
        ]
        lines += ["a number that is missing is the median of the training data):", ""]
        lines += [f"{place}. `{name}`" for place, name in enumerate(features, 1)]
    return "\n".join(lines)


def _range(inputs: dict[str, Any]) -> str:
    images = len(inputs["shape"]) == 4
    return f"pixels from 0 to {inputs['maximum']:g}" if images else "numbers in their own units"


def _outputs(outputs: dict[str, Any]) -> str:
    if outputs["classes"] is None:
        return f"{_kind(outputs)}: the predicted numbers."
    named = "\n".join(f"{place}. `{name}`" for place, name in enumerate(outputs["classes"]))
    return f"{_kind(outputs)}: the probabilities of the classes, in this order:\n\n{named}"


def _kind(array: dict[str, Any]) -> str:
    return f"`{array['dtype']}` of shape `[{', '.join(map(str, array['shape']))}]`"


def _use(signature: dict[str, Any], tolerance: float) -> str:
    double = (
        '\njax.config.update("jax_enable_x64", True)' if signature["inputs"]["dtype"] == "float64" else ""
    )
    return f"""\
Nothing but `pip install jax flatbuffers` is needed:

```python
from pathlib import Path

import jax
import numpy as np
from jax import export
{double}
model = export.deserialize(bytearray(Path("{PROGRAM}").read_bytes()))
example = np.load("{EXAMPLE}")
outputs = jax.jit(model.call)(example["inputs"])
np.testing.assert_allclose(outputs, example["outputs"], rtol={tolerance:g}, atol={tolerance:g})
```

A GPU or TPU multiplies less precisely than a CPU: there, allow 1e-2. JAX reads what a version of it up to six
months older has written. `model.mlir_module()` is the StableHLO."""


def _use_onnx(tolerance: float) -> str:
    return f"""\
```python
import numpy as np
import onnxruntime

session = onnxruntime.InferenceSession("{ONNX}", providers=["CPUExecutionProvider"])
example = np.load("{EXAMPLE}")
(outputs,) = session.run(["outputs"], {{"inputs": example["inputs"]}})
np.testing.assert_allclose(outputs, example["outputs"], rtol={tolerance:g}, atol={tolerance:g})
```"""
