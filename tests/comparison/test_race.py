"""Who is first to a target."""

import json

import pytest

from runner.comparison.budget import histories
from runner.comparison.race import race
from runner.comparison.settings import ranked_settings
from tests.comparison.made import ACCURACY, LOSS, run

CURVES = {
    "fast": [[0.6, 0.9, 0.9], [0.9, 0.8, 0.95]],
    "lucky": [[0.95, 0.9, 0.9], [0.1, 0.2, 0.3], [0.1, 0.2, 0.3]],
    "slow": [[0.5, 0.6, 0.9], [0.5, 0.6, 0.9]],
    "never": [[0.1, 0.2, 0.3]],
}


def runs(folder, tag):
    for name, curves in CURVES.items():
        for seed, curve in enumerate(curves):
            records = folder / f"{name}{seed}.jsonl"
            lines = [{"step": 20 * n, "epoch": n, tag: value} for n, value in enumerate(curve, start=1)]
            records.write_text("\n".join(map(json.dumps, lines)))
            yield run(curve[-1], seed, {"optimizer": name}, records=records, steps=60)


def test_medians_over_the_seeds_that_arrived_and_those_that_usually_do_are_first(tmp_path):
    settings = ranked_settings(list(runs(tmp_path, "val/accuracy")), ["optimizer"], ACCURACY)
    found = race(settings, 0.9, ACCURACY, histories("val/accuracy"))
    names = [arrival.setting.options["optimizer"] for arrival in found.arrivals]
    assert names == ["fast", "slow", "lucky", "never"]
    fast, slow, lucky, never = found.arrivals
    assert (fast.step, fast.epoch, fast.reached) == (30.0, 1.5, 2)
    assert fast.seconds == pytest.approx(1.0), "30 of 60 steps of a run that trained and evaluated for 2 s"
    assert slow.seconds == pytest.approx(2.0)
    assert lucky.reached == 1
    assert (never.reached, never.step, never.epoch, never.seconds) == (0, None, None, None)


def test_a_loss_reaches_its_target_from_above(tmp_path):
    settings = ranked_settings(list(runs(tmp_path, "val/loss")), ["optimizer"], LOSS)
    arrivals = race(settings, 0.15, LOSS, histories("val/loss")).arrivals
    reached = {arrival.setting.options["optimizer"]: arrival.reached for arrival in arrivals}
    assert reached == {"fast": 0, "lucky": 2, "slow": 0, "never": 1}
