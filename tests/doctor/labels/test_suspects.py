"""Wrong labels that were planted are found, and right ones are left alone."""

from dataclasses import replace

import numpy as np
import pytest

from runner.data.digits import digits
from runner.data.scikit_learn import wine
from runner.data.splits import split
from runner.doctor.labels.mixture import fit_mixture
from runner.doctor.labels.patches import patch_features
from runner.doctor.labels.suspects import TAG, check_labels, find_suspects

SPLIT = {"split_seed": 0, "subset": None, "val_fraction": 0.1, "test_fraction": 0.1}


def _planted(source, noise):
    """The data set, and which of its training labels are wrong."""
    clean, noisy = (split(source, label_noise=share, **SPLIT) for share in (0.0, noise))
    return noisy, (clean.targets != noisy.targets)[noisy.train]


def test_a_twentieth_of_wrong_digits_is_found():
    dataset, wrong = _planted(digits(), 0.05)
    found = find_suspects(dataset.inputs[dataset.train] / 16, dataset.targets[dataset.train], 10)
    hits = wrong[found.places].sum()
    assert hits >= 0.9 * wrong.sum() and hits >= 0.9 * len(found.places)
    assert found.expected == pytest.approx(0.05, abs=0.01)
    truth = split(digits(), label_noise=0.0, **SPLIT).targets[dataset.train][found.places]
    assert (found.looks_like == truth).mean() > 0.9


@pytest.mark.parametrize("source", [digits, wine])
def test_right_labels_are_not_suspected(source):
    dataset, _ = _planted(source(), 0.0)
    assert check_labels(dataset, dataset.train).verdict == "ok"


def test_suspects_of_images_are_drawn_and_listed():
    dataset, _ = _planted(digits(), 0.1)
    checked = check_labels(dataset, dataset.train[:600])
    (found,) = checked.findings
    assert (found.name, found.severity) == (
        "label_noise",
        "warning" if len(checked.listed) < 60 else "problem",
    )
    assert set(checked.pictures) == {TAG} and not checked.texts
    assert "a sample of 600 of 1,437 training examples" in found.evidence.sentence
    row = checked.listed[0]
    assert row["label"] == dataset.classes[dataset.targets[row["index"]]] != row["looks_like"]


def test_suspects_of_tables_are_written():
    dataset, wrong = _planted(wine(), 0.1)
    checked = check_labels(dataset, dataset.train)
    listed = {row["index"] for row in checked.listed}
    planted = set(dataset.train[wrong].tolist())
    assert len(listed & planted) >= 0.7 * max(len(planted), len(listed))
    assert set(checked.texts) == {TAG} and not checked.pictures


def test_the_mixture_tells_chance_from_likeness():
    random = np.random.default_rng(0)
    # Two classes that look alike in half of the examples, and a tenth of labels drawn by chance.
    evidence = np.where(random.uniform(size=4000) < 0.5, 0.0, random.choice([-1.0, 1.0], 4000))
    truth = random.uniform(size=4000) < 1 / (1 + np.exp(-8 * evidence))
    labels = np.where(random.uniform(size=4000) < 0.1, random.integers(0, 2, 4000), truth)
    found = fit_mixture(np.column_stack([-evidence, evidence]) / 2, labels.astype(int))
    assert found.random == pytest.approx(0.1, abs=0.03)
    # Where the classes are alike no label can be wrong for sure.
    assert found.wrong[evidence == 0].max() < 0.1
    sure = (evidence != 0) & (labels != (evidence > 0))
    assert found.wrong[sure].min() > 0.8


def test_patches_of_images_of_all_sizes():
    random = np.random.default_rng(0)
    for shape in [(3, 8, 8, 1), (3, 28, 28, 1), (3, 32, 40, 3), (3, 2, 7, 1)]:
        features = patch_features(random.uniform(size=shape))
        assert len(features) == 3 and np.isfinite(features).all()
        assert features.std(axis=0).max() > 0


def test_a_data_set_without_suspects_draws_nothing():
    dataset, _ = _planted(digits(), 0.0)
    small = replace(dataset, train=dataset.train[:300])
    assert not check_labels(small, small.train).pictures
