"""What ten members as lanes and their ensemble cost, against ten runs one after another in one process.

    python -m benchmarks.ensembles                          experiment=fashion_mlp, ten seeds: some minutes
    python -m benchmarks.ensembles --members 4 epochs=2     fewer members, and overrides

Every figure is the wall time of a process, start-up included, with nothing compiled before; on a busy machine
trust the CPU time more. Both sides train, and test each run's best weights.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ONE_BY_ONE = """
import sys
from runner.cli import main
members, folder, *overrides = sys.argv[1:]
for seed in range(int(members)):
    assert main(["train", *overrides, f"seed={seed}", f"output_dir={folder}/{seed}"]) == 0
"""


class Timing(NamedTuple):
    """Seconds of a command."""

    wall: float
    cpu: float


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--members", type=int, default=10)
    parser.add_argument("--keep", type=Path, help="a new folder that the runs are left in")
    parser.add_argument("overrides", nargs="*", default=[])
    options = parser.parse_args()
    members, overrides = options.members, ["experiment=fashion_mlp", *options.overrides]
    with tempfile.TemporaryDirectory() as place:
        runs = options.keep or Path(place)
        sweep, singles, made = (runs / name for name in ("sweep", "singles", "made"))
        program = [sys.executable, "-m", "runner"]
        seeds = f"seed=range({members})"
        trained = timed(place, "lanes", [*program, "train", "-m", *overrides, seeds, f"output_dir={sweep}"])
        combined = timed(place, "lanes", [*program, "ensemble", str(sweep), "--output", str(made)])
        alone = timed(
            place, "alone", [sys.executable, "-c", ONE_BY_ONE, str(members), str(singles), *overrides]
        )
        found = json.loads((made / "ensemble.json").read_text())["test"]
    print(f"{members} runs as lanes           {trained.wall:7.1f} s, {trained.cpu:7.1f} s of CPU")
    print(f"their ensemble              {combined.wall:7.1f} s, {combined.cpu:7.1f} s of CPU")
    print(f"{members} runs one after another  {alone.wall:7.1f} s, {alone.cpu:7.1f} s of CPU")
    print(f"ratio                       {(trained.wall + combined.wall) / alone.wall:7.2f}")
    for name in found["ensemble"]:
        values = (found[row][name]["value"] for row in ("ensemble", "best_single", "mean_single"))
        print(f"{name}: ensemble {{:.4f}}, best single {{:.4f}}, mean {{:.4f}}".format(*values))


def timed(place: str, cache: str, command: list[str]) -> Timing:
    """Runs a command with a compilation cache of its side's own."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    environment = {**os.environ, "XDG_CACHE_HOME": str(Path(place) / cache)}
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Timing(
        time.monotonic() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    )


if __name__ == "__main__":
    main()
