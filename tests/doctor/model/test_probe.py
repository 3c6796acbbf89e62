"""The probe of a network with a fault in each of its parts, and of a sound one."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from runner.composition import compose
from runner.doctor import checklist
from runner.doctor.patient import Patient

FINDINGS = {
    "gradients": "wrong_gradient",
    "parameters": "no_gradient",
    "input features": "ignored_features",
    "independence": "batch_dependence",
}


def _patient(overrides, model=None):
    config = compose(["dataset=iris", *overrides])
    if model is not None:
        config.model = {"_target_": model}
    with ThreadPoolExecutor(1) as pool:
        return Patient(config, pool)


@pytest.fixture(scope="module")
def faulty():
    return _patient([], "tests.doctor.model.faulty.Faulty")


@pytest.fixture(scope="module")
def sound():
    return _patient(["model.hidden=[8]", "normalization=batch", "regularizer=dropout"])


@pytest.mark.parametrize("title", FINDINGS)
def test_each_fault_is_named(title, faulty):
    (found,) = _check(title).examine(faulty).findings
    assert (found.name, found.severity) == (FINDINGS[title], "problem")


@pytest.mark.parametrize("title", [*FINDINGS, "loss at start"])
def test_a_sound_network_is_fine(title, sound):
    checked = _check(title).examine(sound)
    assert checked.verdict == "ok", checked.findings


def test_the_unused_layer_is_named(faulty):
    (found,) = _check("parameters").examine(faulty).findings
    assert "unused.kernel" in found.evidence.sentence and "hidden" not in found.evidence.sentence


def _check(title):
    return next(check for check in checklist.CHECKS if check.title == title)
