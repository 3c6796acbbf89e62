"""Where the learning rate stands in the range test."""

from runner.diagnostics.findings import Evidence, Finding, Severity
from runner.doctor.checked import Checked, skipped
from runner.range_test.standing import Standing

FAR = 3.0
"""How many times too low or too high a rate must be to be worth a look."""
NAMES = {"too low": "learning_rate_too_low", "too high": "learning_rate_too_high"}


def check_rate(standing: Standing) -> Checked:
    """A rate outside of those that a ramp found good, with the one that it suggests."""
    if standing.verdict == "unknown":
        return skipped(standing.sentence)
    if standing.verdict not in NAMES or standing.first is None or standing.last is None:
        return Checked(standing.sentence)
    factor = max(standing.first / standing.configured, standing.configured / standing.last)
    grave: Severity = "warning" if factor >= FAR else "remark"
    numbers = {"rate": standing.configured, "first": standing.first, "last": standing.last}
    suggestion = None if standing.suggestion is None else f"optimizer.learning_rate={standing.suggestion:.2g}"
    name = NAMES[standing.verdict]
    evidence = Evidence(standing.sentence, numbers)
    return Checked(standing.sentence, [Finding(name, grave, "learning", evidence, suggestion)])
