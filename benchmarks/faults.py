"""How well faults are named: planted ones that are, and healthy runs that are not.

    python -m benchmarks.faults                  the data sets and seeds that no threshold was chosen by
    python -m benchmarks.faults --tuning         those that they were chosen by
    python -m benchmarks.faults --only overfit   one fault, or `healthy`

Every case is drawn from a seed: a data set, a model, and how grave the fault is. Faults of the data are shown
to `runner doctor`, those of training to `runner train`, healthy configs to both. A fault is named where a
finding has its name, of whatever severity; a healthy run is called ill where a finding is a problem.
"""

import argparse
import contextlib
import io
import json
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from runner.cli import main as runner

CASES = 6
"""Of each fault."""
HEALTHY = 66
SEEDS = {"tuning": 0, "held out": 2}

Overrides = list[str]
Draw = Callable[[np.random.Generator, Overrides], Overrides]
"""From what is drawn and a healthy config to one with the fault."""

DIGITS = ["dataset=digits"]
FASHION = ["dataset=fashion_mnist", "dataset.subset=2000"]
WINE = ["dataset=wine", "batch_size=16"]
CANCER = ["dataset=breast_cancer", "batch_size=32"]
TABLES = {
    "tuning": [WINE, DIGITS],
    "held out": [CANCER, ["dataset=iris", "batch_size=16"], FASHION],
}
MANY_CLASSES = {"tuning": [DIGITS], "held out": [FASHION, [*DIGITS, "dataset.split_seed=3"]]}
TANH = ["activation=tanh", "initializer=xavier_uniform"]
MODELS = (
    [],
    ["model.hidden=[64]"],
    ["model.hidden=[32,32,32]"],
    TANH,
)


class Fault(NamedTuple):
    """How a fault is planted and by what it is named."""

    command: str
    names: frozenset[str]
    draw: Draw
    on: Mapping[str, Sequence[Overrides]] = TABLES


def _hidden(width: int, depth: int) -> str:
    return f"model.hidden={[width] * depth}".replace(" ", "")


def _between(random: np.random.Generator, low: float, high: float) -> str:
    return f"{np.exp(random.uniform(np.log(low), np.log(high))):.3g}"


def _dead_relu(random: np.random.Generator, base: Overrides) -> Overrides:
    depth = int(random.integers(2, 5))
    # Clipped, so that the steps throw the weights far off and not out of all bounds.
    steps = [f"optimizer.learning_rate={_between(random, 3, 10)}", "optimizer.gradient_clip=1.0"]
    return [*base, _hidden(32, depth), "optimizer=sgd", *steps]


def _vanishing(random: np.random.Generator, base: Overrides) -> Overrides:
    layers = _hidden(int(random.integers(16, 65)), int(random.integers(8, 15)))
    return [*base, layers, "activation=sigmoid", "initializer=xavier_uniform"]


def _exploding(random: np.random.Generator, base: Overrides) -> Overrides:
    rate = f"optimizer.learning_rate={_between(random, 0.8, 3)}"
    return [*base, "model=rnn", "initializer=xavier_uniform", "optimizer=sgd", rate]


def _normal_init(random: np.random.Generator, base: Overrides) -> Overrides:
    return [*base, _hidden(int(random.integers(64, 257)), int(random.integers(2, 4))), "initializer=normal"]


def _too_high(random: np.random.Generator, base: Overrides) -> Overrides:
    return [*base, f"optimizer.learning_rate={_between(random, 1, 30)}"]


def _too_low(random: np.random.Generator, base: Overrides) -> Overrides:
    return [*base, f"optimizer.learning_rate={_between(random, 3e-8, 2e-6)}"]


def _label_noise(random: np.random.Generator, base: Overrides) -> Overrides:
    return [*base, f"dataset.label_noise={_between(random, 0.05, 0.3)}"]


def _not_shuffled(random: np.random.Generator, base: Overrides) -> Overrides:
    return [*base, "sampler=sequential"]


def _imbalanced(random: np.random.Generator, base: Overrides) -> Overrides:
    return ["dataset=spoiled_digits", f"dataset.kept={_between(random, 0.02, 0.08)}"]


