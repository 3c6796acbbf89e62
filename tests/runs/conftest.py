"""What the tests of whole runs share."""

import shutil
import sys
from pathlib import Path

import pytest

from tests.runs.outcomes import OPTIONS, Outcome, outcome, run_in

OWN_PARTS = Path(__file__).parent / "own_parts"


@pytest.fixture(scope="session")
def own_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of a user's folder: modules, a `models/` package and a `configs/` folder beside ours."""
    return Path(shutil.copytree(OWN_PARTS, tmp_path_factory.mktemp("user") / "project"))


@pytest.fixture(scope="session")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """A run of OPTIONS that nothing interrupted."""
    return outcome(run_in(tmp_path_factory.mktemp("whole") / "run", OPTIONS))


@pytest.fixture
def at_home(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, which is the current one."""
    monkeypatch.chdir(own_folder)
    monkeypatch.setattr(sys, "path", list(sys.path))
    return own_folder
