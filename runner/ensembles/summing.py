"""What `summary.json` says of an ensemble: what it says of a run, and what it is made of."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from runner.configuration import identity
from runner.ensembles.making import Made
from runner.ensembles.members import Member
from runner.ensembles.objective import Objective
from runner.provenance import provenance

FROM_FIRST = ("overrides", "choices", "seed", "config_name", "config_dir", "working_dir", "data")


def queued(members: Sequence[Member], made: Made, method: str, command: list[str]) -> dict[str, Any]:
    """The summary of an ensemble that is still to be written."""
    used = [members[place] for place in made.used]
    whole = {"method": method, "members": [str(member.folder) for member in used]}
    weights = None if made.weights is None else list(made.weights)
    asked = {**whole, "weights": weights, "runs": [member.summary.get("identity") for member in used]}
    return {
        "status": "running",
        "error": None,
        **{key: used[0].summary.get(key) for key in FROM_FIRST},
        "steps": max(member.summary["steps"] for member in used),
        "epochs": max(member.summary["epochs"] for member in used),
        "parameters": sum(member.summary["parameters"] for member in used),
        "metrics": {},
        "best": {"metric": None, "mode": None, "value": None, "step": None},
        "seconds": {"total": 0.0, "compile": 0.0, "train": 0.0, "evaluate": 0.0},
        "findings": [],
        "identity": identity(asked),
        "started": time.strftime("%Y-%m-%dT%H:%M:%S"),
        **provenance(command),
        "ensemble": {**whole, "weights": weights},
    }


def ended(summary: Mapping[str, Any], metrics: Mapping[str, float], objective: Objective) -> dict[str, Any]:
    """The summary of an ensemble that has been measured."""
    tag = f"val/{objective.name}"
    best = {
        "metric": tag,
        "mode": "max" if objective.maximise else "min",
        "value": metrics.get(tag),
        "step": summary["steps"],
    }
    return {**summary, "status": "completed", "metrics": dict(metrics), "best": best}
