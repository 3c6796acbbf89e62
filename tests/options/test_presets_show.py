"""What the presets say they show, they show: each is trained as a user would."""

import pytest

from runner.cli import main
from runner.comparison import compare

pytestmark = pytest.mark.exhaustive


def swept(preset, folder):
    """The settings of a preset's sweep: by the values of its options, the metrics of the first seed's run."""
    assert main(["train", "-m", f"experiment={preset}", f"output_dir={folder / preset}"]) == 0
    settings = compare([folder / preset]).settings
    return {tuple(setting.options.values()): setting for setting in settings}


def metric(setting, tag):
    return setting.runs[0].metrics[tag]


def test_adagrad_beats_sgd_on_rare_features_each_at_its_best_rate(tmp_path):
    found = swept("sparse_features", tmp_path)
    best = {
        name: max((one for one in found.items() if one[0][0] == name), key=lambda one: one[1].mean)
        for name in ("sgd", "adagrad")
    }
    assert best["sgd"][1].mean < 0.93 and min(best["adagrad"][1].values) > 0.98
    rates = sorted(rate for name, rate in found if name == "sgd")
    assert rates[0] < best["sgd"][0][1] < rates[-1]


def test_a_high_degree_overfits_and_ridge_cures_it(tmp_path):
    found = swept("polynomial", tmp_path)
    plain = [found[degree, 0.0] for degree in (1, 3, 5, 9, 15)]
    train = [metric(setting, "train/loss") for setting in plain]
    assert train == sorted(train, reverse=True)
    one, three, _, nine, fifteen = (metric(setting, "val/loss") for setting in plain)
    assert one > 2 * three and nine > 5 * three and fifteen > 2 * nine
    assert metric(found[9, 0.01], "val/loss") < 1.5 * three
    assert metric(found[15, 0.1], "val/loss") < 2 * three


def test_the_nuclear_norm_finds_the_planted_rank_and_least_squares_does_not(tmp_path):
    found = swept("low_rank", tmp_path)
    ranks = {strength: metric(one, "regularizer/effective_rank") for (strength,), one in found.items()}
    assert ranks[0.0] > 12 and ranks[0.1] == pytest.approx(3, abs=0.1)
    assert metric(found[0.1,], "test/loss") < metric(found[0.0,], "test/loss")


def test_sgd_is_left_behind_in_the_ravine_and_on_the_plateau(tmp_path):
    found = swept("surface", tmp_path)
    lowest = {}
    for (model, optimizer, _), setting in found.items():
        reached = lowest.setdefault((model, optimizer), [])
        reached.extend(setting.finite)
    lowest = {key: min(values) for key, values in lowest.items()}
    for optimizer in ("momentum", "nesterov", "adagrad", "rmsprop"):
        assert lowest["ravine", optimizer] < 1e-6 < 3e-4 < lowest["ravine", "sgd"]
        assert lowest["plateau", optimizer] < 1e-4 < 0.9 < lowest["plateau", "sgd"]
