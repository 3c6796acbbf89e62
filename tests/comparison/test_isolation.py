"""Each value of an option at its best over the others."""

from runner.comparison.isolation import isolation
from runner.comparison.settings import ranked_settings
from tests.comparison.made import ACCURACY, NO_RECORDS, seeds

RATE = "optimizer.learning_rate"


def test_the_best_over_the_others_judged_against_the_first():
    runs = [
        *seeds([0.90, 0.91, 0.92, 0.93], optimizer="adam", optimizer__learning_rate=0.001),
        *seeds([0.10, 0.11, 0.12, 0.13], optimizer="adam", optimizer__learning_rate=0.1),
        *seeds([0.80, 0.812, 0.82, 0.831], optimizer="sgd", optimizer__learning_rate=0.1),
        *seeds([0.70, 0.71, 0.72, 0.73], optimizer="sgd", optimizer__learning_rate=0.001),
    ]
    settings = ranked_settings(runs, ["optimizer", RATE], ACCURACY)
    first, second = isolation("optimizer", settings, ACCURACY, NO_RECORDS).rows
    assert (first.value, first.best.options[RATE], first.settings, first.effect) == ("adam", 0.001, 2, None)
    assert (second.value, second.best.options[RATE], second.settings) == ("sgd", 0.1, 2)
    assert (second.effect.against, second.effect.basis, second.effect.verdict) == ("adam", "best", "worse")
