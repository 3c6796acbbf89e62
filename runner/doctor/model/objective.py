"""Whether the loss is one for what the data has for targets."""

from runner.doctor.checked import Checked, finding
from runner.doctor.model.look import SURER


def check_objective(right: float, surer: float) -> Checked:
    """A loss of classes that punishes an answer for being right and surer (Golik, Doetsch and Ney 2013).

    Args:
        right: the loss where the right class has the output 1 and all others 0.
        surer: where it has the output `SURER`.
    """
    said = f"an output of 1 for the right class costs {right:.3g}, one of {SURER:g} costs {surer:.3g}"
    if surer <= right:
        return Checked(said)
    sentence = f"{said}: a loss for numbers, which punishes an answer that is right and sure"
    found = finding("wrong_loss", "warning", "loss", sentence, "loss=cross_entropy", right=right, surer=surer)
    return Checked(said, [found])