def _leak(random: np.random.Generator, base: Overrides) -> Overrides:
    return ["dataset=spoiled_digits", f"dataset.copies={_between(random, 0.1, 0.9)}"]


def _overfit(random: np.random.Generator, base: Overrides) -> Overrides:
    few = f"dataset.subset={random.integers(60, 150)}"
    noise = f"dataset.label_noise={_between(random, 0.1, 0.3)}"
    return [*base, few, noise, _hidden(256, 2), "batch_size=16", "epochs=100"]


def _underfit(random: np.random.Generator, base: Overrides) -> Overrides:
    return [*base, "model.hidden=[1]", "optimizer.learning_rate=0.01", "epochs=60"]


def _unscaled(random: np.random.Generator, base: Overrides) -> Overrides:
    return [*base, "preprocessing=none"]


def _wrong_loss(random: np.random.Generator, base: Overrides) -> Overrides:
    return [*base, f"loss={random.choice(['mse', 'huber'])}"]


SORTED = {
    "tuning": [WINE, ["dataset=iris", "batch_size=16"]],
    "held out": [
        ["dataset=iris", "batch_size=10", "dataset.split_seed=1"],
        ["dataset=wine", "batch_size=8", "dataset.split_seed=2"],
    ],
}
UNSCALED = {
    "tuning": [WINE],
    "held out": [CANCER, [*CANCER, "dataset.split_seed=2"]],
}
FAULTS = {
    "dead_relu": Fault("train", frozenset({"dead_units"}), _dead_relu),
    "vanishing_sigmoid": Fault("train", frozenset({"vanishing_gradient"}), _vanishing),
    "exploding_rnn": Fault("train", frozenset({"exploding_gradient"}), _exploding, MANY_CLASSES),
    "normal_init": Fault("train", frozenset({"loss_at_start"}), _normal_init, MANY_CLASSES),
    "rate_too_high": Fault("train", frozenset({"learning_rate_too_high", "diverged"}), _too_high),
    "rate_too_low": Fault("train", frozenset({"learning_rate_too_low"}), _too_low),
    "label_noise": Fault("doctor", frozenset({"label_noise"}), _label_noise, MANY_CLASSES),
    "not_shuffled": Fault("doctor", frozenset({"not_shuffled"}), _not_shuffled, SORTED),
    "imbalanced": Fault("doctor", frozenset({"imbalanced"}), _imbalanced),
    "leak": Fault("doctor", frozenset({"leak"}), _leak),
    "overfit": Fault("train", frozenset({"overfitting"}), _overfit, MANY_CLASSES),
    "underfit": Fault("train", frozenset({"underfitting"}), _underfit, MANY_CLASSES),
    "unscaled_inputs": Fault("doctor", frozenset({"unscaled_inputs"}), _unscaled, UNSCALED),
    "wrong_loss": Fault("doctor", frozenset({"wrong_loss"}), _wrong_loss),
}
PLANE = ["dataset=playground", "optimizer.learning_rate=0.03", "epochs=60"]
DIABETES = ["dataset=diabetes", "optimizer.learning_rate=0.01", "epochs=100"]
HEALTHY_ON = {
    "tuning": [*TABLES["tuning"], [*PLANE, "dataset.shape=circle"]],
    "held out": [*TABLES["held out"], [*PLANE, "dataset.shape=xor"], DIABETES],
}
"""Configs that learn what there is to learn."""
OPTIONS = (
    [],
    ["optimizer=momentum"],
    ["optimizer=adamw", "optimizer.weight_decay=0.01"],
    ["optimizer=nadam"],
    ["optimizer=rmsprop"],
    ["schedule=cosine"],
    ["schedule=one_cycle"],
    ["normalization=batch"],
    ["normalization=layer"],
    ["regularizer=dropout"],
    ["regularizer=l2"],
    ["activation=gelu"],
    ["activation=elu"],
    TANH,
    ["activation=leaky_relu"],
    ["initializer=orthogonal"],
    ["early_stopping.patience=10"],
    ["ema=0.99"],
)


