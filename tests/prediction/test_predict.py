"""`runner predict PATH INPUT`: what a run predicts, in a file or on standard output."""

import csv
import functools
import io
import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from runner import load_run
from runner.cli import main
from runner.experiment import build_dataset
from runner.prediction import blocks, predicting
from runner.prediction.writers import Answers
from tests.conftest import Command
from tests.runs.outcomes import run_in, summary_of

TABLE = """\
age,colour,size,price,kind
31,red,1.5,100,b
,blue,2.5,250,a
40,,-1e1,300,b
7,red,NaN,50,c
12,green,0,75,a
"""
OF_TABLE = ["dataset=csv", "dataset.path=train.csv", "batch_size=8", "model.hidden=[8]"]
RUNS = {
    "digits": ["model.hidden=[32]"],
    "table": [
        "dataset=csv",
        "dataset.path=train.csv",
        "dataset.target=kind",
        "batch_size=8",
        "model.hidden=[8]",
    ],
}
load = functools.cache(load_run)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of each kind, and inputs for them."""
    root = tmp_path_factory.mktemp("predict")
    header, *rows = TABLE.splitlines(keepends=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        Path("train.csv").write_text(header + "".join(rows * 8))
        for name, options in RUNS.items():
            run_in(root / name, [*options, "epochs=2", "diagnostics=off"])
        dataset = build_dataset(load(root / "digits").config)
        np.savez("test.npz", inputs=dataset.inputs[dataset.test], targets=dataset.targets[dataset.test])
        Path("images/some").mkdir(parents=True)
        for number, image in enumerate(dataset.inputs[dataset.test[:5], :, :, 0]):
            picture = Image.fromarray((image * (255 / 16)).astype(np.uint8)).resize((40, 40))
            picture.convert("RGB").save(f"images/some/{number}.png")
    return root


@pytest.fixture
def at_root(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the runs, which is the current one; each run is loaded once."""
    monkeypatch.chdir(root)
    monkeypatch.setattr(predicting, "load_run", lambda folder: load(root / folder))
    return root


@pytest.fixture
def predicted(at_root: Path, capsys: pytest.CaptureFixture[str]):
    """Predicts on standard output; the rows of the CSV."""

    def rows(*argv: str) -> list[dict[str, str]]:
        capsys.readouterr()
        assert main(["predict", *argv]) == 0
        return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))

    return rows


def scores_of(rows: list[dict[str, str]], classes: tuple[str, ...] | None) -> np.ndarray:
    names = ["prediction"] if classes is None else [f"probability/{name}" for name in classes]
    return np.array([[row[name] for name in names] for row in rows], np.float32)


def test_the_test_split_as_npz_has_the_recorded_accuracy(predicted, root):
    rows = predicted("digits", "test.npz")
    targets = np.load("test.npz")["targets"]
    right = [row["prediction"] == str(target) for row, target in zip(rows, targets, strict=True)]
    assert np.float32(sum(right)) / np.float32(len(right)) == np.float32(
        summary_of(root / "digits")["metrics"]["test/accuracy"]
    )
    assert [int(row["example"]) for row in rows] == list(range(len(targets)))
    run = load(root / "digits")
    np.testing.assert_array_equal(scores_of(rows, run.classes), run.predict(np.load("test.npz")["inputs"]))


def test_a_table_as_the_data_set_has_it(predicted, root):
    rows = predicted("table", "train.csv")
    run = load(root / "table")
    assert [int(row["example"]) for row in rows] == list(range(2, 42))
    np.testing.assert_array_equal(scores_of(rows, run.classes), run.predict(build_dataset(run.config).inputs))


def test_the_file_that_was_trained_on_is_not_needed(predicted, root):
    rows = predicted("table", "train.csv")
    (root / "train.csv").rename(root / "moved.csv")
    try:
        assert predicted("table", "moved.csv") == rows
    finally:
        (root / "moved.csv").rename(root / "train.csv")


def test_standard_input_with_columns_in_another_order(predicted, monkeypatch):
    text = "\ufeffprice,size,colour,age\n100,1.5,red,31\n250,2.5,blue,\n"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    rows = predicted("table", "-")
    whole = predicted("table", "train.csv")[:2]
    np.testing.assert_allclose(scores_of(rows, ("a", "b", "c")), scores_of(whole, ("a", "b", "c")), rtol=1e-5)
    assert [row["example"] for row in rows] == ["2", "3"]


def test_a_folder_of_images_and_one_of_them(predicted, root):
    rows = predicted("digits", "images")
    assert [row["example"] for row in rows] == [f"images/some/{number}.png" for number in range(5)]
    grey = [Image.open(row["example"]).convert("L").resize((8, 8), Image.Resampling.BILINEAR) for row in rows]
    inputs = np.stack([np.asarray(image) for image in grey])[..., None] * np.float32(16 / 255)
    run = load(root / "digits")
    np.testing.assert_array_equal(scores_of(rows, run.classes), run.predict(inputs))
    assert predicted("digits", "images/some/3.png")[0]["prediction"] == rows[3]["prediction"]


@pytest.mark.parametrize(("run", "source"), [("digits", "test.npz"), ("table", "train.csv")])
def test_blocks_change_nothing(run, source, predicted, root, monkeypatch):
    whole = predicted(run, source)
    monkeypatch.setattr(blocks, "MOST_EXAMPLES", 33)
    parts = predicted(run, source)
    classes = load(root / run).classes
    assert [row["example"] for row in parts] == [row["example"] for row in whole]
    np.testing.assert_allclose(scores_of(parts, classes), scores_of(whole, classes), rtol=1e-4, atol=1e-6)


