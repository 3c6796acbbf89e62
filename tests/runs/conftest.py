"""A user's folder: modules, a `models/` package and a `configs/` folder beside ours."""

import shutil
from pathlib import Path

import pytest

OWN_PARTS = Path(__file__).parent / "own_parts"


@pytest.fixture(scope="session")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the user's folder, outside of the repository."""
    return Path(shutil.copytree(OWN_PARTS, tmp_path_factory.mktemp("user") / "project"))
