"""What a sweep costs in the runner, and what the same sweep costs elsewhere.

    python -m benchmarks.sweeps                 everything, once: about ten minutes on two cores
    python -m benchmarks.sweeps --repeats 3     interleaved, with medians
    python -m benchmarks.sweeps --quick         a fourth of the runs and epochs, to try it out

Every figure is the wall time of a whole command, start-up included, with nothing compiled before. All sides
train an MLP 128-64 on the same split of digits: batch 64, Adam, the same epochs, val evaluated after each
(scikit-learn's at the end: it evaluates no split that it is given more often). The peers get an environment
of their own. Lightning is timed on 32 runs; to reach 256, what each run after the first took is added.

Lightning writes TensorBoard's files, scikit-learn and the script in JAX alone record nothing; the runner
writes all of a run's folder, and tests its best weights. On a busy machine trust the CPU time more.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.commands import Grid, Place, Timing, new_folder, timed
from benchmarks.peers.environment import peer_python
from runner.composition import compose
from runner.experiment import build_dataset

PEERS = Path(__file__).parent / "peers"
BY_HAND = ("vmap", "map", "4")
"""All runs of a device together, one after another, and four at a time."""

OUTSIDE = {
    "outside, told": "by its summaries; start-up is in it",
    "outside, alone": "where the same programs, run alone, say what training takes",
    "outside, cpu": "of CPU time, more than the command that runs the same programs alone",
}


Figures = Mapping[str, float]
Measure = Callable[[Place], Figures]


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--repeats", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # all sides find their modules compiled, as a user does
    large, small, many = (Grid(32, 8, 30), Grid(4, 8, 30), Grid(40, 25, 30))
    if options.quick:
        large, small, many = (Grid(8, 8, 8), Grid(2, 4, 8), Grid(10, 25, 8))
    found: dict[str, list[float]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder), Path(folder) / "digits.npz", peer_python())
        save_data(place.data)
        for _ in range(options.repeats):
            for measure in measures(large, small, many):
                for name, seconds in measure(place).items():
                    found[name].append(seconds)
                    print(f"{name}: {seconds:.4g}", file=sys.stderr, flush=True)
    report({name: median(values) for name, values in found.items()}, options.repeats, large, small, many)


def measures(large: Grid, small: Grid, many: Grid) -> list[Measure]:
    """In the order in which they are taken."""
    ways: list[Measure] = [lambda place, way=way: by_hand(place, large, way) for way in BY_HAND]
    return [
        lambda place: figures("runner, large", runner(place, large, new_folder(place))),
        *ways,
        lambda place: one_by_one(place, large),
        lambda place: figures("runner, small", runner(place, small, new_folder(place))),
        lambda place: lightning(place, large, small),
        lambda place: scikit_learn(place, large),
        lambda place: outside(place, many),
    ]


def save_data(path: Path) -> None:
    """The training and val splits of digits, standardized, for the peers."""
    dataset = build_dataset(compose([]))
    inputs = np.asarray(dataset.inputs).reshape(len(dataset.inputs), -1).astype(np.float32)
    mean, deviation = inputs[dataset.train].mean(), inputs[dataset.train].std()
    x, y = (inputs - mean) / deviation, dataset.targets
    train, val = dataset.train, dataset.val
    np.savez(path, x=x[train], y=y[train], x_val=x[val], y_val=y[val])


def figures(name: str, timing: Timing) -> Figures:
    """What is kept of a command."""
    return {name: timing.seconds, f"{name}, cpu": timing.cpu}


def runner(place: Place, grid: Grid, folder: Path) -> Timing:
    """`runner train -m`."""
    arguments = [*grid.overrides("optimizer.learning_rate"), f"output_dir={folder}"]
    return timed(place, [sys.executable, "-m", "runner", "train", "-m", *arguments])


def one_by_one(place: Place, grid: Grid) -> Figures:
    """The compiled program of a single run, called once a run."""
    arguments = ["--one-by-one", *grid.overrides("optimizer.learning_rate")]
    return figures(
        "one by one", timed(place, [sys.executable, "-m", "benchmarks.programs_alone", *arguments])
    )


def by_hand(place: Place, grid: Grid, way: str) -> Figures:
    """The script in JAX alone."""
    script = [sys.executable, PEERS / "vmap_by_hand.py", place.data, *grid.options, "--across", way]
    return figures(f"by hand, {way}", timed(place, script))


def lightning(place: Place, large: Grid, small: Grid) -> Figures:
    """Hydra and PyTorch Lightning; the large sweep from the small one."""
    arguments = [*small.overrides("rate"), f"data={place.data}", f"hydra.sweep.dir={new_folder(place)}"]
    timing = timed(place, [place.peer, PEERS / "lightning_sweep.py", "-m", *arguments])
    return {
        **figures("lightning, small", timing),
        **figures("lightning, large", timing.scaled(large.runs)),
        "lightning, a run": timing.a_run,
    }


def scikit_learn(place: Place, grid: Grid) -> Figures:
    """GridSearchCV over MLPClassifier."""
    script = [place.peer, PEERS / "sklearn_grid.py", place.data, *grid.options]
    return figures("scikit-learn", timed(place, script))


def outside(place: Place, grid: Grid) -> Figures:
    """Milliseconds of a run outside the compiled programs.

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
        "outside, cpu": whole.cpu - alone.cpu,
    }
    compared = timed(place, [sys.executable, "-m", "runner", "compare", str(sweep)])
    return {"many": whole.seconds, "compare": compared.seconds} | {
        name: 1e3 * seconds / grid.runs for name, seconds in spent.items()
    }


def report(found: Figures, repeats: int, large: Grid, small: Grid, many: Grid) -> None:
    """The table of the issue."""
    best = min(BY_HAND, key=lambda way: found[f"by hand, {way}"])
    rows = [
        ("Hydra and Lightning, one process*", "lightning", large, "at least 15, aim 25"),
        ("Hydra and Lightning, one process", "lightning", small, "at least 5, aim 8"),
        ("scikit-learn, 2 processes", "scikit-learn", large, "at least 2, aim 4"),
        (f"a script in JAX alone ({best})", f"by hand, {best}", large, "at least 0.63, aim 0.83"),
        ("one compiled program, once a run", "one by one", large, ""),
    ]
    print(f"\n{os.cpu_count()} cores, medians of {repeats}, cold cache, start-up included")
    print(f"\n{'':36}{'':6}{'seconds':>18}{'times':>9}{'times less':>12}")
    print(f"{'against':36}{'runs':>6}{'there':>9}{'runner':>9}{'faster':>9}{'CPU time':>12}   asked")
    for name, key, grid, asked in rows:
        size = "large" if grid is large else "small"
        there = f"{key}, {size}" if key == "lightning" else key
        wall, own = found[there], found[f"runner, {size}"]
        cpu = found[f"{there}, cpu"] / found[f"runner, {size}, cpu"]
        print(f"{name:36}{grid.runs:6}{wall:9.1f}{own:9.1f}{wall / own:9.2f}{cpu:12.2f}   {asked}")
    print(f"* {small.runs} runs timed, {found['lightning, a run']:.2f} s for each one more")
    print(f"\na run outside the compiled programs, at {many.runs} runs; at most 20 ms, aim 5")
    for key, meaning in OUTSIDE.items():
        print(f"{found[key]:9.1f} ms {meaning}")
    print(f"\n`runner compare` of {many.runs} runs: {found['compare']:.1f} s; at most 10 s")


if __name__ == "__main__":
    main()
