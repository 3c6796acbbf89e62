"""What is written of an examination: `doctor.json`, and pages for TensorBoard."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from omegaconf import DictConfig, OmegaConf

from runner import folder as folders
from runner.composition import Job
from runner.configuration import identity
from runner.diagnostics.findings import gravest
from runner.doctor.checked import Checked
from runner.doctor.checklist import Line
from runner.doctor.patient import Patient
from runner.provenance import provenance
from runner.records.tensorboard import TensorBoard

FILE = folders.DOCTOR


def summarise(patient: Patient, job: Job, lines: Sequence[Line], seconds: float) -> dict[str, Any]:
    """An examination as JSON has it."""
    findings = [finding for line in lines for finding in line.outcome.findings]
    resolved: Any = OmegaConf.to_container(patient.asked, resolve=True)
    dataset = patient.dataset
    sizes = {split: len(getattr(dataset, split)) for split in ("train", "val", "test")}
    return {
        "verdict": gravest(findings) or "ok",
        "findings": [finding.as_dict() for finding in findings],
        "checks": [_check(line) for line in lines],
        "overrides": job.overrides,
        "choices": job.choices,
        "identity": identity(resolved),
        "data": {"fingerprint": dataset.fingerprint, **sizes, "split_seed": patient.asked.dataset.split_seed},
        "seconds": round(seconds, 3),
        **provenance(job.command),
    }


def write(folder: Path, config: DictConfig, summary: dict[str, Any], lines: Sequence[Line]) -> None:
    """Writes the config, the JSON, and the checklist and its pictures for TensorBoard."""
    plain: Any = OmegaConf.to_container(config, resolve=False)
    folders.save_config(folder, plain, summary["overrides"])
    folders.write_summary(folder, summary, FILE)
    tensorboard = TensorBoard(folder, time.time)
    tensorboard.text("doctor", _table(lines), 0)
    for line in lines:
        for tag, picture in line.outcome.pictures.items():
            tensorboard.image(tag, picture, 0)
        for tag, text in line.outcome.texts.items():
            tensorboard.text(tag, text, 0)
    tensorboard.close()


def _check(line: Line) -> dict[str, Any]:
    outcome = line.outcome
    return {
        "group": line.check.group,
        "check": line.check.title,
        "verdict": outcome.verdict,
        "said": outcome.said,
        "findings": [finding.name for finding in outcome.findings],
        "listed": [dict(row) for row in outcome.listed],
        "seconds": round(line.seconds, 3),
    }


def _table(lines: Sequence[Line]) -> str:
    rows = [
        f"| {line.check.group} | {line.check.title} | {line.outcome.verdict} | {_told(line.outcome)} |"
        for line in lines
    ]
    return "\n".join(["| of | check | verdict | evidence |", "| --- | --- | --- | --- |", *rows])


def _told(outcome: Checked) -> str:
    said = [
        f"{finding.evidence.sentence}{f' (`{finding.suggestion}`)' if finding.suggestion else ''}"
        for finding in outcome.findings
    ]
    return "<br>".join(said or [outcome.said]).replace("|", r"\|")
