"""The predictions of a run for inputs that are read, answered and written block by block."""

from pathlib import Path

import numpy as np

from runner import folder as folders
from runner.data.dataset import DataError
from runner.errors import ConfigError
from runner.prediction.answering import answering
from runner.prediction.blocks import Block, Expected, Reader
from runner.prediction.output import written
from runner.prediction.writers import Answers, Format
from runner.runs import Run, load_run, refuse_without_best


def predict(folder: Path, source: str, read: Reader, form: Format, output: Path | None) -> int:
    """Writes what the run in a folder predicts for the inputs of a source; how many examples there were.

    Raises:
        ConfigError: there is no run, or an input does not fit it. Of an output file nothing is left then;
            standard output has got the blocks before it.
    """
    run = load_run(folder)
    refuse_without_best(folder, folders.read_summary(folder))
    answer, count = answering(run), 0
    try:
        with written(output) as file:
            for block in read(_expected(run)):
                answers = answer(block.inputs)
                _refuse_infinite(source, block, answers)
                if count == 0:
                    file.write(form.header(answers))
                file.write(form.lines(block.names, answers))
                file.flush()  # who reads on from standard output need not wait for the next block
                count += len(block.names)
            if count == 0:
                raise DataError(f"{source}: there is no example in it")
    except DataError as error:
        raise ConfigError(str(error)) from error
    return count


def _expected(run: Run) -> Expected:
    dataset = run.config.dataset
    ignored = frozenset(filter(None, [dataset.get("target"), *(dataset.get("drop") or ())]))
    return Expected(tuple(run.spec.input_shape), run.spec.maximum, run.spec.columns, ignored)


def _refuse_infinite(source: str, block: Block, answers: list[Answers]) -> None:
    for own in answers:
        wrong = ~np.isfinite(own.scores).all(axis=-1)
        if wrong.any():
            name = block.names[int(wrong.argmax())]
            raise DataError(f"{source}: example {name} is too far from any: its prediction is not finite")
