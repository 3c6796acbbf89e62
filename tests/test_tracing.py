"""Which numbers can be inputs is found by trying, in few tries."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from runner.tracing import divide


class Program:
    """Traces unless all numbers of one of some sets are inputs; counts how often it was tried."""

    def __init__(self, *refused: Iterable[str]) -> None:
        self.refused = [set(keys) for keys in refused]
        self.tries = 0

    def __call__(self, inputs: Mapping[str, Any], structure: Mapping[str, Any]) -> None:
        self.tries += 1
        if any(keys <= inputs.keys() for keys in self.refused):
            raise TypeError("a tracer")


NUMBERS = {f"number{index}": float(index) for index in range(20)}


@pytest.mark.parametrize("culprits", [["number0"], ["number19"], ["number3", "number4", "number17"]])
def test_what_does_not_trace_is_structure_and_nothing_else(culprits):
    division = divide(NUMBERS, Program(*[[key] for key in culprits]))
    assert set(division.structure) == set(culprits)
    assert division.inputs == {key: value for key, value in NUMBERS.items() if key not in culprits}


def test_of_numbers_that_trace_alone_but_not_together_one_goes():
    program = Program(["number6", "number7"])
    division = divide(NUMBERS, program)
    assert {"number6", "number7"} & set(division.structure)
    program(division.inputs, division.structure)


def test_one_culprit_among_many_is_found_in_few_tries():
    program = Program(["number5"])
    divide(NUMBERS, program)
    assert program.tries < len(NUMBERS) / 2


def test_a_failure_that_is_no_numbers_fault_is_raised():
    with pytest.raises(TypeError, match="a tracer"):
        divide(NUMBERS, Program([]))
