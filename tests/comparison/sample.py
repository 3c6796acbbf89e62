"""A comparison made by hand: three optimizers, learning rates, widths and seeds, its records on disk."""

import itertools
import json
import math
from collections import Counter
from dataclasses import replace

import numpy as np

from runner.comparison.model import (
    Arrival,
    Comparison,
    Effect,
    Isolation,
    IsolationRow,
    Mean,
    Provenance,
    Race,
    Run,
    Setting,
    Winner,
)
from runner.comparison.statistics import mean_interval, paired_test

METRIC = "val/accuracy"
VARIED = ("optimizer", "optimizer.learning_rate", "model.width")
PEAKS = {"sgd": -1.0, "momentum": -1.7, "adam": -2.7}
PROVENANCE = Provenance("f3a91c2", False, "b534bfdaf1058222", 0, "cpu", {"jax": "0.10.2", "runner": "0.1.0"})


def sample(
    folder, rates=(1e-4, 1e-3, 1e-2, 1e-1), widths=(64, 128), seeds=3, epochs=8, hostile=False
) -> Comparison:
    """`hostile` puts markup and long words into every text that comes from files."""
    optimizers = [*PEAKS]
    domains = {"optimizer": tuple(optimizers), VARIED[1]: tuple(rates), VARIED[2]: tuple(widths)}
    combinations = list(itertools.product(optimizers, rates, widths))
    runs = [
        _run(folder, number, dict(zip(VARIED, options, strict=True)), seed, epochs, hostile)
        for number, (options, seed) in enumerate(itertools.product(combinations, range(seeds)))
    ]
    settings = _settings(runs, seeds)
    return _comparison(folder, runs, settings, domains, seeds, hostile)


