"""What is wrong with the runs that a program trains, by what they have recorded so far."""

from functools import cached_property

import jax
import jax.numpy as jnp
import numpy as np
from omegaconf import OmegaConf

from runner.diagnostics.findings import Finding
from runner.diagnostics.history import Asked, history
from runner.diagnostics.verdicts import judge
from runner.logbook import Logbook
from runner.preparation import Prepared
from runner.training.program import rate_at

LOWER = 0.9
"""What a rate is at most to be called lower than another."""


class Judgement:
    """Judges the lanes of a program."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared

    def of(self, lane: int, book: Logbook) -> list[Finding]:
        """What is wrong with a run, the gravest first. Its records must be flushed."""
        diverged = book.ended_at if book.status == "diverged" else None
        asked = self._asked(lane, book.status == "completed")
        return judge(history(book.records, asked, diverged, book.last_burst, book.status != "running"))

    def _asked(self, lane: int, completed: bool) -> Asked:
        def will_fall(rate: float) -> bool:
            # To build the schedule takes a moment, and a completed run has none of it left.
            return not completed and bool(self._last_rates[lane] < LOWER * rate)

        untrained = self._prepared.material.config.init_from is None
        return Asked(float(self._rates[lane]), float(self._clips[lane]), will_fall, untrained)

    @cached_property
    def _rates(self) -> np.ndarray:
        return self._numbers("optimizer.learning_rate")

    @cached_property
    def _clips(self) -> np.ndarray:
        return self._numbers("optimizer.gradient_clip")

    def _numbers(self, key: str) -> np.ndarray:
        """[lanes]: a number of the config, each lane's own or the one that they all have; 0 for none."""
        own = self._prepared.numbers.get(key)
        if own is not None:
            return np.asarray(own)
        shared = OmegaConf.select(self._prepared.material.config, key)
        return np.full(self._prepared.programs.layout.lanes, shared or 0.0)

    @cached_property
    def _last_rates(self) -> np.ndarray:
        """[lanes]: the learning rate of the last step."""
        prepared = self._prepared
        # Operation by operation: a schedule has few, and to compile them as a program takes longer.
        rates = jax.vmap(rate_at(prepared.build), in_axes=(0, None))
        numbers = jax.tree.map(np.asarray, prepared.numbers)
        return np.asarray(rates(numbers, jnp.int32(prepared.material.plan.total - 1)))
