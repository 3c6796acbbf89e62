"""`runner export PATH`: files that say what the run does, in a process that has no runner."""

import dataclasses
import functools
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import jax
import numpy as np
import pytest
from flax import nnx
from jax import export

from models.recurrent import Recurrent
from models.resnet import ResNet
from models.vit import ViT
from models.wide_resnet import WideResNet
from runner import load_run
from runner.cli import main
from runner.export import exporting
from runner.runs import Run
from tests.conftest import Command
from tests.runs.outcomes import run_in

TABLE = "age,colour,price,kind\n31,red,1.5,b\n,blue,2.5,a\n40,red,0.3,b\n7,green,5,c\n"
SHAPE = (8, 8, 1)
RUNS = {
    "mlp": ["model.hidden=[16]", "preprocessing=zca"],
    "cnn": ["model=cnn", "model.depth=1", "model.width=2", "model.hidden=[]", "normalization=batch"],
    "table": [
        "dataset=csv",
        "dataset.path=train.csv",
        "dataset.target=price",
        "dataset.task=regression",
        "batch_size=8",
    ],
    "float64": ["precision=float64", "model=autoencoder", "model.hidden=[]"],  # last: it changes all of JAX
}
IN_PLACE = {
    "lstm": partial(Recurrent, SHAPE, 10, cell=nnx.OptimizedLSTMCell, hidden=[4]),
    "vit": partial(ViT, SHAPE, 10, patch=4, width=8, depth=1, heads=2, expansion=2),
    "resnet": partial(ResNet, SHAPE, 10, width=2, depth=8),
    "wide_resnet": partial(WideResNet, SHAPE, 10, width=2, widening=1, depth=10),
}
"""Models with their first weights, in the place of the mlp's."""
load = functools.cache(load_run)
MORE = 3
"""Examples in a batch that has not the example's size."""

WITHOUT_RUNNER = """
import os, sys
for name in ("runner", "models", "configs", "flax"):
    sys.modules[name] = None  # importing it fails
sys.path.append({packages!r})
for place in sys.argv[1:]:
    os.chdir(place)
    for code in open("code.txt", encoding="utf-8").read().split("----"):
        exec(code, used := {{}})
        np = used["np"]
        more = np.load("more.npz")
        if "model" in used:
            found = used["model"].call(more["inputs"])
        else:
            (found,) = used["session"].run(["outputs"], {{"inputs": more["inputs"]}})
        assert found.dtype == more["outputs"].dtype and found.shape == more["outputs"].shape
        np.testing.assert_allclose(found, more["outputs"], rtol=1e-5, atol=1e-5)
    print(place)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory):
    """A run of each kind, exported."""
    root, before = tmp_path_factory.mktemp("export"), jax.config.values["jax_enable_x64"]
    header, *rows = TABLE.splitlines(keepends=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        Path("train.csv").write_text(header + "".join(rows * 8))
        for name, options in RUNS.items():
            run_in(root / name, [*options, "epochs=null", "steps=2", "diagnostics=off"])
            exported(load(root / name), root / name / "export")
            if name == "mlp":
                for other, make in IN_PLACE.items():
                    patch.setattr(exporting, "load_run", lambda folder, make=make: in_place(make, root))
                    exported(in_place(make, root), root / other)
                patch.setattr(exporting, "load_run", load_run)
    yield root
    jax.config.update("jax_enable_x64", before)


@functools.cache
def in_place(make: Callable[..., nnx.Module], root: Path) -> Run:
    """The mlp's run with another model."""
    model = make(
        activation=nnx.relu,
        kernel_init=nnx.initializers.he_normal(),
        normalization=partial(nnx.LayerNorm, epsilon=1e-5, use_fast_variance=False),  # which rounds to 1e-4
        dropout=0.1,
        rngs=nnx.Rngs(params=0, dropout=1),
    )
    model.eval()
    return dataclasses.replace(load(root / "mlp"), model=model)


def exported(run: Run, place: Path) -> None:
    """Exports a run, and writes inputs for which its example is not made, with what it predicts for them."""
    assert main(["export", str(run.folder), "--output", str(place)]) == 0
    drawn = np.random.default_rng(1).uniform(0, run.spec.maximum, (MORE, *run.spec.input_shape))
    inputs = drawn.astype("float64" if run.config.precision == "float64" else "float32")
    np.savez(place / "more.npz", inputs=inputs, outputs=run.predict(inputs))


