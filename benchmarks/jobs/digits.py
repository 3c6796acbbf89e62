"""`runner train`: an MLP on digits, the whole command, programs compiled before."""

import sys

from benchmarks.commands import Figures, Place, new_folder, timed, warm
from benchmarks.job import Found, Job, Row, faster, seconds
from benchmarks.peers.environment import peer_python
from benchmarks.training import PEERS

WHAT = "`runner train` digits mlp, whole command, warm cache"
LIGHTNING = "Hydra and Lightning"


def job(quick: bool) -> Job:
    """The runner and Hydra with Lightning: the same epochs, val after each, TensorBoard's files."""
    epochs = 3 if quick else 30
    return Job(
        [lambda place: runner(place, epochs), lambda place: lightning(place, epochs)],
        rows,
        seconds,
    )


def rows(found: Found) -> list[Row]:
    """Against Hydra and Lightning."""
    return [faster(WHAT, found, [LIGHTNING], seconds, 1.4, 2.0)]


def runner(place: Place, epochs: int) -> Figures:
    """Of a sitting's runs all but the first, which may have to compile."""
    command = [sys.executable, "-m", "runner", "train", f"epochs={epochs}"]
    if not (marker := place.folder / "compiled").exists():
        timed(place, [*command, f"output_dir={new_folder(place) / 'run'}"], warm())
        marker.touch()
    return timed(place, [*command, f"output_dir={new_folder(place) / 'run'}"], warm()).figures("runner")


def lightning(place: Place, epochs: int) -> Figures:
    """The script of the sweeps, which trains once without -m."""
    options = [f"data={place.data('digits')}", f"epochs={epochs}", f"hydra.run.dir={new_folder(place)}"]
    return timed(place, [peer_python(), PEERS / "lightning_sweep.py", *options], warm()).figures(LIGHTNING)
