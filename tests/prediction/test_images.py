"""Image files of any kind and size become such as the run takes."""

import numpy as np
import pytest
from PIL import Image

from runner.data.dataset import DataError
from runner.prediction import blocks
from runner.prediction.blocks import Expected
from runner.prediction.images import image_blocks, images_in

GREY = Expected((4, 6, 1), 16.0, (), frozenset())
COLOUR = Expected((4, 6, 3), 255.0, (), frozenset())
RANDOM = np.random.default_rng(0)


def saved(path, *shape):
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(RANDOM.integers(0, 256, shape, np.uint8)).save(path)
    return path


def test_a_folder_is_searched_in_the_order_of_names(tmp_path):
    for name in ("b/2.png", "b/1.PNG", "a.bmp", ".hidden.png", ".cache/1.png"):
        saved(tmp_path / name, 4, 6)
    (tmp_path / "notes.txt").write_text("no image")
    found = [str(file.relative_to(tmp_path)) for file in images_in(tmp_path)]
    assert found == ["a.bmp", "b/1.PNG", "b/2.png"]


def test_pixels_that_fit_are_kept_and_scaled_to_the_maximum_of_the_run(tmp_path):
    file = saved(tmp_path / "grey.png", 4, 6)
    (block,) = image_blocks(tmp_path, [file], GREY)
    assert block.names == [str(file)]
    pixels = np.asarray(Image.open(file)).reshape(1, 4, 6, 1)
    np.testing.assert_allclose(block.inputs, pixels * (16 / 255), rtol=1e-6)
    (colour,) = image_blocks(tmp_path, [file], COLOUR)
    np.testing.assert_array_equal(colour.inputs, np.repeat(pixels, 3, axis=-1))
    assert colour.inputs.dtype == np.uint8


def test_any_size_and_kind(tmp_path, monkeypatch):
    monkeypatch.setattr(blocks, "MOST_EXAMPLES", 2)
    shapes = [(4, 6), (40, 30, 3), (2, 2, 4), (1, 1)]
    files = [saved(tmp_path / f"{number}.png", *shape) for number, shape in enumerate(shapes)]
    found = list(image_blocks(tmp_path, files, COLOUR))
    assert [block.inputs.shape for block in found] == [(2, 4, 6, 3), (2, 4, 6, 3)]
    resized = Image.open(files[1]).resize((6, 4), Image.Resampling.BILINEAR)
    np.testing.assert_array_equal(found[0].inputs[1], np.asarray(resized))


def test_what_does_not_fit_is_one_line(tmp_path):
    whole = saved(tmp_path / "whole.png", 4, 6)
    (tmp_path / "cut.png").write_bytes(whole.read_bytes()[:-30])
    (tmp_path / "text.png").write_text("hello")
    Image.fromarray(np.zeros((4, 6), np.int32)).save(tmp_path / "deep.tif")
    for name, said in {
        "cut.png": "cut.png: not a whole image",
        "text.png": "text.png: not a whole image",
        "deep.tif": "deep.tif: its pixels are of the kind I",
        "gone.png": "gone.png: not a whole image",
    }.items():
        with pytest.raises(DataError, match=said):
            list(image_blocks(tmp_path, [whole, tmp_path / name], GREY))
    for shape in ((3,), (4, 6, 2)):
        with pytest.raises(DataError, match="images, and the run was trained on"):
            list(image_blocks(tmp_path, [whole], Expected(shape, 1.0, (), frozenset())))
