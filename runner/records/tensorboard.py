"""TensorBoard event files, written with tensorboardX."""

# pyright: reportAttributeAccessIssue=false
# The names in generated protobuf modules exist only at run time.

import platform
import struct
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from tensorboardX import summary
from tensorboardX.proto.event_pb2 import Event
from tensorboardX.proto.summary_pb2 import HistogramProto, Summary
from tensorboardX.record_writer import masked_crc32c

from runner.records.appending import Appended
from runner.records.entry import Entry
from runner.records.hparams import session_end, session_start
from runner.records.layout import layout

PATTERN = "events.out.tfevents.*"

Counted = tuple[float, float, float, float, np.ndarray]
"""The least of some numbers, the highest, their sum, that of their squares; how many lie in equal parts."""


class TensorBoard:
    """Writes one event file into a run's folder.

    `clock` gives the wall time of each event, in seconds.
    """

    def __init__(self, folder: Path, clock: Callable[[], float]) -> None:
        self._file = Appended(folder / _name(folder))
        self._clock = clock
        self._laid_out = False
        self._append(Event(wall_time=time.time(), file_version="brain.Event:2"))

    def write(self, entry: Entry) -> None:
        """Writes all scalars of the entry as one event; a page for diagnostics before the first of them."""
        if not self._laid_out and (page := layout(tuple(entry.scalars))) is not None:
            self._event(page, entry.step)
            self._laid_out = True
        values = [Summary.Value(tag=tag, simple_value=value) for tag, value in entry.scalars.items()]
        self._event(Summary(value=values), entry.step)

    def image(self, tag: str, picture: np.ndarray, step: int) -> None:
        """Writes a picture: uint8 [height, width, 3]."""
        self._event(summary.image(tag, picture, dataformats="HWC"), step)

    def histograms(self, counted: Mapping[str, Counted], step: int) -> None:
        """Writes histograms by tag as one event; of nothing, none."""
        values = [_histogram(tag, *numbers) for tag, numbers in counted.items() if numbers[-1].sum() > 0]
        self._event(Summary(value=values), step)

    def text(self, tag: str, markdown: str, step: int) -> None:
        """Writes Markdown."""
        self._event(summary.text(tag, markdown), step)

    def hparams(self, values: Mapping[str, str | float | bool], name: str) -> None:
        """Opens the run's row in the HPARAMS table; `name` groups the row."""
        self._event(session_start(values, name), 0)

    def end(self, succeeded: bool) -> None:
        """Closes the run's row in the HPARAMS table."""
        self._event(session_end(succeeded), 0)

    def flush(self) -> None:
        """Hands all events to the operating system."""
        self._file.flush()

    def close(self) -> None:
        """Flushes."""
        self._file.close()

    def _event(self, content: Summary, step: int) -> None:
        self._append(Event(wall_time=self._clock(), step=step, summary=content))

    def _append(self, event: Event) -> None:
        # TFRecord framing. tensorboardX's own writer holds its file open, and would write to no other.
        content = event.SerializeToString()
        length = struct.pack("<Q", len(content))
        self._file.write(
            length
            + struct.pack("<I", masked_crc32c(length))
            + content
            + struct.pack("<I", masked_crc32c(content))
        )


def _histogram(
    tag: str, low: float, high: float, total: float, squares: float, counts: np.ndarray
) -> Summary.Value:
    limits = np.linspace(low, high, len(counts) + 1)[1:].tolist()
    content = HistogramProto(
        min=float(low),
        max=float(high),
        num=float(counts.sum()),
        sum=float(total),
        sum_squares=float(squares),
        bucket_limit=limits,
        bucket=counts.tolist(),
    )
    return Summary.Value(tag=tag, histo=content)


def _name(folder: Path) -> str:
    # The number keeps apart the files of a run that is resumed within the second.
    number = len(list(folder.glob(PATTERN)))
    return f"events.out.tfevents.{int(time.time())}.{platform.node()}.{number}"
