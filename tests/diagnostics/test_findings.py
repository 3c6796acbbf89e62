"""Findings, and which of them is gravest."""

from runner.diagnostics.findings import SEVERITIES, Evidence, Finding, gravest


def _finding(severity):
    return Finding("name", severity, "train", Evidence("one thing", {"share": 0.5}), "seed=1", 3)


def test_the_gravest_is_found_in_any_order():
    findings = [_finding(severity) for severity in ("warning", "problem", "remark")]
    assert gravest(findings) == "problem"
    assert gravest(findings[::2]) == "warning"
    assert gravest([]) is None
    assert SEVERITIES == ("remark", "warning", "problem")


def test_a_finding_as_json_has_all_of_it():
    assert _finding("remark").as_dict() == {
        "name": "name",
        "severity": "remark",
        "where": "train",
        "since": 3,
        "evidence": {"sentence": "one thing", "numbers": {"share": 0.5}},
        "suggestion": "seed=1",
    }
