"""The suites that Hydra's own launchers pass, on ours, with Hydra's own applications."""

import pytest
from hydra.core.plugins import Plugins
from hydra.test_utils.launcher_common_tests import (
    BatchedSweeperTestSuite,
    IntegrationTestSuite,
    LauncherTestSuite,
)

LANES = "hydra/launcher=lanes"
GRID = "hydra/sweeper=grid"


def test_the_launcher_is_found() -> None:
    assert "LanesLauncher" in [plugin.__name__ for plugin in Plugins.instance().discover()]


@pytest.mark.parametrize(("launcher_name", "overrides"), [("lanes", []), ("lanes", [GRID])])
class TestLanes(LauncherTestSuite):
    """One job after another, for a task that takes them singly."""


@pytest.mark.parametrize(("launcher_name", "overrides"), [("lanes", ["hydra.sweeper.max_batch_size=2"])])
class TestLanesInBatches(BatchedSweeperTestSuite):
    """What a sweeper that launches in batches expects: numbers go on."""


@pytest.mark.parametrize(("task_launcher_cfg", "extra_flags"), [({}, ["-m", LANES, GRID])])
class TestLanesInAProgram(IntegrationTestSuite):
    """Programs of their own that run with -m."""
