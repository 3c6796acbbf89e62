"""CIFAR's binary files are read from the archive or its folder, in the published layout, never unpickled."""

import gzip
import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from runner.data import download
from runner.data.cifar import CIFAR10, CIFAR100, URL, Published, cifar10, cifar100
from runner.data.dataset import DataError

BOTH = pytest.mark.parametrize(
    ("published", "read"), [(CIFAR10, cifar10), (CIFAR100, cifar100)], ids=["10", "100"]
)


@pytest.fixture
def nowhere(tmp_path, monkeypatch) -> Path:
    """A machine that has the data nowhere and cannot download it."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("RUNNER_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(download, "download", lambda *_: pytest.fail("it downloads"))
    return tmp_path


def images_and_labels(published: Published, examples: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    return random.integers(0, 256, (examples, 32, 32, 3)), random.integers(0, published.classes, examples)


def records(published: Published, images: np.ndarray, labels: np.ndarray) -> bytes:
    """As the page of CIFAR says: the labels, then 1,024 bytes of red, of green and of blue, row by row."""
    content = b""
    for image, label in zip(images, labels, strict=True):
        content += bytes([7] * (published.labels - 1) + [label])
        for channel in range(3):
            content += bytes(int(image[row, column, channel]) for row in range(32) for column in range(32))
    return content


def files(published: Published) -> dict[str, bytes]:
    parts = {
        name: records(published, *images_and_labels(published, 2, seed))
        for seed, name in enumerate((*published.train, published.test))
    }
    names = "\n".join(f"class{number}" for number in range(published.classes))
    return parts | {published.names: f"{names}\n\n".encode()}


def write_folder(folder: Path, published: Published, **changed: bytes | None) -> Path:
    folder.mkdir(parents=True)
    for name, content in (files(published) | changed).items():
        if content is not None:
            (folder / name).write_bytes(content)
    return folder


def archive(published: Published, contents: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        for name, content in contents.items():
            member = tarfile.TarInfo(f"{published.folder}/{name}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return gzip.compress(buffer.getvalue(), mtime=0)


@BOTH
def test_a_folder_and_an_archive_are_read_alike(published, read, nowhere):
    packed = nowhere / "given" / published.archive
    packed.parent.mkdir()
    packed.write_bytes(archive(published, files(published)))
    folder = write_folder(nowhere / "data" / published.folder, published)
    expected = [images_and_labels(published, 2, seed) for seed in range(len(published.train) + 1)]
    for path in (None, folder, folder.parent, packed, packed.parent):
        source = read(None if path is None else str(path))
        np.testing.assert_array_equal(source.inputs, np.concatenate([images for images, _ in expected[:-1]]))
        np.testing.assert_array_equal(source.targets, np.concatenate([labels for _, labels in expected[:-1]]))
        assert source.test is not None and source.inputs.dtype == np.uint8 and source.maximum == 255
        np.testing.assert_array_equal(source.test[0], expected[-1][0])
        np.testing.assert_array_equal(source.test[1], expected[-1][1])
        assert source.classes == tuple(f"class{number}" for number in range(published.classes))


@BOTH
def test_it_is_downloaded_where_it_is_nowhere(published, read, nowhere, monkeypatch):
    asked = []

    def fetch(url, md5, target):
        asked.append((url, md5, target))
        target.parent.mkdir(parents=True)
        target.write_bytes(archive(published, files(published)))
        return target

    monkeypatch.setattr(download, "download", fetch)
    assert len(read().targets) == 2 * len(published.train)
    place = nowhere / "cache" / "runner" / published.name / published.archive
    assert asked == [(f"{URL}/{published.archive}", published.md5, place)]
    assert len(read().targets) == 2 * len(published.train) and len(asked) == 1


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"test_batch.bin": b"\0" * 3072}, "test_batch.bin has 3072 bytes, no multiple of 3073"),
        ({"data_batch_3.bin": b""}, "data_batch_3.bin has 0 bytes"),
        ({"data_batch_2.bin": b"\x0a" + b"\0" * 3072}, "data_batch_2.bin has the label 10, and there are 10"),
        ({"data_batch_5.bin": None}, "data_batch_5.bin: cannot be read"),
        ({"batches.meta.txt": b"one\ntwo\n"}, "batches.meta.txt has 2 names, expected 10"),
    ],
)
def test_files_that_are_not_whole_are_one_line(changed, said, nowhere):
    folder = write_folder(nowhere / "given", CIFAR10, **changed)
    with pytest.raises(DataError) as error:
        cifar10(str(folder))
    assert said in str(error.value) and "\n" not in str(error.value)


def test_an_archive_that_is_not_whole_is_one_line(nowhere):
    path, whole = nowhere / CIFAR10.archive, archive(CIFAR10, files(CIFAR10))
    some = {name: content for name, content in files(CIFAR10).items() if name != CIFAR10.test}
    middle = len(whole) // 2
    for content, said in [
        (whole[:middle], "truncated or corrupt"),
        (whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :], "truncated or corrupt"),
        (b"", "truncated or corrupt"),
        (b"no archive", "truncated or corrupt"),
        (gzip.compress(b"no tar" * 1000), "truncated or corrupt"),
        (archive(CIFAR10, some), "it has no test_batch.bin"),
    ]:
        path.write_bytes(content)
        with pytest.raises(DataError) as error:
            cifar10(str(path))
        assert said in str(error.value) and "\n" not in str(error.value)


def test_a_place_that_is_given_must_have_it(nowhere):
    with pytest.raises(DataError, match="there is no such folder"):
        cifar10(str(nowhere / "gone"))
    with pytest.raises(DataError, match=r"it has no cifar-100-binary\.tar\.gz and no train\.bin"):
        cifar100(str(nowhere))
