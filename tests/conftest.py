"""What every test shares."""

import gc
import logging
import logging.config
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from runner.cli import main
from tests.quickly import compile_quickly, compose_once, read_quickly

sys.path.append(str(Path(__file__).parents[1]))  # for benchmarks; last, so that runner is the installed one

WHOLE = "--xla_cpu_parallel_codegen_split_count=1"
"""Does not cut a program into parts to compile them in threads: each core has a worker already."""
QUICKLY = (
    f"{WHOLE} --xla_backend_optimization_level=0 --xla_cpu_use_fusion_emitters=false"
    " --xla_cpu_multi_thread_eigen=false"
)
"""Compiles in a fifth of the time what then runs five times as long, as most tests take few steps; and in one
thread, as each core has a worker."""


def pytest_configure(config: pytest.Config) -> None:
    """Compiled programs are kept from test to test, and from one run of the tests to the next.

    The proofs that are marked slow or exhaustive are of the programs that users get.
    """
    gc.set_threshold(200_000, 50, 50)  # the console script too lets much gather
    # Where in Python an operation comes from is told in no run either (runner.backend).
    os.environ["JAX_TRACEBACK_IN_LOCATIONS_LIMIT"] = "0"
    os.environ["XDG_CACHE_HOME"] = str(config.cache.mkdir("xdg"))
    quickly = str(config.getoption("markexpr")).startswith("not slow")
    os.environ.setdefault("XLA_FLAGS", QUICKLY if quickly else WHOLE)


@pytest.fixture(scope="session", autouse=True)
def quickly() -> Iterator[None]:
    """What costs every test is made cheaper."""
    if os.environ.get("XLA_FLAGS") == QUICKLY:
        compile_quickly()
    with pytest.MonkeyPatch.context() as patch:
        read_quickly(patch)
        compose_once(patch)
        yield


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder; sys.path and our packages are as before afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(logging.root, "handlers", [])  # to which Hydra adds, for --info
    # Hydra's logging config closes every handler there is: absl's, if a test imported it, on pytest's stderr.
    monkeypatch.setattr(logging.config, "_clearExistingHandlers", lambda: None)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.delitem(sys.modules, "models", raising=False)
    monkeypatch.delitem(sys.modules, "configs", raising=False)
    return tmp_path


@pytest.fixture
def no_jax(monkeypatch: pytest.MonkeyPatch) -> None:
    """Importing JAX fails."""
    monkeypatch.setitem(sys.modules, "jax", None)


Command = Callable[..., tuple[int, str, str]]


@pytest.fixture
def command(empty: Path, no_jax: None, capsys: pytest.CaptureFixture[str]) -> Command:
    """Runs a command line: the exit code, stdout and stderr."""

    def run(*argv: str) -> tuple[int, str, str]:
        capsys.readouterr()
        code = main(list(argv))
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return run
