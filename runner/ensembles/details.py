"""`ensemble.json`: what an ensemble is made of, and what it gains, in full."""

from collections.abc import Mapping, Sequence
from typing import Any

from runner.ensembles.display import INTERVALS
from runner.ensembles.kinds import measured
from runner.ensembles.making import Ingredients, Made
from runner.ensembles.outcome import Outcome, Row

FILE = "ensemble.json"


def details(
    summary: Mapping[str, Any],
    ingredients: Ingredients,
    made: Made,
    left_out: Sequence[str],
    outcome: Outcome,
    best: int,
) -> dict[str, Any]:
    """The members with their measures on both splits, and those of the ensemble with intervals."""
    kind, val, *_ = ingredients.answers
    weights = dict(zip(made.used, made.weights or [None] * len(made.used), strict=True))
    return {
        "method": summary["ensemble"]["method"],
        "members": [
            {
                "run": str(member.folder),
                "used": place in weights,
                "weight": weights.get(place),
                "val": dict(
                    zip(kind.measures, measured(kind, val.members[place], val.targets).tolist(), strict=True)
                ),
                "test": outcome.members[place],
            }
            for place, member in enumerate(ingredients.members)
        ],
        "left_out": list(left_out),
        "best_single": str(ingredients.members[best].folder),
        "remarks": list(made.remarks),
        "test": {
            "examples": len(ingredients.dataset.test),
            "intervals": INTERVALS,
            "ensemble": _as_json(outcome.ensemble),
            "best_single": _as_json(outcome.best_single),
            "mean_single": _as_json(outcome.mean_single),
            "ensemble_less_best_single": _as_json(outcome.over_best),
            "ensemble_less_mean_single": _as_json(outcome.over_mean),
        },
    }


def _as_json(row: Row) -> dict[str, dict[str, float]]:
    return {name: estimate._asdict() for name, estimate in row.items()}
