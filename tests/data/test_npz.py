"""Arrays are read whole, and no Python object is."""

import pickle

import numpy as np
import pytest

from runner.data.dataset import DataError, Source
from runner.data.npz import npz

RANDOM = np.random.default_rng(0)
FEATURES, LABELS = RANDOM.normal(size=(12, 3)), np.arange(12) % 3


def read(tmp_path, task: str = "classification", **arrays) -> Source:
    path = tmp_path / "arrays.npz"
    np.savez(path, **arrays)
    return npz(path=str(path), task=task)


def test_features_and_classes(tmp_path):
    found = read(tmp_path, inputs=FEATURES, targets=LABELS)
    np.testing.assert_array_equal(found.inputs, FEATURES.astype(np.float32))
    np.testing.assert_array_equal(found.targets, LABELS)
    assert found.classes == ("0", "1", "2") and found.maximum == 1 and found.test is None


def test_a_test_set_and_the_names_of_classes(tmp_path):
    test = {"test_inputs": FEATURES[:2] + 1, "test_targets": np.array([3, 0])}
    found = read(tmp_path, inputs=FEATURES, targets=LABELS, **test)
    assert found.test is not None and found.classes == tuple("0123")
    np.testing.assert_array_equal(found.test[0], (FEATURES[:2] + 1).astype(np.float32))
    np.testing.assert_array_equal(found.test[1], [3, 0])
    assert read(tmp_path, inputs=FEATURES, targets=LABELS, classes=list("xyz")).classes == ("x", "y", "z")


@pytest.mark.parametrize("shape", [(4, 5, 6), (4, 5, 6, 3)])
def test_images(shape, tmp_path):
    images = RANDOM.integers(0, 256, shape, dtype=np.uint8)
    found = read(tmp_path, inputs=images, targets=np.arange(4))
    assert found.inputs.shape == (4, 5, 6, shape[3] if len(shape) == 4 else 1) and found.maximum == 255
    np.testing.assert_array_equal(found.inputs.reshape(shape), images)
    floats = read(tmp_path, inputs=images / 255, targets=np.arange(4))
    assert floats.maximum == 1 and floats.inputs.dtype == np.float32
    np.testing.assert_allclose(floats.inputs.reshape(shape), images / 255, rtol=1e-6)


@pytest.mark.parametrize("targets", [RANDOM.normal(size=12), RANDOM.normal(size=(12, 2)), np.arange(12)])
def test_numbers(targets, tmp_path):
    found = read(tmp_path, "regression", inputs=FEATURES, targets=targets)
    assert found.classes is None
    np.testing.assert_array_equal(found.targets, targets.astype(np.float32).reshape(12, -1))


@pytest.mark.parametrize(
    ("arrays", "said"),
    [
        ({"inputs": FEATURES}, "it has no targets; it holds inputs"),
        ({"inputs": FEATURES, "targets": LABELS, "test_inputs": FEATURES}, "it has no test_targets"),
        ({"inputs": np.array([{}, 1], object), "targets": LABELS}, "not an .npz file of plain arrays"),
        ({"inputs": np.zeros(12), "targets": LABELS}, "inputs is float64 [12], expected images"),
        ({"inputs": FEATURES, "targets": LABELS / 2}, "there is dataset.task=regression"),
        ({"inputs": FEATURES, "targets": np.eye(12)}, "targets is float64 [12, 12], expected classes"),
        ({"inputs": np.full((2, 3, 3), 7.0), "targets": LABELS[:2]}, "images are uint8 or in [0, 1]"),
    ],
)
def test_what_is_not_as_it_should_be_is_one_line(arrays, said, tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, **arrays)
    assert said in str(error.value) and "\n" not in str(error.value)


def written(tmp_path, compressed: bool = True) -> bytes:
    path = tmp_path / "whole.npz"
    (np.savez_compressed if compressed else np.savez)(path, inputs=FEATURES, targets=LABELS)
    return path.read_bytes()


@pytest.mark.parametrize(
    "kind", ["empty", "text", "pickle", "npy", "truncated", "corrupt", "gone", "unnamed"]
)
def test_a_broken_file_is_one_line(kind, tmp_path):
    path, whole = tmp_path / "arrays.npz", written(tmp_path)
    np.save(tmp_path / "one.npy", FEATURES)
    contents = {
        "empty": b"",
        "text": b"not an archive",
        "pickle": pickle.dumps({"inputs": [1]}),
        "npy": (tmp_path / "one.npy").read_bytes(),
        "truncated": whole[: len(whole) // 2],
        "corrupt": whole[:120] + bytes([whole[120] ^ 0xFF]) + whole[121:],
    }
    if kind in contents:
        path.write_bytes(contents[kind])
    with pytest.raises(DataError) as error:
        npz(path=None if kind == "unnamed" else str(path), task="classification")
    assert "\n" not in str(error.value)
