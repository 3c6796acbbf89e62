"""What `save_to_disk` wrote is read; without the library it says what to install."""

import io
import sys

import numpy as np
import pytest
from PIL import Image

from runner.data.dataset import DataError
from runner.data.huggingface import huggingface
from runner.data.reading import whole

GIVEN = {"target": "label", "task": "classification", "drop": [], "size": 8, "channels": 3}
RANDOM = np.random.default_rng(0)


def test_without_the_library_it_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "datasets", None)
    with pytest.raises(DataError) as error:
        huggingface(path="anywhere", **GIVEN)
    assert str(error.value).endswith("pip install 'runner[huggingface]'")


@pytest.fixture
def library():
    return pytest.importorskip("datasets", exc_type=ImportError)


def test_images_with_classes_and_a_test_split(library, tmp_path):
    features = library.Features({"image": library.Image(), "label": library.ClassLabel(names=["cat", "dog"])})
    images = RANDOM.integers(0, 256, (5, 8, 8, 3), dtype=np.uint8)
    labels = [0, 1, 1, 0, 1]

    def part(start, stop):
        rows = {
            "image": [Image.fromarray(image) for image in images[start:stop]],
            "label": labels[start:stop],
        }
        return library.Dataset.from_dict(rows, features=features)

    library.DatasetDict({"train": part(0, 3), "test": part(3, 5)}).save_to_disk(tmp_path / "saved")
    found = huggingface(path=str(tmp_path / "saved"), **GIVEN)
    np.testing.assert_array_equal(whole(found.inputs), images[:3])
    np.testing.assert_array_equal(found.targets, labels[:3])
    assert found.classes == ("cat", "dog") and found.maximum == 255 and found.test is not None
    np.testing.assert_array_equal(whole(found.test[0]), images[3:])
    np.testing.assert_array_equal(found.test[1], labels[3:])


def test_an_image_that_is_not_whole_is_blamed_by_its_row(library, tmp_path):
    features = library.Features({"image": library.Image(), "label": library.Value("int64")})
    whole_one = io.BytesIO()
    Image.fromarray(RANDOM.integers(0, 256, (8, 8, 3), dtype=np.uint8)).save(whole_one, "png")
    for broken, reason in [(b"no image", "not a whole image"), (None, "there is no image")]:
        stored = [whole_one.getvalue(), whole_one.getvalue(), broken]
        rows = {"image": [part and {"bytes": part, "path": None} for part in stored], "label": [0, 1, 0]}
        library.Dataset.from_dict(rows, features=features).save_to_disk(tmp_path / reason)
        found = huggingface(path=str(tmp_path / reason), **GIVEN).inputs
        assert found[np.array([1])].shape == (1, 8, 8, 3)
        with pytest.raises(DataError, match=f"image of row 2: {reason}"):
            whole(found)


def test_columns_of_numbers(library, tmp_path):
    rows = {
        "a": [1, 2, 3],
        "b": [[0.5, 1], [2, 3], [4, 5]],
        "name": ["x", "y", "z"],
        "label": ["no", "yes", "no"],
    }
    library.Dataset.from_dict(rows).save_to_disk(tmp_path / "saved")
    path = str(tmp_path / "saved")
    found = huggingface(path=path, **GIVEN | {"drop": ["name"]})
    expected = np.array([[1, 0.5, 1], [2, 2, 3], [3, 4, 5]], np.float32)
    np.testing.assert_array_equal(whole(found.inputs), expected)
    assert found.classes == ("no", "yes") and found.maximum == 1 and found.test is None
    np.testing.assert_array_equal(found.targets, [0, 1, 0])
    numbers = huggingface(
        path=path, **GIVEN | {"drop": ["name", "label"], "target": "a", "task": "regression"}
    )
    np.testing.assert_array_equal(numbers.targets, np.array([[1], [2], [3]], np.float32))
    for change, said in [
        ({}, "name is .*expected numbers; leave it out with dataset.drop"),
        ({"target": "lable"}, "there is no column lable; did you mean label"),
    ]:
        with pytest.raises(DataError, match=said):
            huggingface(path=path, **GIVEN | change)


def test_a_folder_that_holds_none_is_one_line(library, tmp_path):
    for path in (tmp_path / "gone", tmp_path):
        with pytest.raises(DataError) as error:
            huggingface(path=str(path), **GIVEN)
        assert str(error.value).startswith(f"dataset.path={path}: no data set") and "\n" not in str(
            error.value
        )
    rows = library.Dataset.from_dict({"a": [1.0], "label": [0]})
    library.DatasetDict({"validation": rows}).save_to_disk(tmp_path / "saved")
    with pytest.raises(DataError, match="it has no split train; it has validation"):
        huggingface(path=str(tmp_path / "saved"), **GIVEN)
