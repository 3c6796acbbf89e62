"""What a check has to say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from runner.diagnostics.findings import Evidence, Finding, Severity, gravest

Verdict = Literal["ok", "skipped"] | Severity


@dataclass(frozen=True)
class Checked:
    """The outcome of one check."""

    said: str
    """What was looked at and how it is, in one line."""
    findings: Sequence[Finding] = ()
    made: bool = True
    listed: Sequence[Mapping[str, Any]] = ()
    """The examples it is about, for whoever reads the JSON."""
    pictures: Mapping[str, np.ndarray] = field(default_factory=dict)
    """For TensorBoard, by tag: uint8 [height, width, 3]."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Likewise, in Markdown."""

    @property
    def verdict(self) -> Verdict:
        """The gravest severity of its findings, or that there are none."""
        return gravest(self.findings) or ("ok" if self.made else "skipped")


def skipped(why: str) -> Checked:
    """A check that was not made."""
    return Checked(why, made=False)


def finding(
    name: str,
    severity: Severity,
    where: str,
    sentence: str,
    suggestion: str | None = None,
    since: int | None = None,
    **numbers: float,
) -> Finding:
    """A finding with its evidence in words and in numbers."""
    told = {key: float(value) for key, value in numbers.items()}
    return Finding(name, severity, where, Evidence(sentence, told), suggestion, since)


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """`1 example`, `1,438 examples`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def percent(share: float) -> str:
    """`5.1 %`, or with a digit more where it is little."""
    return f"{100 * share:.1f} %" if share >= 0.01 or share == 0 else f"{100 * share:.2g} %"
