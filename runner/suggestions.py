"""The nearest valid name to one that was misspelt."""

import difflib
from collections.abc import Iterable

MANY = 16


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name most like `name`, or None where none is like it."""
    matches = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return matches[0] if matches else None


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A sentence's end: the nearest name, or else the names there are."""
    known = sorted(set(names))
    guess = nearest(name, known)
    if guess is not None:
        return f"did you mean {guess}?"
    if not known:
        return "there are none"
    return f"choose from {', '.join(known[:MANY])}{', ...' * (len(known) > MANY)}"
