"""Downloads a file once: checked, resumed where it broke off, whole or not there."""

import fcntl
import urllib.error
import urllib.request
from http.client import HTTPException
from pathlib import Path
from typing import Any

import pooch
from rich.progress import DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn

from runner.data.dataset import DataError

TRIES = 3
BLOCK = 1 << 16
TIMEOUT_SECONDS = 30


def download(url: str, md5: str, target: Path) -> Path:
    """The file at `url`, at `target`; pooch checks it and moves it there.

    What an earlier try has brought lies in `target` with `.part` added, and is not asked for again.

    Raises:
        DataError: it cannot be had, or is not the file that was published.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    lock = target.with_name(f"{target.name}.lock")
    try:
        with lock.open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # a second run waits for the first one's download
            downloader: Any = _Resuming(part)
            fetched = pooch.retrieve(url, f"md5:{md5}", target.name, target.parent, downloader=downloader)
        part.unlink(missing_ok=True)
        return Path(fetched)
    except ValueError as error:
        part.unlink(missing_ok=True)  # pooch names both checksums
        raise DataError(f"{url}: {' '.join(str(error).split())}") from error
    except (OSError, HTTPException) as error:
        hint = f"put it into {target.parent}, or set dataset.path or $RUNNER_DATA to where it is"
        raise DataError(f"{url}: cannot be downloaded ({_reason(error)}); {hint}") from error


class _Resuming:
    """A downloader for pooch that goes on where an earlier one stopped."""

    def __init__(self, part: Path) -> None:
        self._part = part

    def __call__(self, url: str, output_file: str, pooch: object, check_only: bool = False) -> None:
        for left in reversed(range(TRIES)):
            try:
                _fetch(url, self._part)
                break
            except (OSError, HTTPException):
                if left == 0:
                    raise
        Path(output_file).write_bytes(self._part.read_bytes())


def _fetch(url: str, part: Path) -> None:
    done = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={done}-"} if done else {})
    try:
        response = urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS)
    except urllib.error.HTTPError as error:
        if error.code == 416:  # nothing is left to send
            return
        raise
    with response:
        resumed = response.status == 206
        length = response.headers.get("Content-Length")
        total = None if length is None else int(length) + (done if resumed else 0)
        _copy(response, part, done if resumed else 0, total)


def _copy(response, part: Path, done: int, total: int | None) -> None:
    columns = (
        *Progress.get_default_columns()[:2],
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with part.open("ab" if done else "wb") as file, Progress(*columns, transient=True) as progress:
        task = progress.add_task(part.stem, total=total, completed=done)
        while block := response.read(BLOCK):
            file.write(block)
            progress.advance(task, len(block))
    if total is not None and part.stat().st_size < total:
        raise ConnectionError(f"it broke off after {part.stat().st_size} of {total} bytes")


def _reason(error: BaseException) -> str:
    reason = error.reason if isinstance(error, urllib.error.URLError) else error
    return " ".join(str(reason).split()) or type(error).__name__
