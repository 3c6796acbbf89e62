"""A weighted mean of the training loss over a batch."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx
from sklearn.utils.class_weight import compute_class_weight

from runner.composition import compose
from runner.errors import ConfigError
from runner.experiment import blueprint, build_dataset, class_weights_of, numbers_of
from runner.objectives.tasks import classification, regression
from runner.preparation import place_dataset
from runner.specs import Spec, specify
from runner.training.batches import training_batch
from runner.training.state import create_model, skeleton
from runner.training.step import step
from runner.validation import validate

SPEC = Spec((2,), 3, ("a", "b", "c"), 1.0, 12, (6, 4, 2))


def test_balanced_is_scikit_learns():
    found = class_weights_of("balanced", SPEC, classification(3))
    classes = np.repeat([0, 1, 2], SPEC.class_counts)
    expected = compute_class_weight("balanced", classes=np.arange(3), y=classes)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert class_weights_of("balanced", SPEC._replace(class_counts=(12, 0, 0)), classification(3)).tolist()[
        1:
    ] == [0, 0]


def test_the_loss_of_a_step_is_the_weighted_mean():
    weights = np.arange(1.0, 11.0)
    config = compose(["model.hidden=[8]", f"class_weights={weights.tolist()}", "loss.label_smoothing=0.1"])
    dataset = build_dataset(config)
    data, numbers = place_dataset(config, dataset), numbers_of(config, 40)
    assert [f"class_weights.{place}" in numbers for place in range(10)] == [True] * 10
    parts = blueprint(config, specify(dataset), numbers).build(numbers)
    model, indices = create_model(parts), data.train[:50]
    inputs, targets, found = training_batch(parts, data, indices, jnp.int32(0))
    counted = weights[dataset.targets[np.asarray(indices)]]
    np.testing.assert_allclose(found, counted / counted.mean(), rtol=1e-6)
    losses = np.asarray(parts.loss(model(inputs), targets))
    graphdef, state = skeleton(parts), nnx.state(model)
    optimizer = parts.optimizer.init(nnx.state(model, nnx.Param))
    run = jax.jit(lambda state: step(parts, graphdef, state, optimizer, data, indices, jnp.int32(0)))
    _, _, scalars = run(state)
    np.testing.assert_allclose(scalars["train/loss"], np.sum(counted * losses) / np.sum(counted), rtol=1e-5)


def test_whole_numbers_become_floats_and_what_is_wrong_is_said():
    config = compose(["class_weights=[1,2,3]"])
    validate(config)
    assert [type(weight) for weight in config.class_weights] == [float] * 3
    for wrong in ("[1,-1]", "even", "[]", "3"):
        with pytest.raises(ConfigError, match="expected null or balanced or a list"):
            validate(compose([f"class_weights={wrong}"]))
    with pytest.raises(ConfigError, match="2 weights for 3 classes"):
        class_weights_of([1.0, 2.0], SPEC, classification(3))
    with pytest.raises(ConfigError, match="a task of classes alone"):
        class_weights_of("balanced", SPEC._replace(classes=None, class_counts=None), regression(3))
