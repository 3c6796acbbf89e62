"""An environment of the peers' own, made once in the user's cache folder."""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

from runner.backend import cache_folder

REQUIREMENTS = (
    "torch==2.13.0",
    "lightning==2.6.6",
    "hydra-core==1.3.8",
    "tensorboard==2.21.0",
    "scikit-learn==1.9.1",
    "setuptools<81",
)


def peer_python() -> Path:
    """The Python of an environment that has the peers' packages."""
    digest = hashlib.blake2b("\n".join(REQUIREMENTS).encode(), digest_size=4).hexdigest()
    folder = cache_folder() / f"peers-{digest}"
    python = folder / "bin" / "python"
    finished = folder / "finished"
    if not finished.exists():
        print(f"Installing the peers into {folder}, once.", file=sys.stderr)
        venv.create(folder, clear=True, with_pip=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, *REQUIREMENTS], check=True, stdout=sys.stderr)
        finished.touch()
    return python
