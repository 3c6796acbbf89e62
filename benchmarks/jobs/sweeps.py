"""What a sweep costs in the runner, and what the same sweep costs elsewhere.

Every figure is the wall time of a whole command, start-up included, with nothing compiled before. All sides
train an MLP 128-64 on the same split of digits: batch 64, Adam, the same epochs, val evaluated after each
(scikit-learn's at the end: it evaluates no split that it is given more often). Lightning is timed on 32 runs;
to reach 256, what each run after the first took is added.

Lightning writes TensorBoard's files, scikit-learn and the script in JAX alone record nothing; the runner
writes all of a run's folder, and tests its best weights. On a busy machine trust the CPU time more.
"""

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.commands import Figures, Grid, Place, Timing, new_folder, timed
from benchmarks.job import Found, Job, Row, Side, faster, seconds
from benchmarks.peers.environment import peer_python
from benchmarks.training import PEERS

BY_HAND = {way: f"JAX alone, {way}" for way in ("vmap", "map", "4")}
"""All runs of a device together, one after another, and four at a time."""
LIGHTNING, SCIKIT, ONE_BY_ONE = "Hydra and Lightning, one process", "scikit-learn, 2 processes", "one by one"

OUTSIDE = {
    "outside, told": "by its summaries; start-up is in it",
    "outside, alone": "where the same programs, run alone, say what training takes",
    "outside, CPU time": "of CPU time, more than the command that runs the same programs alone",
}
MOST_OUTSIDE, MOST_COMPARING = 0.020, 10.0
"""Seconds."""


def job(quick: bool) -> Job:
    """Two sizes of sweep on every side, and a third whose time outside the compiled programs is looked at."""
    large, small, many = Grid(32, 8, 30), Grid(4, 8, 30), Grid(40, 25, 30)
    if quick:
        large, small, many = Grid(8, 8, 8), Grid(2, 4, 8), Grid(10, 25, 8)
    ways: list[Side] = [lambda place, way=way: by_hand(place, large, way) for way in BY_HAND]
    sides = [
        lambda place: runner(place, large, new_folder(place)).figures("runner, large"),
        *ways,
        lambda place: one_by_one(place, large),
        lambda place: runner(place, small, new_folder(place)).figures("runner, small"),
        lambda place: lightning(place, large, small),
        lambda place: scikit_learn(place, large),
        lambda place: outside(place, many),
    ]
    return Job(sides, lambda found: rows(found, large.runs, small.runs, many.runs), seconds)


def rows(found: Found, large: int, small: int, many: int) -> list[Row]:
    """Against the peers at both sizes, and what is outside the programs at the third."""
    most, fewer = f"a sweep of {large} runs", f"a sweep of {small} runs"
    return [
        _row(most, found, "large", [f"{LIGHTNING}, large"], 15, 25),
        _row(fewer, found, "small", [f"{LIGHTNING}, small"], 5, 8),
        _row(most, found, "large", [SCIKIT], 2, 4),
        _row(most, found, "large", list(BY_HAND.values()), 0.63, 0.83),
        *(
            _at_most(
                f"a run outside the compiled programs, of {many}: {meaning}", found[name], MOST_OUTSIDE, 4
            )
            for name, meaning in OUTSIDE.items()
        ),
        _at_most(f"`runner compare` of {many} runs", found["compare"], MOST_COMPARING, 1),
    ]


def _row(what: str, found: Found, size: str, peers: list[str], least: float, aim: float) -> Row:
    return faster(what, {**found, "runner": found[f"runner, {size}"]}, peers, seconds, least, aim)


def _at_most(what: str, taken: Sequence[float], most: float, aim: float) -> Row:
    ratios = [most / one for one in taken]
    return Row(what, "the most that is asked", _told(median(taken)), _told(most), ratios, 1.0, aim)


def _told(taken: float) -> str:
    return f"{1e3 * taken:.1f} ms" if taken < 1 else seconds(taken)


def runner(place: Place, grid: Grid, folder: Path) -> Timing:
    """`runner train -m`."""
    arguments = [*grid.overrides("optimizer.learning_rate"), f"output_dir={folder}"]
    return timed(place, [sys.executable, "-m", "runner", "train", "-m", *arguments])


def one_by_one(place: Place, grid: Grid) -> Figures:
    """The compiled program of a single run, called once a run."""
    arguments = ["--one-by-one", *grid.overrides("optimizer.learning_rate")]
    timing = timed(place, [sys.executable, "-m", "benchmarks.programs_alone", *arguments])
    return timing.figures(ONE_BY_ONE)


def by_hand(place: Place, grid: Grid, way: str) -> Figures:
    """The script in JAX alone."""
    script = [sys.executable, PEERS / "vmap_by_hand.py", place.data("digits"), *grid.options, "--across", way]
    return timed(place, script).figures(BY_HAND[way])


def lightning(place: Place, large: Grid, small: Grid) -> Figures:
    """Hydra and PyTorch Lightning; the large sweep from the small one."""
    arguments = [
        *small.overrides("rate"),
        f"data={place.data('digits')}",
        f"hydra.sweep.dir={new_folder(place)}",
    ]
    timing = timed(place, [peer_python(), PEERS / "lightning_sweep.py", "-m", *arguments])
    return {
        **timing.figures(f"{LIGHTNING}, small"),
        **timing.scaled(large.runs).figures(f"{LIGHTNING}, large"),
        f"{LIGHTNING}, each run more": timing.a_run,
    }


def scikit_learn(place: Place, grid: Grid) -> Figures:
    """GridSearchCV over MLPClassifier."""
    script = [peer_python(), PEERS / "sklearn_grid.py", place.data("digits"), *grid.options]
    return timed(place, script).figures(SCIKIT)


def outside(place: Place, grid: Grid) -> Figures:
    """Seconds of a run outside the compiled programs.

    What the summaries call training holds whatever the host did while a chunk trained; so the same programs
    are run once more, alone, and their time is taken off too.
    """
    sweep, arguments = new_folder(place), grid.overrides("optimizer.learning_rate")
    whole = runner(place, grid, sweep)
    alone = timed(place, [sys.executable, "-m", "benchmarks.programs_alone", *arguments])
    told = [json.loads(path.read_text())["seconds"] for path in sweep.glob("*/summary.json")]
    compiled, trained, evaluated = (
        sum(seconds[part] for seconds in told) for part in ("compile", "train", "evaluate")
    )
    programs = json.loads(alone.last)["seconds"]
    spent = {
        "outside, told": whole.seconds - compiled - trained - evaluated,
        "outside, alone": whole.seconds - compiled - programs,
        "outside, CPU time": whole.cpu - alone.cpu,
    }
    compared = timed(place, [sys.executable, "-m", "runner", "compare", str(sweep)])
    return {"many": whole.seconds, "compare": compared.seconds} | {
        name: taken / grid.runs for name, taken in spent.items()
    }
