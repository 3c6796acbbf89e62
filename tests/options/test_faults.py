"""Each fault of the gallery is named, and its cure is clean."""

import json
import re
from pathlib import Path

import pytest

from runner import groups
from runner.cli import main

FAULTS = [
    option for option in groups.options("experiment", [groups.CONFIGS]) if option.name.startswith("fault/")
]


def told(option: groups.Option) -> tuple[str, str, list[str]]:
    """The command that names a fault, the name, and the overrides that cure it, as the file says."""
    found = re.search(r"# Named by `runner (\w+)`: (\w+)\. Cured by: (.+)", option.text)
    assert found is not None, option.path
    return found[1], found[2], found[3].split()


def findings(command: str, folder: Path, *overrides: str) -> list[dict]:
    code = main([command, *overrides, f"output_dir={folder}"])
    assert code in (0, 1)
    file = folder / ("doctor.json" if command == "doctor" else "summary.json")
    return json.loads(file.read_text())["findings"]


@pytest.mark.parametrize("option", FAULTS, ids=lambda option: option.name)
def test_it_is_named_and_its_cure_is_clean(option, here):
    command, name, cure = told(option)
    ill = findings(command, here / "ill", f"experiment={option.name}")
    assert name in {finding["name"] for finding in ill if finding["severity"] != "remark"}
    cured = findings(command, here / "cured", f"experiment={option.name}", *cure)
    assert [finding for finding in cured if finding["severity"] != "remark"] == []


def test_there_are_the_faults_of_the_textbook():
    assert len(FAULTS) == 14
