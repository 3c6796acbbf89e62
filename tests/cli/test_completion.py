"""What TAB suggests, asked for in this process and in a real bash."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from runner import cli
from runner.completion import suggestions
from tests.conftest import Command


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("t", {"train"}),
        ("--v", {"--version"}),
        ("train model=ml", {"model=mlp"}),
        ("train model=c", {"model=cnn", "model=concat"}),
        ("train optimizer=sgd optimizer.lear", {"optimizer.learning_rate="}),
        ("train --mul", {"--multirun"}),
        ("train -m optim", {"optimizer=", "optimizer."}),
        ("list o", {"optimizer"}),
        ("find-", {"find-lr"}),
        ("ensemble sweep --method we", {"weighted"}),
        ("find-lr optimizer=li", {"optimizer=lion"}),
        ("find-lr find_lr.ra", {"find_lr.rates="}),
        ("nothing o", set()),
        ("train bad=[ o", set()),
    ],
)
def test_suggestions(line: str, expected: set[str], empty: Path, no_jax: None) -> None:
    assert set(suggestions(line, cli.commands())) == expected


def test_suggestions_include_a_user_s_options(empty: Path) -> None:
    (empty / "conf" / "model").mkdir(parents=True)
    (empty / "conf" / "model" / "cmine.yaml").write_text("a: 1\n")
    found = suggestions("train --config-dir conf model=c", cli.commands())
    assert set(found) == {"model=cmine", "model=cnn", "model=concat"}


def test_the_cursor_may_be_inside_the_line(command: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMP_LINE", "runner tr optimizer=adam")
    monkeypatch.setenv("COMP_POINT", "9")
    assert command("-sc", "query=bash") == (0, "train\n", "")


@pytest.mark.parametrize("line", ["-sc install=fish", "train -sc install=bash", "-sc uninstall=bash"])
def test_set_up_names_the_runner(line: str, command: Command) -> None:
    code, out, err = command(*line.split())
    assert (code, err) == (0, "")
    assert "hydra" in out and "runner train" not in out


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_a_real_bash(tmp_path: Path) -> None:
    script = """
    eval "$(runner -sc install=bash)"
    ask() {
        COMP_LINE=$1 COMP_POINT=${#1}; local words=($1)
        COMP_CWORD=$(( ${#words[@]} - 1 )); COMPREPLY=()
        hydra_bash_completion; echo "${COMPREPLY[*]}"
    }
    ask "runner t"; ask "runner train model=ml"
    """
    (tmp_path / "runner").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m runner "$@"\n')
    (tmp_path / "runner").chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=Path.home(),
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": path},
    )
    assert done.stdout.split("\n")[:2] == ["train", "model=mlp"], done.stderr
