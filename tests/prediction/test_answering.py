"""What a run says of inputs, task by task."""

from types import SimpleNamespace

import numpy as np

from runner.binding import resolve
from runner.composition import compose
from runner.prediction.answering import answering
from runner.questions import tasks_of
from runner.specs import Spec

IMAGES = Spec((2, 2, 1), 3, ("a", "b", "c"), 1.0, 100, groupings={"parity": (0, 1, 0)})
OUTPUTS = np.random.default_rng(0).normal(size=(5, 9)).astype(np.float32)


def answers(overrides, spec, width):
    """Of a run whose outputs are the first `width` columns of OUTPUTS."""
    tasks = tasks_of(resolve(compose(overrides))["model"].get("tasks"), spec)
    run = SimpleNamespace(tasks=tasks, classes=spec.classes, outputs=lambda inputs: OUTPUTS[:, :width])
    return answering(run)(np.zeros((5, *spec.input_shape)))


def softmax(outputs):
    powers = np.exp(outputs.astype(np.float64))
    return powers / powers.sum(axis=1, keepdims=True)


def test_one_of_several_classes():
    (own,) = answers([], IMAGES, 3)
    assert (own.task, own.classes) == ("", ("a", "b", "c"))
    np.testing.assert_allclose(own.scores, softmax(OUTPUTS[:, :3]), rtol=1e-5)


def test_numbers():
    (own,) = answers(["loss=mse"], Spec((4,), 2, None, 1.0, 100), 2)
    assert (own.task, own.classes) == ("", None)
    np.testing.assert_array_equal(own.scores, OUTPUTS[:, :2])


def test_the_main_task_comes_first_and_what_is_reconstructed_is_left_out():
    main, parity = answers(["model=multitask"], IMAGES, 9)
    assert (main.task, main.classes) == ("", ("a", "b", "c"))
    assert (parity.task, parity.classes) == ("parity", ("0", "1"))
    np.testing.assert_allclose(main.scores, softmax(OUTPUTS[:, :3]), rtol=1e-5)
    np.testing.assert_allclose(parity.scores, softmax(OUTPUTS[:, 3:5]), rtol=1e-5)


def test_the_main_task_need_not_be_the_class():
    (own,) = answers(["model=multitask", "model.tasks.class.weight=0"], IMAGES, 6)
    assert (own.task, own.classes) == ("", ("0", "1"))
    np.testing.assert_allclose(own.scores, softmax(OUTPUTS[:, :2]), rtol=1e-5)


def test_an_autoencoder_predicts_its_inputs():
    (own,) = answers(["model=autoencoder"], IMAGES, 4)
    assert own.classes is None
    np.testing.assert_array_equal(own.scores, OUTPUTS[:, :4])