class Case(NamedTuple):
    """A config, and what is wrong with it."""

    fault: str
    command: str
    overrides: Overrides


def cases(split: str) -> list[Case]:
    """The planted faults, then the healthy configs, each of these for both commands."""
    random = np.random.default_rng(SEEDS[split])
    drawn = []
    for name, fault in FAULTS.items():
        for number in range(CASES):
            base = fault.on[split][number % len(fault.on[split])]
            seed = f"seed={SEEDS[split] * 1000 + number}"
            drawn.append(Case(name, fault.command, [*fault.draw(random, base), seed]))
    for number in range(HEALTHY):
        base = HEALTHY_ON[split][number % len(HEALTHY_ON[split])]
        model, option = MODELS[random.integers(len(MODELS))], OPTIONS[number % len(OPTIONS)]
        # An activation that comes with an option replaces that of the model.
        chosen = [
            text for text in model if text.partition("=")[0] not in {o.partition("=")[0] for o in option}
        ]
        overrides = [*base, *chosen, *option, f"seed={SEEDS[split] * 1000 + number}"]
        drawn += [Case("healthy", command, overrides) for command in ("train", "doctor")]
    return drawn


def found(case: Case, folder: Path) -> list[dict[str, str]]:
    """The findings of a case, in this process."""
    said = io.StringIO()
    quiet = ["--json"] if case.command == "doctor" else []
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()):
        code = runner([case.command, *case.overrides, f"output_dir={folder}", *quiet])
    assert code in (0, 1), (case, said.getvalue())
    file = folder / ("doctor.json" if case.command == "doctor" else "summary.json")
    return json.loads(file.read_text())["findings"]


def main() -> None:
    """Prints every miss, then the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tuning", action="store_true")
    parser.add_argument("--only", choices=[*FAULTS, "healthy"])
    options = parser.parse_args()
    split = "tuning" if options.tuning else "held out"
    chosen = [case for case in cases(split) if options.only in (None, case.fault)]
    named: dict[str, Counter[str]] = defaultdict(Counter)
    right, total = Counter(), Counter()
    with tempfile.TemporaryDirectory() as place:
        for number, case in enumerate(chosen):
            findings = found(case, Path(place, str(number)))
            good = _is_right(case, findings)
            total[case.fault] += 1
            right[case.fault] += good
            named[case.fault].update({finding["name"] for finding in findings if _tells(case, finding)})
            if not good:
                told = ", ".join(f"{finding['name']} ({finding['severity']})" for finding in findings)
                print(f"missed {case.fault}: {case.command} {' '.join(case.overrides)}: {told}", flush=True)
    _print(split, named, right, total)


def _is_right(case: Case, findings: list[dict[str, str]]) -> bool:
    if case.fault == "healthy":
        return not any(finding["severity"] == "problem" for finding in findings)
    return bool(FAULTS[case.fault].names & {finding["name"] for finding in findings})


def _tells(case: Case, finding: dict[str, str]) -> bool:
    """Whether a finding is one of the table's: of a healthy config, problems alone."""
    return finding["severity"] == "problem" if case.fault == "healthy" else finding["severity"] != "remark"


def _print(split: str, named: Mapping[str, Counter[str]], right: Counter[str], total: Counter[str]) -> None:
    print(f"{split}; warnings and problems by name, of healthy configs problems alone")
    for fault, count in total.items():
        told = "  ".join(f"{name} {times}" for name, times in named[fault].most_common())
        print(f"{fault:18} {right[fault]:3d} of {count:3d} right   {told}")
    planted = [fault for fault in total if fault != "healthy"]
    if planted:
        good, cases = sum(right[fault] for fault in planted), sum(total[fault] for fault in planted)
        print(f"named: {good} of {cases} planted faults, {good / cases:.1%}")
    if total["healthy"]:
        wrong = total["healthy"] - right["healthy"]
        print(f"false problems: {wrong} of {total['healthy']} healthy, {wrong / total['healthy']:.1%}")


if __name__ == "__main__":
    main()
