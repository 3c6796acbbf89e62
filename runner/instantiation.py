"""Instantiates the nodes of a config and blames the right key when one fails."""

import inspect
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from hydra.errors import HydraException
from hydra.utils import get_method, instantiate

from runner.errors import ConfigError
from runner.suggestions import nearest

Node = dict[str, Any]


def make(node: Node, where: str) -> Any:
    """The object a node describes.

    Raises ConfigError, in one line that starts with the key `where`, if it cannot be made.
    """
    with blaming(where):
        return instantiate(node)


def make_function(node: Node, where: str) -> Callable[..., Any]:
    """The function a node describes with its arguments bound, to be called with the rest.

    Raises ConfigError as `make` does; so does the function when it is called.
    """
    with blaming(where):
        return blamed(instantiate(node, _partial_=True), where)


def make_functions(nodes: dict[str, Node], where: str) -> dict[str, Callable[..., Any]]:
    """The function of each node by its name; raises as `make_function` does."""
    return {name: make_function(node, f"{where}.{name}") for name, node in nodes.items()}


def is_off(strength: Any) -> bool:
    """Whether a strength of a config is none: a traced one never is."""
    return strength is None or (isinstance(strength, int | float) and strength == 0)


def takes(node: Node, argument: str, where: str) -> bool:
    """Whether the target of a node has a parameter of that name; raises as `make` does."""
    with blaming(where):
        target = get_method(node["_target_"])
        # Of an nnx.Module, the signature is its metaclass's.
        function = target.__init__ if isinstance(target, type) else target
        return argument in inspect.signature(function).parameters


def blamed(function: Callable[..., Any], where: str) -> Callable[..., Any]:
    """The function, with whatever goes wrong in a call blamed on the key `where`."""

    def call(*arguments: Any, **named: Any) -> Any:
        with blaming(where):
            return function(*arguments, **named)

    return call


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
    if isinstance(error, ImportError) and error.__cause__ is not None:
        return _missing(error.__cause__, str(error).partition("'")[2].partition("'")[0])
    text = " ".join(str(error).split()) or "failed"
    return text if isinstance(error, ValueError | HydraException) else f"{type(error).__name__}: {text}"


def _missing(cause: BaseException, target: str) -> str:
    """Why Hydra does not find a target."""
    if isinstance(cause, AttributeError):
        return _unknown(target, cause.name or target, dir(cause.obj))
    name = cause.name if isinstance(cause, ModuleNotFoundError) else None
    if name is None or not f"{target}.".startswith(f"{name}."):
        return f"{target}: {_reason(cause)}"  # the module is there, and fails
    parent, _, last = name.rpartition(".")
    return _unknown(target, last, dir(sys.modules[parent]) if parent else sys.modules)


def _unknown(target: str, name: str, names: Iterable[str]) -> str:
    guess = nearest(name, names)
    meant = (
        f"did you mean {guess}?" if guess else "is its folder the current one, --config-dir or in PYTHONPATH?"
    )
    return f"_target_={target}: there is no {name}; {meant}"
