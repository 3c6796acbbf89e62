"""A thousand runs."""

import os
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from tests.comparison.sweep_files import write_sweep

ROOT = Path(__file__).resolve().parents[2]
RATES = [round(0.001 * 1.4**power, 6) for power in range(20)]
SECONDS = 10
CURVE = [0.5 + 0.4 * (1 - 0.8**epoch) for epoch in range(1, 31)]


@pytest.mark.slow
def test_a_thousand_runs_take_less_than_ten_seconds(tmp_path):
    options = {
        "optimizer": ["sgd", "adam"],
        "optimizer.learning_rate": RATES,
        "loss.label_smoothing": [0.0, 0.1, 0.2, 0.3, 0.4],
    }
    write_sweep(tmp_path, options, range(5), lambda seed, *chosen: 0.9 + seed / 1000, curve=CURVE)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [sys.executable, "-m", "runner", "compare", str(tmp_path), "--target", "0.8"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=os.environ, timeout=120)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert done.returncode == 0, done.stderr
    assert "1,000 runs, 200 settings, 5 seeds" in done.stdout
    # Of the processor: what else the machine does is no matter of ours.
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < SECONDS
