"""Makes the pictures of docs/tour.md again, of real runs:

    python docs/make_tour.py [PRESET ...]

Trains each preset into outputs/tour/PRESET, unless it is there, and joins pictures of it from TensorBoard.
"""

import io
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import numpy as np
from PIL import Image
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

RUNS, IMAGES = Path("outputs/tour"), Path(__file__).parent / "images"
HEIGHT, GAP, COLOURS = 440, 12, 128


class Picture(NamedTuple):
    """What is shown of a preset."""

    shown: tuple[tuple[str, str, int], ...]
    """Pictures side by side: a folder in the preset's, a tag, and which of its steps."""
    compared: tuple[str, ...] | None = None
    """Arguments of `runner compare` for a sweep; None for a run."""


def _figure(tag: str, *arguments: str) -> Picture:
    return Picture((("comparison/figures", tag, -1),), arguments)


def _run(*shown: tuple[str, int]) -> Picture:
    return Picture(tuple((".", tag, step) for tag, step in shown))


PICTURES = {
    "polynomial": Picture(tuple((run, "curve", -1) for run in ("0", "5", "20", "23")), ()),
    "lasso_ridge": _figure("2_at_its_best/regularizer.l1", "--metric", "regularizer/zeros"),
    "low_rank": _figure("2_at_its_best/regularizer.nuclear", "--metric", "regularizer/effective_rank"),
    "svm": _run(("test/confusion", -1)),
    "surface": Picture(
        tuple(
            ("comparison/figures", f"7_over_the_loss/model_{name}", -1)
            for name in ("saddle", "ravine", "plateau")
        ),
        (),
    ),
    "sparse_features": _figure("3_pairs/optimizer_and_optimizer.learning_rate"),
    "playground_spiral": _run(("plane", 0), ("plane", 5), ("plane", -1)),
    "sigmoid_depth": _figure("4_curves/val/accuracy"),
    "rnn_explodes": _figure("4_curves/val/accuracy"),
    "batch_size": _figure("4_curves/val/accuracy"),
    "large_batch": _figure("3_pairs/schedule_and_optimizer.learning_rate"),
    "mixup_smoothing": _figure("3_pairs/augmentation_and_loss.label_smoothing"),
    "digits_multitask": _run(("test/worst_mistakes", -1)),
    "fashion_mlp": _run(("test/worst_mistakes", -1)),
    "fashion_cnn": _run(("test/confusion", -1)),
    "fashion_resnet": _run(("training_images", 0), ("test/worst_mistakes", -1)),
}


def main(presets: list[str]) -> None:
    """Makes the pictures of these presets, or of all."""
    for preset in presets or PICTURES:
        picture, folder = PICTURES[preset], RUNS / preset
        if not folder.exists():
            many = [] if picture.compared is None else ["-m"]
            _runner("train", *many, f"experiment={preset}", f"output_dir={folder}")
        if picture.compared is not None:
            _runner("compare", str(folder), *picture.compared)
        parts = [_scaled(_shown(folder / place, tag, step)) for place, tag, step in picture.shown]
        _joined(parts).quantize(COLOURS, kmeans=2, dither=Image.Dither.NONE).save(
            IMAGES / f"tour-{preset}.png", optimize=True
        )


def _runner(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "runner", *arguments], check=True, stdout=subprocess.DEVNULL)


def _shown(folder: Path, tag: str, step: int) -> Image.Image:
    events = EventAccumulator(str(folder), {"images": 0}).Reload()
    return Image.open(io.BytesIO(events.Images(tag)[step].encoded_image_string)).convert("RGB")


def _scaled(image: Image.Image) -> Image.Image:
    size = round(image.width * HEIGHT / image.height), HEIGHT
    return image if image.height <= HEIGHT else image.resize(size, Image.Resampling.LANCZOS)


def _joined(parts: list[Image.Image]) -> Image.Image:
    width = sum(part.width + GAP for part in parts) - GAP
    joined = Image.new("RGB", (width, max(part.height for part in parts)), "white")
    for place, part in zip(np.cumsum([0, *(part.width + GAP for part in parts)]), parts, strict=False):
        joined.paste(part, (int(place), 0))
    return joined


if __name__ == "__main__":
    main(sys.argv[1:])
