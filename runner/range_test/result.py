"""What a range test found, and whether its two halves agree."""

from typing import Any, NamedTuple

from runner.range_test.choice import Choice
from runner.range_test.ramp import Ramp
from runner.range_test.reading import Reading
from runner.range_test.settings import RATE
from runner.range_test.standing import Standing
from runner.range_test.trainings import Trained
from runner.range_test.wording import factor, shown

FACTOR = 3.0
"""How far what the ramp suggests may be from a good rate for the two to agree."""


ALONE = "each of which measures one rate alone"


class Result(NamedTuple):
    """A whole range test."""

    metric: str
    """The objective, with its split."""
    maximise: bool
    steps: int
    """Of a short training."""
    ramp: Ramp
    reading: Reading
    trained: list[Trained]
    """By ascending rate."""
    choice: Choice | None
    standing: Standing

    @property
    def agrees(self) -> bool:
        """Whether what the ramp suggests is good by the trainings, or nearly."""
        ramp, choice = self.reading.suggestion, self.choice
        if ramp is None or choice is None:
            return ramp is None and choice is None
        spacing = (self.trained[-1].rate / self.trained[0].rate) ** (1 / (len(self.trained) - 1))
        return choice.apart(ramp) <= max(FACTOR, spacing)

    @property
    def override(self) -> str | None:
        """The suggestion to type; None where no rate learned."""
        return None if self.choice is None else f"{RATE}={shown(self.choice.rate)}"

    def notes(self, trained: Trained) -> list[str]:
        """What there is to say of one of the trainings."""
        choice, said = self.choice, []
        if trained.diverged:
            said.append("diverged")
        if choice is not None and trained.rate == choice.rate:
            said.append("suggested")
        elif choice is not None and choice.first <= trained.rate <= choice.last:
            said.append("as good")
        return [*said, "configured"] if trained.rate == self.standing.configured else said


def sentences(result: Result) -> list[str]:
    """A range test in words."""
    return [_ramp(result), _trainings(result), *_agreement(result), result.standing.sentence]


def as_json(result: Result) -> dict[str, Any]:
    """A range test as it is written."""
    ramp, reading, choice = result.ramp, result.reading, result.choice
    return {
        "metric": result.metric,
        "mode": "max" if result.maximise else "min",
        "suggestion": None if choice is None else choice.rate,
        "override": result.override,
        "ramp": {
            "suggestion": reading.suggestion,
            "steepest": reading.steepest,
            "least": reading.least,
            "starts": reading.starts,
            "ends": reading.ends,
            "blew_up": ramp.blew_up,
            "learning_rate": ramp.rates.tolist(),
            "loss": ramp.losses.tolist(),
            "smoothed": reading.smoothed.tolist(),
        },
        "trainings": {
            "steps": result.steps,
            "choice": None if choice is None else choice._asdict(),
            "rows": [_row(result, trained) for trained in result.trained],
        },
        "agree": result.agrees,
        "configured": result.standing._asdict() | {"verdict": result.standing.verdict},
        "findings": sentences(result),
    }


def _row(result: Result, trained: Trained) -> dict[str, Any]:
    return {
        "learning_rate": trained.rate,
        "train/loss": trained.train_loss,
        result.metric: trained.value,
        "diverged": trained.diverged,
    }


def _ramp(result: Result) -> str:
    ramp, reading = result.ramp, result.reading
    reach = f"{shown(ramp.rates[0])} to {shown(ramp.rates[-1])}"
    if reading.suggestion is None or reading.steepest is None or reading.least is None:
        return f"ramp: the loss did not fall at any rate from {reach}"
    end = "where the loss blew up" if ramp.blew_up else "the end of the ramp"
    return (
        f"ramp: suggests {shown(reading.suggestion)}; the loss falls fastest at {shown(reading.steepest)} "
        f"and is least at {shown(reading.least)}; from {reach}, {end}"
    )


def _trainings(result: Result) -> str:
    choice, count = result.choice, len(result.trained)
    if choice is None:
        low, high = (shown(result.trained[place].rate) for place in (0, -1))
        return f"{count} trainings of {result.steps} steps: no rate from {low} to {high} learned"
    good = sum(choice.first <= trained.rate <= choice.last for trained in result.trained)
    among = f"one of {good} from {shown(choice.first)} to {shown(choice.last)} that are as good"
    found = among if good > 1 else "better than its neighbours"
    return f"{count} trainings of {result.steps} steps: suggest {shown(choice.rate)}, {found}"


def _agreement(result: Result) -> list[str]:
    ramp, choice = result.reading.suggestion, result.choice
    if ramp is None or choice is None:
        return [] if result.agrees else [f"they disagree: trust the trainings, {ALONE}"]
    if choice.apart(ramp) == 1:
        return ["they agree: what the ramp suggests is as good"]
    nearest = choice.first if ramp < choice.first else choice.last
    where = f"what the ramp suggests is a factor of {factor(ramp, nearest)} from a good rate"
    if result.agrees:
        return [f"they agree: {where}"]
    return [f"they disagree: {where}; trust the trainings, {ALONE}"]
