"""A run's introduction to TensorBoard, told anew: of several, TensorBoard believes the one it reads first."""

# pyright: reportAttributeAccessIssue=false
# The names in generated protobuf modules exist only at run time.

import struct
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tensorboardX.proto.event_pb2 import Event

from runner.records import rewind
from runner.records.tensorboard import PATTERN, TensorBoard


def renew(folder: Path, introduce: Callable[[TensorBoard], None]) -> dict[str, int]:
    """Writes a copy of the first event file with another introduction; the positions of all records then.

    They leave out the file that was copied. It is there until records are rewound to these positions, and a
    kill before they are in a checkpoint changes nothing.
    """
    old = min(folder.glob(PATTERN))
    version, *events = _events(old.read_bytes())
    with tempfile.TemporaryDirectory() as place:
        _, *told = _introduction(Path(place), introduce, version[0].wall_time)
    tags = set().union(*(_tags(event) for event, _ in told))
    kept = [event for event in events if not tags & _tags(event[0])]
    copy = old.with_name(f"{old.name}.{int(time.time())}")
    copy.write_bytes(b"".join(frame for _, frame in [version, *told, *kept]))
    return {name: size for name, size in rewind.positions(folder).items() if name != old.name}


def _introduction(
    place: Path, introduce: Callable[[TensorBoard], None], at: float
) -> list[tuple[Event, bytes]]:
    tensorboard = TensorBoard(place, lambda: at)
    introduce(tensorboard)
    tensorboard.close()
    (file,) = place.iterdir()
    return list(_events(file.read_bytes()))


def _events(content: bytes) -> Iterator[tuple[Event, bytes]]:
    """Each event, and its frame: the length of the event, a checksum, the event, a checksum."""
    place = 0
    while place < len(content):
        (length,) = struct.unpack_from("<Q", content, place)
        frame = content[place : place + length + 16]
        yield Event.FromString(frame[12:-4]), frame
        place += len(frame)


def _tags(event: Event) -> set[str]:
    return {value.tag for value in event.summary.value}
