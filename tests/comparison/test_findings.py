"""Findings are counted over runs, with the option that they come with."""

from runner.comparison.findings import count_findings
from runner.comparison.model import Found
from tests.comparison.made import run

DEAD = Found("dead_units", "problem")
PLATEAU = Found("plateau", "remark")
KEY = "optimizer.learning_rate"


def test_they_are_counted_by_severity_the_gravest_first():
    runs = [
        run(seed=0, options={KEY: 0.1}, findings=(PLATEAU,)),
        run(seed=1, options={KEY: 0.1}, findings=(PLATEAU,)),
        run(seed=0, options={KEY: 1.0}, findings=(DEAD, PLATEAU)),
        run(seed=1, options={KEY: 1.0}, findings=(DEAD,)),
    ]
    dead, plateau = count_findings(runs, [KEY])
    assert (dead.name, dead.severities) == ("dead_units", (2, 0, 0))
    assert dead.common == ((KEY, 1.0),)
    assert (plateau.name, plateau.severities, plateau.common) == ("plateau", (0, 0, 3), ())


def test_what_all_runs_have_is_no_cause():
    runs = [run(seed=seed, options={KEY: 0.1}, findings=(DEAD,)) for seed in range(3)]
    (dead,) = count_findings(runs, [KEY])
    assert dead.common == ()


def test_without_findings_there_is_nothing_to_count():
    assert count_findings([run()], []) == ()
