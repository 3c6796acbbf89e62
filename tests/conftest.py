"""What every test shares."""

import os
from pathlib import Path

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Compiled programs are kept from test to test, and from one run of the tests to the next."""
    os.environ["XDG_CACHE_HOME"] = str(config.cache.mkdir("xdg"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