def test_a_file_of_json_lines(at_root, tmp_path, capsys):
    capsys.readouterr()
    place = tmp_path / "out.jsonl"
    assert main(["predict", "table", "train.csv", "--output", str(place)]) == 0
    assert capsys.readouterr().out == f"40 examples: {place}\n"
    objects = [json.loads(line) for line in place.read_text().splitlines()]
    assert list(objects[0]) == ["example", "prediction", "probabilities"]
    assert sum(objects[0]["probabilities"].values()) == pytest.approx(1, rel=1e-5)
    main(["predict", "table", "train.csv", "--output", str(tmp_path / "out"), "--format", "jsonl"])
    assert (tmp_path / "out").read_bytes() == place.read_bytes()
    main(["predict", "table", "train.csv", "--output", str(tmp_path / "out.csv")])
    assert (tmp_path / "out.csv").read_text().startswith("example,prediction,probability/a")


HEADER = "age,colour,size,price\n"
BAD = [
    ("digits", "in.csv", HEADER, "in.csv: a table, and the run was trained on images of 8 x 8 x 1"),
    ("table", "images", None, "images: images, and the run was trained on 9 numbers an example"),
    ("table", "test.npz", None, "expected numbers [n, 9]"),
    ("table", "in.csv", "age,colour,size\n", "it has no column price; the run was trained on age, colour"),
    ("table", "in.csv", "age,colour,size,price,sise\n", "the run was trained on no column 'sise'"),
    ("table", "in.csv", HEADER + "1,red,2,3\n" * 600 + "1,red,2\n", "in.csv: row 602 has 3 values"),
    ("table", "in.csv", HEADER + "1,red,2,3\n" * 600 + "x,red,2,3\n", "row 602: age is 'x'"),
    ("table", "in.csv", HEADER + "1,pink,2,3\n", "row 2: colour is 'pink', expected one of blue, green, red"),
    ("table", "in.csv", HEADER + "1,red,2,\n", "row 2: price is missing, and in training it never was"),
    ("table", "in.csv", HEADER, "in.csv: there is no example in it"),
    ("digits", "in.npz", "hello", "in.npz: not an .npz file of plain arrays"),
    ("digits", "in.png", "hello", "in.png: not a whole image"),
    ("digits", "in.txt", "hello", "in.txt: expected a .csv or .npz file, an image"),
    ("digits", "gone.csv", None, "gone.csv: there is no such file or folder"),
    ("digits/.hydra", "test.npz", None, "not the folder of a run"),
]


@pytest.mark.parametrize(("run", "source", "text", "said"), BAD)
def test_what_does_not_fit_is_one_line_and_writes_nothing(run, source, text, said, at_root, tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    if text is not None:
        (tmp_path / source).write_text(text)
        source = str(tmp_path / source)
    capsys.readouterr()
    assert main(["predict", run, source, "--output", str(out / "found.csv")]) == 2
    captured = capsys.readouterr()
    assert said in captured.err and captured.err.count("\n") == 1
    assert captured.out == "" and list(out.iterdir()) == []


def test_nothing_is_written_over(at_root, tmp_path, capsys):
    place = tmp_path / "out.csv"
    place.write_text("precious")
    assert main(["predict", "table", "train.csv", "--output", str(place)]) == 2
    assert "it exists, and nothing is written over" in capsys.readouterr().err
    assert place.read_text() == "precious"


def test_what_is_not_finite_is_told(at_root, tmp_path, capsys, monkeypatch):
    answers = [Answers("", None, np.array([[1.0], [np.nan]]))]
    monkeypatch.setattr(predicting, "answering", lambda run: lambda inputs: answers)
    (tmp_path / "in.csv").write_text(HEADER + "1,red,2,3\n" * 2)
    assert main(["predict", "table", str(tmp_path / "in.csv")]) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and "in.csv: example 3 is too far from any" in captured.err


def test_a_run_that_diverged_at_once_is_refused(at_root, tmp_path, capsys):
    copy = Path(shutil.copytree("table", tmp_path / "copy"))
    changed = summary_of(copy) | {"status": "diverged", "best": {"step": None}}
    (copy / "summary.json").write_text(json.dumps(changed))
    assert main(["predict", str(copy), "train.csv"]) == 2
    assert "it has no weights to" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("predict", "the following arguments are required: PATH, INPUT"),
        ("predict nowhere x.csv", "nowhere: there is no such folder"),
        ("predict . x.csv", "x.csv: there is no such file or folder"),
        ("predict . -", "not the folder of a run"),
        ("predict . - --format xml", "invalid choice: 'xml'"),
        ("predict . - --output no/out.csv", "--output no/out.csv: there is no folder no"),
        ("predict . - y", "unrecognized arguments: y"),
    ],
)
def test_wrong_arguments_are_told_without_jax(line, said, command: Command, empty):
    code, out, err = command(*line.split())
    assert (code, out) == (2, "") and said in err and err.count("\n") == 1
    assert list(empty.iterdir()) == []


def test_help_says_what_is_read_and_written(command: Command, capsys):
    with pytest.raises(SystemExit) as ended:
        command("predict", "--help")
    text = capsys.readouterr().out
    assert ended.value.code == 0
    assert text.startswith("usage: runner predict") and "probability/CLASS" in text
