"""The page of a sitting: medians, ratios and what is reached."""

from benchmarks.job import Job, faster, seconds, steps
from benchmarks.results import NO_GPU, page, table

FOUND = {
    "runner": [2.0, 1.0, 4.0],
    "runner, cpu": [3.0, 5.0, 4.0],
    "runner, memory": [3e8, 2e8, 9e8],
    "slow": [9.0, 8.0, 7.0],
    "quick": [3.0, 3.0, 3.0],
}


def row(least, aim):
    return faster("a job", FOUND, ["slow", "quick"], seconds, least, aim)


def test_the_best_peer_counts_and_ratios_are_taken_within_a_repeat():
    found = row(1.0, 1.4)
    assert found.against == "quick"
    assert found.ratios == [1.5, 3.0, 0.75]
    assert found.ratio == 1.5  # and not the median of one side over the median of the other


def test_verdicts():
    assert row(1.0, 1.5).verdict == "yes, and the aim"
    assert row(1.5, 2.0).verdict == "yes; 25.0 % short of the aim"
    assert row(2.0, 3.0).verdict == "**no**: 25.0 % short"


def test_times_are_told_with_their_units():
    assert seconds(1.234) == "1.23 s"
    assert steps(0.04) == "40 ms, 25 steps/s"
    assert steps(2e-4) == "0.2 ms, 5000 steps/s"


def test_a_table_is_markdown():
    assert table(["a", "b"], [["1", "x|y"]]) == "| a | b |\n| --- | --- |\n| 1 | x\\|y |\n"


def test_the_page_has_the_machine_what_is_asked_and_every_side():
    job = Job([], lambda found: [faster("a job", found, ["slow"], seconds, 1.0, 1.4)], seconds)
    lines = page({"CPU": "one"}, 3, [("name", job, FOUND)], gpu=False).splitlines()
    assert "| CPU | one |" in lines and "| repeats | 3 |" in lines
    asked = "| a job | slow | 2.00 s | 8.00 s | **4.5** | 1.75 to 8 | 1 | 1.4 | yes, and the aim |"
    assert asked in lines
    assert "| name | runner | 2.00 s | 4.0 s | 300 MB |" in lines
    assert "| name | quick | 3.00 s |  |  |" in lines
    assert lines[-1] == NO_GPU
