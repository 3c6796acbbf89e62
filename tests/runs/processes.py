"""Processes of the command line, to be killed. Each is forked from one that has imported everything."""

import multiprocessing
import os
import tempfile
from multiprocessing.process import BaseProcess
from pathlib import Path

IMPORTED = ["runner.launch", "runner.sweeps.training", "runner.sweeps.conclusion", "runner.comparison"]
"""None of these starts a backend of JAX, whose threads would not survive a fork."""
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(IMPORTED)

COMMAND = """
import os, signal, sys
os.environ.clear()
os.environ.update(environment)
os.chdir(place)
for number, path in enumerate(streams, 1):
    os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
sys.argv = ["runner", *arguments]
# Tests that were started in the background ignore SIGINT, and so would what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
exec(code, {})
from runner.cli import entry
entry()
"""


class Started:
    """A process that runs; used as one of `subprocess`."""

    def __init__(self, process: BaseProcess, streams: tempfile.TemporaryDirectory) -> None:
        self._process = process
        self._streams = streams

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def send_signal(self, number: int) -> None:
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """Waits for its end; what it wrote to its standard output and its standard error."""
        self._process.join(timeout)
        assert self._process.exitcode is not None, f"still running after {timeout} s"
        with self._streams as folder:
            said, errors = (Path(folder, name).read_text() for name in ("1", "2"))
        return said, errors


def start_process(arguments: list[str], place: Path, code: str = "") -> Started:
    """`runner ARGUMENTS` in a process of its own, after `code` has changed what it will."""
    streams = tempfile.TemporaryDirectory()
    given = {
        "arguments": arguments,
        "place": str(place),
        "code": code,
        "environment": dict(os.environ),
        "streams": [str(Path(streams.name, name)) for name in ("1", "2")],
    }
    process = FORKED.Process(target=exec, args=(COMMAND, given))
    process.start()
    return Started(process, streams)
