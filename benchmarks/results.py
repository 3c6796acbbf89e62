"""A sitting as a page."""

from collections.abc import Mapping, Sequence
from statistics import median

from benchmarks.job import Found, Job, Row

Sitting = Sequence[tuple[str, Job, Found]]
"""The jobs by name, with what was found."""

HEAD = """# How fast, and against what

Written by `python -m benchmarks`; not edited. All sides were measured in turn in one sitting. A ratio is the
median of those of the repeats: how many times as fast the runner is, so above 1 it is faster. How to read it,
and why what falls short does: [docs/speed.md](../docs/speed.md).
"""
ASKED = ["job", "against", "runner", "there", "ratio", "lowest to highest", "least", "aim", "reached"]
SIDES = ["job", "side", "median", "CPU time of the command", "peak memory"]
NO_GPU = "No GPU was at hand."
UNUSED_GPU = "This machine has one; the jobs above are measured on its CPU."


def page(machine: Mapping[str, str], repeats: int, sitting: Sitting, gpu: bool) -> str:
    """Markdown: the machine, what is asked, every side, and the GPU."""
    about = [[name, value] for name, value in {**machine, "repeats": str(repeats)}.items()]
    asked = [_cells(row) for _, job, found in sitting for row in job.rows(found)]
    sides = [line for name, job, found in sitting for line in _sides(name, job, found)]
    parts = [
        HEAD,
        table(["", ""], about),
        "## What is asked\n",
        table(ASKED, asked),
        "## Every side\n",
        table(SIDES, sides),
        "## On a GPU\n",
        (UNUSED_GPU if gpu else NO_GPU) + "\n",
    ]
    return "\n".join(parts)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def _cells(row: Row) -> list[str]:
    extent = f"{min(row.ratios):.3g} to {max(row.ratios):.3g}"
    asked = [f"{row.least:.3g}", f"{row.aim:.3g}"]
    return [row.what, row.against, row.own, row.theirs, f"**{row.ratio:.3g}**", extent, *asked, row.verdict]


def _sides(job_name: str, job: Job, found: Found) -> list[list[str]]:
    names = [name for name in found if not name.endswith((", cpu", ", memory"))]
    return [
        [
            job_name,
            name,
            job.told(median(found[name])),
            f"{median(found[f'{name}, cpu']):.1f} s" if f"{name}, cpu" in found else "",
            f"{median(found[f'{name}, memory']) / 1e6:.0f} MB" if f"{name}, memory" in found else "",
        ]
        for name in names
    ]
