"""Predictions as text: CSV, or JSON lines."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np


@dataclass(frozen=True)
class Answers:
    """What a run says of some examples, as to one task."""

    task: str
    """Its name; that of the main task is empty."""
    classes: tuple[str, ...] | None
    """Their names; None where numbers are predicted."""
    scores: np.ndarray
    """The probabilities of the classes [n, classes], or the numbers [n, k]."""


class Format(NamedTuple):
    """How predictions become text."""

    header: Callable[[Sequence[Answers]], str]
    """What comes first."""
    lines: Callable[[Sequence[int | str], Sequence[Answers]], str]
    """From the names of some examples, and what a run says of them task by task, to a line each."""


def csv_header(answers: Sequence[Answers]) -> str:
    """`example,prediction,probability/CLASS,...`.

    Of numbers there are only predictions: `prediction`, or `prediction/1`, `prediction/2` and so on. Columns
    of tasks beside the main one have the name of the task in front: `parity/prediction`.
    """
    return _as_csv([["example", *(heading for own in answers for heading in _headings(own))]])


def csv_lines(names: Sequence[int | str], answers: Sequence[Answers]) -> str:
    """A row an example, under `csv_header`."""
    return _as_csv(zip(names, *(column for own in answers for column in _columns(own)), strict=True))


def json_lines(names: Sequence[int | str], answers: Sequence[Answers]) -> str:
    """An object an example: `{"example": NAME, "prediction": CLASS, "probabilities": {CLASS: NUMBER, ...}}`.

    Of numbers there is only the prediction: a number, or a list of several. What is predicted of tasks beside
    the main one is an object of its own, under the name of the task.
    """
    objects: list[dict[str, Any]] = [{"example": name} for name in names]
    for own in answers:
        for found, said in zip(objects, _objects(own), strict=True):
            found.update({own.task: said} if own.task else said)
    return "".join(json.dumps(found, ensure_ascii=False) + "\n" for found in objects)


FORMATS: Mapping[str, Format] = {
    "csv": Format(csv_header, csv_lines),
    "jsonl": Format(lambda answers: "", json_lines),
}
"""By what --format says, which is also how the names of such files end."""


def _as_csv(rows: Iterable[Sequence[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def _headings(answers: Answers) -> list[str]:
    before = f"{answers.task}/" if answers.task else ""
    if answers.classes is not None:
        return [f"{before}prediction", *(f"{before}probability/{name}" for name in answers.classes)]
    count = answers.scores.shape[1]
    return [f"{before}prediction" + (f"/{number}" if count > 1 else "") for number in range(1, count + 1)]


def _columns(answers: Answers) -> list[list[str]]:
    chosen = [] if answers.classes is None else [_chosen(answers.classes, answers.scores)]
    return [*chosen, *_shortest(answers.scores).T.tolist()]


def _objects(answers: Answers) -> Iterator[dict[str, Any]]:
    scores = _shortest(answers.scores).astype(np.float64).tolist()
    if answers.classes is None:
        for own in scores:
            yield {"prediction": own[0] if len(own) == 1 else own}
        return
    for name, own in zip(_chosen(answers.classes, answers.scores), scores, strict=True):
        yield {"prediction": name, "probabilities": dict(zip(answers.classes, own, strict=True))}


def _chosen(classes: Sequence[str], scores: np.ndarray) -> list[str]:
    return [classes[int(place)] for place in scores.argmax(axis=-1)]


def _shortest(scores: np.ndarray) -> np.ndarray:
    """The fewest digits that tell a number from its neighbours."""
    return scores.astype(str)
