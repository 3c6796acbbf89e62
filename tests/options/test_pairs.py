"""Every pair of options of two groups can be built together, or is refused in one line."""

import itertools
import random
from typing import Any

import numpy as np
import pytest

from runner import groups
from runner.cli import main
from tests.options.covering import cover
from tests.options.made import overrides_of
from tests.options.nonsense import NONSENSE, is_stable, makes_sense
from tests.options.programs import traced, trained

GROUPS = {
    group: [option.name for option in groups.options(group, [groups.CONFIGS])]
    for group in groups.names([groups.CONFIGS])
    if group not in ("experiment", "generator", "sweep")
}
ROWS = cover(GROUPS, makes_sense)
SAMPLE, USUAL = 40, 10
"""How many rows of the design train, and how many of anything here are tested every time."""
SHUFFLED = random.Random(0).sample(ROWS, len(ROWS))
STABLE = [row for row in SHUFFLED if is_stable(row)][:SAMPLE]


def _named(row: dict) -> str:
    return ",".join(f"{group}={row[group]}" for group in sorted(row))


REFUSED = [
    dict(zip(pair.options, chosen, strict=True)) | {"told": pair.told}
    for pair in NONSENSE
    for chosen in itertools.product(*map(sorted, pair.options.values()))
]


def _marked(rows: list[dict]) -> list[Any]:
    usual = random.Random(0).sample(rows, USUAL)
    return [pytest.param(row, marks=[] if row in usual else pytest.mark.exhaustive) for row in rows]


def test_every_pair_that_makes_sense_is_in_a_row():
    covered = {frozenset(pair) for row in ROWS for pair in itertools.combinations(row.items(), 2)}
    for one, other in itertools.combinations(GROUPS, 2):
        for first, second in itertools.product(GROUPS[one], GROUPS[other]):
            if makes_sense({one: first, other: second}):
                assert frozenset({(one, first), (other, second)}) in covered


@pytest.mark.exhaustive
@pytest.mark.parametrize("row", ROWS, ids=_named)
def test_a_row_is_traced(row, files):
    assert traced(overrides_of(row, files)).inputs["seed"] == 0


@pytest.mark.parametrize("row", _marked(STABLE), ids=_named)
def test_a_row_of_the_sample_trains(row, files):
    assert np.isfinite(trained(overrides_of(row, files)).losses)


@pytest.mark.parametrize("row", _marked(REFUSED), ids=lambda row: ",".join(row.values()))
def test_nonsense_is_refused(row, files, tmp_path, capsys):
    told = row["told"]
    options = {group: option for group, option in row.items() if group != "told"}
    folder = tmp_path / "run"
    assert main(["train", *overrides_of(options, files), f"output_dir={folder}"]) == 2
    [line] = capsys.readouterr().err.splitlines()
    assert told in line
    assert not folder.exists()
