"""Instantiates the nodes of a config and blames the right key when one fails."""

import difflib
import inspect
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hydra.errors import HydraException
from hydra.utils import get_method, instantiate

from runner.errors import ConfigError

Node = dict[str, Any]


def make(node: Node, where: str) -> Any:
    """The object a node describes.

    Raises ConfigError, in one line that starts with the key `where`, if it cannot be made.
    """
    with blaming(where):
        return instantiate(node)


def make_function(node: Node, where: str) -> Callable[..., Any]:
    """The function a node describes with its arguments bound, to be called with the rest.

    Raises ConfigError as `make` does.
    """
    with blaming(where):
        return instantiate(node, _partial_=True)


def takes(node: Node, argument: str) -> bool:
    """Whether the target of a node has a parameter of that name."""
    with blaming(argument):
        return argument in inspect.signature(get_method(node["_target_"])).parameters


@contextmanager
def blaming(where: str) -> Iterator[None]:
    """Turns whatever goes wrong inside into a ConfigError of one line about the key `where`.

    With RUNNER_FULL_ERROR=1 the error comes through as it is, with its traceback.
    """
    try:
        yield
    except ConfigError:
        raise
    except Exception as error:
        if os.environ.get("RUNNER_FULL_ERROR") == "1":
            raise
        raise ConfigError(f"{where}: {_reason(error)}") from error


def _reason(error: BaseException) -> str:
    while isinstance(error, HydraException) and error.__cause__ is not None:
        error = error.__cause__
    if isinstance(error, ImportError | AttributeError):
        return _missing(error)
    text = " ".join(str(error).split()) or "failed"
    return text if isinstance(error, ValueError) else f"{type(error).__name__}: {text}"


def _missing(error: ImportError | AttributeError) -> str:
    text = " ".join(str(error).split())
    if isinstance(error, AttributeError) and error.name and inspect.ismodule(error.obj):
        near = difflib.get_close_matches(error.name, dir(error.obj), 1)
        text += f"; did you mean {error.obj.__name__}.{near[0]}?" if near else ""
    return text
