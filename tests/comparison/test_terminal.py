"""What a person sees, at the widths that terminals have."""

import io
import re

import pytest
from rich.console import Console

from runner.comparison import compare
from runner.comparison.tables import Column, Table
from runner.comparison.terminal import show
from runner.comparison.terminal.grid import grid, needed, styled
from tests.comparison.sweep_files import write_sweep

SIX = {
    "optimizer": ["sgd", "adam"],
    "optimizer.learning_rate": [0.001, 0.01],
    "activation": ["relu", "tanh"],
    "normalization": ["none", "batch"],
    "regularizer.dropout": [0.0, 0.1],
    "model.hidden": [[128, 64]],
}


def spread(seed, *options):
    words = "".join(map(str, options))
    return 0.8 + sum(map(ord, words)) % 97 / 1000 + seed / 1000 * (len(words) % 3)


@pytest.fixture(scope="module")
def sweeps(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweeps")
    two = {key: SIX[key] for key in ("optimizer", "optimizer.learning_rate")}
    write_sweep(folder / "two", two, range(3), lambda *chosen: None if chosen[0] == 2 else spread(*chosen))
    write_sweep(folder / "six", SIX, range(2), spread)
    return folder


def shown(comparison, width):
    console = Console(width=width, file=io.StringIO(), highlight=False)
    show(comparison, console)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [80, 140])
@pytest.mark.parametrize("name", ["two", "six"])
def test_nothing_but_a_command_is_wider_than_the_terminal(sweeps, name, width):
    lines = shown(compare([sweeps / name]), width).splitlines()
    commands = [line for line in lines if "runner train" in line]
    assert len(commands) == 2, "a command that is broken cannot be copied"
    assert max(len(line) for line in lines if line not in commands) <= width


@pytest.mark.parametrize("width", [80, 140])
def test_no_number_is_broken(sweeps, width):
    found = compare([sweeps / "six"])
    text = shown(found, width)
    means = re.findall(r"0\.\d{4}\N{EN DASH}0\.\d{4}", text)
    assert len(means) >= 20


def test_the_top_is_shown_and_how_many_more_there_are(sweeps):
    assert "and 12 more, in compare.md" in shown(compare([sweeps / "six"]), 140)


def test_options_have_columns_where_they_fit(sweeps):
    found = compare([sweeps / "six"])
    assert "adam, 0.01," in shown(found, 80)
    assert "adam, 0.01," not in shown(found, 140)


def test_what_went_wrong_is_counted_and_the_order_explained(sweeps):
    text = shown(compare([sweeps / "two"]), 80)
    assert "2, 1 diverged" in re.sub(r"\s+", " ", text)
    assert "the order counts those that went wrong" in text
    assert text.index("Ranking") < text.index("caution") < text.index("Winner: ")


def test_a_table_needs_its_longest_parts():
    columns = Column("rate"), Column("n", True)
    table = Table("", columns, (("0.1", "12"), ("a long text; of parts", "3")))
    assert needed(table) == len("a long text;") + 2 + 2
    assert grid(table, 1, 80).row_count == 1


def test_a_heading_is_folded_only_where_the_room_is_needed():
    table = Table("", (Column("learning_rate"), Column("n", True)), (("0.1", "12"),))
    assert grid(table, 1, 17).columns[0].header == "learning_rate"
    assert grid(table, 1, 16).columns[0].header == "learning_\nrate"


def test_verdicts_and_failures_have_colours():
    assert [span.style for span in styled("worse with 3 seeds").spans] == ["bold red"]
    assert [span.style for span in styled("2, 1 diverged").spans] == ["red"]
    assert styled("0.9").spans == []
