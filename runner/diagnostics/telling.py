"""Findings in words."""

from collections.abc import Sequence

from rich.text import Text

from runner.diagnostics.findings import Finding

STYLES = {"remark": "cyan", "warning": "yellow", "problem": "bold red"}


def sentence(finding: Finding) -> str:
    """`dead_units (problem since step 400): 97% of ...; try: activation=leaky_relu`."""
    since = f" since step {finding.since}" if finding.since is not None else ""
    cure = "" if finding.suggestion is None else f"; try: {finding.suggestion}"
    return f"{finding.name} ({finding.severity}{since}): {finding.evidence.sentence}{cure}"


def coloured(finding: Finding) -> Text:
    """The same for a terminal, what to try in a line of its own."""
    told = Text(f"{finding.name} ({finding.severity}): ", style=STYLES[finding.severity])
    told.append(finding.evidence.sentence, style="default")
    if finding.suggestion is not None:
        told.append(f"\n→ {finding.suggestion}", style="bold")
    return told


def markdown(findings: Sequence[Finding]) -> str:
    """A table with a row a finding; that there are none, where there are none."""
    if not findings:
        return "Nothing found."
    head = ["| severity | finding | where | since step | evidence | try |", "|---|---|---|---|---|---|"]
    return "\n".join([*head, *map(_row, findings)])


def _row(finding: Finding) -> str:
    since = "" if finding.since is None else str(finding.since)
    cure = "" if finding.suggestion is None else f"`{finding.suggestion}`"
    cells = [finding.severity, finding.name, finding.where, since, finding.evidence.sentence, cure]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
