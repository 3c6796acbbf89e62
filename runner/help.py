"""What `runner --help` says."""

import shutil
import textwrap
from collections.abc import Mapping, Sequence
from pathlib import Path

from runner import groups

_EXAMPLES = {
    "runner train optimizer=adam": "train with the defaults and Adam",
    "runner train -m optimizer=sgd,adam": "a sweep over two optimizers",
    "runner train --cfg job": "show the config, train nothing",
    "runner list optimizer": "describe the options of a group",
    "runner train --help": "every key of the config; --hydra-help: every flag",
    'eval "$(runner -sc install=bash)"': "complete commands and options with TAB",
}


def overview(commands: Mapping[str, str]) -> str:
    """The commands, the groups with their options, and examples."""
    parts = [
        "usage: runner COMMAND [KEY=VALUE ...] [Hydra flags]",
        f"Commands\n{columns(commands)}",
        f"Groups: GROUP=OPTION chooses (* is the default)\n{columns(summaries(groups.folders()))}",
        f"Examples\n{columns(_EXAMPLES)}",
    ]
    return "\n\n".join(parts)


def summaries(roots: Sequence[Path]) -> dict[str, str]:
    """Each group's options, the default marked."""
    chosen = groups.defaults()
    return {name: _names(name, chosen.get(name), roots) for name in groups.names(roots)}


def columns(rows: Mapping[str, str]) -> str:
    """Names and texts side by side, wrapped to the terminal."""
    width = max(map(len, rows), default=0) + 4
    room = max(20, shutil.get_terminal_size().columns - width)
    return "\n".join(_row(name, text, width, room) for name, text in rows.items())


def _row(name: str, text: str, width: int, room: int) -> str:
    lines = textwrap.wrap(text, room, break_on_hyphens=False) or [""]
    return f"  {name:<{width - 2}}" + f"\n{'':<{width}}".join(lines)


def _names(group: str, default: str | None, roots: Sequence[Path]) -> str:
    names = [option.name for option in groups.options(group, roots)]
    return ", ".join(f"{name}*" if name == default else name for name in names)
