"""`ensemble.json`: what an ensemble is made of, and what it gains, in full."""

from collections.abc import Sequence
from typing import Any

from runner.ensembles.display import INTERVALS
from runner.ensembles.ingredients import Ingredients
from runner.ensembles.kinds import measured
from runner.ensembles.making import Made
from runner.ensembles.outcome import Outcome, Row
from runner.ensembles.testing import Tested

FILE = "ensemble.json"


def details(
    method: str, ingredients: Ingredients, made: Made, left_out: Sequence[str], tested: Tested
) -> dict[str, Any]:
    """The members with their measures on both splits, and those of the ensemble with intervals."""
    outcome = tested.outcome
    return {
        "method": method,
        "members": _members(ingredients, made, outcome),
        "left_out": list(left_out),
        "best_single": str(ingredients.members[ingredients.best].folder),
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


def _members(ingredients: Ingredients, made: Made, outcome: Outcome) -> list[dict[str, Any]]:
    kind, val = ingredients.answers.kind, ingredients.answers.val
    weights = dict(zip(made.used, made.weights or [None] * len(made.used), strict=True))
    on_val = [measured(kind, said, val.targets).tolist() for said in val.members]
    return [
        {
            "run": str(member.folder),
            "used": place in weights,
            "weight": weights.get(place),
            "val": dict(zip(kind.measures, on_val[place], strict=True)),
            "test": outcome.members[place],
        }
        for place, member in enumerate(ingredients.members)
    ]


def _as_json(row: Row) -> dict[str, dict[str, float]]:
    return {name: estimate._asdict() for name, estimate in row.items()}
