"""A file that grows, and is open only while it does: a sweep has more files than a process may hold open."""

from pathlib import Path


class Appended:
    """Keeps what is written until it is flushed to the end of a file; flushing makes the file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._pending: list[bytes] = []
        self._exists = False

    def write(self, content: bytes) -> int:
        """Keeps bytes; how many."""
        self._pending.append(content)
        return len(content)

    def flush(self) -> None:
        """Hands what was kept to the operating system."""
        if self._pending or not self._exists:
            with self.path.open("ab") as file:
                file.write(b"".join(self._pending))
            self._exists = True
            self._pending.clear()

    def close(self) -> None:
        """Flushes."""
        self.flush()
