"""The machine that a sitting happens on."""

import os
import platform
import shutil
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.commands import ROOT
from benchmarks.peers.environment import KERAS, TORCH

PACKAGES = ("jax", "jaxlib", "flax", "optax", "numpy", "hydra-core")


def describe() -> dict[str, str]:
    """What to know of it, and how loaded it is now."""
    load = os.getloadavg() if hasattr(os, "getloadavg") else ()
    return {
        "CPU": f"{_field('/proc/cpuinfo', 'model name') or platform.processor()}, {os.cpu_count()} cores",
        "memory": _memory(),
        "system": f"{_field('/etc/os-release', 'PRETTY_NAME', '=')}, {platform.platform()}",
        "Python": platform.python_version(),
        "packages": ", ".join(f"{package} {version(package)}" for package in PACKAGES),
        "peers": ", ".join(dict.fromkeys([*TORCH, *KERAS])).replace("==", " "),
        "load at the start": ", ".join(f"{one:.2f}" for one in load) + " (1, 5 and 15 minutes)",
        "commit": _commit(),
        "time": f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
    }


def has_gpu() -> bool:
    """Whether NVIDIA's or AMD's driver is installed."""
    return any(shutil.which(tool) for tool in ("nvidia-smi", "rocm-smi"))


def _field(path: str, name: str, separator: str = ":") -> str:
    if not Path(path).is_file():
        return ""
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(separator)
        if key.strip() == name:
            return value.strip().strip('"')
    return ""


def _memory() -> str:
    if not hasattr(os, "sysconf"):
        return "unknown"
    return f"{os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES') / 2**30:.0f} GiB"


def _commit() -> str:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        return "unknown"

    def git(*command: str) -> str:
        return subprocess.run(
            ["git", *command], cwd=ROOT, capture_output=True, text=True, check=True
        ).stdout.strip()

    changed = bool(git("status", "--porcelain", "--untracked-files=no"))
    return git("rev-parse", "--short=12", "HEAD") + (", with changes" if changed else "")
