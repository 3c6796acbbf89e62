"""MNIST is found in a folder of its own, never taken for Fashion-MNIST."""

import numpy as np
import pytest

from runner.data import download
from runner.data.dataset import DataError
from runner.data.mnist import MD5, URL, mnist
from tests.data.idx_files import STEMS, family, write_family


@pytest.fixture
def nowhere(tmp_path, monkeypatch):
    """A machine that has the data nowhere, and what it asks to download."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("RUNNER_DATA", str(tmp_path / "data"))
    return tmp_path


def test_it_is_read_from_its_own_folder(nowhere):
    write_family(nowhere / "data", family(seed=1))  # Fashion-MNIST's, perhaps
    for seed, place in enumerate(["cache/runner/mnist", "data/mnist"]):
        arrays = family(seed=seed)
        write_family(nowhere / place, arrays, zipped=seed == 0)
        source = mnist()
        np.testing.assert_array_equal(source.inputs[..., 0], arrays[0])
        np.testing.assert_array_equal(source.targets, arrays[1])
        assert source.test is not None
        np.testing.assert_array_equal(source.test[0][..., 0], arrays[2])
        np.testing.assert_array_equal(source.test[1], arrays[3])
        assert source.classes == tuple("0123456789") and source.maximum == 255


def test_it_is_downloaded_into_the_cache_where_it_is_nowhere(nowhere, monkeypatch):
    written = write_family(nowhere / "server", family(), zipped=True)
    asked = []

    def fetch(url, md5, target):
        asked.append((url, md5, target))
        return written / target.name

    monkeypatch.setattr(download, "download", fetch)
    np.testing.assert_array_equal(mnist().targets, family()[1])
    cache = nowhere / "cache" / "runner" / "mnist"
    assert asked == [(f"{URL}/{stem}.gz", MD5[stem], cache / f"{stem}.gz") for stem in STEMS]


def test_a_folder_that_is_given_must_have_it(nowhere):
    with pytest.raises(DataError, match="there is no such folder"):
        mnist(str(nowhere / "gone"))
    folder = write_family(nowhere / "given", family())
    (folder / STEMS[3]).write_bytes(b"")
    with pytest.raises(DataError, match=rf"{STEMS[3]}: not an IDX file"):
        mnist(str(folder))
