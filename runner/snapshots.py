"""The state of all lanes of a program at one step, on the host."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from runner import checkpoints
from runner.checkpoints import Arrays, Saved


class Snapshot(NamedTuple):
    """What every lane can go on from."""

    step: int
    state: Arrays
    """Lanes first."""
    shared: Arrays
    """What all lanes have in common: fitted preprocessing."""
    spec: dict[str, Any]
    lanes: list[dict[str, Any] | None]
    """Of each lane with a run: its number, how long its records are and what time it took; else None."""
    least: int = 1
    """Lanes that the program has at least: with fewer, what goes on would round otherwise."""

    def of_lane(self, lane: int) -> Saved:
        """What the run of one lane can go on from, alone; its last weights are its best if it diverged."""
        own = {name: array[lane] for name, array in self.state.items()}
        if own["state.diverged"] >= 0:
            own |= {name: own[name.replace("state.", "state.best.", 1)] for name in own if _is_model(name)}
        return Saved(self.step, own | self.shared, {"spec": self.spec, **(self.lanes[lane] or {})})

    def select(self, lanes: Sequence[int]) -> "Snapshot":
        """Some lanes, in this order; one may be repeated."""
        chosen = np.asarray(lanes, int)
        state = {name: array[chosen] for name, array in self.state.items()}
        return self._replace(state=state, lanes=[self.lanes[lane] for lane in lanes])


def _is_model(name: str) -> bool:
    return name.startswith("state.model.")


def write_snapshot(path: Path, snapshot: Snapshot) -> None:
    """Replaces a file; a kill at any moment leaves the old one or the new one, whole."""
    meta = {"spec": snapshot.spec, "lanes": snapshot.lanes, "least": snapshot.least}
    named = {f"shared.{name}": array for name, array in snapshot.shared.items()}
    checkpoints.write(path, Saved(snapshot.step, snapshot.state | named, meta))


def read_snapshot(path: Path) -> Snapshot:
    """What `write_snapshot` wrote.

    Raises ConfigError if it cannot be read.
    """
    saved = checkpoints.read(path)
    state = {name: array for name, array in saved.arrays.items() if not name.startswith("shared.")}
    shared = {
        name.removeprefix("shared."): array
        for name, array in saved.arrays.items()
        if name.startswith("shared.")
    }
    return Snapshot(saved.step, state, shared, **saved.meta)
