"""What `summary.json` says of an ensemble: what it says of a run, and what it is made of."""

import time
from collections.abc import Mapping, Sequence
from typing import Any

from runner.configuration import identity
from runner.ensembles.making import Made
from runner.ensembles.members import Member
from runner.ensembles.objective import Objective
from runner.ensembles.testing import Tested
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


def ended(
    summary: Mapping[str, Any],
    tested: Tested,
    val: Mapping[str, float],
    objective: Objective,
    seconds: float,
) -> dict[str, Any]:
    """The summary of an ensemble that has been measured: what it has on test and val."""
    ece = tested.outcome.ensemble.get("ece")
    calibration = {} if ece is None else {"calibration/ece": ece.value}
    metrics = {**{f"val/{name}": value for name, value in val.items()}, **tested.metrics, **calibration}
    tag = f"val/{objective.name}"
    best = {
        "metric": tag,
        "mode": "max" if objective.maximise else "min",
        "value": metrics.get(tag),
        "step": summary["steps"],
    }
    spent = {**summary["seconds"], "total": seconds, "evaluate": seconds}
    return {**summary, "status": "completed", "metrics": metrics, "best": best, "seconds": spent}
