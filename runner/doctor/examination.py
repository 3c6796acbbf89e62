"""Makes the checks of a config and says what they found."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from omegaconf import DictConfig

from runner import folder as folders
from runner.backend import configure
from runner.composition import Job
from runner.diagnostics.findings import gravest
from runner.doctor.checklist import CHECKS, Check, Line
from runner.doctor.display import conclude, new_display, to_json
from runner.doctor.patient import Patient
from runner.doctor.records import FILE, summarise, write
from runner.errors import ConfigError
from runner.memory import OutOfMemoryError, out_of_memory

ROOT = Path("outputs/doctor")


def examine(config: DictConfig, job: Job, as_json: bool) -> int:
    """Makes all checks; 0 where nothing worse than a remark was found, else 1.

    Raises ConfigError, with nothing written or printed, where config, data or folder are wrong.
    """
    began, lines = time.monotonic(), list[Line]()
    asked = None if config.output_dir is None else Path(config.output_dir)
    if asked is not None:
        folders.refuse_occupied(asked)
    configure(config)
    display = new_display(as_json)
    with ThreadPoolExecutor(1) as pool:
        patient = Patient(config, pool)
        try:
            for line in _examined(patient):
                lines.append(line)
                display(line)
        finally:
            patient.leave()
    folder = folders.create(asked, ROOT)
    findings = [finding for line in lines for finding in line.outcome.findings]
    summary = summarise(patient, job, lines, time.monotonic() - began)
    write(folder, config, summary, lines)
    to_json(summary) if as_json else conclude(folder / FILE, findings)
    return int(gravest(findings) in ("warning", "problem"))


def _examined(patient: Patient) -> Iterator[Line]:
    """The lines of the checklist; none before the programs are known to build."""
    early = {check: _line(check, patient) for check in CHECKS if not check.compiled}
    try:
        with out_of_memory():
            patient.start()
            for check in CHECKS:
                yield early[check] if check in early else _line(check, patient)
    except OutOfMemoryError as error:
        raise ConfigError(f"model: {error}") from error


def _line(check: Check, patient: Patient) -> Line:
    began = time.monotonic()
    outcome = check.examine(patient)
    return Line(check, outcome, time.monotonic() - began)
