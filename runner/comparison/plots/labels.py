"""Settings in the few letters that a plot has room for."""

from collections.abc import Sequence

from runner.comparison.model import Setting, Value
from runner.comparison.wording import NOTHING, option_text


def brief(setting: Setting) -> str:
    """The values of a setting's varied options without their names, `adam · 0.01`."""
    return " · ".join(map(short_text, setting.options.values())) or setting.label


def short_text(value: Value) -> str:
    """A value with at most four significant digits, which a random search needs."""
    return f"{value:.4g}" if isinstance(value, float) else option_text(value)


def short_texts(values: Sequence[Value]) -> tuple[str, ...]:
    """Short texts of values, or whole ones where two would be the same."""
    short = tuple(map(short_text, values))
    return short if len(set(short)) == len(short) else tuple(map(option_text, values))


def option_of(setting: Setting, key: str) -> str:
    """The value of one option of a setting; a dash where it lacks the option."""
    return option_text(setting.options[key]) if key in setting.options else NOTHING
