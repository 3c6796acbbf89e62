"""Small files for every data set that reads some."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from runner.data.cifar import CIFAR10, CIFAR100, Published
from tests.data.idx_files import family, write_family

EXAMPLES = 120


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Where the files of a data set, or an augmentation, are, by its option."""
    root, random = tmp_path_factory.mktemp("files"), np.random.default_rng(0)
    images = random.integers(0, 256, (EXAMPLES, 16, 16, 3), dtype=np.uint8)
    idx = write_family(root / "idx", family(EXAMPLES))
    return {
        "mnist": idx,
        "fashion_mnist": idx,
        "cifar10": _cifar(root / "cifar10", CIFAR10, random),
        "cifar100": _cifar(root / "cifar100", CIFAR100, random),
        "image_folder": _image_folder(root / "images", images),
        "csv": _table(root / "table.csv", random),
        "npz": _arrays(root / "arrays.npz", images),
        "huggingface": _saved(root / "saved", images),
        "generated": _generated(root / "generated.npz", random),
    }


def _cifar(folder: Path, published: Published, random: np.random.Generator) -> Path:
    folder.mkdir()
    for name in (*published.train, published.test):
        records = random.integers(0, 256, (EXAMPLES, published.labels + 32 * 32 * 3), dtype=np.uint8)
        records[:, published.labels - 1] = np.arange(EXAMPLES) % published.classes
        (folder / name).write_bytes(records.tobytes())
    names = [f"class{number}" for number in range(published.classes)]
    (folder / published.names).write_text("\n".join(names))
    return folder


def _image_folder(folder: Path, images: np.ndarray) -> Path:
    for index, image in enumerate(images):
        place = folder / ("even", "odd")[index % 2] / f"{index}.png"
        place.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(place)
    return folder


def _table(path: Path, random: np.random.Generator) -> Path:
    rows = [f"{x:.3f},{y:.3f},{'yes' if x > y else 'no'}" for x, y in random.normal(size=(EXAMPLES, 2))]
    path.write_text("\n".join(["a,b,target", *rows]))
    return path


def _arrays(path: Path, images: np.ndarray) -> Path:
    np.savez(path, inputs=images, targets=np.arange(EXAMPLES) % 3)
    return path


def _generated(path: Path, random: np.random.Generator) -> Path:
    inputs = random.integers(0, 17, (EXAMPLES, 8, 8, 1), dtype=np.uint8)
    np.savez(path, inputs=inputs, targets=np.arange(EXAMPLES) % 10, maximum=16.0)
    return path


def _saved(folder: Path, images: np.ndarray) -> Path:
    datasets = pytest.importorskip("datasets")
    features = datasets.Features({"image": datasets.Image(), "label": datasets.ClassLabel(names=["a", "b"])})
    rows = {"image": [Image.fromarray(image) for image in images], "label": [i % 2 for i in range(EXAMPLES)]}
    datasets.Dataset.from_dict(rows, features=features).save_to_disk(folder)
    return folder
