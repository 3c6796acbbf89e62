"""Each verdict names what was planted in a made history, and is silent on a healthy one."""

from typing import Any

import numpy as np
import pytest

from runner.diagnostics.findings import Finding
from runner.diagnostics.history import Asked, Curve, History, history
from runner.diagnostics.verdicts import VERDICTS, judge

STEPS = np.arange(1, 13) * 100.0
LAYERS = ("hidden.0", "hidden.1", "hidden.2", "logits")
LN10 = float(np.log(10))
FALLING = 2.0 * np.exp(-np.arange(12) / 2) + 0.05


def made(curves: dict[str, Any] | None = None, **asked: Any) -> History:
    """A healthy run of ten classes, but for what is given: values by tag, and fields of `History`."""
    columns = {
        "train/loss": FALLING,
        "val/loss": FALLING + 0.02,
        "train/accuracy": 1 - FALLING / 4,
        "val/accuracy": 1 - FALLING / 4 - 0.01,
        "gradient_norm/global": FALLING,
        **{f"gradient_norm/{layer}": FALLING for layer in LAYERS},
        **{f"diagnostics/update_ratio/{layer}": np.full(12, 1e-3) for layer in LAYERS},
        **{f"diagnostics/dead_units/{layer}": np.full(12, 0.1) for layer in LAYERS[:-1]},
        **(curves or {}),
    }
    filled = {
        tag: Curve(STEPS, np.broadcast_to(np.asarray(values, float), 12)) for tag, values in columns.items()
    }
    usual = {"loss_at_start": 2.4, "baseline": LN10, "layers": LAYERS, "asked": Asked(1e-3)}
    return History(filled, **{**usual, **asked})


FLAT_LOSS = {"train/loss": 2.3, "val/loss": 2.3, "train/accuracy": 0.1, "val/accuracy": 0.1}
PLANTED = {
    "diverged": made(diverged_at=230),
    "loss_at_start": made(loss_at_start=40.0),
    "vanishing_gradient": made({**FLAT_LOSS, "gradient_norm/hidden.0": 1e-7 * FALLING}),
    "exploding_gradient": made({"gradient_norm/hidden.0": 1e5 * FALLING}),
    "dead_units": made({**FLAT_LOSS, "diagnostics/dead_units/hidden.1": 1.0}),
    "saturated_units": made({"diagnostics/saturated_units/hidden.0": 0.95}),
    "learning_rate_too_high": made(
        {
            "train/loss": [2.3, 1.2, 3.1, 2.6, 4.0, 3.1, 5.2, 3.3, 2.9, 4.4, 3.0, 4.1],
            **{f"diagnostics/update_ratio/{layer}": 0.4 for layer in LAYERS},
        }
    ),
    "learning_rate_too_low": made({"train/loss": np.linspace(2.3, 2.1, 12)}),
    "clipping_always": made({"gradient_norm/global": 5.0}, asked=Asked(1e-3, 0.1)),
    "underfitting": made(FLAT_LOSS),
    "overfitting": made({"val/loss": np.linspace(0.5, 1.5, 12), "val/accuracy": np.linspace(0.7, 0.6, 12)}),
    "plateau": made({"train/loss": np.maximum(FALLING, 0.5), "val/loss": np.maximum(FALLING, 0.5)}),
}


def named(findings: list[Finding]) -> set[str]:
    return {finding.name for finding in findings}


def test_a_healthy_run_is_found_healthy():
    assert judge(made()) == []


@pytest.mark.parametrize("fault", PLANTED)
def test_what_is_planted_is_named(fault):
    found = {finding.name: finding for finding in judge(PLANTED[fault])}
    assert fault in found
    assert found[fault].evidence.sentence
    assert all(np.isfinite(number) for number in found[fault].evidence.numbers.values())


def test_every_verdict_is_planted_once():
    assert len(PLANTED) == len(VERDICTS)


def test_the_gravest_come_first():
    severities = [finding.severity for finding in judge(PLANTED["dead_units"])]
    assert severities == sorted(severities, key=["problem", "warning", "remark"].index)
    assert severities[0] == "problem"


@pytest.mark.parametrize("tags", [[], ["train/loss"], ["val/loss", "gradient_norm/global"]])
def test_what_was_not_recorded_is_not_judged(tags):
    curves = {tag: curve for tag, curve in made().curves.items() if tag in tags}
    assert judge(History(curves)) == []
    assert (
        judge(History({tag: Curve(curve.steps[:1], curve.values[:1]) for tag, curve in curves.items()})) == []
    )


def test_a_gradient_that_a_dead_layer_cuts_off_has_not_vanished():
    cut = {**FLAT_LOSS, "gradient_norm/hidden.0": 0.0}
    assert "vanishing_gradient" in named(judge(made(cut)))
    dead = named(judge(made(cut | {"diagnostics/dead_units/hidden.1": 1.0})))
    assert "dead_units" in dead
    assert "vanishing_gradient" not in dead


