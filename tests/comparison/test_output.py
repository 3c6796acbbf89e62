"""Where a comparison is written."""

import pytest

from runner.comparison import compare
from runner.comparison.output import FILES, place_of, write
from runner.errors import ConfigError, RunError
from tests.comparison.sweep_files import write_sweep


@pytest.fixture
def sweep(tmp_path):
    write_sweep(
        tmp_path / "sweep", {"optimizer": ["sgd", "adam"]}, range(2), lambda seed, name: 0.8 + seed / 10
    )
    return tmp_path / "sweep"


def test_beside_one_path_and_apart_from_several(sweep, here):
    assert place_of([sweep], None) == sweep / "comparison"
    several = place_of([sweep, sweep], None)
    assert several.parts[:2] == ("outputs", "comparisons")
    assert place_of([sweep], here / "x") == here / "x"
    assert not several.exists()


def test_all_files_are_written_and_replace_their_own_earlier_ones(sweep):
    comparison, place = compare([sweep]), place_of([sweep], None)
    write(comparison, place)
    (place / "notes.txt").write_text("mine")
    files = write(compare([sweep]), place_of([sweep], None))
    assert {path.name for path in place.iterdir()} >= {*FILES, "notes.txt"}
    events = list(place.rglob("events.out.tfevents.*"))
    assert len({path.parent for path in events}) == len(events) > 0, "one file a folder, the latest"
    assert all(path.exists() for path in files.values())
    assert (place / "notes.txt").read_text() == "mine"
    assert len(compare([sweep]).runs) == 4, "what was written is no run"


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_no_comparison_wrote_is_kept(sweep, name):
    (sweep / "comparison").mkdir()
    (sweep / "comparison" / name).write_text("mine")
    with pytest.raises(ConfigError, match="no comparison wrote it"):
        place_of([sweep], None)


def test_a_file_is_no_folder(sweep):
    with pytest.raises(ConfigError, match="not a folder"):
        place_of([sweep], sweep / "0/summary.json")


def test_a_folder_that_cannot_be_made_is_one_line(sweep):
    with pytest.raises(RunError, match="cannot be written"):
        write(compare([sweep]), sweep / "0/summary.json/x")
