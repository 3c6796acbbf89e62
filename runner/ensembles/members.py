"""The runs that an ensemble is made of: which they are, which are left out, and that they fit together."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from runner import folder as folders
from runner.binding import resolve
from runner.comparison.discovery import find_runs
from runner.comparison.flattening import load_yaml
from runner.errors import ConfigError
from runner.importing import make_importable
from runner.provenance import import_paths
from runner.questions import tasks_of
from runner.runs import read_spec, saved_of
from runner.specs import Spec

TRAINED = ("completed", "stopped_early")
INPUTS_AS_TARGETS = "reconstruction"


class Member(NamedTuple):
    """A run that has been trained."""

    name: str
    """Unique among those found: `3` in one sweep, `09-30-00/3` among several."""
    folder: Path
    config: Mapping[str, Any]
    """As saved, its interpolations unresolved."""
    summary: Mapping[str, Any]
    spec: Spec
    """Of its data."""
    task: str
    """Its main one."""


class Found(NamedTuple):
    """What the paths hold."""

    members: list[Member]
    left_out: list[str]
    """Why each other run is none of them, a line each."""


def find_members(paths: Sequence[Path]) -> Found:
    """The trained runs under the paths; they fit together.

    Raises ConfigError where they do not, or fewer than two are left.
    """
    runs, unread = find_runs(paths)
    left_out = [f"{run.folder}: {run.status}" for run in runs if run.status not in TRAINED] + unread
    trained = [run for run in runs if run.status in TRAINED]
    if len(trained) < 2:
        others = f"; {'; '.join(left_out)}" if left_out else ""
        found = "no trained run" if not trained else f"one trained run, {trained[0].folder}"
        raise ConfigError(f"an ensemble is of two runs or more; here is {found}{others}")
    members = [_member(run.name, run.folder) for run in trained]
    for other in members[1:]:
        _refuse_misfit(members[0], other)
    return Found(members, left_out)


def _member(name: str, folder: Path) -> Member:
    if (folder / folders.MEMBERS).is_dir():
        raise ConfigError(f"{folder}: an ensemble itself; name its members: {folder / folders.MEMBERS}")
    # OmegaConf takes a hundred times as long to read a config, and there may be many.
    config = load_yaml((folder / folders.CONFIG).read_text(encoding="utf-8"))
    summary, spec = folders.read_summary(folder), read_spec(saved_of(folder))
    make_importable([Path.cwd(), *import_paths(summary)])
    has_tasks = config["model"].get("tasks") is not None
    tasks = resolve(folders.load_config(folder)[0])["model"]["tasks"] if has_tasks else None
    task = next(iter(tasks_of(tasks, spec)))
    if task == INPUTS_AS_TARGETS:
        raise ConfigError(f"{folder}: it reconstructs its inputs; an ensemble is of classes or of numbers")
    return Member(name, folder, config, summary, spec, task)


def _refuse_misfit(first: Member, other: Member) -> None:
    for what, own, theirs in (
        ("its inputs are", other.spec.input_shape, first.spec.input_shape),
        ("it predicts", _targets(other), _targets(first)),
        ("its precision is", _width(other), _width(first)),
        ("its inputs go up to", other.spec.maximum, first.spec.maximum),
        ("its data or split differs, with the fingerprint", _data(other), _data(first)),
    ):
        if own != theirs:
            ending = "; val of one may be what another was trained on" if what.startswith("its data") else ""
            raise ConfigError(f"{other.folder}: {what} {own}, of {first.folder} {theirs}{ending}")


def _targets(member: Member) -> str:
    classes = member.spec.classes
    if classes is None:
        return f"{member.spec.outputs} numbers"
    return f"{member.task} of {len(classes)} classes ({', '.join(classes[:3])}, ...)"


def _width(member: Member) -> str:
    return "float64" if member.config["precision"] == "float64" else "float32 or less"


def _data(member: Member) -> str:
    return str(member.summary["data"]["fingerprint"])
