"""How many runs have which finding, and which option they have in common."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from runner.comparison.model import SEVERITIES, FindingCount, Run, Value

TELLING = 0.9
"""The share of the runs with a finding that one value of an option must have to be named beside it."""


def count_findings(runs: Sequence[Run], varied: Sequence[str]) -> tuple[FindingCount, ...]:
    """The findings of the runs: first those that are a problem in most of them."""
    having: dict[str, list[tuple[Run, str]]] = defaultdict(list)
    for run in runs:
        for finding in run.findings:
            having[finding.name].append((run, finding.severity))
    counts = [_count(name, found, runs, varied) for name, found in having.items()]
    return tuple(sorted(counts, key=lambda count: tuple(-number for number in count.severities)))


def _count(
    name: str, found: Sequence[tuple[Run, str]], runs: Sequence[Run], varied: Sequence[str]
) -> FindingCount:
    severities, having = Counter(severity for _, severity in found), [run for run, _ in found]
    return FindingCount(
        name,
        tuple(severities[severity] for severity in SEVERITIES),
        tuple(shared for key in varied for shared in _shared(key, having, runs)),
    )


def _shared(key: str, having: Sequence[Run], runs: Sequence[Run]) -> list[tuple[str, Value]]:
    """The value of an option that these runs share and the others mostly do not."""
    values = Counter(run.config.get(key) for run in having)
    value, count = values.most_common(1)[0]
    overall = sum(run.config.get(key) == value for run in runs) / len(runs)
    telling = count >= TELLING * len(having) and overall < TELLING and len(having) > 1
    return [(key, value)] if telling else []
