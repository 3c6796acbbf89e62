"""What an override on the command line is about."""

import functools
from typing import Any

from hydra._internal.config_loader_impl import ConfigLoaderImpl
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override


def parse(text: str) -> Override:
    """One override, read by Hydra's grammar; raises as Hydra does."""
    return OverridesParser.create().parse_overrides([text])[0]


def texts(overrides: Any) -> list[str]:
    """Overrides in a config, as they were typed; one may be an interpolation, `steps=${epochs}`."""
    return [str(text) for text in overrides._content]


def is_choice(loader: ConfigLoaderImpl, text: str) -> bool:
    """Whether an override chooses an option of a group or configures Hydra, rather than sets a value.

    The task of a data set chooses the loss.
    """
    key = text.lstrip("+~").partition("=")[0].partition("@")[0]
    return (
        key == "dataset.task"
        or key.startswith(("hydra.", "hydra/"))
        or ("." not in key and "={" not in text and _is_group(loader, key))
    )


@functools.lru_cache(maxsize=1024)  # a sweep asks of every job
def _is_group(loader: ConfigLoaderImpl, key: str) -> bool:
    return loader.repository.group_exists(key)
