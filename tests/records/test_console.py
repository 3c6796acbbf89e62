"""Plain lines where there is no terminal; on one, a line that fits."""

import io
import os
import pty
import re
import subprocess
import sys
import time

import pytest
from rich.console import Console

from runner.records.console import describe, result_table
from runner.records.entry import Entry


def test_an_entry_in_words():
    entry = Entry(660, 30.0, {"learning_rate": 1e-3, "val/loss": 0.123456, "train/loss": 0.1}, True)
    assert (
        describe(entry, 660)
        == "step 660/660  epoch 30.0  train/loss 0.1  val/loss 0.1235  learning_rate 0.001"
    )


def test_what_diagnostics_say_of_each_layer_is_left_to_tensorboard():
    scalars = {"val/loss": 0.1, "gradient_norm/dense": 1.0, "diagnostics/dead_units/dense": 0.5}
    assert describe(Entry(1, 1.0, scalars, True), 1) == "step 1/1  epoch 1.0  val/loss 0.1"


def test_the_table_fits_80_columns():
    row = {"loss": 0.1, "accuracy": 0.9, "mse": 0.2, "r2": None}
    console = Console(width=80, record=True, file=io.StringIO())
    console.print(result_table({"test, with the best weights": row, "val": {"loss": 1.0}}))
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= 80
    assert lines[1].split() == ["┃", "┃", "loss", "┃", "accuracy", "┃", "mse", "┃", "r2", "┃"]


def test_without_a_terminal_there_are_plain_lines(tmp_path):
    command = [sys.executable, "-m", "runner", "train", "epochs=2", f"output_dir={tmp_path / 'run'}"]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=tmp_path)
    assert "\x1b" not in found.stdout
    assert "step 44/44  epoch 2.0" in found.stdout
    assert f"tensorboard --logdir {tmp_path / 'run'}" in found.stdout
    assert found.stderr == ""


def test_on_a_terminal_of_80_columns_the_line_shows_everything(tmp_path):
    command = [sys.executable, "-m", "runner", "train", "epochs=3000", f"output_dir={tmp_path / 'run'}"]
    primary, secondary = pty.openpty()
    environment = os.environ | {"COLUMNS": "80", "LINES": "24", "TERM": "xterm-256color"}
    process = subprocess.Popen(command, stdout=secondary, stderr=secondary, cwd=tmp_path, env=environment)
    os.close(secondary)
    shown, deadline = "", time.monotonic() + 60
    try:
        while not re.search(r"val accuracy \d\.\d{4} [\d,]+ steps/s \d:\d\d:\d\d", plain(shown)):
            assert time.monotonic() < deadline, plain(shown)
            shown += os.read(primary, 4096).decode(errors="replace")
    finally:
        process.terminate()
        with pytest.raises(OSError, match="Input/output error"):
            while os.read(primary, 4096):
                pass
    assert process.wait(60) == 130
    assert re.search(r"epoch [\d.]+ .*\d+% loss \d\.\d{4} val accuracy", plain(shown))


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)
