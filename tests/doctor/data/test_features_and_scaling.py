"""Features that say nothing, that say everything, or that are of the wrong size."""

import numpy as np

from runner.doctor.data.features import check_features
from runner.doctor.data.scaling import check_scaling, check_targets
from runner.doctor.data.telling import check_telling

RANDOM = np.random.default_rng(0)
TABLE = RANDOM.normal(size=(200, 5))
LABELS = RANDOM.integers(0, 3, 200)


def _named(checked):
    return [(found.name, found.severity) for found in checked.findings]


def test_features_of_their_own_are_fine():
    assert check_features(TABLE, 200).verdict == "ok"


def test_a_constant_feature_is_named():
    table = TABLE.copy()
    table[:, 3] = 7
    checked = check_features(table, 200)
    assert _named(checked) == [("constant_features", "warning")]
    assert checked.findings[0].evidence.sentence.endswith(": 3")


def test_a_copy_in_another_unit_is_named():
    table = TABLE.copy()
    table[:, 4] = 2.54 * table[:, 1] + 1
    checked = check_features(table, 200)
    assert _named(checked) == [("duplicate_features", "warning")]
    assert "4 of 1" in checked.findings[0].evidence.sentence


def test_grey_images_stored_in_colour_are_named():
    grey = RANDOM.uniform(size=(20, 6, 6, 1))
    assert check_features(grey, 20).verdict == "ok"
    assert _named(check_features(np.repeat(grey, 3, axis=-1), 20)) == [("duplicate_features", "warning")]


def test_pixels_that_never_change_are_only_told():
    images = RANDOM.uniform(size=(20, 6, 6, 1))
    images[:, 0] = 0
    checked = check_features(images, 20)
    assert checked.verdict == "ok" and "6 of 36 pixels never change" in checked.said


def test_scaled_inputs_are_fine():
    assert check_scaling(TABLE, ["standardize"]).verdict == "ok"
    assert check_scaling(RANDOM.uniform(size=(20, 6, 6, 1)), []).verdict == "ok"


def test_unscaled_inputs_are_a_problem_that_standardizing_cures():
    (found,) = check_scaling(TABLE * [1, 1, 1, 1, 800], []).findings
    assert (found.name, found.severity) == ("unscaled_inputs", "problem")
    assert found.suggestion == "preprocessing=standardize"


def test_standardizing_is_not_suggested_to_who_does():
    (found,) = check_scaling(TABLE * 50, ["standardize"]).findings
    assert found.suggestion is None


def test_what_preprocessing_makes_that_is_no_number_is_named():
    inputs = TABLE.copy()
    inputs[3, 1] = np.nan
    assert _named(check_scaling(inputs, ["mine"])) == [("not_finite", "problem")]


def test_targets_far_from_0_are_remarked():
    assert check_targets(TABLE[:, :1]).verdict == "ok"
    assert _named(check_targets(TABLE[:, :1] + 150)) == [("unscaled_targets", "remark")]


def test_a_feature_made_of_the_class_tells_it():
    assert check_telling(TABLE, LABELS, 200).verdict == "ok"
    table = TABLE.copy()
    table[:, 2] = LABELS + 0.1 * RANDOM.uniform(size=200)
    checked = check_telling(table, LABELS, 200)
    assert _named(checked) == [("leak", "warning")] and ": 2;" in checked.findings[0].evidence.sentence


def test_a_feature_made_of_the_number_tells_it():
    numbers = 3 * TABLE[:, :1] + 1
    assert _named(check_telling(TABLE, numbers, 200)) == [("leak", "warning")]
    assert check_telling(TABLE[:, 1:], numbers, 200).verdict == "ok"


def test_a_constant_feature_of_a_rare_class_tells_nothing():
    labels = (np.arange(200) < 3).astype(int)
    assert check_telling(np.zeros((200, 1)), labels, 200).verdict == "ok"
