"""Which reading of a ramp agrees best with trainings, and which of the good rates suits a whole run.

    python -m benchmarks.find_lr                     the configs that the rules were chosen on
    python -m benchmarks.find_lr --held-out          others
    python -m benchmarks.find_lr --only lion         those whose overrides hold this

For each config: a ramp, trainings at 29 rates of the length of `runner find-lr`, and as many whole runs.
Printed is how often a rule's rate is good, and how often it is within a factor of 3 of a good one.
"""

import argparse
import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from runner import groups
from runner.backend import configure, use_every_core
from runner.composition import compose
from runner.huge_pages import use_huge_pages
from runner.preparation import gather
from runner.range_test.choice import Choice, choose, standard_error
from runner.range_test.course import UNWATCHED, untrained
from runner.range_test.ramp import prepare_ramp, run_ramp
from runner.range_test.reading import Reading, read
from runner.range_test.result import FACTOR
from runner.range_test.settings import settings_of
from runner.range_test.trainings import prepare_trainings
from runner.validation import validate

OPTIMIZERS = [f"optimizer={option.name}" for option in groups.options("optimizer", groups.folders())]
CHOSEN_ON = [
    *OPTIMIZERS,
    "dataset=diabetes optimizer=adam",
    "dataset=diabetes optimizer=sgd",
    "dataset=wine optimizer=adam",
    "dataset=wine optimizer=momentum",
    "dataset=breast_cancer optimizer=sgd",
    "dataset=playground dataset.shape=spiral optimizer=adam",
    "optimizer=adam normalization=batch",
    "optimizer=sgd normalization=batch",
    "optimizer=adam activation=sigmoid",
    "optimizer=sgd activation=tanh",
    "optimizer=adam model=linear",
    "optimizer=sgd model=linear batch_size=full",
    "optimizer=adam batch_size=full",
    "optimizer=adam batch_size=8",
]
HELD_OUT = [
    "dataset=iris optimizer=sgd",
    "dataset=playground dataset.shape=xor optimizer=nadam activation=gelu",
    "dataset=playground dataset.task=regression dataset.shape=plane optimizer=adamw",
    "loss=focal optimizer=adamw batch_size=32",
    "initializer=lecun_normal optimizer=lion batch_size=256",
    "optimizer=rmsprop regularizer=dropout regularizer.dropout=0.5",
    "optimizer=muon model.hidden=[64,64,64,64] batch_size=128",
    "optimizer=momentum schedule=cosine augmentation=translate",
    "optimizer=nesterov model=gru batch_size=128",
    "optimizer=adam dataset.label_noise=0.3 normalization=layer",
]
RATES = [float(f"{rate:.2g}") for rate in np.geomspace(1e-5, 100, 29)]
RULES: dict[str, Callable[[Reading], float | None]] = {
    "95 % of the fall": lambda found: found.suggestion,
    "steepest descent": lambda found: found.steepest,
    "least loss": lambda found: found.least,
    "least loss / 10": lambda found: found.least and found.least / 10,
}


class Measured(NamedTuple):
    """What was found for one config."""

    reading: Reading
    short: Choice
    whole: Choice


def measure(overrides: list[str]) -> Measured | None:
    """Ramp, short trainings and whole runs; None where no rate learned."""
    config = compose(overrides)
    validate(config)
    configure(config)
    material, settings = gather(config), settings_of(config)
    ramp = prepare_ramp(material, settings)
    first, found = untrained(ramp), run_ramp(ramp, UNWATCHED)
    choices = []
    for length in (settings.training, "100%"):
        trained = prepare_trainings(material, settings._replace(training=length)).run(RATES, UNWATCHED)
        values = [one.value for one in trained]
        best = float((np.nanmax if material.maximise else np.nanmin)([*values, first]))
        error = standard_error(material.objective, best, len(material.dataset.val))
        choices.append(choose(RATES, values, material.maximise, first, error))
    short, whole = choices
    if short is None or whole is None:
        return None
    return Measured(read(found.rates[: found.sound], found.losses[: found.sound]), short, whole)


def share(rates: list[float | None], choices: list[Choice], factor: float) -> str:
    """How often a rate is within a factor of a good one."""
    pairs = zip(rates, choices, strict=True)
    return f"{np.mean([rate is not None and choice.apart(rate) <= factor for rate, choice in pairs]):4.0%}"


def main() -> None:
    """Measures, and prints a line a config and the shares of all."""
    use_huge_pages()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--held-out", action="store_true")
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    use_every_core()
    measured = []
    for line in HELD_OUT if arguments.held_out else CHOSEN_ON:
        found = measure(line.split()) if arguments.only in line else None
        if found is None:
            continue
        measured.append(found)
        suggested = "  ".join(
            f"{name}: {rule(found.reading) or math.nan:.2g}" for name, rule in RULES.items()
        )
        good = ", ".join(f"{one.first:g} to {one.last:g}" for one in (found.short, found.whole))
        print(f"{line}\n    {suggested}\n    good, short and whole: {good}", flush=True)
    print(f"of {len(measured)}: good, and within {FACTOR:g} of it, by short trainings and by whole runs")
    for name, rule in RULES.items():
        rates = [rule(one.reading) for one in measured]
        sides = [one.short for one in measured], [one.whole for one in measured]
        print(f"{name:<18}", *(share(rates, side, factor) for side in sides for factor in (1, FACTOR)))
    chosen = np.mean([one.whole.apart(one.short.rate) == 1 for one in measured])
    print(f"the short trainings' choice is good for the whole run: {chosen:.0%}")


if __name__ == "__main__":
    main()
