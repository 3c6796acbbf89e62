"""How far a run has come from a model that knows nothing."""

from runner.diagnostics.history import History

LEARNED = 0.5
"""Of the baseline's loss, what is left at most once a model has learned."""


def share_of_baseline(history: History, split: str = "train") -> float | None:
    """The latest loss as a share of that of outputs that are all 0; None where one is not known."""
    curve = history.curve(f"{split}/loss")
    if curve is None or not history.baseline:
        return None
    return curve.last / history.baseline


def has_learned(history: History) -> bool:
    """Whether the training loss is well below the baseline's; a run that diverged has not."""
    share = share_of_baseline(history)
    return history.diverged_at is None and share is not None and share < LEARNED
