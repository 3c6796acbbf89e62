"""Hydra's and OmegaConf's errors, each as one line that names what would be right."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import singledispatch
from pathlib import Path

from hydra.errors import HydraException, MissingConfigException, OverrideParseException
from omegaconf import DictConfig
from omegaconf.errors import OmegaConfBaseException
from yaml import MarkedYAMLError, YAMLError

from runner import groups
from runner.composition.keys import unknown_key
from runner.composition.overrides import parse
from runner.errors import ConfigError
from runner.suggestions import did_you_mean

# What a wrong override or file can raise in Hydra's own code, which checks little before it acts.
FAILURES = (
    HydraException,
    OmegaConfBaseException,
    YAMLError,
    OSError,
    UnicodeError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    AssertionError,
    RecursionError,
)


@dataclass(frozen=True)
class Context:
    """What was being composed: the names that a misspelt one may have meant."""

    config_name: str
    folders: list[Path]
    choices: list[str]
    known: Callable[[], DictConfig]


@contextmanager
def explained(context: Context) -> Iterator[None]:
    """Turns what composing raises into a ConfigError.

    Raises:
        ConfigError: composing failed.
    """
    try:
        yield
    except FAILURES as error:
        raise ConfigError(explain(error, context)) from error


def one_line(text: str) -> str:
    """The text with its line breaks as spaces, and without pointers to Hydra's pages."""
    text = re.sub(r"See https?://\S+( for (details|more information)\.?)?", "", text)
    return " ".join(text.split())


@singledispatch
def explain(error: Exception, context: Context) -> str:
    """What is wrong, and what would be right."""
    text = str(error) or str(error.__cause__ or type(error).__name__)
    refused = re.match(r"(?:Could not override|Could not delete(?: from config\.)?) '([^'@]+)'", text)
    if refused is not None:
        inside = re.search(r"full_key: (\S+)", str(error.__cause__))
        key = inside[1] if inside is not None and inside[1].startswith(f"{refused[1]}.") else refused[1]
        return unknown_key(key, context.known())
    ambiguous = re.match(r"(?:Ambiguous value for argument|Sweep parameters) '([^']+)'", text)
    if ambiguous is not None:
        return f"{ambiguous[1]}: several values are a sweep: add -m{_or_list(ambiguous[1])}"
    if text.startswith("Config group override must be a string"):
        return _no_option(context)
    cause = f": {error.__cause__}" if isinstance(error.__cause__, OmegaConfBaseException) else ""
    return one_line(text + cause)


@explain.register
def _(error: OverrideParseException, context: Context) -> str:
    if "=" not in error.override:
        return f"{error.override}: an override is KEY=VALUE"
    return f"{error.override}: not in Hydra's grammar; quote a value with special characters: 'key=\"...\"'"


@explain.register
def _(error: MissingConfigException, context: Context) -> str:
    missing = error.missing_cfg_file or ""
    group, _, name = missing.rpartition("/")
    options = error.options or [option.name for option in groups.options(group, context.folders) if group]
    if options:
        return f"{group}={name}: there is no such option; {did_you_mean(name, options)}"
    if missing == context.config_name:
        files = [path.stem for folder in context.folders for path in folder.glob("*.yaml")]
        return f"--config-name {missing}: there is no such config; {did_you_mean(missing, files)}"
    return one_line(str(error).partition("Config search path:")[0])


@explain.register
def _(error: MarkedYAMLError, context: Context) -> str:
    mark = error.problem_mark or error.context_mark
    where = f"{mark.name}, line {mark.line + 1}: " if mark is not None else ""
    return one_line(f"{where}{error.problem or error.context}")


@explain.register
def _(error: UnicodeError, context: Context) -> str:
    broken = [path for folder in context.folders for path in folder.rglob("*.yaml") if not _is_text(path)]
    return f"{', '.join(map(str, broken))}: not a text file in UTF-8"


def _is_text(path: Path) -> bool:
    try:
        path.read_bytes().decode()
    except UnicodeError:
        return False
    return True


def _no_option(context: Context) -> str:
    for text in context.choices:
        group = text.partition("=")[0]
        options = [option.name for option in groups.options(group, context.folders)]
        if options and not isinstance(parse(text).value(), str | list):
            return f"{text}: an option's name is expected; choose from {', '.join(options)}"
    return "the choice of an option must be its name"


def _or_list(text: str) -> str:
    key, _, value = text.partition("=")
    return "" if "(" in value else f"; one list is {key}=[{value}]"
