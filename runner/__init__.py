"""Which choice is better? Trains neural networks that Hydra composes and JAX runs."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from runner.runs import load_run

__version__ = "0.1.0"
__all__ = ["__version__", "load_run"]


def __getattr__(name: str) -> Any:
    # `load_run` needs JAX, whose import costs seconds that the command line does not have.
    if name == "load_run":
        from runner.runs import load_run

        return load_run
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
