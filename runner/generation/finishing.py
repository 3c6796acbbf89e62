"""What is done with a generator that has ended: a data set is made of it, and measured."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from omegaconf import OmegaConf

from runner.data.dataset import Dataset
from runner.generation.classifier import BATCH, classifier_accuracy
from runner.generation.nearest import nearest
from runner.generation.sampling import Sampler, labels_like, stored
from runner.logbook import Logbook
from runner.preparation import Prepared
from runner.training.state import State

NAME = "generated"
EPOCHS = 30
"""Of the classifiers, on as many examples as the training split has."""
COMPARED = 1000
"""Generated, and held-out, images whose nearest training image is looked for, at most."""
ENDED_WELL = ("completed", "stopped_early")


class Finishing:
    """Makes and measures the data sets of the generators that were trained as lanes of a program."""

    def __init__(self, prepared: Prepared) -> None:
        self._prepared = prepared
        self._sample = Sampler(prepared)
        self._of_real: dict[str, float] = {}

    def finish(self, book: Logbook, state: State, lane: int, step: int) -> None:
        """Writes the data set of a run's best weights, and records its measures; not of one that diverged."""
        if book.status not in ENDED_WELL or book.summary["best"]["step"] is None:
            return
        began, material = time.monotonic(), self._prepared.material
        asked, counts = material.config.generate, material.spec.class_counts or ()
        count = len(material.dataset.train) if asked.count is None else asked.count
        labels = labels_like(counts, count, asked.seed)
        images = self._sample(state.best.model, lane, labels, asked.seed)
        inputs = stored(images, material.dataset.inputs.dtype, material.dataset.maximum)
        self._write(book, inputs, labels)
        measured = self._measured(inputs, labels)
        book.took("evaluate", time.monotonic() - began)
        book.write(book.learn(book.reached(step), measured, True))
        book.flush()

    def _write(self, book: Logbook, inputs: np.ndarray, labels: np.ndarray) -> None:
        dataset, folder = self._prepared.material.dataset, book.folder
        about = {"classes": np.asarray(dataset.classes), "maximum": np.asarray(dataset.maximum)}
        partial = folder / f"{NAME}.npz.partial"
        with partial.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, inputs=inputs, targets=labels, **about)
        partial.replace(folder / f"{NAME}.npz")
        told = json.dumps(_provenance(self._prepared, book, labels), indent=2)
        (folder / f"{NAME}.json").write_text(f"{told}\n", encoding="utf-8")

    def _measured(self, inputs: np.ndarray, labels: np.ndarray) -> dict[str, float]:
        dataset, config = self._prepared.material.dataset, self._prepared.material.config
        joint = _with(dataset, inputs, labels)
        made = np.arange(len(dataset.inputs), len(joint.inputs), dtype=np.int32)
        steps = EPOCHS * max(1, len(dataset.train) // BATCH)
        if not self._of_real:
            accuracy = classifier_accuracy(config, joint, dataset.train, steps)
            self._of_real = {"accuracy": accuracy, "nearest": _typical(dataset, dataset.inputs[dataset.test])}
        accuracy, near = classifier_accuracy(config, joint, made, steps), _typical(dataset, inputs)
        real = self._of_real
        return {
            f"{NAME}/accuracy": accuracy,
            f"{NAME}/real_accuracy": real["accuracy"],
            f"{NAME}/nearest": near,
            f"{NAME}/real_nearest": real["nearest"],
            f"{NAME}/nearest_ratio": near / max(real["nearest"], 1e-12),
        }


def _with(dataset: Dataset, inputs: np.ndarray, labels: np.ndarray) -> Dataset:
    """The data set with further examples behind its own, in none of its splits."""
    assert isinstance(dataset.inputs, np.ndarray)  # what is streamed was refused
    targets = np.concatenate([dataset.targets, labels.astype(dataset.targets.dtype)])
    return replace(dataset, inputs=np.concatenate([dataset.inputs, inputs]), targets=targets)


def _typical(dataset: Dataset, images: np.ndarray) -> float:
    """The median distance of images to the nearest training image, both in [0, 1]."""
    trained, some = dataset.inputs[dataset.train], images[:COMPARED]
    return float(np.median(nearest(some / dataset.maximum, trained / dataset.maximum)))


def _provenance(prepared: Prepared, book: Logbook, labels: np.ndarray) -> dict[str, Any]:
    material, dataset = prepared.material, prepared.material.dataset
    node: Any = OmegaConf.to_container(material.config.dataset, resolve=True)
    counts = np.bincount(labels, minlength=len(dataset.classes or ())).tolist()
    return {
        "command": book.summary["command"],
        "run": str(Path(book.folder).absolute()),
        "weights": {"step": book.summary["best"]["step"], "metric": book.summary["best"]["metric"]},
        "trained_on": {
            "dataset": node,
            "fingerprint": dataset.fingerprint,
            "split": "train",
            "examples": len(dataset.train),
        },
        "seed": material.config.generate.seed,
        "count": len(labels),
        "counts": dict(zip(dataset.classes or (), counts, strict=True)),
        "code": book.summary["code"],
        "versions": book.summary["versions"],
        "format": book.summary["format"],
    }
