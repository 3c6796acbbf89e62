"""What Hydra's own suites take for granted."""

import pytest
from hydra.version import VersionBase, __compat_version__


@pytest.fixture(autouse=True)
def old_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    """The suites name no version base, and expect its oldest behaviour; another test may have named one."""
    monkeypatch.setattr(VersionBase.instance(), "version_base", __compat_version__)