def test_a_loss_that_rises_is_no_problem_while_accuracy_holds():
    curves = {"val/loss": np.linspace(0.5, 1.5, 12)}
    grave, lesser = (
        next(finding for finding in judge(made(curves | {"val/accuracy": accuracy})))
        for accuracy in (np.linspace(0.7, 0.6, 12), 0.6)
    )
    assert (grave.severity, lesser.severity) == ("problem", "warning")


def test_a_run_that_is_not_over_may_yet_learn():
    assert "underfitting" in named(judge(made(FLAT_LOSS)))
    assert "underfitting" not in named(judge(made(FLAT_LOSS, over=False)))
    falling = {**FLAT_LOSS, "train/loss": np.linspace(2.3, 2.1, 12)}
    (found,) = (finding for finding in judge(made(falling)) if finding.name == "underfitting")
    assert found.severity == "warning"


def test_where_and_since_when_units_died():
    dying = np.where(STEPS < 500, 0.2, 0.97)
    [finding] = judge(made({"diagnostics/dead_units/hidden.1": dying}))
    assert (finding.name, finding.where, finding.since) == ("dead_units", "hidden.1", 500)
    assert finding.evidence.numbers["share"] == pytest.approx(0.97)
    assert finding.severity == "warning"  # it learns all the same


def test_an_unclipped_gradient_is_not_said_to_be_clipped():
    assert "clipping_always" not in named(judge(made({"gradient_norm/global": 5.0})))
    assert "clipping_always" not in named(judge(made(asked=Asked(1e-3, 5.0))))


def test_a_plateau_says_whether_to_be_patient():
    curves = {"train/loss": np.maximum(FALLING, 0.5), "val/loss": np.maximum(FALLING, 0.5)}
    curves["learning_rate"] = 1e-3
    [waiting] = judge(made(curves, asked=Asked(1e-3, rate_will_fall=lambda rate: rate > 1e-4)))
    [ended] = judge(made(curves))
    assert "be patient" in waiting.evidence.sentence
    assert waiting.suggestion is None
    assert ended.suggestion == "schedule=plateau"


def test_a_rate_is_suggested_where_the_config_has_one():
    assert judge(made(diverged_at=5))[0].suggestion == "optimizer.learning_rate=0.0001"
    assert judge(made(diverged_at=5, asked=Asked()))[0].suggestion is None


def test_a_model_that_hardly_moves_has_no_rate_that_is_too_high():
    still = {f"diagnostics/update_ratio/{layer}": 1e-7 for layer in LAYERS}
    found = named(judge(made({"train/loss": 2.8, "val/loss": 2.8, **still})))
    assert "learning_rate_too_low" in found and "learning_rate_too_high" not in found


def test_no_rate_is_too_low_for_a_network_without_a_gradient():
    dead = {f"diagnostics/update_ratio/{layer}": 0.0 for layer in LAYERS}
    found = named(judge(made({"train/loss": 2.8, "val/loss": 2.8, **dead})))
    assert "underfitting" in found and "learning_rate_too_low" not in found


def test_a_history_is_made_of_records():
    records = [
        {"step": 0, "epoch": 0.0, "diagnostics/batch_loss/network": 2.5, "diagnostics/batch_loss/zeros": 2.0},
        {"step": 10, "epoch": 1.0, "train/loss": 2.0, "gradient_norm/global": 1.0, "gradient_norm/b": 1.0},
        {"step": 20, "epoch": 2.0, "train/loss": float("nan"), "gradient_norm/a": 3.0},
        {"step": 30, "epoch": 3.0, "train/loss": 1.0, "diagnostics/batch_loss/zeros": 2.2},
    ]
    found = history(records, Asked(0.1), 35)
    np.testing.assert_array_equal(found.curves["train/loss"].steps, [10, 30])
    np.testing.assert_array_equal(found.curves["train/loss"].values, [2.0, 1.0])
    assert found.layers == ("b", "a")
    assert (found.loss_at_start, found.baseline) == (2.5, pytest.approx(2.1))
    assert (found.asked.learning_rate, found.diverged_at) == (0.1, 35)
    assert "epoch" not in found.curves


def test_a_first_loss_that_is_no_number_is_a_problem():
    losses = {"diagnostics/batch_loss/network": None, "diagnostics/batch_loss/zeros": 2.3}
    [finding] = judge(history([{"step": 0, "epoch": 0.0, **losses}], Asked()))
    assert (finding.name, finding.severity) == ("loss_at_start", "problem")
    assert finding.evidence.numbers == {"expected": 2.3}


@pytest.mark.parametrize("loss", [0.1, 40.0])
def test_the_first_loss_of_trained_weights_is_nobody_s_mistake(loss):
    assert [finding.name for finding in judge(made(loss_at_start=loss))] == ["loss_at_start"]
    assert judge(made(loss_at_start=loss, asked=Asked(1e-3, untrained=False))) == []
