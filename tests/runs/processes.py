"""Processes of the command line, to be killed. Each is forked from one that has imported everything."""

import multiprocessing
import os
import tempfile
import threading
from multiprocessing.process import BaseProcess
from pathlib import Path

IMPORTED = ["runner.launch", "runner.sweeps.training", "runner.sweeps.conclusion", "runner.comparison"]
"""None of these starts a backend of JAX, whose threads would not survive a fork."""
FORKED = multiprocessing.get_context("forkserver")
FORKED.set_forkserver_preload(IMPORTED)

STREAMS = ("output", "errors")

COMMAND = """
import os, signal, sys
os.environ.clear()
os.environ.update(environment)
os.environ["GLIBC_TUNABLES"] = "glibc.malloc.hugetlb=0"  # its command is not the fork server's
os.chdir(place)
for number, path in enumerate(streams, 1):
    os.dup2(os.open(path, os.O_WRONLY), number)
sys.argv = ["runner", *arguments]
# Tests that were started in the background ignore SIGINT, and so would what they start.
signal.signal(signal.SIGINT, signal.default_int_handler)
if "xla_backend_optimization_level=0" in environment.get("XLA_FLAGS", ""):
    from runner.training import compilation
    compilation.NOW_AND_THEN["xla_backend_optimization_level"] = 0  # as tests.quickly, which it cannot import
exec(code, {})
from runner.cli import entry
entry()
"""


class Started:
    """A process that runs; used as one of `subprocess`."""

    def __init__(self, process: BaseProcess, streams: tempfile.TemporaryDirectory) -> None:
        self._process = process
        self._streams = streams
        self._said = [Reading(Path(streams.name, name)) for name in STREAMS]

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
        with self._streams:
            said, errors = (reading.end() for reading in self._said)
        return said, errors


class Reading(threading.Thread):
    """Reads a pipe to its end. Not a file: a test may limit the size of those."""

    def __init__(self, path: Path) -> None:
        super().__init__(daemon=True)
        self._path = path
        self._text = ""
        self.start()

    def run(self) -> None:
        self._text = self._path.read_text()

    def end(self) -> str:
        self.join(10)
        assert not self.is_alive(), "what it started writes on"
        return self._text


def start_process(arguments: list[str], place: Path, code: str = "") -> Started:
    """`runner ARGUMENTS` in a process of its own, after `code` has changed what it will."""
    streams = tempfile.TemporaryDirectory()
    given = {
        "arguments": arguments,
        "place": str(place),
        "code": code,
        "environment": dict(os.environ),
        "streams": [str(Path(streams.name, name)) for name in STREAMS],
    }
    for path in given["streams"]:
        os.mkfifo(path)
    process = FORKED.Process(target=exec, args=(COMMAND, given))
    process.start()
    return Started(process, streams)
