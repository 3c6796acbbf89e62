"""A file of predictions has its name only once it is whole."""

import errno

import pytest

from runner.errors import ConfigError, RunError
from runner.prediction.output import written


def test_it_is_there_once_it_is_whole(tmp_path):
    place = tmp_path / "out.csv"
    with written(place) as file:
        file.write("first\n")
        file.flush()
        assert not place.exists()
        assert [partial.read_text() for partial in tmp_path.iterdir()] == ["first\n"]
        file.write("größer\n")
    assert place.read_bytes() == "first\ngrößer\n".encode()
    assert list(tmp_path.iterdir()) == [place]


@pytest.mark.parametrize("error", [ValueError(), KeyboardInterrupt(), OSError(errno.ENOSPC, "No space left")])
def test_nothing_is_left_of_what_failed(error, tmp_path):
    expected = RunError if isinstance(error, OSError) else type(error)
    with pytest.raises(expected), written(tmp_path / "out.csv") as file:
        file.write("first\n")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_what_got_the_name_meanwhile_is_kept(tmp_path):
    place = tmp_path / "out.csv"
    with pytest.raises(ConfigError, match="it exists"), written(place) as file:
        file.write("ours\n")
        place.write_text("theirs\n")
    assert place.read_text() == "theirs\n"
    assert list(tmp_path.iterdir()) == [place]


def test_standard_output(capsys):
    with written(None) as file:
        file.write("first\n")
    assert capsys.readouterr().out == "first\n"
