"""Settings in the few letters that a plot has room for."""

from runner.comparison.model import Setting
from runner.comparison.wording import NOTHING, option_text


def brief(setting: Setting) -> str:
    """The values of a setting's varied options without their names, `adam · 0.01`."""
    return " · ".join(map(option_text, setting.options.values())) or setting.label


def option_of(setting: Setting, key: str) -> str:
    """The value of one option of a setting; a dash where it lacks the option."""
    return option_text(setting.options[key]) if key in setting.options else NOTHING
