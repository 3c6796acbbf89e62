"""What the losses of a ramp say about the learning rate: pure functions of numbers."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

WIDTH = 0.1
"""Decades of the learning rate that losses are averaged over: the deviation of a Gaussian."""
START = 10
"""Steps that tell the loss before anything is learned, and how it is now."""
LEAST_STEPS = 2 * START
UNDONE, RISEN = 2.0, 4.0
"""A ramp is over where the loss is so many times the one at the start, and so many times the least."""
CLEAR = 4.0
"""Standard errors by which a loss must fall to have fallen."""


BEGUN, DONE, LOST = 0.1, 0.95, 0.5
"""Shares of its whole fall after which the loss has begun to fall, has all but fallen, and is lost again."""


class Reading(NamedTuple):
    """A ramp, read. The rates are None where the loss did not fall at any rate."""

    smoothed: np.ndarray
    """[n]: the losses, averaged over neighbouring rates."""
    suggestion: float | None
    """The rate at which the loss has all but fallen: see `read`."""
    steepest: float | None
    """The rate at which the loss falls fastest by decade."""
    least: float | None
    """The rate at which the loss is least."""
    starts: float | None
    """The rate at which the loss has begun to fall."""
    ends: float | None
    """The rate at which it has risen again by half of its fall; the last one where it does not."""


def is_over(losses: Sequence[float]) -> bool:
    """Whether a ramp with these losses has nothing more to show: they are not finite, or have blown up."""
    if not np.isfinite(losses[-1]):
        return True
    if len(losses) < LEAST_STEPS:
        return False
    start, now, least = np.median(losses[:START]), np.median(losses[-START:]), np.min(losses)
    return bool(now > max(start + (UNDONE - 1) * abs(start), least + (RISEN - 1) * abs(least)))


def finite(losses: np.ndarray) -> int:
    """How many losses there are before the first that is not finite."""
    sound = np.isfinite(losses)
    return len(losses) if sound.all() else int(sound.argmin())


def read(rates: np.ndarray, losses: np.ndarray) -> Reading:
    """Reads a ramp of exponentially increasing rates [n] with finite losses [n].

    Suggested is the rate at which 95 % of the fall is done. It is among the good rates of trainings, or near
    their middle, more often than what the usual rules suggest (benchmarks/find_lr.py): the rate of steepest
    descent is too low, that of the least loss means nothing where the loss stays at 0.
    """
    if len(rates) < LEAST_STEPS:
        return Reading(losses, None, None, None, None, None)
    decade = (len(rates) - 1) / np.log10(rates[-1] / rates[0])
    start = losses[:START].mean()
    # What blows up at the end would outweigh everything before it.
    kept = np.minimum(losses, start + max(0.0, start - losses.min()))
    smoothed = smooth(kept, WIDTH * decade)
    bottom = int(smoothed.argmin())
    fall = start - smoothed[bottom]
    if fall <= CLEAR * _standard_error(losses, smoothed, start):
        return Reading(smoothed, None, None, None, None, None)
    falling = smoothed[: bottom + 1]
    done = int((falling <= start - DONE * fall).argmax())
    # Noise may look like a beginning: what counts is the last time that nothing had fallen yet.
    begun = int(np.flatnonzero(falling > start - BEGUN * fall)[-1]) + 1
    steepest = int(np.gradient(smoothed)[: bottom + 1].argmin())
    lost = np.flatnonzero(smoothed[bottom:] > start - LOST * fall)
    ends = bottom + int(lost[0]) if len(lost) else len(rates) - 1
    return Reading(smoothed, *(_rounded(rates[place]) for place in (done, steepest, bottom, begun, ends)))


def smooth(values: np.ndarray, width: float) -> np.ndarray:
    """[n]: means of values [n] weighted by a Gaussian of this deviation in places, on both sides alike."""
    reach = max(1, round(3 * width))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / max(width, 1e-9)) ** 2)
    padded = np.pad(values, reach), np.pad(np.ones(len(values)), reach)
    weighted, weights = (np.convolve(each, kernel, "valid") for each in padded)
    return weighted / weights


def _rounded(rate: float) -> float:
    return float(f"{rate:.2g}")


def _standard_error(losses: np.ndarray, smoothed: np.ndarray, start: float) -> float:
    scatter = np.std((losses - smoothed)[: max(START, len(losses) // 4)])
    return max(float(scatter) / np.sqrt(START), 1e-4 * abs(start))
