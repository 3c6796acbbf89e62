"""Every optimizer learns at the rate that its YAML gives."""

import pytest

from runner import groups
from runner.sweeps.numbering import run_folders
from tests.sweeps.conftest import recorded, sweep_in


@pytest.mark.exhaustive
def test_every_optimizer_learns_digits_at_its_default_rate(tmp_path):
    options = [option.name for option in groups.options("optimizer", groups.folders())]
    assert len(options) >= 13
    sweep = sweep_in(tmp_path / "sweep", [f"optimizer={','.join(options)}"])
    found = {
        option: recorded(folder, "val/accuracy")[-1]
        for option, folder in zip(options, run_folders(sweep).values(), strict=True)
    }
    assert {option: accuracy for option, accuracy in found.items() if accuracy < 0.95} == {}
