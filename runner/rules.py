"""What each known key of the config may hold: data, applied by `runner.validation`."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner import durations
from runner.errors import ConfigError

Test = Callable[[Any], bool]


@dataclass(frozen=True)
class Rule:
    """A test of a value, what passes it in words, whether an int becomes a float, what null stands for."""

    expected: str
    test: Test
    real: bool = False
    nullable: bool = False
    zero_if_null: bool = False


def is_number(value: object) -> bool:
    """Whether a value is a finite number; a bool is none."""
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_duration(value: Any) -> bool:
    try:
        durations.parse(value)
    except ConfigError:
        return False
    return True


def _is_run(value: Any) -> bool:
    return isinstance(value, str) and (Path(value).expanduser() / "summary.json").is_file()


def _is_widths(value: Any) -> bool:
    return isinstance(value, list) and all(_is_int(width) and width > 0 for width in value)


def _is_class_weights(value: Any) -> bool:
    numbers = isinstance(value, list) and len(value) > 0 and all(is_number(one) and one > 0 for one in value)
    return numbers or value == "balanced"


def _is_shares(value: Any) -> bool:
    return isinstance(value, list) and all(is_number(share) and 0 < share < 1 for share in value)


def one_of(*values: str) -> Rule:
    """One of some words."""
    return Rule(f"one of {', '.join(values)}", lambda value: isinstance(value, str) and value in values)


def _at_least(least: int) -> Rule:
    return Rule(f"a whole number of at least {least}", lambda value: _is_int(value) and value >= least)


def optional(rule: Rule) -> Rule:
    """The same rule, or null."""
    return Rule(f"null or {rule.expected}", rule.test, rule.real, nullable=True)


def strength(rule: Rule) -> Rule:
    """The same rule for a strength: null is 0, which is off."""
    return Rule(rule.expected, rule.test, rule.real, nullable=True, zero_if_null=True)


POSITIVE = Rule("a number greater than 0", lambda value: is_number(value) and value > 0, real=True)
NOT_NEGATIVE = Rule("a number of at least 0", lambda value: is_number(value) and value >= 0, real=True)
SHARE = Rule("a number from 0 to 1", lambda value: is_number(value) and 0 <= value <= 1, real=True)
SHARE_BELOW_1 = Rule(
    "a number from 0 to below 1", lambda value: is_number(value) and 0 <= value < 1, real=True
)
SHARE_INSIDE = Rule("a number between 0 and 1", lambda value: is_number(value) and 0 < value < 1, real=True)
COUNT = Rule("a whole number of at least 1", lambda value: _is_int(value) and value > 0)
SEED = Rule("a whole number from 0 to 2147483647", lambda value: _is_int(value) and 0 <= value < 2**31)
WHOLE = Rule("a whole number of at least 0", lambda value: _is_int(value) and value >= 0)
BATCH = Rule("a whole number of at least 1, or full", lambda value: COUNT.test(value) or value == "full")
DURATION = Rule("steps (100), epochs (3epochs) or a share of the run (5%)", _is_duration)
TEXT = Rule("text", lambda value: isinstance(value, str) and value != "")
BOOLEAN = Rule("true or false", lambda value: isinstance(value, bool))
WIDTHS = Rule("a list of whole numbers of at least 1, like [128,64]", _is_widths)
CLASS_WEIGHTS = Rule(
    "balanced or a list of numbers greater than 0, one a class", _is_class_weights, real=True
)
SHARES = Rule("a list of numbers between 0 and 1, like [0.5,0.75]", _is_shares, real=True)
GRIDS = Rule(
    "a list of grids, each a mapping of keys to values like 1e-3,1e-2",
    lambda value: (
        isinstance(value, list) and len(value) > 0 and all(isinstance(grid, dict) for grid in value)
    ),
)
RUN = Rule("the folder of a run (it has a summary.json)", _is_run)

# Keys that every config has, by their full path: they cannot be deleted.
KEYS: dict[str, Rule] = {
    "seed": SEED,
    "epochs": optional(COUNT),
    "steps": optional(COUNT),
    "batch_size": BATCH,
    "accumulate": COUNT,
    "class_weights": optional(CLASS_WEIGHTS),
    "ema": strength(SHARE_BELOW_1),
    "eval_every": DURATION,
    "log_every": optional(DURATION),
    "precision": one_of("float32", "bfloat16", "float64"),
    "device": optional(one_of("cpu", "gpu", "cuda", "tpu")),
    "init_from": optional(RUN),
    "output_dir": optional(TEXT),
    "compilation_cache": BOOLEAN,
    "objective.metric": optional(TEXT),
    "objective.mode": optional(one_of("max", "min")),
    "early_stopping.patience": optional(COUNT),
    "checkpoint.seconds": NOT_NEGATIVE,
    "diagnostics.every": optional(DURATION),
    "diagnostics.histograms": optional(DURATION),
    "diagnostics.units": BOOLEAN,
    "sweep.grids": optional(GRIDS),
    "sweep.lanes": optional(COUNT),
    "sweep.isolated": BOOLEAN,
    "sweep.fail_fast": BOOLEAN,
    "sweep.pruning": optional(one_of("successive_halving", "hyperband")),
    "sweep.rungs": COUNT,
    "sweep.factor": _at_least(2),
    "find_lr.low": POSITIVE,
    "find_lr.high": POSITIVE,
    "find_lr.steps": _at_least(50),
    "find_lr.rates": _at_least(4),
    "find_lr.training": DURATION,
    "dataset.path": optional(TEXT),
    "dataset.split_seed": SEED,
    "dataset.subset": optional(COUNT),
    "dataset.memory": optional(NOT_NEGATIVE),
    "dataset.label_noise": strength(SHARE),
    "dataset.val_fraction": SHARE_INSIDE,
    "dataset.test_fraction": SHARE_INSIDE,
    "optimizer.learning_rate": POSITIVE,
    "optimizer.weight_decay": strength(NOT_NEGATIVE),
    "optimizer.gradient_clip": strength(NOT_NEGATIVE),
    "loss.label_smoothing": strength(SHARE_BELOW_1),
    "regularizer.l0": strength(NOT_NEGATIVE),
    "regularizer.l1": strength(NOT_NEGATIVE),
    "regularizer.l2": strength(NOT_NEGATIVE),
    "regularizer.nuclear": strength(NOT_NEGATIVE),
    "regularizer.max_norm": strength(NOT_NEGATIVE),
    "regularizer.dropout": strength(SHARE_BELOW_1),
    "regularizer.l1_mode": optional(one_of("proximal", "penalty")),
    "regularizer.nuclear_mode": optional(one_of("proximal", "penalty")),
}

# Names that options share, and those of one option as OPTION.NAME. A user's own option may mean something
# else by one: its default fails the rule.
NAMES: dict[str, Rule] = {
    "momentum": SHARE_BELOW_1,
    "b1": SHARE_BELOW_1,
    "b2": SHARE_BELOW_1,
    "decay": SHARE_BELOW_1,
    "rho": SHARE_BELOW_1,
    "rms": POSITIVE,
    "factor": SHARE_INSIDE,
    "boundaries": SHARES,
    "decay_rate": POSITIVE,
    "power": POSITIVE,
    "warmup": SHARE_BELOW_1,
    "start": SHARE,
    "end": SHARE,
    "patience": COUNT,
    "cooldown": WHOLE,
    "min_scale": SHARE,
    "eps": POSITIVE,
    "epsilon": POSITIVE,
    "delta": POSITIVE,
    "gamma": NOT_NEGATIVE,
    "probability": SHARE,
    "fraction": SHARE,
    "dropout": SHARE_BELOW_1,
    "noise": NOT_NEGATIVE,
    "samples": COUNT,
    "seed": SEED,
    "init_from": optional(RUN),
    "frozen": BOOLEAN,
    "dataset.common": WHOLE,
    "dataset.rare": COUNT,
    "dataset.present": COUNT,
    "dataset.degree": COUNT,
    "dataset.inputs": COUNT,
    "dataset.outputs": COUNT,
    "dataset.rank": COUNT,
    "hidden": WIDTHS,
    "width": COUNT,
    "weight": strength(NOT_NEGATIVE),
    "code": COUNT,
    "depth": COUNT,
    "widening": COUNT,
    "patch": COUNT,
    "heads": COUNT,
    "expansion": COUNT,
    "pieces": COUNT,
    "num_groups": COUNT,
    "stddev": NOT_NEGATIVE,
    "scale": NOT_NEGATIVE,
    "rotate.degrees": Rule(
        "a number from 0 to 180", lambda value: is_number(value) and 0 <= value <= 180, real=True
    ),
    "elastic.alpha": NOT_NEGATIVE,
    "elastic.sigma": POSITIVE,
    "color.hue": SHARE,
    "color.saturation": SHARE,
    "noise.deviation": NOT_NEGATIVE,
    "denoise.size": Rule(
        "an odd whole number of at least 1", lambda value: _is_int(value) and value > 0 and value % 2 == 1
    ),
    "denoise.deviations": POSITIVE,
    "generated.share": SHARE,
    "mixup.alpha": NOT_NEGATIVE,
    "cutmix.alpha": NOT_NEGATIVE,
}
