"""Environments of the peers' own, made once in the user's cache folder."""

import hashlib
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path
from urllib.request import urlopen

from runner.data.places import cache

TORCH = (
    "torch==2.13.0",
    "lightning==2.6.6",
    "hydra-core==1.3.8",
    "tensorboard==2.21.0",
    "scikit-learn==1.9.1",
    "setuptools<81",
)
"""PyTorch, Lightning and Hydra; scikit-learn."""

KERAS = ("keras==3.15.1", "jax==0.10.2")
"""Keras, on the JAX that the runner has."""

CPU_WHEELS = "https://download.pytorch.org/whl/cpu"


def peer_python(requirements: Sequence[str] = TORCH) -> Path:
    """The Python of an environment that has these packages."""
    digest = hashlib.blake2b("\n".join(requirements).encode(), digest_size=4).hexdigest()
    folder = cache(f"peers-{digest}")
    python = folder / "bin" / "python"
    finished = folder / "finished"
    if not finished.exists():
        print(f"Installing {', '.join(requirements)} into {folder}, once.", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *_wheels_for_cpus(), *requirements], check=True, stdout=sys.stderr)
        finished.touch()
    return python


def _wheels_for_cpus() -> list[str]:
    # Those of PyPI bring CUDA with them, some gigabytes.
    try:
        with urlopen(f"{CPU_WHEELS}/torch/", timeout=5):
            return ["--extra-index-url", CPU_WHEELS]
    except OSError:
        return []
