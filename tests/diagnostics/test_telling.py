"""Findings in words, for a log, a terminal and TensorBoard."""

from runner.diagnostics.findings import Evidence, Finding
from runner.diagnostics.telling import coloured, markdown, sentence

EVIDENCE = Evidence("97% of a|b are dead", {"share": 0.97})
DEAD = Finding("dead_units", "problem", "hidden.1", EVIDENCE, "activation=leaky_relu", 400)
STILL = Finding("plateau", "remark", "val", Evidence("it stood still", {}))


def test_a_line_says_how_grave_since_when_and_what_to_try():
    assert sentence(DEAD) == (
        "dead_units (problem since step 400): 97% of a|b are dead; try: activation=leaky_relu"
    )
    assert sentence(STILL) == "plateau (remark): it stood still"


def test_on_a_terminal_what_to_try_has_a_line_of_its_own():
    assert coloured(DEAD).plain.splitlines() == [
        "dead_units (problem): 97% of a|b are dead",
        "→ activation=leaky_relu",
    ]
    assert coloured(STILL).plain == "plateau (remark): it stood still"


def test_a_table_has_a_row_a_finding():
    head, rule, first, second = markdown([DEAD, STILL]).splitlines()
    assert head.count("|") == rule.count("|") == second.count("|") == 7
    assert "| problem | dead_units | hidden.1 | 400 |" in first
    assert r"a\|b" in first and "`activation=leaky_relu`" in first
    assert markdown([]) == "Nothing found."
