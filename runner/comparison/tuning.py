"""Where a sweep looked too narrowly."""

from collections.abc import Sequence

from runner.comparison.model import Isolation, Setting
from runner.comparison.variation import identity
from runner.comparison.wording import option_text

FEWEST = 3
"""Of two values one is always at the edge."""
RATE = "learning_rate"
NOT_TUNED = ("dataset", "path")
"""Options that pose another problem, rather than solve it another way."""


def edge_cautions(
    settings: Sequence[Setting], varied: Sequence[str], isolation: Isolation | None
) -> list[str]:
    """A sentence for each number whose best value is the lowest or highest that was tried.

    Looked at are the best setting and, where `isolation` is given, the best of each of its rows. A range is
    that of the settings with the same words (optimizer=adam): each optimizer may have rates of its own.
    """
    rows = () if isolation is None else isolation.rows
    bests = [*settings[:1], *(row.best for row in rows)]
    found = (_edge(key, best, settings) for best in bests if best.finite for key in varied)
    return list(dict.fromkeys(sentence for sentence in found if sentence is not None))


def untuned_cautions(settings: Sequence[Setting], varied: Sequence[str]) -> list[str]:
    """A sentence that names the options of which a value was tried at one learning rate, if any."""
    options = [key for key in varied if not _is_rate(key) and not key.startswith(NOT_TUNED)]
    untuned = [key for key in options if _at_one_rate(key, settings)]
    if not untuned:
        return []
    return [
        f"{', '.join(untuned)}: compared at one untuned learning rate; "
        f"vary optimizer.{RATE} too, for another value may want another rate"
    ]


def _edge(key: str, best: Setting, settings: Sequence[Setting]) -> str | None:
    value, words = _number(best, key), _words(best)
    numbers = (_number(setting, key) for setting in settings if words.items() <= _words(setting).items())
    tried = {number for number in numbers if number is not None}
    if value is None or value == 0 or len(tried) < FEWEST or min(tried) < value < max(tried):
        return None
    alike = "".join(f" {name}={word}" for name, word in words.items())
    end = "lowest" if value == min(tried) else "highest"
    at = f"{key}: the best value{' with' * bool(alike)}{alike} is {option_text(best.options[key])}"
    return f"{at}, the {end} that was tried; a better one may lie beyond"


def _words(setting: Setting) -> dict[str, str]:
    return {key: value for key, value in setting.options.items() if isinstance(value, str)}


def _number(setting: Setting, key: str) -> float | None:
    value = setting.options.get(key)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _at_one_rate(key: str, settings: Sequence[Setting]) -> bool:
    rates: dict[object, set[object]] = {}
    for setting in settings:
        if key in setting.options:
            config = setting.runs[0].config
            tried = tuple(identity(value) for name, value in config.items() if _is_rate(name))
            rates.setdefault(identity(setting.options[key]), set()).add(tried)
    # Numbers drawn at random are tried once each, with a rate that was drawn with them.
    varies = len(set().union(*rates.values())) > 1
    drawn = varies and all(
        _number(setting, key) is not None for setting in settings if key in setting.options
    )
    return not drawn and any(len(tried) == 1 for tried in rates.values())


def _is_rate(key: str) -> bool:
    return key.rpartition(".")[2] == RATE
