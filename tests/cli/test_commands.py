"""The commands that need neither Hydra nor JAX, and the way to them."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import runner
from runner import cli, groups
from tests.conftest import Command

ROOT = Path(__file__).resolve().parents[2]
HEAVY = ("jax", "flax", "optax", "orbax", "numpy", "rich")


@pytest.mark.parametrize("line", ["", "--help", "-h", "help"])
def test_help_shows_commands_groups_and_options(line: str, command: Command) -> None:
    code, out, err = command(*line.split())
    assert (code, err) == (0, "")
    for name, text in cli.commands().items():
        assert f"  {name}" in out and text.split()[0] in out
    for group in groups.names(groups.folders()):
        assert group in out
    assert "adam*, adamw" in out


@pytest.mark.parametrize("line", ["resume --help", "resume -h", "evaluate -h", "evaluate nowhere --help"])
def test_a_command_says_how_it_is_used(line: str, command: Command) -> None:
    code, out, err = command(*line.split())
    assert (code, err) == (0, "")
    assert out.startswith(f"usage: runner {line.split()[0]} PATH [")


def test_help_fits_the_terminal(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    _, out, _ = command("list", "optimizer")
    assert max(map(len, out.splitlines())) <= 60


def test_version_is_the_package_s(command: Command) -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert runner.__version__ == declared
    assert command("--version") == (0, f"runner {declared}\n", "")


def test_every_command_says_what_it_does() -> None:
    assert {"train", "list"} <= set(cli.commands())
    assert all(cli.commands().values())


def test_every_option_says_what_it_is() -> None:
    for group in groups.names(groups.folders()):
        for option in groups.options(group, groups.folders()):
            assert option.description, option.path


def test_list_marks_the_default_and_describes(command: Command) -> None:
    code, out, _ = command("list", "optimizer")
    assert code == 0
    assert "adam*" in out and "sgd " in out and "Kingma" in out


def test_list_says_which_options_compose(command: Command) -> None:
    assert "Several compose: augmentation=[brightness," in command("list", "augmentation")[1]
    assert "compose" not in command("list", "optimizer")[1]


def test_list_finds_a_user_s_options(command: Command, empty: Path) -> None:
    (empty / "conf" / "optimizer").mkdir(parents=True)
    (empty / "conf" / "optimizer" / "mine.yaml").write_text("# @package _group_\n# My own.\n_target_: x.y\n")
    _, out, _ = command("list", "optimizer", "--config-dir", "conf")
    assert "mine" in out and "My own." in out


def test_interrupted_is_130(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(argv: list[str]) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "run", interrupt)
    assert cli.main(["train"]) == 130


@pytest.mark.parametrize(
    "line",
    [
        "--help",
        "--version",
        "list",
        "list optimizer",
        "train --cfg job",
        "train epochs=0",
        "predict nowhere table.csv",
        "-sc install=bash",
    ],
)
def test_nothing_heavy_is_imported(line: str, tmp_path: Path) -> None:
    code = (
        "import sys; from runner.cli import main; main(sys.argv[1:]);"
        f"sys.exit(','.join(name for name in {HEAVY} if name in sys.modules) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *line.split()], cwd=tmp_path, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [sys.executable, "-m", "runner", "list"], cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (0, b"")
