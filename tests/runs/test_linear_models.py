"""A linear model trained by the command and read back is the one that another solver finds.

Data of `linear_data`, n examples to train on, all in one batch; f is the linear map and b its intercept, on
which we put no penalty.
"""

import sys
from pathlib import Path
from typing import NamedTuple

import jax
import numpy as np
import pytest
from sklearn.linear_model import ElasticNet, Lasso, LogisticRegression, Ridge
from sklearn.svm import LinearSVC

from runner import load_run
from runner.experiment import build_dataset
from tests.runs.outcomes import run_in

DATA = Path(__file__).parent / "linear_data"
COMMON = ["--config-dir", str(DATA / "configs"), "dataset=planted", "model=linear", "batch_size=full"]
PLAIN = ["preprocessing=none", "sampler=sequential", "precision=float64", "diagnostics=off"]
RATES = {"sgd": 0.1, "momentum": 0.03, "adam": 0.03}
L0_RATES = {"sgd": 0.1, "momentum": 0.03, "adam": 0.3}


class Fit(NamedTuple):
    """What training came to: kernel [d, k], bias [k], the examples it trained on and the last metrics."""

    kernel: np.ndarray
    bias: np.ndarray
    inputs: np.ndarray
    targets: np.ndarray
    metrics: dict


@pytest.fixture
def fit(tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", [*sys.path, str(DATA)])
    yield lambda *options: _fit(tmp_path / "run", options)
    jax.config.update("jax_enable_x64", False)


def _fit(folder: Path, options: tuple[str, ...], steps: int = 1200) -> Fit:
    # Evaluated once, at the end: the best weights that load_run restores are the last.
    length = [f"steps={steps}", f"eval_every={steps}", "schedule=cosine"]
    run = load_run(run_in(folder, [*COMMON, *PLAIN, *length, *options]))
    dataset, logits = build_dataset(run.config), run.model.dense.logits
    inputs, targets = dataset.inputs[dataset.train], dataset.targets[dataset.train]
    return Fit(np.asarray(logits.kernel[...]), np.asarray(logits.bias[...]), inputs, targets, run.metrics)


def by(optimizer: str) -> list[str]:
    return [f"optimizer={optimizer}", f"optimizer.learning_rate={RATES[optimizer]}"]


def test_mse_with_l2_is_ridge(fit):
    found = fit("loss=mse", "dataset.kind=sparse", *by("adam"), "regularizer.l2=0.1")
    # Ours: |y - f - b|^2 / n + l |w|^2. Theirs: |y - f - b|^2 + a |w|^2, so a = n l.
    theirs = Ridge(alpha=0.1 * len(found.inputs), tol=1e-12).fit(found.inputs, found.targets[:, 0])
    np.testing.assert_allclose(found.kernel[:, 0], theirs.coef_, atol=1e-6)
    np.testing.assert_allclose(found.bias, theirs.intercept_, atol=1e-6)
    assert found.metrics["regularizer/weight_norm"] == pytest.approx(np.linalg.norm(theirs.coef_), rel=1e-6)
    assert "regularizer/zeros" not in found.metrics


@pytest.mark.parametrize("optimizer", RATES)
def test_mse_with_l1_is_lasso(optimizer, fit):
    found = fit("loss=mse", "dataset.kind=sparse", *by(optimizer), "regularizer.l1=0.3")
    # Ours: |y - f - b|^2 / n + l |w|_1. Theirs: |y - f - b|^2 / (2 n) + a |w|_1, so a = l / 2.
    theirs = Lasso(alpha=0.15, tol=1e-12, max_iter=100_000).fit(found.inputs, found.targets[:, 0])
    np.testing.assert_array_equal(found.kernel[:, 0] == 0, theirs.coef_ == 0)
    np.testing.assert_allclose(found.kernel[:, 0], theirs.coef_, atol=1e-3)
    np.testing.assert_allclose(found.bias, theirs.intercept_, atol=1e-3)
    zeros = np.mean(theirs.coef_ == 0)
    assert 0 < zeros == found.metrics["regularizer/zeros"]
    assert "train/penalty" not in found.metrics


def test_cross_entropy_with_l2_is_logistic_regression(fit):
    found = fit("loss=cross_entropy", "dataset.kind=classes", *by("adam"), "regularizer.l2=0.01")
    # Ours: mean of log(1 + exp(-m)) + l (|w0|^2 + |w1|^2). The margin m has only w1 - w0 = w in it, so the
    # least penalty is l |w|^2 / 2, at w1 = -w0. Theirs: C sum of log(1 + exp(-m)) + |w|^2 / 2: C = 1 / (n l).
    theirs = LogisticRegression(C=1 / (0.01 * len(found.inputs)), tol=1e-10, max_iter=10_000)
    theirs.fit(found.inputs, found.targets)
    np.testing.assert_allclose(found.kernel[:, 1] - found.kernel[:, 0], theirs.coef_[0], atol=1e-3)
    np.testing.assert_allclose(found.bias[1] - found.bias[0], theirs.intercept_[0], atol=1e-3)


def test_hinge_with_l2_is_a_linear_svm(fit):
    found = fit("loss=hinge", "dataset.kind=classes", *by("adam"), "regularizer.l2=0.02")
    n, signs = len(found.inputs), 2 * found.targets - 1

    def objective(kernel: np.ndarray, bias: float) -> float:
        margins = signs * (found.inputs @ kernel + bias)
        return np.maximum(0, 1 - margins).mean() + 0.02 * np.sum(kernel**2) / 2

    # As for logistic regression: C = 1 / (n l). Their intercept is a weight on a feature `intercept_scaling`
    # wide, penalized too; on a wide one, by next to nothing.
    theirs = LinearSVC(loss="hinge", C=1 / (0.02 * n), intercept_scaling=10, tol=1e-6, max_iter=5_000_000)
    theirs.fit(found.inputs, found.targets)
    least = objective(theirs.coef_[0], theirs.intercept_[0])
    ours = objective(found.kernel[:, 1] - found.kernel[:, 0], found.bias[1] - found.bias[0])
    assert ours == pytest.approx(least, rel=0.01)


def test_nuclear_finds_the_rank_of_a_planted_map(fit):
    found = fit("loss=mse", "dataset.kind=low_rank", *by("adam"), "regularizer.nuclear=0.05")
    values = np.linalg.svd(found.kernel, compute_uv=False)
    assert (values > 1e-9).sum() == 2
    shares = values / values.sum()
    entropy = -sum(share * np.log(share) for share in shares[:2])
    assert found.metrics["regularizer/effective_rank"] == pytest.approx(np.exp(entropy), rel=1e-6)


@pytest.mark.parametrize(
    "optimizer",
    [pytest.param(name, marks=[] if name == "adam" else pytest.mark.exhaustive) for name in RATES],
)
def test_l0_finds_a_planted_support(optimizer, fit):
    rate = f"optimizer.learning_rate={L0_RATES[optimizer]}"
    chosen = [f"optimizer={optimizer}", rate, "regularizer.l0=0.05"]
    found = fit("loss=mse", "dataset.kind=sparse", *chosen)
    support = np.array([0, 3, 5])
    np.testing.assert_array_equal(np.flatnonzero(found.kernel), support)
    # What is not 0 is not shrunk: it is least squares on the support.
    columns = np.column_stack([found.inputs[:, support], np.ones(len(found.inputs))])
    least = np.linalg.lstsq(columns, found.targets[:, 0], rcond=None)[0]
    np.testing.assert_allclose([*found.kernel[support, 0], *found.bias], least, atol=1e-3)
    assert found.metrics["regularizer/zeros"] == 5 / 8


@pytest.mark.exhaustive
def test_elastic_net_is_both(fit):
    strengths = ["regularizer=elastic_net", "regularizer.l1=0.3", "regularizer.l2=0.1"]
    found = fit("loss=mse", "dataset.kind=sparse", *by("sgd"), *strengths)
    # Theirs: |y - f - b|^2 / (2 n) + a r |w|_1 + a (1 - r) |w|^2 / 2, so a r = l1 / 2 and a (1 - r) = l2.
    theirs = ElasticNet(alpha=0.25, l1_ratio=0.6, tol=1e-12, max_iter=100_000)
    theirs.fit(found.inputs, found.targets[:, 0])
    np.testing.assert_array_equal(found.kernel[:, 0] == 0, theirs.coef_ == 0)
    np.testing.assert_allclose(found.kernel[:, 0], theirs.coef_, atol=1e-3)
    assert {"regularizer/zeros", "regularizer/weight_norm"} <= found.metrics.keys()


def test_max_norm_bounds_the_weights_of_a_unit(fit):
    found = fit(
        "loss=mse", "dataset.kind=low_rank", *by("adam"), "regularizer=max_norm", "regularizer.max_norm=1"
    )
    norms = np.linalg.norm(found.kernel, axis=0)
    assert norms.max() == pytest.approx(1, rel=1e-12) and norms.min() < 0.99
    assert found.metrics["regularizer/largest_norm"] == pytest.approx(norms.max(), rel=1e-6)
    assert found.metrics["regularizer/weight_norm"] == pytest.approx(np.linalg.norm(found.kernel), rel=1e-6)
