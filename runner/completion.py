"""Completion with TAB.

`runner -sc install=bash` prints what a shell evaluates; that asks `runner -sc query=bash` at every TAB.
"""

import importlib
import os
import re
import sys
from collections.abc import Mapping

from runner.errors import ConfigError


def complete(arguments: list[str], commands: Mapping[str, str]) -> int:
    """Prints a shell's set-up, or the words that the one under the cursor may become.

    Raises:
        ConfigError: it is not `install=`, `uninstall=` or `query=` of a shell that Hydra knows.
    """
    request = re.fullmatch(r"(install|uninstall|query)=(\w+)", " ".join(arguments))
    if request is None:
        raise ConfigError('-sc takes install=SHELL, uninstall=SHELL or query=SHELL, as in "-sc install=bash"')
    if request[1] == "query":
        print("\n".join(suggestions(_typed(), commands)))
        return 0
    from runner.composition.completion import set_up

    sys.argv[0] = "runner"  # the name that the shell completes
    set_up(request[2], installs=request[1] == "install")
    return 0


def suggestions(line: str, commands: Mapping[str, str]) -> list[str]:
    """What the last word of a command line, the program's name left out, may become."""
    words = line.split()
    word = words.pop() if words and not line.endswith(" ") else ""
    if not words:
        return [name for name in [*commands, "--help", "--version"] if name.startswith(word)]
    if words[0] not in commands:
        return []
    module = importlib.import_module(f"runner.commands.{words[0].replace('-', '_')}")
    completer = getattr(module, "complete", None)
    return [] if completer is None else completer(words[1:], word)


def _typed() -> str:
    line = os.environ.get("COMP_LINE", "")
    line = line[: int(os.environ.get("COMP_POINT") or len(line))]
    return line.partition(" ")[2].lstrip()
