"""Where a comparison is written, and that nothing is overwritten that is not an earlier one."""

from collections.abc import Sequence
from pathlib import Path

from runner.comparison.discovery import MARK
from runner.comparison.markdown import to_markdown
from runner.comparison.model import Comparison
from runner.comparison.plots.landscapes import Heights, landscapes
from runner.comparison.spreadsheets import effects_csv, settings_csv
from runner.errors import ConfigError, RunError
from runner.folder import default_path

BESIDE = "comparison"
ROOT = Path("outputs/comparisons")
FILES = ("report.html", "compare.md", "compare.csv", "effects.csv")


def place_of(paths: Sequence[Path], output: Path | None) -> Path:
    """The folder to write to: `output`, PATH/comparison for one path, a new one for several.

    Raises ConfigError if it holds files of the same names that no comparison wrote, or is no folder.
    """
    place = output or (paths[0] / BESIDE if len(paths) == 1 else default_path(ROOT))
    if place.exists() and not place.is_dir():
        raise ConfigError(f"{place}: not a folder; choose another with --output")
    taken = [name for name in FILES if (place / name).exists()]
    if taken and not (place / MARK).exists():
        raise ConfigError(f"{place / taken[0]}: no comparison wrote it; choose another folder with --output")
    return place


def write(comparison: Comparison, place: Path, heights: Heights | None = None) -> dict[str, Path]:
    """Writes all files of a comparison; what they are, and where.

    With `heights`, the trajectories of two weights are drawn over the loss.

    Raises RunError if the folder cannot be written to.
    """
    # Plots and pictures take longer to import than a small comparison takes.
    from runner.comparison.report import write_report
    from runner.comparison.tensorboard import write_tensorboard

    drawn = () if heights is None else landscapes(comparison, heights)
    try:
        place.mkdir(parents=True, exist_ok=True)
        (place / MARK).touch()
        _write_texts(comparison, place)
        report = write_report(comparison, place, drawn)
        write_tensorboard(comparison, place, drawn)
    except OSError as error:
        raise RunError(f"{place}: cannot be written ({error.strerror})") from error
    return {"report": report, "tables": place / "compare.md", "numbers": place / "compare.csv"}


def _write_texts(comparison: Comparison, place: Path) -> None:
    (place / "compare.md").write_text(to_markdown(comparison), encoding="utf-8")
    (place / "compare.csv").write_text(settings_csv(comparison), encoding="utf-8")
    (place / "effects.csv").write_text(effects_csv(comparison), encoding="utf-8")
