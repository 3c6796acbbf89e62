"""Where a sweep looked too narrowly."""

from collections.abc import Iterable, Sequence

from runner.comparison.model import Isolation, Setting, Value
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

    Looked at are the best setting and, where `isolation` is given, the best of each of its rows. A range is that
    of the settings with the same words (optimizer=adam): each optimizer may have rates of its own.
    """
    rows = () if isolation is None else isolation.rows
    ended = settings[:1] if settings and settings[0].finite else []
    bests = [*ended, *(row.best for row in rows if row.best.finite)]
    found = (_edge(key, best, settings) for best in bests for key in varied)
    return list(dict.fromkeys(sentence for sentence in found if sentence is not None))


def untuned_cautions(settings: Sequence[Setting], varied: Sequence[str]) -> list[str]:
    """A sentence that names the options each of whose values was tried at one learning rate, if any."""
    options = [key for key in varied if not _is_rate(key) and not key.startswith(NOT_TUNED)]
    untuned = [key for key in options if _at_one_rate(key, settings)]
    if not untuned:
        return []
    return [
        f"{', '.join(untuned)}: compared at one untuned learning rate a value; "
        f"sweep optimizer.{RATE} too, for another value may want another rate"
    ]


def _edge(key: str, best: Setting, settings: Sequence[Setting]) -> str | None:
    value = best.options.get(key)
    tried = sorted(
        {number for setting in settings if _alike(setting, best) for number in _number(setting, key)}
    )
    if not _is_number(value) or len(tried) < FEWEST or value not in (tried[0], tried[-1]) or value == 0:
        return None
    words = " ".join(f"{name}={word}" for name, word in best.options.items() if isinstance(word, str))
    end = "lowest" if value == tried[0] else "highest"
    of = f" with {words}" if words else ""
    return f"{key}: the best value{of} is {option_text(value)}, the {end} tried; a better one may lie beyond"


def _alike(setting: Setting, best: Setting) -> bool:
    words = {name: word for name, word in best.options.items() if isinstance(word, str)}
    return all(setting.options.get(name) == word for name, word in words.items())


def _number(setting: Setting, key: str) -> Iterable[float]:
    value = setting.options.get(key)
    return [float(value)] if isinstance(value, int | float) and not isinstance(value, bool) else []


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _at_one_rate(key: str, settings: Sequence[Setting]) -> bool:
    rates: dict[object, set[tuple[object, ...]]] = {}
    for setting in settings:
        if key in setting.options:
            config = setting.runs[0].config
            tried = tuple(identity(value) for name, value in config.items() if _is_rate(name))
            rates.setdefault(identity(setting.options[key]), set()).add(tried)
    return any(len(tried) == 1 for tried in rates.values())


def _is_rate(key: str) -> bool:
    return key.rpartition(".")[2] == RATE
