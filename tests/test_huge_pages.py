"""Large blocks come in large pages, as the pages that a process waits for tell; it keeps its arguments."""

import os
import subprocess
import sys

import pytest

from runner import huge_pages
from runner.huge_pages import OFFERED, TUNABLE, VARIABLE, use_huge_pages

PAGES = 20_000
SCRIPT = f"""
import os, resource, sys
from runner.huge_pages import use_huge_pages
use_huge_pages()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
b"x" * ({PAGES} * resource.getpagesize())
waits = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
print(os.getpid(), *sys.argv[1:], sys.stdin.read(), waits)
"""


@pytest.mark.skipif(
    not OFFERED.exists() or "[madvise]" not in OFFERED.read_text(),
    reason="here Linux's huge pages are not those that a program requests",
)
def test_a_large_block_comes_in_large_pages_and_the_process_is_the_same():
    assert _waits({VARIABLE: f"{TUNABLE}=0"}) >= PAGES
    assert _waits({}) < PAGES / 10
    assert _waits({VARIABLE: "glibc.malloc.arena_max=2"}) < PAGES / 10


def _waits(variables: dict[str, str]) -> int:
    environment = {name: value for name, value in os.environ.items() if name != VARIABLE}
    command = [sys.executable, "-c", SCRIPT, "an argument"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, env={**environment, **variables}, **pipes) as process:
        found, _ = process.communicate("its input")
    number, *given, waits = found.split()
    assert int(number) == process.pid
    assert given == ["an", "argument", "its", "input"]
    return int(waits)


@pytest.fixture
def begun(monkeypatch, tmp_path):
    """Programs that were begun instead of this one, where huge pages are had on request."""
    offered, programs = tmp_path / "enabled", []
    offered.write_text("always [madvise] never\n")
    monkeypatch.setattr(huge_pages, "OFFERED", offered)
    monkeypatch.setattr(os, "execv", lambda path, arguments: programs.append([path, *arguments]))
    monkeypatch.delenv(VARIABLE, raising=False)
    return programs


def test_a_process_begins_anew_once_with_what_the_user_has_set(begun, monkeypatch):
    monkeypatch.setenv(VARIABLE, "glibc.malloc.arena_max=2")
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "runner", "list"])
    use_huge_pages()
    use_huge_pages()
    assert begun == [[sys.executable, sys.executable, "-m", "runner", "list"]]
    assert os.environ[VARIABLE] == f"glibc.malloc.arena_max=2:{TUNABLE}=1"


@pytest.mark.parametrize("said", ["[always] madvise never", "always madvise [never]", None])
def test_nothing_begins_anew_where_it_would_get_nothing(begun, said):
    if said is None:
        huge_pages.OFFERED.unlink()
    else:
        huge_pages.OFFERED.write_text(said)
    use_huge_pages()
    assert not begun
    assert VARIABLE not in os.environ