def _run(folder, number, options, seed, epochs, hostile) -> Run:
    noise = np.random.default_rng(number).normal(size=epochs) * 0.01
    distance = math.log10(options["optimizer.learning_rate"]) - PEAKS[options["optimizer"]]
    diverged = distance > 1.5
    top = 0.95 * math.exp(-0.15 * distance**2) + 0.01 * (options["model.width"] > 64)
    curve = top * (1 - 0.8 * np.exp(-0.9 * np.arange(1, epochs + 1))) + noise
    place = folder / str(number)
    place.mkdir(parents=True, exist_ok=True)
    lines = [
        {
            "step": 22 * (i + 1),
            "epoch": i + 1.0,
            METRIC: v,
            "val/loss": 2.5 * (1 - v),
            "train/loss": 2.4 * (0.98 - v) + 0.1,
        }
        for i, v in enumerate(curve[: 2 if diverged else None])
    ]
    (place / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    final = None if diverged else float(curve[-1])
    return Run(
        folder=place,
        source=folder,
        name=str(number),
        config={**options, "batch_size": 64},
        groups=frozenset({"optimizer"}),
        overrides=tuple(f"{key}={value}" for key, value in options.items()),
        flags=(),
        seed=seed,
        status="diverged" if diverged else "completed",
        error="</script><b>loss</b> is nan at step 44" if diverged and hostile else None,
        steps=22 * epochs,
        epochs=float(epochs),
        parameters=17226,
        metrics={
            METRIC: final,
            "val/loss": None if final is None else 2.5 * (1 - final),
            "test/accuracy": final,
        },
        best_metric=METRIC,
        best_value=final,
        best_step=22 * epochs,
        mode="max",
        seconds={"total": 1.5 + options["model.width"] / 128 + 0.1 * seed, "compile": 0.8, "train": 0.5},
        started="2026-11-24T22:56:12",
        provenance=PROVENANCE,
        records=place / "metrics.jsonl",
    )


def _settings(runs, seeds) -> list[Setting]:
    groups = [runs[start : start + seeds] for start in range(0, len(runs), seeds)]
    settings = sorted(map(_setting, groups), key=lambda s: -s.mean if s.finite else math.inf)
    return [replace(setting, rank=place + 1) for place, setting in enumerate(settings)]


def _setting(runs) -> Setting:
    values = tuple(math.nan if run.best_value is None else run.best_value for run in runs)
    finite = np.array([value for value in values if math.isfinite(value)])
    options = {key: runs[0].config[key] for key in VARIED}
    return Setting(
        rank=0,
        label=" ".join(f"{key}={value}" for key, value in options.items()),
        options=options,
        runs=tuple(runs),
        values=values,
        score=float(finite.mean()) if len(finite) else math.nan,
        mean=float(finite.mean()) if len(finite) else math.nan,
        interval=mean_interval(finite),
        worst=float(finite.min()) if len(finite) else math.nan,
        seconds=float(np.mean([run.seconds["total"] for run in runs])),
        statuses=dict(Counter(run.status for run in runs).most_common()),
    )


def _effects(settings, domains, seeds) -> list[Effect]:
    best = settings[0]
    pairs = [(key, v) for key in VARIED for v in domains[key] if v != best.options[key]]
    return [_effect(settings, key, value, best.options[key], seeds) for key, value in pairs]


def _effect(settings, key, value, against, seeds) -> Effect:
    by_options = {tuple(setting.options.values()): setting for setting in settings}
    at = VARIED.index(key)
    pairs = [
        (np.array(by_options[(*options[:at], value, *options[at + 1 :])].values), np.array(setting.values))
        for options, setting in by_options.items()
        if options[at] == against
    ]
    kept = [with_value - without for with_value, without in pairs if np.isfinite(with_value - without).all()]
    means = np.mean(kept, axis=0) if kept else np.array([])
    test = paired_test(means) if kept else None
    told = test is not None and test.p is not None and test.p < 0.01
    verdict = ("better" if test.mean > 0 else "worse") if told and test else "not distinguishable"
    return Effect(
        key=key,
        value=value,
        against=against,
        basis="same",
        differences=dict(enumerate(map(float, means))),
        pairs=len(kept) * seeds,
        lost=(len(pairs) - len(kept)) * seeds,
        mean=test.mean if test else math.nan,
        interval=test.interval if test else None,
        p=test.p if test else None,
        adjusted=test.p if test else None,
        verdict="one seed" if seeds == 1 else verdict,
        more_seeds=None if told or seeds == 1 else 4,
    )


def _isolation(settings, key, domains) -> Isolation:
    rows = []
    for value in domains[key]:
        own = [setting for setting in settings if setting.options[key] == value]
        rows.append(IsolationRow(value, own[0], len(own)))
    return Isolation(key, tuple(sorted(rows, key=lambda row: row.best.rank)))


def _race(settings) -> Race:
    reached = [s for s in settings if s.finite and s.mean > 0.8]
    arrivals = [
        Arrival(s, len(s.finite), 44.0 + 22 * i, 2.0 + i, 0.2 + 0.1 * i) for i, s in enumerate(reached)
    ]
    missed = [Arrival(s, 0, None, None, None) for s in settings if s not in reached]
    return Race(0.8, METRIC, (*arrivals, *missed))


def _comparison(folder, runs, settings, domains, seeds, hostile) -> Comparison:
    best = settings[0]
    test = mean_interval(np.array(best.finite))
    winner = Winner(
        setting=best,
        run=best.runs[0],
        test={"test/accuracy": Mean(best.mean - 0.004, test, len(best.finite))},
        reproduce=f"runner train {best.label} epochs=8 seed=0",
        confirm=f"runner train -m {best.label} epochs=8 seed=100,101,102,103,104",
    )
    caution = (
        "The best optimizer.learning_rate=0.001 is not at the edge. </script><img src=x onerror=alert(1)>"
    )
    return Comparison(
        title="sweeps/2026-11-24/22-56-02" + ("</title><script>alert(1)</script>" if hostile else ""),
        paths=(folder,),
        metric=METRIC,
        at_best=True,
        maximise=True,
        runs=tuple(runs),
        seeds=tuple(range(seeds)),
        varied=VARIED,
        domains=domains,
        settings=tuple(settings),
        effects=tuple(_effects(settings, domains, seeds)),
        isolations=tuple(_isolation(settings, key, domains) for key in VARIED),
        winner=winner,
        race=_race(settings),
        by=None,
        cautions=(caution,)
        if hostile
        else ("The best model.width=128 is the largest that was tried: try more.",),
    )
