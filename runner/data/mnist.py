"""MNIST's handwritten digits."""

from runner.data.dataset import Source
from runner.data.mnist_family import read_family
from runner.data.places import cache, find_files, own_folders

URL = "https://ossci-datasets.s3.amazonaws.com/mnist"
MD5 = {
    "train-images-idx3-ubyte": "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "train-labels-idx1-ubyte": "d53e105ee54ea40749a09fcbcd1e9432",
    "t10k-images-idx3-ubyte": "9fb629c4189551a2d022fa330f9573f3",
    "t10k-labels-idx1-ubyte": "ec29112dd5afa0611ce80d1b7f02629c",
}
"""Of the published files, gzipped."""


def mnist(path: str | None = None) -> Source:
    """60,000 training and 10,000 test images [28, 28, 1] of digits (LeCun, Cortes and Burges 1998).

    The four files, gzipped or not, are looked for in `path` alone if it is given; else in the folder `mnist`
    of $RUNNER_DATA and of the user's cache, and are downloaded to the cache if they are in neither. Not in
    $RUNNER_DATA itself: what lies there under the same names may be Fashion-MNIST.

    Raises:
        DataError: a file is missing, is not whole, or cannot be downloaded.
    """
    files = find_files(URL, MD5, path, own_folders("mnist"), cache("mnist"))
    return read_family(files, tuple("0123456789"))
