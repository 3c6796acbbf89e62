"""The command line of the benchmarks, and how a sitting goes."""

from importlib import import_module

import pytest

from benchmarks.__main__ import RESULTS, measure, parse
from benchmarks.commands import Place
from benchmarks.job import Job, seconds


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["resnets"], "resnets: there is no such job; did you mean resnet?"),
        (["cnn", "everything"], "choose from cnn,"),
        (["--repeats", "0"], "--repeats 0: at least 1"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(arguments, said, capsys):
    with pytest.raises(SystemExit) as ended:
        parse(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err.splitlines()[-1]


def test_every_job_runs_unless_some_are_named():
    assert parse(["mlp"]).jobs == ["mlp"]
    assert {"cnn", "digits", "loop", "mlp", "resnet", "start", "sweeps"} <= set(parse([]).jobs)


def test_a_quick_sitting_writes_nothing():
    assert (parse([]).repeats, parse([]).output) == (3, RESULTS)
    assert (parse(["--quick"]).repeats, parse(["--quick"]).output) == (1, None)


def test_sides_are_measured_in_turn_and_each_comes_first(tmp_path):
    order = []

    def side(name):
        return lambda place: order.append(name) or {name: float(len(order))}

    job = Job([side("a"), side("b")], lambda found: [], seconds)
    *_, [(_, _, found)] = measure({"job": job}, 3, Place(tmp_path))
    assert order == ["a", "b", "b", "a", "a", "b"]
    assert found == {"a": [1.0, 4.0, 5.0], "b": [2.0, 3.0, 6.0]}


def test_the_operations_of_a_step_are_those_of_its_layers():
    cnn = import_module("benchmarks.jobs.cnn")
    first, second = 28 * 28 * 9 * 32, 14 * 14 * 9 * 32 * 64
    dense = 3136 * 128 + 128 * 10
    # Forward, the gradients of the kernels, and those of the inputs of all but the first layer.
    assert cnn.operations() == 2 * 128 * ((first + second + dense) * 2 + second + dense)
