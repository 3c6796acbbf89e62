"""A model that learned too little, or its training data by heart, or nothing new for long."""

import numpy as np

from runner.diagnostics.findings import Evidence, Finding
from runner.diagnostics.history import Curve, History
from runner.diagnostics.verdicts.progress import share_of_baseline

POOR, USELESS = 0.5, 0.9
"""Of the baseline's loss, what is left where a model has learned little, or nothing."""
STALE, SLOW = 0.01, 0.1
"""Changes of the loss over the last third, as a share: one that is none, and one too small to wait for."""
ROSE, GAP = 1.3, 0.15
"""The val loss in its least so far; accuracy on train less that on val."""
LOST = 0.03
"""Of the best accuracy on val."""


def underfitting(history: History) -> Finding | None:
    """The loss on the training data itself stays high, and has stopped falling."""
    share, loss = share_of_baseline(history), history.curve("train/loss", 3)
    if share is None or loss is None or share < POOR or history.diverged_at is not None:
        return None
    # What is not over may yet fall.
    if not history.over or not _flat(loss, SLOW):
        return None
    grave = "problem" if share >= USELESS and _flat(loss) else "warning"
    known = f"{share:.0%} of that of knowing nothing"
    sentence = f"the training loss is {loss.last:.3g}, {known}, and hardly falls any more"
    evidence = Evidence(sentence, {"loss": loss.last, "share": share})
    return Finding("underfitting", grave, "model", evidence, "model.hidden=[512,512]", int(loss.steps[-1]))


def overfitting(history: History) -> Finding | None:
    """The loss on val rises again while that on the training data falls."""
    val, train = history.curve("val/loss", 3), history.curve("train/loss", 3)
    if val is None or train is None or history.diverged_at is not None:
        return None
    best = int(np.argmin(val.values))
    least, gap = float(val.values[best]), _gap(history)
    rose = val.last > ROSE * least and train.last < float(train.values[min(best, len(train) - 1)])
    apart = gap is not None and gap > GAP
    if not (rose or apart):
        return None
    # A loss that rises makes answers surer, and need not make them worse.
    worse = _fell(history.curve("val/accuracy", 3))
    grave = "problem" if rose and apart and worse else "warning" if apart else "remark"
    sentence = f"the val loss was {least:.3g} at step {int(val.steps[best])} and is {val.last:.3g}"
    numbers = {"least": least, "last": val.last}
    if gap is not None:
        sentence += f"; accuracy is {gap:.1%} less on val than on the training data"
        numbers["gap"] = gap
    evidence, cure = Evidence(sentence, numbers), "regularizer=dropout early_stopping.patience=5"
    return Finding("overfitting", grave, "val", evidence, cure, int(val.steps[best]))


def plateau(history: History) -> Finding | None:
    """The val loss and the training loss have stood still for a third of the run."""
    val, train = history.curve("val/loss", 6), history.curve("train/loss", 6)
    if val is None or train is None or history.diverged_at is not None:
        return None
    if not (_flat(val) and _flat(train)):
        return None
    stood = int(val.steps[len(val) * 2 // 3])
    rate = history.curve("learning_rate")
    falls = rate is not None and history.asked.rate_will_fall(rate.last)
    evidence = Evidence(_patience(falls, stood), {"val_loss": val.last, "train_loss": train.last})
    cure = None if falls else "schedule=plateau"
    return Finding("plateau", "remark", "val", evidence, cure, stood)


def _patience(falls: bool, stood: int) -> str:
    still = f"val and training loss have stood still since step {stood}"
    if falls:
        return f"{still}; be patient: the schedule has yet to lower the rate, which often helps"
    return f"{still}; do not wait: nothing in this run will change, and a lower rate would"


def _flat(loss: Curve, change: float = STALE) -> bool:
    late = loss.late(0.34)
    first, last = float(late[0]), float(np.median(late[-3:]))
    return abs(first - last) <= change * max(abs(first), 1e-12)


def _fell(accuracy: Curve | None) -> bool:
    """Whether it is worse late than it was at best; True where there is none to tell."""
    return accuracy is None or float(np.max(accuracy.values) - np.median(accuracy.late(0.2))) > LOST


def _gap(history: History) -> float | None:
    train, val = history.curve("train/accuracy"), history.curve("val/accuracy")
    return None if train is None or val is None else train.last - val.last
