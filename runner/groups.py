"""The config groups and their options, read from the folders that hold them: Hydra's import is not needed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

CONFIGS = Path(__file__).resolve().parent.parent / "configs"


@dataclass(frozen=True)
class Option:
    """One YAML file of a group."""

    name: str
    path: Path

    @property
    def text(self) -> str:
        """The file."""
        return self.path.read_text(encoding="utf-8", errors="replace")

    @property
    def description(self) -> str:
        """The first comment line that is not a `# @package` header."""
        return next(iter(self._comments), "")

    @property
    def advice(self) -> str:
        """When to use it: the comment line that says "Use ..."."""
        return next((line for line in self._comments if line.startswith("Use ")), "")

    @property
    def _comments(self) -> list[str]:
        head = re.match(r"(?:#.*\n?|\s*\n)*", self.text)
        lines = head[0].splitlines() if head else []
        told = (line.lstrip("# ").rstrip() for line in lines if not line.startswith("# @package"))
        return [line for line in told if line]

    @property
    def is_call(self) -> bool:
        """Whether it is one call, which a second option of its group would replace."""
        return re.search(r"^(?:model:\n  )?_target_:", self.text, re.M) is not None

    @property
    def is_part(self) -> bool:
        """Whether it holds something, and composes with other options of its group."""
        return not self.is_call and re.search(r"^\w+:", self.text, re.M) is not None


def folders(config_dir: Path | None = None) -> list[Path]:
    """Where options are looked for, the user's folder first as Hydra does."""
    return [CONFIGS] if config_dir is None else [config_dir, CONFIGS]


def names(roots: Sequence[Path]) -> list[str]:
    """The groups there are."""
    return sorted({folder.name for root in roots for folder in root.iterdir() if _is_group(folder)})


def options(group: str, roots: Sequence[Path]) -> list[Option]:
    """The options of a group by name, `fault/leak` in a folder of their own; none where there is no group."""
    found: dict[str, Path] = {}
    for root in roots:
        for path in (root / group).rglob("*.yaml"):
            found.setdefault(path.relative_to(root / group).with_suffix("").as_posix(), path)
    return [Option(name, found[name]) for name in sorted(found)]


def defaults() -> dict[str, str]:
    """The option that each group has when none is named, from the defaults list of config.yaml."""
    lines = (CONFIGS / "config.yaml").read_text(encoding="utf-8").splitlines()
    pairs = (re.fullmatch(r"  - (\w+): (\w+)(?: +#.*)?", line) for line in lines)
    return {pair[1]: pair[2] for pair in pairs if pair is not None}


def _is_group(folder: Path) -> bool:
    return folder.is_dir() and folder.name != "hydra" and any(folder.glob("*.yaml"))
