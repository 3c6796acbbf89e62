"""The loss before the first step."""

from runner.diagnostics.findings import Finding
from runner.diagnostics.history import History
from runner.diagnostics.loss_at_start import loss_at_start


def wrong_start(history: History) -> Finding | None:
    """The loss of the untrained model is not that of one that knows nothing."""
    if history.loss_at_start is None or history.baseline is None or not history.asked.untrained:
        return None
    return loss_at_start(history.loss_at_start, history.baseline, step=0)
