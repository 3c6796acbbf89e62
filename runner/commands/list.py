"""The config groups; or the options of one, each described."""

from argparse import Namespace
from pathlib import Path

from runner import groups
from runner.arguments import Arguments
from runner.errors import ConfigError
from runner.help import columns, summaries
from runner.suggestions import did_you_mean


def main(argv: list[str]) -> int:
    """Prints the groups, or the options of the group that is named.

    Raises:
        ConfigError: there is no such group or folder.
    """
    arguments = _read(argv)
    if arguments.config_dir is not None and not arguments.config_dir.is_dir():
        raise ConfigError(f"--config-dir {arguments.config_dir}: there is no such folder")
    roots = groups.folders(arguments.config_dir)
    print(_groups(roots) if arguments.group is None else _options(arguments.group, roots))
    return 0


def complete(words: list[str], word: str) -> list[str]:
    """The groups that a word may become."""
    return [name for name in groups.names(groups.folders()) if name.startswith(word)]


def _read(argv: list[str]) -> Namespace:
    parser = Arguments(prog="runner list", description=__doc__)
    parser.add_argument("group", nargs="?", metavar="GROUP")
    parser.add_argument("--config-dir", "-cd", type=Path, help="a folder with options of your own")
    return parser.parse_args(argv)


def _groups(roots: list[Path]) -> str:
    return f"{columns(summaries(roots))}\n\nGROUP=OPTION chooses; * is the default."


def _options(group: str, roots: list[Path]) -> str:
    known = groups.names(roots)
    if group not in known:
        raise ConfigError(f"{group}: there is no such group; {did_you_mean(group, known)}")
    options, default = groups.options(group, roots), groups.defaults().get(group)
    rows = {f"{option.name}{'*' * (option.name == default)}": option.description for option in options}
    return f"{columns(rows)}\n\n{_usage(group, options)}"


def _usage(group: str, options: list[groups.Option]) -> str:
    chosen = f"{group}=OPTION chooses; * is the default."
    parts = [option.name for option in options if option.is_part]
    if len(parts) < 2:
        return chosen
    return f"{chosen} Several compose: {group}=[{','.join(parts[:2])}]"
