"""A comparison for `tensorboard --logdir` of its folder.

One run, `figures`, has pictures, text and the columns of HPARAMS. The plugin makes one row a folder, so every
run compared has one beside it, with its results as single points: its curves stay where it was trained.
"""

# pyright: reportAttributeAccessIssue=false
# The names in generated protobuf modules exist only at run time.

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from tensorboardX import summary
from tensorboardX.proto.summary_pb2 import Summary

from runner.comparison.markdown import to_markdown
from runner.comparison.model import Comparison, Run
from runner.comparison.plots.landscapes import Landscape
from runner.comparison.tensorboard.columns import hyperparameters, metrics, results, row
from runner.comparison.tensorboard.events import earlier_events, event_file, replace_events, scalars
from runner.records.hparams import experiment, session_end, session_start

OVERVIEW, ROWS = "figures", "hparams"
"""Of more than 500 runs TensorBoard selects none: `figures` is the first it lists, by name and by time."""
RESULT = "result"
"""Before the tags of results, which are not to continue the curves that the runs wrote while training."""


def write_tensorboard(comparison: Comparison, place: Path, landscapes: Sequence[Landscape] = ()) -> None:
    """Writes pictures, text and HPARAMS into the folder `place`, in place of an earlier comparison's."""
    tags = {tag: f"{RESULT}/{tag}" for tag in metrics(comparison)}
    first = min(map(_started, comparison.runs)) - 1
    replace_events(place / OVERVIEW, event_file(_overview(comparison, tags, landscapes), 0, first))
    rows = dict(_rows(comparison, tags))
    for name, content in rows.items():
        replace_events(place / ROWS / name, content)
    for folder in (place / ROWS).iterdir():
        if folder.name not in rows:
            _remove(folder)


def _overview(
    comparison: Comparison, tags: Mapping[str, str], landscapes: Sequence[Landscape]
) -> Iterator[Summary]:
    from runner.comparison.tensorboard.pictures.gallery import pictures

    yield experiment(hyperparameters(comparison), {shown: tag for tag, shown in tags.items()})
    yield summary.text("comparison", to_markdown(comparison))
    for tag, picture in pictures(comparison, landscapes):
        yield summary.image(tag, picture, dataformats="HWC")


def _rows(comparison: Comparison, tags: Mapping[str, str]) -> Iterator[tuple[str, bytes]]:
    names = _row_names(comparison.runs)
    for setting in comparison.settings:
        for run, value in zip(setting.runs, setting.values, strict=True):
            found = {tags[tag]: number for tag, number in results(list(tags), run, value).items()}
            ended = [] if run.is_unfinished else [session_end(not run.went_wrong)]
            parts = [session_start(row(comparison, run), names[run.name]), scalars(found), *ended]
            content = event_file(parts, run.best_step or run.steps, _started(run))
            yield run.name.strip("/").replace("/", "-"), content


def _row_names(runs: tuple[Run, ...]) -> dict[str, str]:
    # The runs' own: where TensorBoard shows them beside the comparison, both are one row.
    names = {run.name: "/".join(run.folder.absolute().parts[-2:]) for run in runs}
    counts = Counter(names.values())
    return {run: name if counts[name] == 1 else run for run, name in names.items()}


def _started(run: Run) -> float:
    # Not now: a row that says what it said before is not written again.
    try:
        return datetime.fromisoformat(run.started).timestamp()
    except ValueError:
        return 0.0


def _remove(folder: Path) -> None:
    """Removes our files of a run that is no longer compared."""
    for file in earlier_events(folder):
        file.unlink()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
