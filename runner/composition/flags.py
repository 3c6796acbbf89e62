"""Hydra's flags, read from a command's arguments."""

import argparse
import re
from typing import NoReturn

from hydra._internal.utils import get_args_parser

from runner.errors import ConfigError
from runner.suggestions import nearest


def read_flags(argv: list[str]) -> tuple[argparse.Namespace, argparse.ArgumentParser]:
    """The flags and overrides, and the parser, which Hydra's help describes.

    Raises:
        ConfigError: a flag is unknown, lacks its value, or excludes another one.
    """
    parser = flags_parser()
    parser.error = _refuse  # type: ignore[method-assign]
    flags, extra = parser.parse_known_intermixed_args(argv)
    if extra:
        _refuse_unknown(extra[0], parser)
    _check(flags)
    return flags, parser


def flags_parser() -> argparse.ArgumentParser:
    """Hydra's flags and ours."""
    parser = get_args_parser()
    parser.add_argument("--dry-run", action="store_true", help="Say what would be trained, and train nothing")
    return parser


def _refuse(message: str) -> NoReturn:
    raise ConfigError(message)


def _refuse_unknown(text: str, parser: argparse.ArgumentParser) -> NoReturn:
    known = [name for action in parser._actions for name in action.option_strings]
    guess = nearest(text.partition("=")[0], known)
    if guess is not None:
        raise ConfigError(f"{text}: there is no such flag; did you mean {guess}?")
    if re.match(r"--?[A-Za-z]", text):
        raise ConfigError(f"{text}: there is no such flag; an override is KEY=VALUE, without dashes")
    raise ConfigError(f"{text}: there is no such flag; choose from {', '.join(known)}")


def _check(flags: argparse.Namespace) -> None:
    modes = {
        "--run": flags.run,
        "--multirun": flags.multirun,
        "--cfg": flags.cfg is not None,
        "--info": flags.info is not None,
        "--shell-completion": flags.shell_completion,
    }
    given = [name for name, on in modes.items() if on]
    if len(given) > 1:
        raise ConfigError(f"{' and '.join(given)} exclude each other; give one")
    if flags.resolve and flags.cfg is None and not flags.help:
        raise ConfigError("--resolve goes with --cfg or --help")
    if flags.dry_run and (flags.cfg is not None or flags.info is not None):
        raise ConfigError("--dry-run goes with training; it excludes --cfg and --info")
    if flags.package is not None and flags.cfg is None:
        raise ConfigError("--package goes with --cfg")
