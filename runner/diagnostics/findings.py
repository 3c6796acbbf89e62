"""Findings: what is wrong with a run, its data or its config, how grave it is and what to change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Severity = Literal["remark", "warning", "problem"]

SEVERITIES: tuple[Severity, ...] = ("remark", "warning", "problem")
"""From the least to the gravest: a remark asks for nothing, a warning for a look, a problem for a change."""


@dataclass(frozen=True)
class Evidence:
    """What a finding rests on."""

    sentence: str
    """In words, its numbers included."""
    numbers: Mapping[str, float]


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, or may be."""

    name: str
    """Of the fault, the same wherever it is found: `vanishing_gradient`."""
    severity: Severity
    where: str
    """The part it is about: a layer, a split, some features, a key of the config."""
    evidence: Evidence
    suggestion: str | None = None
    """An override to type; None where no option cures it."""
    since: int | None = None
    """The first step that shows it; None where it has nothing to do with steps."""

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON has it."""
        return {
            "name": self.name,
            "severity": self.severity,
            "where": self.where,
            "since": self.since,
            "evidence": {"sentence": self.evidence.sentence, "numbers": dict(self.evidence.numbers)},
            "suggestion": self.suggestion,
        }


def gravest(findings: Iterable[Finding]) -> Severity | None:
    """The gravest severity there is; None without findings."""
    found: list[Severity] = [finding.severity for finding in findings]
    return max(found, key=SEVERITIES.index) if found else None
