"""A loss that stopped being a number."""

from runner.diagnostics.findings import Evidence, Finding
from runner.diagnostics.history import History


def diverged(history: History) -> Finding | None:
    """The loss was not finite."""
    step = history.diverged_at
    if step is None:
        return None
    sentence = f"the loss was not finite at step {step}"
    numbers = {"step": float(step), "learning_rate": history.asked.learning_rate}
    norm = history.curve("gradient_norm/global")
    if norm is not None:
        sentence += f"; the gradient's norm was {norm.last:.3g} before"
        numbers["gradient_norm"] = norm.last
    cure = history.asked.with_rate(0.1)
    return Finding("diverged", "problem", "loss", Evidence(sentence, numbers), cure, step)
