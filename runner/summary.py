"""What `summary.json` says of a run before its first step."""

import math
import time
from collections.abc import Mapping
from typing import Any

import jax
from flax import nnx

from runner.composition import Job
from runner.preparation import Prepared


def queued_summary(job: Job, seed: int, identity: str, source: Mapping[str, Any]) -> dict[str, Any]:
    """The summary of a run that is still to be built; `source` is its provenance."""
    return {
        "status": "running",
        "error": None,
        "overrides": job.overrides,
        "choices": job.choices,
        "seed": seed,
        "steps": 0,
        "epochs": 0.0,
        "metrics": {},
        "best": {"metric": None, "mode": None, "value": None, "step": None},
        "seconds": {"total": 0.0, "compile": 0.0, "train": 0.0, "evaluate": 0.0},
        "findings": [],
        "identity": identity,
        "config_name": job.config_name,
        "config_dir": job.config_dir,
        "working_dir": job.working_dir,
        **source,
    }


def new_summary(prepared: Prepared, queued: Mapping[str, Any]) -> dict[str, Any]:
    """The summary of a run whose program is there."""
    material = prepared.material
    dataset = material.dataset
    parameters = jax.tree.leaves(nnx.filter_state(prepared.programs.state.model, nnx.Param))
    return {
        **queued,
        "parameters": sum(math.prod(leaf.shape[1:]) for leaf in parameters),
        "best": {
            "metric": f"val/{material.objective}",
            "mode": "max" if material.maximise else "min",
            "value": None,
            "step": None,
        },
        "seconds": {"total": 0.0, "compile": prepared.compile_seconds, "train": 0.0, "evaluate": 0.0},
        "data": {
            "fingerprint": dataset.fingerprint,
            "train": len(dataset.train),
            "val": len(dataset.val),
            "test": len(dataset.test),
            "split_seed": material.config.dataset.split_seed,
            **({"notes": list(dataset.notes)} if dataset.notes else {}),
        },
        "started": time.strftime("%Y-%m-%dT%H:%M:%S"),
    }
