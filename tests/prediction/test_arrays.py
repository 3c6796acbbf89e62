"""The array `inputs` of an .npz file, block by block, as the data set of the run stores its own."""

import tracemalloc
import zipfile

import numpy as np
import pytest

from runner.data.dataset import DataError
from runner.prediction import blocks
from runner.prediction.arrays import array_blocks
from runner.prediction.blocks import Expected

FEATURES = Expected((3,), 1.0, (), frozenset())
DIGITS = Expected((4, 5, 1), 16.0, (), frozenset())
PIXELS = Expected((4, 5, 1), 255.0, (), frozenset())
UNIT = Expected((4, 5, 1), 1.0, (), frozenset())


def stored(tmp_path, **arrays):
    np.savez(tmp_path / "inputs.npz", **arrays)
    return tmp_path / "inputs.npz"


def read(path, expected):
    found = list(array_blocks(path, expected))
    return [name for block in found for name in block.names], np.concatenate([one.inputs for one in found])


@pytest.mark.parametrize("size", [1, 4, 512])
@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("order", ["C", "F"])
def test_blocks_are_the_array(size, save, order, tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "MOST_EXAMPLES", size)
    array = np.random.default_rng(0).normal(size=(10, 3))
    save(tmp_path / "inputs.npz", inputs=np.asarray(array, order=order), targets=np.zeros(10, object))
    names, inputs = read(tmp_path / "inputs.npz", FEATURES)
    assert names == list(range(10))
    np.testing.assert_array_equal(inputs, array.astype(np.float32))


@pytest.mark.parametrize(
    ("array", "expected", "most"),
    [
        (np.full((2, 4, 5, 1), 16, np.uint8), DIGITS, 16),
        (np.full((2, 4, 5), 16, np.int64), DIGITS, 16),
        (np.full((2, 4, 5), 1.0), DIGITS, 16),
        (np.full((2, 4, 5), True), DIGITS, 16),
        (np.full((2, 4, 5), 255, np.uint8), PIXELS, 255),
        (np.full((2, 4, 5), 0.2, np.float32), PIXELS, 51),
        (np.full((2, 4, 5), 0.5), UNIT, 0.5),
        (np.full((2, 4, 5), 51, np.uint8), UNIT, 0.2),
        (np.full((2, 3), 7, np.int16), FEATURES, 7),
    ],
)
def test_images_in_the_scale_of_the_run(array, expected, most, tmp_path):
    _, inputs = read(stored(tmp_path, inputs=array), expected)
    assert inputs.shape == (2, *expected.shape)
    np.testing.assert_allclose(inputs, most, rtol=1e-6)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_no_more_is_read_than_a_block(save, tmp_path):
    save(tmp_path / "large.npz", inputs=np.zeros((20_000, 256), np.float32))  # 20 MB
    expected = Expected((256,), 1.0, (), frozenset())
    tracemalloc.start()
    assert sum(len(block.names) for block in array_blocks(tmp_path / "large.npz", expected)) == 20_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 4e6


@pytest.mark.parametrize(
    ("arrays", "expected", "said"),
    [
        ({"images": np.zeros((2, 3))}, FEATURES, "it has no inputs; it holds images"),
        ({"inputs": np.zeros((2, 4))}, FEATURES, r"inputs is float64 \[2, 4\], expected numbers \[n, 3\]"),
        ({"inputs": np.zeros(())}, FEATURES, r"inputs is float64 \[\], expected numbers"),
        ({"inputs": np.zeros((2, 4, 5, 3))}, PIXELS, r"expected numbers \[n, 4, 5, 1\]"),
        ({"inputs": np.array([["a", "b", "c"]])}, FEATURES, r"inputs is <U1 \[1, 3\]"),
        ({"inputs": np.array([[1, 2, {}]])}, FEATURES, r"inputs is object \[1, 3\]"),
        ({"inputs": np.array([[1, np.nan, 2]])}, FEATURES, r"inputs\[0\] is not all finite numbers"),
        ({"inputs": np.array([[1, 2, 3], [1, 1e300, 2]])}, FEATURES, r"inputs\[1\] is not all finite"),
        (
            {"inputs": np.full((2, 4, 5), 255, np.uint8)},
            DIGITS,
            r"inputs\[0\] is not all whole numbers from 0 to 16, or others from 0 to 1",
        ),
        ({"inputs": np.full((2, 4, 5), -0.5)}, PIXELS, "is not all whole numbers from 0 to 255"),
    ],
)
def test_what_does_not_fit_is_one_line(arrays, expected, said, tmp_path):
    with pytest.raises(DataError, match=said) as error:
        read(stored(tmp_path, **arrays), expected)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_whole_is_one_line(tmp_path):
    path = stored(tmp_path, inputs=np.ones((1000, 3)))
    content = path.read_bytes()
    with zipfile.ZipFile(tmp_path / "short.npz", "w") as archive, zipfile.ZipFile(path) as whole:
        archive.writestr("inputs.npy", whole.read("inputs.npy")[:-24])
    for name, data in {
        "cut.npz": content[:-100],
        "text.npz": b"hello",
        "empty.npz": b"",
        "flipped.npz": content[:2000] + bytes(8) + content[2008:],
    }.items():
        (tmp_path / name).write_bytes(data)
    for name in ("cut.npz", "text.npz", "empty.npz", "flipped.npz", "short.npz"):
        with pytest.raises(DataError, match=r"not an \.npz file of plain arrays \(.+\)$"):
            read(tmp_path / name, FEATURES)
