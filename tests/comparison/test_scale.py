"""A thousand runs."""

import pytest

from runner.cli import main
from tests.comparison.sweep_files import write_sweep

RATES = [round(0.001 * 1.4**power, 6) for power in range(20)]
CURVE = [0.5 + 0.4 * (1 - 0.8**epoch) for epoch in range(1, 31)]


@pytest.mark.slow
def test_a_thousand_runs_are_compared(tmp_path, capsys):
    options = {
        "optimizer": ["sgd", "adam"],
        "optimizer.learning_rate": RATES,
        "loss.label_smoothing": [0.0, 0.1, 0.2, 0.3, 0.4],
    }
    write_sweep(tmp_path, options, range(5), lambda seed, *chosen: 0.9 + seed / 1000, curve=CURVE)
    assert main(["compare", str(tmp_path), "--target", "0.8"]) == 0
    assert "1,000 runs, 200 settings, 5 seeds" in capsys.readouterr().out
