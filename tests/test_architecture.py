"""Who may import whom, as docs/architecture.md says."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Each part, and what of the project it may import beside itself.
PARTS = {
    "models": set(),
    "runner/data": set(),
    "runner/objectives": set(),
    "runner/diagnostics": set(),
    "runner/pictures": set(),
    "runner/records": set(),
    "runner/comparison": {
        "runner/configuration.py",
        "runner/errors.py",
        "runner/folder.py",
        "runner/groups.py",
        "runner/pictures",
        "runner/records",
        "runner/suggestions.py",
    },
    "runner/training": {"runner/objectives", "runner/diagnostics"},
    "runner/checkpoints.py": {"runner/errors.py"},
}
LIBRARIES_OF_MODELS = {"jax", "flax"}
CONFIG_LIBRARIES = {"hydra", "omegaconf"}
LIGHT = (
    "runner/cli.py",
    "runner/help.py",
    "runner/groups.py",
    "runner/validation.py",
    "runner/composition",
    "runner/comparison",
    "runner/commands/export.py",
    "runner/commands/predict.py",
    "runner/export/place.py",
    "runner/prediction/inputs.py",
    "runner/prediction/output.py",
    "runner/prediction/writers.py",
)


@pytest.mark.parametrize("part", PARTS)
def test_a_part_imports_only_what_it_may(part):
    allowed = {part, *PARTS[part]}
    for file, module in _imports(part):
        owner = _owner(module)
        assert owner is None or owner in allowed, f"{file} imports {module}"


@pytest.mark.parametrize("part", PARTS)
def test_a_part_knows_nothing_of_the_config(part):
    for file, module in _imports(part):
        assert module.partition(".")[0] not in CONFIG_LIBRARIES, f"{file} imports {module}"


def test_models_need_only_jax_and_flax():
    known = {*sys.stdlib_module_names, *LIBRARIES_OF_MODELS, "models"}
    for file, module in _imports("models"):
        assert module.partition(".")[0] in known, f"{file} imports {module}"


@pytest.mark.parametrize("part", LIGHT)
def test_what_answers_without_jax_does_not_import_it(part):
    for file, module in _imports(part):
        assert module.partition(".")[0] not in {"jax", "flax", "optax", "orbax"}, f"{file} imports {module}"


def test_no_catch_all_modules():
    names = {path.stem for folder in ("runner", "models") for path in (ROOT / folder).rglob("*.py")}
    assert not names & {"utils", "util", "helpers", "common", "misc"}


def _imports(part):
    path = ROOT / part
    files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
    assert files
    return [(file.relative_to(ROOT), module) for file in files for module in _imported(file)]


def _imported(file):
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            # `from runner import checkpoints` imports a module of ours
            ours = node.module in ("runner", "models")
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from names if ours else [node.module or ""]


def _owner(module):
    """The part that a module of ours belongs to: a package, or a file of its own; None for a library."""
    names = module.split(".")
    if names[0] == "models":
        return "models"
    if names[0] != "runner" or len(names) == 1:
        return None
    folder = ROOT / "runner" / names[1]
    return f"runner/{names[1]}" if folder.is_dir() else f"runner/{names[1]}.py"
