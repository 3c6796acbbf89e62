"""The writer in the background keeps order, waits when it must, and hides no error."""

import threading

import pytest

from runner.records import background
from runner.records.background import Background
from runner.records.entry import Entry


class Kept:
    """A sink that remembers what it took, and fails at one step."""

    def __init__(self, fails_at: int | None = None) -> None:
        self.steps: list[int] = []
        self.flushed: list[int] = []
        self.closed = False
        self.fails_at = fails_at
        self.gate = threading.Event()
        self.gate.set()

    def write(self, entry: Entry) -> None:
        self.gate.wait(10)
        if entry.step == self.fails_at:
            raise OSError(28, "No space left on device")
        self.steps.append(entry.step)

    def flush(self) -> None:
        self.flushed.append(len(self.steps))

    def close(self) -> None:
        self.closed = True


def entry(step: int) -> Entry:
    return Entry(step, step, {}, True)


def test_every_sink_takes_every_entry_in_order():
    sinks = [Kept(), Kept()]
    records = Background(sinks)
    for step in range(1000):
        records.write(entry(step))
    records.flush()
    records.close()
    for sink in sinks:
        assert sink.steps == list(range(1000))
        assert sink.flushed == [1000]
        assert sink.closed


def test_a_full_queue_makes_the_writer_wait(monkeypatch):
    monkeypatch.setattr(background, "BOUND", 2)
    sink = Kept()
    sink.gate.clear()
    records = Background([sink])
    writer = threading.Thread(target=lambda: [records.write(entry(step)) for step in range(10)])
    writer.start()
    writer.join(0.2)
    assert writer.is_alive()
    sink.gate.set()
    writer.join(10)
    assert not writer.is_alive()
    records.close()
    assert sink.steps == list(range(10))


def test_an_error_is_raised_by_the_next_call_once():
    sink = Kept(fails_at=3)
    records = Background([sink])
    for step in range(3):
        records.write(entry(step))
    records.flush()
    records.write(entry(3))
    with pytest.raises(OSError, match="No space left"):
        records.flush()
    records.close()
    assert sink.steps == [0, 1, 2]
    assert sink.closed


def test_close_raises_what_no_call_has_raised():
    records = Background([Kept(fails_at=0)])
    records.write(entry(0))
    with pytest.raises(OSError, match="No space left"):
        records.close()
