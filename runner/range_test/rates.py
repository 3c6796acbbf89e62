"""Which learning rates to train at."""

from collections.abc import Sequence

import numpy as np

from runner.range_test.settings import Settings

BELOW, ABOVE = 50.0, 50.0
"""How far from what the ramp suggests, as factors."""


def around(suggestion: float | None, configured: float, settings: Settings) -> list[float]:
    """Rates about a suggestion, or over the whole ramp where there is none; ascending.

    Where the configured rate lies among them it takes the place of the nearest, so that it is tried too.
    """
    low, high = settings.low, settings.high
    if suggestion is not None:
        low, high = max(low, suggestion / BELOW), min(high, suggestion * ABOVE)
    rates = _spaced(low, high, settings.rates)
    if rates[0] < configured < rates[-1]:
        nearest = int(np.abs(np.log(np.asarray(rates) / configured)).argmin())
        rates[nearest] = configured
    return rates


def beyond(rates: Sequence[float], first: float, last: float, settings: Settings) -> list[float]:
    """As many rates on the side where the good ones, `first` to `last`, reach the edge of those tried.

    None where they reach neither edge, or the ramp's own.
    """
    ratio = (rates[-1] / rates[0]) ** (1 / (len(rates) - 1))
    count = settings.rates
    if first == rates[0] and rates[0] / ratio > settings.low:
        return _spaced(max(settings.low, rates[0] / ratio**count), rates[0] / ratio, count)
    if last == rates[-1] and rates[-1] * ratio < settings.high:
        return _spaced(rates[-1] * ratio, min(settings.high, rates[-1] * ratio**count), count)
    return []


def _spaced(low: float, high: float, count: int) -> list[float]:
    """Evenly spaced by their logarithms, as they are typed: with two digits."""
    return list(dict.fromkeys(float(f"{rate:.2g}") for rate in np.geomspace(low, high, count)))
