"""A download is resumed, checked, and whole or not there."""

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from runner.data.dataset import DataError
from runner.data.download import download

CONTENT = np.random.default_rng(0).bytes(300_000)
MD5 = hashlib.md5(CONTENT).hexdigest()


class Server(ThreadingHTTPServer):
    """Serves CONTENT; breaks off each of the first `breaks` answers half way."""

    ranges, breaks, daemon_threads = True, 0, True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[str | None] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/file.gz"


class Answer(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        asked = self.headers["Range"]
        self.server.asked.append(asked)
        start = int(asked[6:-1]) if asked and self.server.ranges else 0
        body = CONTENT[start:]
        if asked and start >= len(CONTENT):
            self.send_error(416)
            return
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        broken = len(self.server.asked) <= self.server.breaks
        self.wfile.write(body[: len(body) // 2] if broken else body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Says nothing."""


@pytest.fixture
def server():
    with Server() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "file.gz"


def left(target: Path) -> set[str]:
    return {path.name for path in target.parent.iterdir() if path.suffix != ".lock"}


def test_the_file_is_there_and_nothing_else(server, target):
    assert download(server.url, MD5, target) == target
    assert target.read_bytes() == CONTENT
    assert left(target) == {"file.gz"}
    assert server.asked == [None]


def test_what_is_there_is_not_asked_for_again(server, target):
    download(server.url, MD5, target)
    download(server.url, MD5, target)
    assert len(server.asked) == 1


def test_it_goes_on_where_it_broke_off(server, target):
    server.breaks = 1
    download(server.url, MD5, target)
    assert target.read_bytes() == CONTENT
    assert server.asked == [None, "bytes=150000-"]


def test_it_goes_on_where_an_earlier_run_was_killed(server, target):
    target.parent.mkdir()
    target.with_name("file.gz.part").write_bytes(CONTENT[:100_000])
    download(server.url, MD5, target)
    assert target.read_bytes() == CONTENT
    assert server.asked == ["bytes=100000-"]


@pytest.mark.parametrize("size", [100_000, len(CONTENT)])
def test_a_server_without_ranges_sends_all(size, server, target):
    server.ranges = False
    target.parent.mkdir()
    target.with_name("file.gz.part").write_bytes(CONTENT[:size])
    download(server.url, MD5, target)
    assert target.read_bytes() == CONTENT


def test_a_whole_part_needs_no_more(server, target):
    target.parent.mkdir()
    target.with_name("file.gz.part").write_bytes(CONTENT)
    download(server.url, MD5, target)
    assert target.read_bytes() == CONTENT


def test_another_file_than_was_published_is_not_kept(server, target):
    with pytest.raises(DataError) as error:
        download(server.url, "0" * 32, target)
    assert MD5 in str(error.value) and "\n" not in str(error.value)
    assert left(target) == set()


def test_a_download_that_keeps_breaking_off_keeps_what_it_has(server, target):
    server.breaks = 99
    with pytest.raises(DataError, match="it broke off after"):
        download(server.url, MD5, target)
    assert len(server.asked) == 3
    assert left(target) == {"file.gz.part"}
    server.breaks = 0
    download(server.url, MD5, target)
    assert target.read_bytes() == CONTENT


def test_no_network_says_what_to_do(target):
    with pytest.raises(DataError) as error:
        download("http://127.0.0.1:9/file.gz", MD5, target)
    assert "cannot be downloaded" in str(error.value) and "$RUNNER_DATA" in str(error.value)
