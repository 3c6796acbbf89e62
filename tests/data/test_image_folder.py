"""Images of any kind and size become arrays of one, under the classes of their folders."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from runner.data.dataset import DataError, Source
from runner.data.image_folder import image_folder
from runner.data.reading import whole

RANDOM = np.random.default_rng(0)


def save(path: Path, image: np.ndarray, mode: str | None = None, **options) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = Image.fromarray(image)
    (made if mode is None else made.convert(mode)).save(path, **options)
    return path


def colours(height: int, width: int) -> np.ndarray:
    return RANDOM.integers(0, 256, (height, width, 3), dtype=np.uint8)


def read(folder: Path, size: int | list[int] = 8, channels: int = 3) -> Source:
    found = image_folder(path=str(folder), size=size, channels=channels)
    test = found.test and (whole(found.test[0]), found.test[1])
    return replace(found, inputs=whole(found.inputs), test=test)


def test_classes_are_folders_and_images_are_kept_at_their_size(tmp_path):
    images = [colours(8, 8) for _ in range(3)]
    for name, image in zip(["dog/b.png", "cat/z.png", "dog/a.bmp"], images, strict=True):
        save(tmp_path / name, image)
    (tmp_path / "dog" / "notes.txt").write_text("no image")
    (tmp_path / ".cache").mkdir()
    found = read(tmp_path)
    assert found.classes == ("cat", "dog") and found.maximum == 255 and found.test is None
    np.testing.assert_array_equal(found.targets, [0, 1, 1])
    np.testing.assert_array_equal(found.inputs, [images[1], images[2], images[0]])
    assert (found.inputs.dtype, found.targets.dtype) == (np.uint8, np.int32)


def test_half_the_size_is_the_mean_of_what_a_pixel_covers(tmp_path):
    """Bilinear over its support: a triangle of weights 1, 3, 3, 1 over eight where the scale is two."""
    image = colours(16, 12)
    save(tmp_path / "a" / "1.png", image)
    found = read(tmp_path, [8, 6]).inputs[0]
    weights = np.array([1, 3, 3, 1]) / 8
    for row, column in [(1, 1), (3, 4), (6, 2)]:
        patch = image[2 * row - 1 : 2 * row + 3, 2 * column - 1 : 2 * column + 3].astype(float)
        expected = np.einsum("i,j,ijc->c", weights, weights, patch)
        np.testing.assert_allclose(found[row, column], expected, atol=1.01)


@pytest.mark.parametrize(
    ("mode", "ending"), [("L", "png"), ("P", "gif"), ("RGBA", "png"), ("1", "png"), ("CMYK", "jpg")]
)
@pytest.mark.parametrize("channels", [1, 3])
def test_every_kind_of_image_and_size(mode, ending, channels, tmp_path):
    save(tmp_path / "a" / f"1.{ending}", np.full((30, 10, 3), 255, np.uint8), mode)
    save(tmp_path / "b" / "2.jpeg", np.full((3, 50, 3), 255, np.uint8), quality=95)
    found = read(tmp_path, [4, 7], channels)
    assert found.inputs.shape == (2, 4, 7, channels)
    assert found.inputs.min() >= 250


def test_a_photograph_is_upright(tmp_path):
    image = np.zeros((8, 8, 3), np.uint8)
    image[0] = 255
    exif = Image.Exif()
    exif[0x0112] = 6  # turn it clockwise to show it
    save(tmp_path / "a" / "1.png", image, exif=exif)
    np.testing.assert_array_equal(read(tmp_path).inputs[0], np.rot90(image, -1))


def test_train_and_test_are_splits(tmp_path):
    images = [colours(8, 8) for _ in range(4)]
    for name, image in zip(["train/a", "train/b", "test/a", "test/b"], images, strict=True):
        save(tmp_path / name / "1.png", image)
    found = read(tmp_path)
    assert found.classes == ("a", "b") and found.test is not None
    np.testing.assert_array_equal(found.inputs, images[:2])
    np.testing.assert_array_equal(found.test[0], images[2:])
    np.testing.assert_array_equal(found.test[1], [0, 1])
    save(tmp_path / "test" / "c" / "1.png", images[0])
    with pytest.raises(DataError, match="train and test have other classes: c"):
        read(tmp_path)


@pytest.mark.parametrize("fault", ["truncated", "corrupt", "empty", "text", "deep"])
def test_an_image_that_is_not_whole_is_one_line(fault, tmp_path):
    path = save(tmp_path / "a" / "1.png", colours(64, 64))
    content = path.read_bytes()
    if fault == "deep":
        Image.fromarray(np.zeros((4, 4), np.uint16)).save(path)
    else:
        broken = {
            "truncated": content[: len(content) // 2],
            "corrupt": content[:200] + b"\0" * 400 + content[600:],
            "empty": b"",
            "text": b"no image at all",
        }
        path.write_bytes(broken[fault])
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert str(error.value).startswith(f"{path}: ") and "\n" not in str(error.value)


def test_folders_that_hold_no_images_are_one_line(tmp_path):
    for folder, said in [
        ("gone", "there is no such folder"),
        ("empty", "it has no folders"),
        ("bare", "no images"),
    ]:
        if folder != "gone":
            (tmp_path / folder / ("" if folder == "empty" else "a")).mkdir(parents=True)
        with pytest.raises(DataError, match=said):
            read(tmp_path / folder)
    save(tmp_path / "good" / "a" / "1.png", colours(4, 4))
    for given, said in [({"size": [1, 2, 3]}, "size"), ({"size": 0}, "size"), ({"channels": 2}, "channels")]:
        with pytest.raises(DataError, match=f"dataset.{said}="):
            read(tmp_path / "good", **given)
    with pytest.raises(DataError, match=r"dataset\.path is null"):
        image_folder(size=8, channels=3)
