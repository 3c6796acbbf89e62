"""Memory is kept from call to call, and given back when asked, by the pages that a process waits for."""

import subprocess
import sys

import pytest

PAGES = 20_000
SCRIPT = """
import resource, threading
from runner.allocation import keep_memory, release_memory

def fill():
    b"x" * ({pages} * resource.getpagesize())

def waits():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    thread = threading.Thread(target=fill)
    thread.start()
    thread.join()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

if {keep}:
    keep_memory()
waits()
again = waits()
release_memory()
print(again, waits())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's allocator is told what to keep")
def test_memory_is_kept_from_one_call_to_the_next_and_given_back_when_asked() -> None:
    assert _waits(keep=False)[0] >= PAGES
    again, released = _waits(keep=True)
    assert again < PAGES / 100
    assert released >= PAGES


def _waits(keep: bool) -> list[int]:
    script = SCRIPT.format(keep=keep, pages=PAGES)
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return [int(word) for word in found.stdout.split()]
