"""The command line: finds the command and runs it. Imports nothing heavy."""

import ast
import gc
import importlib
import os
import signal
import sys
from pathlib import Path

from runner import __version__
from runner.errors import ConfigError, RunError
from runner.huge_pages import use_huge_pages
from runner.suggestions import did_you_mean

_COMMANDS = Path(__file__).resolve().parent / "commands"
_HELP = ("--help", "-h", "help")
_COMPLETION = ("-sc", "--shell-completion")


def entry() -> None:
    """The console script."""
    use_huge_pages()
    # JAX's import makes a million objects that stay: the collector would look through them again and again.
    gc.set_threshold(50_000, 50, 50)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    code = main()
    sys.stderr.flush()
    if _has_workers():
        sys.exit(code)
    # All is written and closed. Python would take a quarter of a second to take JAX apart.
    os._exit(code)


def _has_workers() -> bool:
    """Whether a launcher keeps worker processes, which end only with Python's own way out."""
    processes = sys.modules.get("multiprocessing.process")
    return processes is not None and bool(processes.active_children())


def main(argv: list[str] | None = None) -> int:
    """Runs a command and returns its exit code."""
    try:
        code = run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
        return code
    except ConfigError as error:
        print(f"runner: {error}", file=sys.stderr)
        return 2
    except RunError as error:
        print(f"runner: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader (`| head`) went away; Python must not complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def run(argv: list[str]) -> int:
    """Runs a command and returns its exit code.

    Raises:
        ConfigError: there is no such command, or what it was given is wrong.
    """
    asked = [place for place, text in enumerate(argv) if text in _COMPLETION]
    if asked:
        from runner.completion import complete

        return complete(argv[asked[0] + 1 :], commands())
    name, arguments = (argv[0], argv[1:]) if argv else ("--help", [])
    if name in _HELP:
        return _show_help()
    if name == "--version":
        print(f"runner {__version__}")
        return 0
    return _command(name, arguments)


def commands() -> dict[str, str]:
    """The commands there are and what each does, read without importing them."""
    files = sorted(path for path in _COMMANDS.glob("*.py") if not path.stem.startswith("_"))
    return {path.stem.replace("_", "-"): _first_line(path) for path in files}


def _command(name: str, arguments: list[str]) -> int:
    known = commands()
    if name.startswith("-"):
        flags = (*_HELP[:2], *_COMPLETION, "--version")
        raise ConfigError(f"{name}: there is no such flag; {did_you_mean(name, flags)}")
    if name not in known:
        raise ConfigError(f"{name}: there is no such command; {did_you_mean(name, known)}")
    module = importlib.import_module(f"runner.commands.{name.replace('-', '_')}")
    return module.main(arguments)


def _show_help() -> int:
    from runner.help import overview

    print(overview(commands()))
    return 0


def _first_line(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    return (docstring or "").partition("\n")[0]
