"""Runs, read from their files alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from runner.comparison.flattening import flatten, load_yaml
from runner.comparison.history import finite
from runner.comparison.model import Found, Provenance, Run
from runner.comparison.progress import caught_up
from runner.errors import ConfigError
from runner.folder import CONFIG, read_summary
from runner.groups import defaults

RECORDS = "metrics.jsonl"
DEFAULT_CONFIG = "config"


def read_run(folder: Path, source: Path, name: str) -> Run:
    """The run in a folder, whatever state it is in.

    Raises ConfigError if its summary or its config cannot be read.
    """
    summary = read_summary(folder)
    config = _config(folder)
    try:
        return caught_up(_run(folder, source, name, summary, config))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"{folder}: its summary.json is not one of a run ({error!r})") from error


def _run(folder: Path, source: Path, name: str, summary: Mapping[str, Any], config: dict[str, Any]) -> Run:
    overrides = tuple(summary.get("overrides") or ())
    choices, best = summary.get("choices") or _choices(overrides), summary.get("best") or {}
    seed = summary.get("seed")
    return Run(
        folder=folder,
        source=source,
        name=name,
        config=flatten(config, choices),
        groups=frozenset(choices),
        overrides=overrides,
        flags=_flags(summary),
        seed=int(config["seed"] if seed is None else seed),
        status=str(summary["status"]),
        error=summary.get("error"),
        steps=summary.get("steps") or 0,
        epochs=summary.get("epochs") or 0.0,
        parameters=summary.get("parameters") or 0,
        metrics={tag: finite(value) for tag, value in (summary.get("metrics") or {}).items()},
        best_metric=best.get("metric"),
        best_value=finite(best.get("value")),
        best_step=best.get("step"),
        mode=best.get("mode") or (config.get("objective") or {}).get("mode"),
        seconds={part: finite(value) or 0.0 for part, value in _timings(summary).items()},
        started=str(summary.get("started") or ""),
        findings=tuple(_found(finding) for finding in summary.get("findings") or ()),
        provenance=_provenance(summary),
        records=folder / RECORDS,
        made_by=summary["command"] if summary.get("ensemble") else None,
    )


def _config(folder: Path) -> dict[str, Any]:
    try:
        return load_yaml((folder / CONFIG).read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{folder / CONFIG}: cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, ValueError) as error:
        raise ConfigError(f"{folder / CONFIG}: not a config that can be read") from error


def _choices(overrides: tuple[str, ...]) -> dict[str, str]:
    # A run that failed before it was built may not say which options it chose.
    chosen = dict(text.split("=", 1) for text in overrides if "=" in text)
    return {group: chosen.get(group, option) for group, option in defaults().items()}


def _timings(summary: Mapping[str, Any]) -> dict[str, Any]:
    # `shared`, of a lane, is no time.
    return {part: value for part, value in (summary.get("seconds") or {}).items() if part != "shared"}


def _found(finding: Mapping[str, Any]) -> Found:
    return Found(str(finding["name"]), str(finding["severity"]))


def _provenance(summary: Mapping[str, Any]) -> Provenance:
    code, data, device = (summary.get(part) or {} for part in ("code", "data", "device"))
    return Provenance(
        commit=code.get("commit"),
        dirty=code.get("dirty"),
        fingerprint=data.get("fingerprint"),
        split_seed=data.get("split_seed"),
        device=device.get("kind"),
        versions=summary.get("versions") or {},
    )


def _flags(summary: Mapping[str, Any]) -> tuple[str, ...]:
    name, folder = summary.get("config_name"), summary.get("config_dir")
    named = () if name in (None, DEFAULT_CONFIG) else ("--config-name", str(name))
    return named if folder is None else ("--config-dir", str(folder), *named)
