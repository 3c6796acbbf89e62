"""What the plots show, before it is drawn."""

import math

import numpy as np
import pytest

from runner.comparison import compare
from runner.comparison.plots.bands import band, is_interval
from runner.comparison.plots.featured import COLOURS, featured
from runner.comparison.plots.interaction import interactions
from runner.comparison.plots.labels import short_texts
from runner.comparison.plots.parallel import parallel
from runner.comparison.plots.scales import log_ticks, scale
from runner.comparison.statistics import t_interval
from tests.comparison.sample import sample
from tests.comparison.sweep_files import write_run, write_sweep


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ((0.001, 0.01, 0.1), "log"),
        ((0.1, 0.2, 0.3), "linear"),
        ((0.0, 0.01, 0.1), "linear"),
        ((0.001, 0.1), "words"),
        ((None, 0.001, 0.1), "words"),
        ((False, True, 3), "words"),
        (("adam", "sgd"), "words"),
    ],
)
def test_the_axis_of_an_option(values, kind):
    assert scale(values).kind == kind


def test_places_on_a_logarithmic_axis():
    assert scale((0.001, 0.01, 1.0)).position(0.01) == pytest.approx(1 / 3)
    assert scale(("one",)).position("one") == 0.5


def test_numbers_are_short_unless_two_would_be_the_same():
    assert short_texts((0.021544346, 0.1)) == ("0.02154", "0.1")
    assert short_texts((0.021544346, 0.021544341)) == ("0.021544346", "0.021544341")


def test_ticks_cover_the_range():
    ticks = log_ticks(0.03, 2.5)
    assert ticks[0] <= 0.03 and ticks[-1] >= 2.5 and 0.5 in np.round(ticks, 10)


def test_a_band_is_from_the_lowest_to_the_highest_seed_as_long_as_half_of_them_train(tmp_path):
    for seed, curve in enumerate(([0.1, 0.2, 0.3, 0.4], [0.3, 0.4], [0.2, 0.6, 0.5])):
        write_run(tmp_path / str(seed), [], seed, curve=curve)
    (setting,) = compare([tmp_path]).settings
    found = band(setting, "val/accuracy", as_interval=False)
    np.testing.assert_allclose(found.epochs, [1, 2, 3])
    np.testing.assert_allclose(found.mean, [0.2, 0.4, 0.4])
    np.testing.assert_allclose(found.low, [0.1, 0.2, 0.3])
    np.testing.assert_allclose(found.high, [0.3, 0.6, 0.5])
    assert band(setting, "val/nothing", as_interval=False) is None
    assert not is_interval([setting])


def test_from_five_seeds_a_band_is_the_interval_of_the_mean(tmp_path):
    values = [0.1, 0.4, 0.2, 0.3, 0.7]
    for seed, value in enumerate(values):
        write_run(tmp_path / str(seed), [], seed, curve=[value])
    (setting,) = compare([tmp_path]).settings
    assert is_interval([setting])
    found, expected = band(setting, "val/accuracy", as_interval=True), t_interval(np.array(values))
    np.testing.assert_allclose([found.low[0], found.high[0]], [expected.low, expected.high])


def test_a_pair_of_options_is_averaged_over_seeds_and_the_others(tmp_path):
    options = {"optimizer": ["sgd", "adam"], "epochs": [3, 4, 5], "batch_size": [32, 64]}
    write_sweep(tmp_path, options, [0, 1], lambda seed, name, epochs, size: epochs + size + seed + len(name))
    first = interactions(compare([tmp_path]))[0]
    assert (first.row, first.column) == ("optimizer", "epochs")
    row, column = first.rows.values.index("adam"), first.columns.values.index(5)
    assert first.means[row, column] == pytest.approx(5 + 48 + 0.5 + 4)
    assert first.counts[row, column] == 4


def test_options_that_go_hand_in_hand_are_no_pair(tmp_path):
    for number, (name, rate) in enumerate([("sgd", 0.1), ("momentum", 0.01), ("adam", 0.001)]):
        write_run(tmp_path / str(number), [f"optimizer={name}", f"optimizer.learning_rate={rate}"], 0, 0.9)
    assert interactions(compare([tmp_path])) == []


def test_a_setting_has_one_colour_and_diverged_ones_have_none(tmp_path):
    comparison = sample(tmp_path / "sweep")
    named = featured(comparison)
    assert [one.colour for one in named] == list(COLOURS)
    assert [one.setting.rank for one in named] == [1, 2, 3, 4, 5, 6]
    assert all(
        one.setting.finite for one in featured(sample(tmp_path / "other", by="optimizer.learning_rate"))
    )


def test_parallel_coordinates_end_at_the_metric(tmp_path):
    view = parallel(sample(tmp_path / "sweep"))
    assert [axis.name for axis in view.axes] == ["optimizer", "learning_rate", "val/accuracy"]
    assert view.lines[0].heights[-1] == 1 and view.lines[-1].heights[-1] == 0
    assert all(0 <= height <= 1 for line in view.lines for height in line.heights if not math.isnan(height))
