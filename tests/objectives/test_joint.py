"""Several tasks are the weighted sum of each alone, and each is measured by itself."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from runner.composition import compose
from runner.errors import ConfigError
from runner.experiment import as_arrays, blueprint, build_dataset, numbers_of
from runner.objectives.joint import columns, joint_task
from runner.objectives.tasks import classification, grouping, reconstruction
from runner.preparation import place_dataset
from runner.specs import specify
from runner.training import program
from runner.training.batches import examples
from runner.training.state import create_model

WEIGHTS = {"class": 0.7, "parity": 1.3, "reconstruction": 2.0}
MULTITASK = ["model=multitask", "model.hidden=[16]", "batch_size=32"]
WEIGHTED = [f"model.tasks.{name}.weight={weight}" for name, weight in WEIGHTS.items()]
TASKS = {
    "class": classification(3),
    "parity": grouping((0, 1, 0)),
    "reconstruction": reconstruction((2, 2)),
}


def built(*overrides):
    """The parts, the data and the spec of a config."""
    config = compose([*MULTITASK, *overrides])
    dataset = build_dataset(config)
    numbers = numbers_of(config, 3)
    build = blueprint(config, specify(dataset), numbers).build
    return build, as_arrays([numbers], "float32"), place_dataset(config, dataset)


def first(numbers):
    return {key: array[0] for key, array in numbers.items()}


def test_the_trunks_gradient_is_the_weighted_sum_of_each_tasks():
    build, numbers, data = built(*WEIGHTED, "loss.label_smoothing=0.1")
    parts = build(first(numbers))
    inputs, targets = examples(data, data.train[:64], parts)
    graphdef, state = nnx.split(create_model(parts))
    labels = np.asarray(data.targets[data.train[:64]])
    smoothed = 0.9 * np.eye(10)[labels] + 0.01

    def gradient(loss):
        def trunks(trunk):
            model = nnx.merge(graphdef, state, copy=True)
            nnx.update(model.trunk, trunk)
            return jnp.mean(loss(model(inputs)))

        return jax.tree.leaves(jax.grad(trunks)(state["trunk"]))

    alone = {
        "class": lambda out: -jnp.sum(smoothed * jax.nn.log_softmax(out[:, :10]), -1),
        "parity": lambda out: -jax.nn.log_softmax(out[:, 10:12])[np.arange(64), labels % 2],
        "reconstruction": lambda out: jnp.mean((out[:, 12:] - inputs.reshape(64, -1)) ** 2, -1),
    }
    each = [[WEIGHTS[name] * leaf for leaf in gradient(loss)] for name, loss in alone.items()]
    found = gradient(lambda out: parts.loss(out, parts.soften(targets)))
    assert len(found) == 2
    for leaf, own in zip(found, zip(*each, strict=True), strict=True):
        np.testing.assert_allclose(leaf, sum(own), atol=1e-6)
        assert all(np.abs(part).max() > 1e-4 for part in own)


def test_targets_and_metrics_are_each_tasks_own():
    task = joint_task(TASKS)
    inputs = jnp.arange(8.0).reshape(2, 2, 2) / 8
    targets = task.encode(jnp.array([1, 2]), inputs, "float32")
    expected = [[0, 1, 0, 0, 1, 0, 0.125, 0.25, 0.375], [0, 0, 1, 1, 0, 0.5, 0.625, 0.75, 0.875]]
    np.testing.assert_array_equal(targets, expected)
    outputs = jnp.asarray([[9, 0, 0, 0, 9, 0, 0, 0, 0], [0, 0, 9, 9, 0, 0, 0, 0, 0]], jnp.float32)
    found = {name: float(metric(outputs, targets, jnp.ones(2))) for name, metric in task.metrics.items()}
    square = np.mean((np.arange(8) / 8) ** 2)
    assert found == pytest.approx({"accuracy": 0.5, "parity/accuracy": 1, "reconstruction/mse": square})
    np.testing.assert_allclose(task.scores(outputs), jax.nn.softmax(outputs[:, :3]))
    assert (task.outputs, task.objective, task.classes) == (9, "accuracy", 3)
    assert columns(TASKS)["parity"] == slice(3, 5)


def test_a_task_alone_is_itself():
    assert joint_task({"parity": TASKS["parity"]}) is TASKS["parity"]


@pytest.mark.parametrize(
    ("overrides", "lowered"),
    [
        (WEIGHTED, ["train/loss"]),
        (["model=autoencoder", "model.code=4"], ["train/loss", "train/mse"]),
        (["model.tasks.class.weight=0", "model.tasks.reconstruction.weight=0"], ["train/loss"]),
    ],
    ids=["multitask", "autoencoder", "parity alone"],
)
def test_it_trains_with_its_weights_as_inputs(overrides, lowered):
    build, numbers, data = built(*overrides)
    numbers = first(numbers)
    assert any(key.endswith(".weight") for key in numbers)
    state = jax.jit(program.start(build))(numbers, data)
    advance = jax.jit(program.advance(build))

    def trained(state, at):
        return advance(numbers, state, jnp.int32(at), jnp.int32(10), jnp.bool_(True), data)

    state, early = trained(state, 0)
    for at in (10, 20, 30):
        state, late = trained(state, at)
    for tag in lowered:
        assert float(late.scalars[tag]) < 0.9 * float(early.scalars[tag])


@pytest.mark.parametrize(
    ("overrides", "line"),
    [
        (
            ["model=autoencoder", "loss=cross_entropy"],
            "reconstruction.loss: softmax_cross_entropy needs classes",
        ),
        (["model=autoencoder", "loss.label_smoothing=0.1"], "label_smoothing needs classes"),
        (["+model.tasks.colour.weight=1"], "model.tasks.colour: this data set has class, parity, reconst"),
        ([f"model.tasks.{name}.weight=0" for name in WEIGHTS], "model.tasks: every weight is 0"),
    ],
)
def test_a_task_that_makes_no_sense_is_one_line(overrides, line):
    with pytest.raises(ConfigError, match=line):
        build, numbers, _ = built(*overrides)
        build(first(numbers))


def test_an_autoencoder_chooses_its_loss():
    assert compose(["model=autoencoder"]).loss._target_ == "runner.objectives.losses.mse"
    assert compose(["model=mlp"]).loss._target_ == "optax.softmax_cross_entropy"
