"""Fashion-MNIST is found where it lies, in a fixed order, and read whole."""

from pathlib import Path

import numpy as np
import pytest

from runner.data import download, fashion_mnist
from runner.data.dataset import DataError
from tests.data.idx_files import STEMS, family, idx, write_family


@pytest.fixture
def nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine that has the data nowhere and cannot download it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("RUNNER_DATA", raising=False)
    monkeypatch.setattr(fashion_mnist, "DEBIAN", tmp_path / "debian")
    monkeypatch.setattr(download, "download", lambda *_: pytest.fail("it downloads"))
    return tmp_path


def read(path: Path | None = None) -> np.ndarray:
    return fashion_mnist.fashion_mnist(None if path is None else str(path)).targets


def test_the_first_place_that_has_it_is_read(nowhere, monkeypatch):
    labels = []
    places = ["debian", "cache/runner/fashion_mnist", "data/fashion-mnist", "data/fashion_mnist", "data"]
    monkeypatch.setenv("RUNNER_DATA", str(nowhere / "data"))
    for seed, place in enumerate(places):
        arrays = family(seed=seed)
        write_family(nowhere / place, arrays, zipped=seed % 2 == 0)
        labels.append(arrays[1])
        np.testing.assert_array_equal(read(), labels[-1])
    given = write_family(nowhere / "given", family(seed=9))
    np.testing.assert_array_equal(read(given), family(seed=9)[1])


def test_images_labels_and_the_official_test_set(nowhere):
    arrays = family()
    source = fashion_mnist.fashion_mnist(str(write_family(nowhere / "data", arrays)))
    np.testing.assert_array_equal(source.inputs[..., 0], arrays[0])
    assert source.inputs.dtype == np.uint8 and source.maximum == 255
    assert source.test is not None
    np.testing.assert_array_equal(source.test[0][..., 0], arrays[2])
    np.testing.assert_array_equal(source.test[1], arrays[3])


def test_a_folder_that_is_given_must_have_it(nowhere):
    write_family(nowhere / "debian", family())
    folder = write_family(nowhere / "given", family())
    (folder / STEMS[2]).unlink()
    with pytest.raises(DataError, match=rf"dataset\.path={folder}: it has no {STEMS[2]}"):
        read(folder)
    with pytest.raises(DataError, match="there is no such folder"):
        read(nowhere / "gone")


@pytest.mark.parametrize(
    ("place", "array", "said"),
    [
        (1, np.zeros(59), "do not fit"),
        (3, np.full(20, 10), "its labels go up to 10, and there are 10 classes"),
        (0, np.zeros((60, 784)), "do not fit"),
    ],
)
def test_files_that_do_not_belong_together_are_refused(place, array, said, nowhere):
    folder = write_family(nowhere / "data", family())
    (folder / STEMS[place]).write_bytes(idx(array))
    with pytest.raises(DataError, match=said):
        read(folder)


def test_a_truncated_file_is_no_data_set(nowhere):
    folder = write_family(nowhere / "data", family())
    path = folder / STEMS[0]
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(DataError, match=STEMS[0]):
        read(folder)


@pytest.mark.skipif(not fashion_mnist.DEBIAN.is_dir(), reason="needs Debian's package dataset-fashion-mnist")
def test_the_real_data_are_what_was_published(monkeypatch):
    monkeypatch.delenv("RUNNER_DATA", raising=False)
    source = fashion_mnist.fashion_mnist(str(fashion_mnist.DEBIAN))
    assert source.inputs.shape == (60_000, 28, 28, 1)
    np.testing.assert_array_equal(np.bincount(source.targets), np.full(10, 6_000))
    assert source.test is not None
    assert source.test[0].shape == (10_000, 28, 28, 1)
    np.testing.assert_array_equal(np.bincount(source.test[1]), np.full(10, 1_000))
    # The mean and deviation that the field normalises these images with.
    assert source.inputs.mean() / 255 == pytest.approx(0.2860, abs=5e-5)
    assert source.inputs.std() / 255 == pytest.approx(0.3530, abs=5e-5)