def read_without_runner(folders: list[Path]) -> list[str]:
    """Runs the code of the page in each folder, in one process of only JAX and NumPy; the folders it did."""
    for folder in folders:
        page = (folder / "README.md").read_text()
        (folder / "code.txt").write_text("----".join(re.findall(r"```python\n(.*?)```", page, re.DOTALL)))
    code = WITHOUT_RUNNER.format(packages=str(Path(np.__file__).parents[1]))
    line = [sys.executable, "-I", "-S", "-c", code, *map(str, folders)]
    done = subprocess.run(line, cwd="/", capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split()


def test_the_page_s_code_gives_the_run_s_predictions_where_there_is_no_runner(root):
    folders = [root / "mlp/export", *(root / name for name in IN_PLACE)]
    folders += [root / name / "export" for name in RUNS if name != "mlp"]
    assert read_without_runner(folders) == list(map(str, folders))


@pytest.mark.parametrize("name", RUNS)
def test_the_example_is_of_the_test_split(name, root):
    found = np.load(root / name / "export/example.npz")
    assert 0 < len(found["inputs"]) <= 8
    np.testing.assert_allclose(found["outputs"], load(root / name).predict(found["inputs"]), atol=1e-6)
    assert not (found["inputs"][0] == found["inputs"][1]).all()


def test_one_program_for_several_platforms_and_any_batch(root):
    program = export.deserialize(bytearray((root / "cnn/export/model.stablehlo").read_bytes()))
    assert program.platforms == ("cpu", "cuda", "tpu")
    assert [str(aval.shape[0]) for aval in program.in_avals + program.out_avals] == ["batch", "batch"]


def test_the_signature_has_names_shapes_and_dtypes(root):
    found = json.loads((root / "table/export/signature.json").read_text())
    features = [
        "age",
        "age is missing",
        "colour=blue",
        "colour=green",
        "colour=red",
        "kind=a",
        "kind=b",
        "kind=c",
    ]
    assert found["inputs"]["features"] == features
    assert found["inputs"]["shape"] == ["batch", 8] and found["inputs"]["dtype"] == "float32"
    assert found["outputs"]["classes"] is None and found["outputs"]["meaning"] == "numbers"
    digits = json.loads((root / "mlp/export/signature.json").read_text())
    assert digits["inputs"]["maximum"] == 16 and digits["inputs"]["features"] is None
    assert digits["outputs"]["classes"] == [str(digit) for digit in range(10)]
    reconstruction = json.loads((root / "float64/export/signature.json").read_text())["outputs"]
    assert reconstruction["classes"] is None and reconstruction["shape"] == ["batch", 64]
    assert reconstruction["dtype"] == "float64"


def test_random_inputs_where_the_data_is_gone(root, tmp_path, capsys):
    assert (
        main(["export", str(root / "table"), "--output", str(tmp_path / "out")]) == 0
    )  # train.csv is elsewhere
    assert "could not be read" in (tmp_path / "out/README.md").read_text()
    assert "README.md, example.npz, model.stablehlo, signature.json" in capsys.readouterr().out


def test_nothing_is_written_over(root, capsys):
    before = (root / "mlp/export/README.md").stat().st_mtime_ns
    assert main(["export", str(root / "mlp")]) == 2
    assert capsys.readouterr().err.endswith(
        "export: the folder is not empty, and nothing is written over; choose another\n"
    )
    assert (root / "mlp/export/README.md").stat().st_mtime_ns == before


def test_what_is_wrong_is_said_in_one_line(root, tmp_path, capsys):
    no_weights = tmp_path / "run"
    shutil.copytree(root / "mlp", no_weights, ignore=shutil.ignore_patterns("export"))
    summary = json.loads((no_weights / "summary.json").read_text())
    summary |= {"status": "diverged", "best": summary["best"] | {"step": None}}
    (no_weights / "summary.json").write_text(json.dumps(summary))
    cases = {
        (str(tmp_path / "nowhere"),): "there is no such folder",
        (str(tmp_path),): "not the folder of a run",
        (str(no_weights),): "it diverged before its first evaluation",
    }
    for line, said in cases.items():
        capsys.readouterr()
        assert main(["export", *line]) == 2
        error = capsys.readouterr().err
        assert said in error and error.count("\n") == 1
    assert not (no_weights / "export").exists() and not (tmp_path / "export").exists()


class Fixed(nnx.Module):
    """Works for a number of examples that is known."""

    def __call__(self, x: jax.Array) -> jax.Array:
        return x.reshape(len(x), -1)[:, :10]


def test_a_model_of_a_fixed_batch_is_refused(root, tmp_path, capsys, monkeypatch):
    run = dataclasses.replace(load(root / "mlp"), model=Fixed())
    monkeypatch.setattr(exporting, "load_run", lambda folder: run)
    assert main(["export", str(root / "mlp"), "--output", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err
    assert "its model does not export: " in error and error.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_what_differs_from_the_run_is_not_written(root, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(exporting, "call_program", lambda program, x: load(root / "mlp").predict(x) + 1e-3)
    assert main(["export", str(root / "mlp"), "--output", str(tmp_path / "out")]) == 1
    assert "differs from what the run predicts by up to 1.0e-03" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["gpu", "", "cpu,"])
def test_a_platform_that_is_none(text: str, command: Command, empty: Path) -> None:
    (empty / "run").mkdir()
    code, _, error = command("export", "run", "--platforms", text)
    assert code == 2 and "choose of cpu, cuda, rocm, tpu" in error


def test_help_imports_no_jax(command: Command) -> None:
    with pytest.raises(SystemExit) as exit_:
        command("export", "--help")
    assert exit_.value.code == 0


def test_onnx_runtime_gives_the_run_s_predictions_where_there_is_no_runner(root, tmp_path, monkeypatch):
    pytest.importorskip("jax2onnx")
    runs = {name: load(root / name) for name in ("cnn", "table")}
    runs |= {name: in_place(make, root) for name, make in IN_PLACE.items()}
    for name, run in runs.items():
        monkeypatch.setattr(exporting, "load_run", lambda folder, run=run: run)
        assert main(["export", str(run.folder), "--onnx", "--output", str(tmp_path / name)]) == 0
        shutil.copy(root / (name if name in IN_PLACE else f"{name}/export") / "more.npz", tmp_path / name)
    places = [tmp_path / name for name in runs]
    assert read_without_runner(places) == list(map(str, places))


def test_onnx_needs_its_extra(root, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("runner.export.onnx.find_spec", lambda name: None)
    assert main(["export", str(root / "mlp"), "--onnx", "--output", str(tmp_path / "out")]) == 2
    assert capsys.readouterr().err == "runner: --onnx needs jax2onnx; pip install 'runner[onnx]'\n"
    assert list(tmp_path.iterdir()) == []
