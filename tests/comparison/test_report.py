"""What the page says of unusual comparisons."""

import json
import re
from dataclasses import replace

import pytest

from runner.comparison import compare
from runner.comparison.report import write_report
from runner.comparison.report.page import render
from tests.comparison.sample import METRIC, sample
from tests.comparison.sweep_files import write_run, write_sweep


def figures(page) -> dict[str, dict]:
    """The plots in a page, by name."""
    (text,) = re.findall(r'<script type="application/json" id="figures">(.*?)</script>', page)
    return {figure["name"].removeprefix("plot-"): figure for figure in json.loads(text)}


def section(page, name) -> str:
    """The text of one section, without tags."""
    (found,) = re.findall(rf'<section id="{name}".*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", found).split())


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    return sample(tmp_path_factory.mktemp("sweeps") / "sweep")


def test_the_answer_names_the_winner_its_interval_and_its_test_result(comparison):
    answer = section(render(comparison), "answer")
    winner = comparison.winner.setting
    assert f"Best is optimizer {winner.options['optimizer']}" in answer
    assert f"{winner.mean:.4f} (95 % interval" in answer
    assert "On the test split" in answer
    assert comparison.winner.confirm.replace("'", "&#39;") in answer
    assert comparison.cautions[0].split(";")[0] in answer


def test_a_run_alone_has_a_page(tmp_path):
    write_run(tmp_path / "run", [], curve=[0.5, 0.8])
    page = render(compare([tmp_path / "run"]))
    assert f"{METRIC} is 0.8000" in section(page, "answer")
    assert set(figures(page)) == {"curve-val/accuracy", "curve-train/loss"}


def test_runs_without_a_result_have_a_page(tmp_path):
    write_sweep(tmp_path, {"optimizer": ["sgd", "adam"]}, [0, 1], lambda *_: None)
    page = render(compare([tmp_path]))
    assert "no winner" in section(page, "answer")
    assert "4 runs diverged" in section(page, "runs")


def test_one_seed_tells_nothing(tmp_path):
    write_sweep(tmp_path, {"optimizer": ["sgd", "adam"]}, [0], lambda _, name: len(name) / 10)
    assert "one seed" in section(render(compare([tmp_path])), "answer")


def test_where_less_is_better_darker_and_left_are(tmp_path):
    rates = [0.001, 0.01, 0.1]
    for number, (name, rate, seed) in enumerate(
        (n, r, s) for n in ("sgd", "adam") for r in rates for s in (0, 1)
    ):
        overrides = [f"optimizer={name}", f"optimizer.learning_rate={rate}"]
        write_run(tmp_path / str(number), overrides, seed, rate + seed / 100 + len(name), metric="val/loss")
    page = render(compare([tmp_path]))
    drawn = figures(page)
    assert "left is better" in drawn["effect-optimizer"]["layout"]["xaxis"]["title"]["text"]
    assert "lowest" in section(page, "answer")
    (heat,) = [figure for name, figure in drawn.items() if name.startswith("interaction")]
    assert heat["data"][0]["colorscale"][0][1] == "#0c3a76"


def test_an_option_that_some_settings_lack_leaves_a_gap(tmp_path):
    write_run(tmp_path / "0", ["optimizer=momentum", "optimizer.decay=0.5"], 0, 0.8)
    write_run(tmp_path / "1", ["optimizer=momentum", "optimizer.decay=0.9"], 0, 0.9)
    write_run(tmp_path / "2", ["optimizer=adam"], 0, 0.7)
    comparison = compare([tmp_path])
    lacking = [one for one in comparison.settings if set(one.options) != set(comparison.varied)]
    assert lacking
    render(comparison)


def test_a_thousand_runs_are_cut_and_it_is_said(comparison):
    more = [replace(comparison.settings[-1], rank=rank) for rank in range(len(comparison.settings) + 1, 401)]
    page = render(replace(comparison, settings=(*comparison.settings, *more)))
    assert "The best 100 of 400 are shown" in section(page, "ranking")
    assert page.count('class="rank"') == 100
    assert len(page) < 6e6


def test_by_shows_each_value_against_the_first(tmp_path):
    page = render(sample(tmp_path / "sweep", by="optimizer"))
    assert [name for name in figures(page) if name.startswith("isolation")] == ["isolation-optimizer"]
    assert "against the first" in section(page, "isolation")
    assert "the best setting for each value of optimizer" in section(page, "curves")


def test_the_page_is_written_where_it_is_asked_for(comparison, tmp_path):
    path = write_report(comparison, tmp_path / "new" / "folder")
    assert path == tmp_path / "new" / "folder" / "report.html"
    assert path.read_text(encoding="utf-8").lower().lstrip().startswith("<!doctype html>")
