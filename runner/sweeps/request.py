"""The jobs that a sweep was asked for, kept before the first of its runs has a folder."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from runner.composition import SweepJob

NAME = "requests.jsonl"


class Request(NamedTuple):
    """The jobs of one invocation."""

    command: list[str]
    config_name: str
    config_dir: str | None
    jobs: list[list[str]]
    """The overrides of each."""


def keep_request(sweep: Path, jobs: Sequence[SweepJob]) -> None:
    """Appends the request for these jobs."""
    first = jobs[0].job
    request = Request(first.command, first.config_name, first.config_dir, [job.job.overrides for job in jobs])
    with _path(sweep).open("a", encoding="utf-8") as file:
        file.write(json.dumps(request._asdict()) + "\n")


def read_requests(sweep: Path) -> list[Request]:
    """Every request whose runs may not all have a folder; a line that a kill cut off was none."""
    if not _path(sweep).exists():
        return []
    lines = _path(sweep).read_text(encoding="utf-8").split("\n")[:-1]
    return [Request(**json.loads(line)) for line in lines]


def drop_requests(sweep: Path) -> None:
    """Forgets the requests, once every job has a folder."""
    _path(sweep).unlink(missing_ok=True)


def _path(sweep: Path) -> Path:
    return sweep / NAME
