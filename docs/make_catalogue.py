"""Writes the tables of docs/catalogue.md from the options' YAML files:

    python docs/make_catalogue.py

A test holds that the page says what this would write.
"""

from pathlib import Path

import yaml

from runner import groups

PAGE = Path(__file__).parent / "catalogue.md"
ORDER = (
    "optimizer",
    "schedule",
    "activation",
    "initializer",
    "normalization",
    "regularizer",
    "loss",
    "augmentation",
    "preprocessing",
    "sampler",
    "model",
    "dataset",
    "generator",
    "diagnostics",
)
BEGIN, END = "<!-- tables: begin -->\n", "<!-- tables: end -->\n"


def catalogue() -> str:
    """The page, with the tables as the options are now."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    return before + BEGIN + "".join(_section(group) for group in ORDER) + END + after


def _section(group: str) -> str:
    default = groups.defaults().get(group)
    lines = [f"\n## {group}\n", "| option | what it is | when to use it | defaults |", "|---|---|---|---|"]
    for option in groups.options(group, [groups.CONFIGS]):
        name = f"**{option.name}**" if option.name == default else option.name
        cells = (name, option.description, option.advice, _values(yaml.safe_load(option.text) or {}))
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _values(node: dict, prefix: str = "") -> str:
    """What an option sets that a user may set: `b1=0.9, eps=1e-08`."""
    found = []
    for key, value in node.items():
        if isinstance(value, dict):
            found.append(_values(value, f"{prefix}{key}."))
        elif not key.startswith("_") and key != "defaults" and "${" not in str(value):
            found.append(f"`{prefix}{key}={value}`")
    return ", ".join(part for part in found if part)


if __name__ == "__main__":
    PAGE.write_text(catalogue(), encoding="utf-8")
