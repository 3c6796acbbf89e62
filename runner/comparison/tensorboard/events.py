"""Event files, written whole."""

# pyright: reportAttributeAccessIssue=false
# The names in generated protobuf modules exist only at run time.

import io
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from tensorboard.summary.writer.record_writer import RecordWriter
from tensorboardX.proto.event_pb2 import Event
from tensorboardX.proto.summary_pb2 import Summary

SUFFIX = ".comparison"
"""Tells our files from those of a run that was trained in the same folder."""
VERSION = "brain.Event:2"


def event_file(summaries: Iterable[Summary], step: int, wall_time: float) -> bytes:
    """The content of an event file with these summaries, all of one step."""
    content = io.BytesIO()
    writer = RecordWriter(content)
    writer.write(Event(wall_time=wall_time, file_version=VERSION).SerializeToString())
    for summary in summaries:
        writer.write(Event(wall_time=wall_time, step=step, summary=summary).SerializeToString())
    return content.getvalue()


def scalars(values: Mapping[str, float]) -> Summary:
    """Values by tag."""
    return Summary(value=[Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()])


def replace_events(folder: Path, content: bytes) -> None:
    """Writes an event file in place of the earlier one of ours, unless that says the same.

    A new name each time: a TensorBoard that is open reads no file anew, but goes on to the next.
    """
    folder.mkdir(parents=True, exist_ok=True)
    earlier = earlier_events(folder)
    if len(earlier) == 1 and earlier[0].read_bytes() == content:
        return
    (folder / f"events.out.tfevents.{time.time():.6f}{SUFFIX}").write_bytes(content)
    for file in earlier:
        file.unlink()


def earlier_events(folder: Path) -> list[Path]:
    """Our event files in a folder."""
    return list(folder.glob(f"events.out.tfevents.*{SUFFIX}"))
