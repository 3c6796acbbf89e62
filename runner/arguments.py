"""The arguments of commands that Hydra does not read."""

import argparse
from typing import NoReturn

from runner.errors import ConfigError


class Arguments(argparse.ArgumentParser):
    """An ArgumentParser whose complaints are ConfigErrors."""

    def error(self, message: str) -> NoReturn:
        """Raises:
        ConfigError: always.
        """
        raise ConfigError(message)
