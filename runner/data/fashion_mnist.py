"""Fashion-MNIST's pictures of clothes."""

from pathlib import Path

from runner.data.dataset import Source
from runner.data.mnist_family import read_family
from runner.data.places import cache, find_files, given_folder, own_folders

CLASSES = (
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
)
URL = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com"
MD5 = {
    "train-images-idx3-ubyte": "8d4fb7e6c68d591d4c3dfef9ec88bf0d",
    "train-labels-idx1-ubyte": "25c81989df183df01b3e8a0aad5dffbe",
    "t10k-images-idx3-ubyte": "bef4ecab320f06d8554ea6380940ec79",
    "t10k-labels-idx1-ubyte": "bb300cfdad3c16e7a12a480ee83cd310",
}
"""Of the published files, gzipped."""
DEBIAN = Path("/usr/share/datasets/fashion-mnist")


def fashion_mnist(path: str | None = None) -> Source:
    """60,000 training and 10,000 test images [28, 28, 1] of clothes (Xiao et al. 2017, arXiv 1708.07747).

    The four files, gzipped or not, are looked for in `path` alone if it is given; else in $RUNNER_DATA, in
    the user's cache and where Debian's package dataset-fashion-mnist puts them, and are downloaded to the
    cache if they are in none of these.

    Raises:
        DataError: a file is missing, is not whole, or cannot be downloaded.
    """
    folders = [*given_folder(), *own_folders("fashion_mnist"), DEBIAN]
    return read_family(find_files(URL, MD5, path, folders, cache("fashion_mnist")), CLASSES)
