"""What a range test leaves in its folder, and says on the console."""

import time
from pathlib import Path

from PIL import Image
from rich.console import Console
from rich.table import Table

from runner.range_test.picture import draw
from runner.range_test.result import Result, sentences
from runner.range_test.wording import shown
from runner.records.entry import Entry
from runner.records.tensorboard import TensorBoard
from runner.training.plan import Plan

PICTURE = "find_lr.png"


def write(folder: Path, result: Result, plan: Plan) -> None:
    """Writes the picture, and for TensorBoard the ramp's curve, the picture and what they say."""
    picture = draw(result)
    Image.fromarray(picture).save(folder / PICTURE)
    events = TensorBoard(folder, time.time)
    ramp, smoothed = result.ramp, result.reading.smoothed
    for step in range(ramp.sound):
        scalars = {
            "ramp/learning_rate": float(ramp.rates[step]),
            "ramp/loss": float(ramp.losses[step]),
            "ramp/smoothed": float(smoothed[step]),
        }
        events.write(Entry(step + 1, plan.epoch(step + 1), scalars, False))
    events.image("range test", picture, 0)
    events.text("range test", "\n\n".join(sentences(result)), 0)
    events.close()


def say(console: Console, folder: Path, result: Result) -> None:
    """The rates in a table, what they mean, and the override to type."""
    console.print(_table(result))
    for sentence in sentences(result):
        console.print(sentence, markup=False)
    if result.override is not None:
        console.print(f"[bold]{result.override}[/bold]")
    console.print(f"{folder / PICTURE}", markup=False)
    console.print(f"tensorboard --logdir {folder}", markup=False)


def _table(result: Result) -> Table:
    table = Table("learning rate", "train/loss", result.metric, "")
    for trained in result.trained:
        loss, value = ("" if trained.diverged else f"{number:.4f}" for number in trained[1:3])
        table.add_row(shown(trained.rate), loss, value, ", ".join(result.notes(trained)))
    return table
