"""What Hydra suggests for a word on the command line."""

from contextlib import redirect_stderr, suppress
from io import StringIO

from hydra._internal.hydra import Hydra
from hydra.plugins.completion_plugin import DefaultCompletionPlugin

from runner.composition.composer import Composer, Source
from runner.composition.flags import flags_parser, read_flags
from runner.composition.source import source_of
from runner.errors import ConfigError
from runner.suggestions import did_you_mean


def set_up(shell: str, installs: bool) -> None:
    """Prints the commands that turn completion on or off in a shell.

    Raises:
        ConfigError: Hydra does not know the shell.
    """
    plugins = Hydra.get_shell_to_plugin_map(Composer(Source()).loader)
    if shell not in plugins:
        raise ConfigError(f"{shell}: there is no completion for this shell; {did_you_mean(shell, plugins)}")
    plugin = plugins[shell][0]
    plugin.install() if installs else plugin.uninstall()


def suggest(words: list[str], word: str) -> list[str]:
    """The flags, groups, options, keys and values that `word` may become after `words`."""
    if word.startswith("-"):
        names = [name for action in flags_parser()._actions for name in action.option_strings]
        return [name for name in names if name.startswith(word)]
    source = _source(words)
    plugin = DefaultCompletionPlugin(Composer(source).loader)
    # A half-typed line may be wrong in any way, and a shell must hear nothing of it.
    with redirect_stderr(StringIO()), suppress(Exception, SystemExit):
        return plugin._query(source.config_name, " ".join([*words, word]))
    return []


def _source(words: list[str]) -> Source:
    with suppress(ConfigError):
        source = source_of(read_flags(words)[0])
        source.search_path()
        return source
    return Source()
