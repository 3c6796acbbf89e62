"""Measures the runner and what people would use instead, in one sitting, and writes benchmarks/RESULTS.md.

    python -m benchmarks                            every job, three times: about an hour on two cores
    python -m benchmarks cnn mlp --repeats 5        some jobs
    python -m benchmarks --quick                    everything once and shortened, to try it out; only printed

The peers get environments of their own, once, in the user's cache folder. In each repeat every job is
measured on all its sides, one right after the other, each first as often as the others. Use a machine that
does nothing else.
"""

import argparse
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks import machine
from benchmarks.commands import ROOT, Place
from benchmarks.job import Job
from benchmarks.peers.environment import KERAS, TORCH, peer_python
from benchmarks.results import Sitting, page
from runner.suggestions import did_you_mean

JOBS = Path(__file__).parent / "jobs"
RESULTS = ROOT / "benchmarks" / "RESULTS.md"


def main(argv: Sequence[str] | None = None) -> int:
    """Measures, prints and writes; the exit code."""
    options = parse(argv)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # all sides find their modules compiled, as a user does
    jobs = {name: import_module(f"benchmarks.jobs.{name}").job(options.quick) for name in options.jobs}
    for requirements in (TORCH, KERAS):
        peer_python(requirements)
    about, written = machine.describe(), ""
    with tempfile.TemporaryDirectory() as folder:
        sittings = measure(jobs, options.repeats, Place(Path(folder)))
        for repeats, sitting in enumerate(sittings, start=1):
            written = page(about, repeats, sitting, machine.has_gpu())
            if options.output is not None:
                options.output.write_text(written)  # each time, so that what ends it costs one repeat
    print(written)
    return 0


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """What was asked for; raises SystemExit where it is wrong."""
    names = sorted(path.stem for path in JOBS.glob("*.py") if path.stem != "__init__")
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"some of {', '.join(names)}; all")
    parser.add_argument("--repeats", type=int, help="how often every side is measured; 3, or with --quick 1")
    parser.add_argument("--quick", action="store_true", help="shortened")
    parser.add_argument("--output", type=Path, help=f"{RESULTS.relative_to(ROOT)}; with --quick, none")
    options = parser.parse_args(argv)
    for name in options.jobs:
        if name not in names:
            parser.error(f"{name}: there is no such job; {did_you_mean(name, names)}")
    if options.repeats is not None and options.repeats < 1:
        parser.error(f"--repeats {options.repeats}: at least 1")
    options.jobs = options.jobs or names
    options.repeats = options.repeats or (1 if options.quick else 3)
    options.output = options.output or (None if options.quick else RESULTS)
    return options


def measure(jobs: dict[str, Job], repeats: int, place: Place) -> Iterator[Sitting]:
    """What every side of every job has measured, after each of the repeats."""
    found = {name: defaultdict(list) for name in jobs}
    for repeat in range(repeats):
        for name, job in jobs.items():
            first = repeat % len(job.sides)
            for side in [*job.sides[first:], *job.sides[:first]]:
                for figure, value in side(place).items():
                    found[name][figure].append(value)
                    print(
                        f"{repeat + 1}/{repeats} {name}: {figure}: {value:.4g}", file=sys.stderr, flush=True
                    )
        yield [(name, job, found[name]) for name, job in jobs.items()]


if __name__ == "__main__":
    sys.exit(main())
