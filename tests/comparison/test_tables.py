"""A comparison as tables and sentences, and as Markdown and CSV."""

import csv
import io
from dataclasses import replace

import pytest

from runner.comparison import compare
from runner.comparison.markdown import to_markdown
from runner.comparison.spreadsheets import effects_csv, settings_csv
from runner.comparison.tables import (
    effect_tables,
    isolation_table,
    merged_ranking_table,
    race_table,
    ranking_table,
)
from runner.comparison.verdicts import headline, verdict_words, winner_lines
from tests.comparison.sweep_files import write_run, write_sweep

RATE = "optimizer.learning_rate"
VALUES = {"sgd": [0.80, 0.81, 0.82], "adam": [0.90, 0.912, 0.921]}


def value(seed, optimizer, rate):
    return None if (rate, seed) == (1.0, 2) else VALUES[optimizer][seed] - rate / 10


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    folder = tmp_path_factory.mktemp("a_b|c") / "sweep"
    write_sweep(folder, {"optimizer": ["sgd", "adam"], RATE: [0.1, 1.0]}, range(3), value)
    return compare([folder], by="optimizer", target=0.85)


def test_headline(comparison):
    expected = "12 runs, 4 settings, 3 seeds; val/accuracy at its best step, more is better"
    assert headline(comparison) == expected


def test_the_ranking_has_every_setting(comparison):
    table = ranking_table(comparison)
    headings = [column.heading for column in table.columns]
    assert headings == [
        "#", "optimizer", "learning_rate", "val/accuracy", "95 % interval", "worst", "time", "runs"
    ]  # fmt: skip
    assert table.rows[0][:4] == ("1", "adam", "0.1", "0.9010")
    assert [row[-1] for row in table.rows] == ["3", "3", "2, 1 diverged", "2, 1 diverged"]


def test_options_can_share_a_column(comparison):
    table = merged_ranking_table(comparison)
    assert table.columns[1].heading == "optimizer, learning_rate"
    assert table.rows[0][:3] == ("1", "adam, 0.1", "0.9010")


def test_effects_say_against_what_and_with_how_many_seeds(comparison):
    optimizer, rate = effect_tables(comparison)
    assert optimizer.title == "optimizer: against adam, all else equal"
    assert optimizer.rows[0][0] == "sgd"
    assert optimizer.rows[0][3] == "worse with 3 seeds (3 pairs lost)"
    assert rate.title == f"{RATE}: against 0.1, all else equal"
    assert rate.rows[0][0] == "1.0"


def test_what_cannot_be_told_says_how_many_seeds_would(comparison):
    (effect, *_) = comparison.effects
    near = replace(effect, verdict="not distinguishable", more_seeds=4, lost=0)
    assert verdict_words(near) == "not distinguishable with 3 seeds; 4 more would tell"
    assert verdict_words(replace(near, more_seeds=None)) == "not distinguishable with 3 seeds"
    assert verdict_words(replace(near, verdict="one seed")) == "one seed: tells nothing"


def test_one_seed_of_settings_that_differ_in_everything_tells_nothing(tmp_path):
    for number, rate in enumerate((0.1, 0.2, 0.3)):
        write_run(tmp_path / str(number), [f"{RATE}={rate}", f"regularizer.dropout={rate / 2}"], value=rate)
    rate, dropout = effect_tables(compare([tmp_path]))
    assert rate.title == f"{RATE}: nothing to tell of 3 values; no two runs differ in it alone"
    assert rate.rows == dropout.rows == ()


def test_isolation_and_race(comparison):
    (isolation,) = comparison.isolations
    rows = isolation_table(isolation, comparison).rows
    assert [row[:3] for row in rows] == [("adam", "0.1 (of 2)", "0.9010"), ("sgd", "0.1 (of 2)", "0.8000")]
    assert rows[1][-1] == "worse with 2 seeds", "the first one chose"
    race = race_table(comparison.race, comparison.varied)
    assert race.title == "First to val/accuracy 0.85: 1 of 4 settings"
    assert race.rows == (("adam, 0.1", "3 of 3 seeds", "1", "22", "1.0 s"),)


def test_the_winner_is_reported_on_test(comparison):
    lines = winner_lines(comparison.winner, comparison)
    assert lines["val/accuracy"].endswith("chosen as the best of 4 settings, which flatters it")
    assert lines["test/accuracy"].startswith("0.8910 (")


def test_markdown_holds_every_table_row_and_command_and_escapes_what_it_must(comparison):
    text = to_markdown(comparison)
    for words in ("Ranking", "Cautions", "Winner", "Each optimizer at its best", "First to val/accuracy"):
        assert f"\n## {words}" in text
    assert comparison.winner.reproduce in text
    assert comparison.winner.confirm in text
    assert "a\\_b\\|c" in text
    rows = [line for line in text.splitlines() if line.startswith("| 1 ") or line.startswith("| # ")]
    assert len({row.count("|") for row in rows}) == 1


def test_csv_has_every_number_to_its_last_digit(comparison):
    rows = list(csv.DictReader(io.StringIO(settings_csv(comparison))))
    assert [row["rank"] for row in rows] == ["1", "2", "3", "4"]
    for row, setting in zip(rows, comparison.settings, strict=True):
        assert float(row["val/accuracy mean"]) == setting.mean
        assert float(row["val/accuracy low"]) == setting.interval.low
        assert row["optimizer"] == setting.options["optimizer"]
        assert float(row[RATE]) == setting.options[RATE]
        assert int(row["completed"]) + int(row["diverged"]) == int(row["seeds"]) == 3
    effects = list(csv.DictReader(io.StringIO(effects_csv(comparison))))
    assert [row["option"] for row in effects] == ["optimizer", RATE]
    assert float(effects[0]["difference"]) == comparison.effects[0].mean
