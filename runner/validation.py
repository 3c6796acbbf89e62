"""What the composed config alone shows to be wrong: missing choices, types and ranges."""

import json
import math
from collections.abc import Mapping
from typing import Any

from omegaconf import DictConfig

from runner import groups
from runner.errors import ConfigError
from runner.leaves import Leaf, leaves
from runner.rules import COUNT, KEYS, NAMES, Rule, is_number

Leaves = dict[str, Leaf]


def validate(config: DictConfig, defaults: DictConfig | None = None) -> None:
    """Checks a config, and makes a float of a whole number where the default is a float.

    `defaults` is the config as its chosen options alone make it; None where nothing else was set.

    Raises:
        ConfigError: a section has no option, or a value has the wrong type or is out of its range.
    """
    _check_choices(config)
    given = leaves(config)
    known = given if defaults is None else leaves(defaults)
    _check_shape(given, known)
    for key, leaf in given.items():
        _check_leaf(key, leaf, known)
    check_together({key: leaf.value for key, leaf in given.items()})


def _check_choices(config: DictConfig) -> None:
    for group, default in groups.defaults().items():
        options = groups.options(group, groups.folders())
        is_call = any(option.name == default and option.is_call for option in options)
        if is_call and not _has_target(config, group):
            raise ConfigError(f"{group}: no option is chosen; {group}={default} is the default")


def _has_target(config: DictConfig, group: str) -> bool:
    section = config.get(group)
    return isinstance(section, DictConfig) and section.get("_target_") is not None


def _check_shape(given: Leaves, known: Leaves) -> None:
    for key in known.keys() - given.keys():
        if any(other.startswith(f"{key}.") for other in given):
            raise ConfigError(f"{key}: expected a value, not a section")
    for key in KEYS.keys() - given.keys():
        raise ConfigError(f"{key}: every config has it; it cannot be left out")
    for key in given.keys() - known.keys():
        inside = [other for other in known if other.startswith(f"{key}.")]
        if inside:
            raise ConfigError(f"{key}: a section, not a value; set {inside[0]} or another of its keys")


def _check_leaf(key: str, leaf: Leaf, known: Leaves) -> None:
    if leaf.missing:
        raise ConfigError(f"{key}: a value must be given")
    default = known.get(key)
    if leaf.interpolation is not None and default is not None and leaf.interpolation == default.interpolation:
        return  # what it stands for is checked where it stands
    value = typed_value(key, leaf.value, known)
    if value is not leaf.value:
        leaf.replace(value)


def typed_value(key: str, value: Any, known: Leaves) -> Any:
    """A value as the key takes it: a float where the default is one; `known` are the defaults.

    Raises:
        ConfigError: it has the wrong type or is out of its range.
    """
    default = known.get(key)
    rule = _rule(key, default)
    return _typed(key, value, default) if rule is None else _ruled(key, value, rule)


def _rule(key: str, default: Leaf | None) -> Rule | None:
    if key in KEYS:
        return KEYS[key]
    *_, option, name = ["", *key.split(".")]
    rule = NAMES.get(f"{option}.{name}", NAMES.get(name))
    return rule if rule is not None and (default is None or _passes(default.value, rule)) else None


def _passes(value: Any, rule: Rule) -> bool:
    return rule.nullable if value is None else rule.test(value)


def _ruled(key: str, value: Any, rule: Rule) -> Any:
    if value is None and rule.nullable:
        return 0.0 if rule.zero_if_null else None
    if not rule.test(value):
        raise _unexpected(key, value, rule.expected)
    return _as_float(value) if rule.real else value


def _typed(key: str, value: Any, default: Leaf | None) -> Any:
    if default is None or default.value is None or _same(value, default.value):
        return value
    if isinstance(default.value, float) and is_number(value):
        return _as_float(value)
    kind = _kind(default.value)
    if _kind(value) != kind or _infinite(value):
        raise _unexpected(
            key, value, f"{kind}, like the default {default.interpolation or _shown(default.value)}"
        )
    return value


def _as_float(value: Any) -> Any:
    if isinstance(value, list):
        return [_as_float(one) for one in value]
    return float(value) if is_number(value) and not isinstance(value, float) else value


def _same(value: Any, default: Any) -> bool:
    return type(value) is type(default) and value == default


def _infinite(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)


_KINDS = {bool: "true or false", int: "a whole number", float: "a finite number", str: "text", list: "a list"}


def _kind(value: Any) -> str:
    return _KINDS.get(type(value), "a section")


def _unexpected(key: str, value: Any, expected: str) -> ConfigError:
    return ConfigError(f"{key}={_shown(value)}: expected {expected}")


def _shown(value: Any) -> str:
    return json.dumps(value, default=str)


def check_together(values: Mapping[str, Any]) -> None:
    """Checks values that are right alone and may be wrong together; by key.

    Raises:
        ConfigError: they are.
    """
    if values["epochs"] is None and values["steps"] is None:
        raise ConfigError("epochs and steps are both null: give one, like epochs=30")
    batch, parts = values["batch_size"], values["accumulate"]
    if isinstance(batch, int) and batch % parts:
        raise ConfigError(f"accumulate={parts}: expected a divisor of batch_size={batch}")
    if values.get("optimizer.needs_constant_rate") and (
        values.get("schedule._target_") != "optax.constant_schedule"
    ):
        raise ConfigError(
            "schedule: this optimizer averages weights instead of changing its rate; use schedule=constant"
        )
    if values["find_lr.low"] * 10 > values["find_lr.high"]:
        raise ConfigError(
            f"find_lr.low={values['find_lr.low']:g}: expected at most a tenth of "
            f"find_lr.high={values['find_lr.high']:g}"
        )
    count = values.get("generate.count")
    if count is not None and not COUNT.test(count):
        raise ConfigError(f"generate.count={_shown(count)}: expected null or {COUNT.expected}")
    held_out = values["dataset.val_fraction"] + values["dataset.test_fraction"]
    if held_out >= 1:
        both = "dataset.val_fraction + dataset.test_fraction"
        raise ConfigError(f"{both} = {held_out:g}: expected less than 1, to leave examples to train on")
