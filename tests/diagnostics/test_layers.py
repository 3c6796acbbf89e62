"""Layers have the names of their modules, and the order in which the network computes."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from runner.composition import compose
from runner.diagnostics.depth import depths
from runner.diagnostics.layers import find_layers, layers_of, spread
from runner.diagnostics.signals import MOST
from runner.diagnostics.watching import watch
from runner.experiment import blueprint, numbers_of
from runner.preparation import Lane, gather
from runner.training import diagnosis, program
from runner.training.compilation import in_sight

SMALL = ["dataset.subset=64", "batch_size=16"]
ATTENTION = [f"attention.{name}" for name in ("query", "key", "value", "result")]
EXPECTED = {
    "linear": "dense",
    "mlp": "dense.hidden.0* dense.hidden.1* dense.logits",
    "cnn": "blocks.0* blocks.1* dense.hidden.0* dense.logits",
    "lstm": "layers.0* logits",
    "autoencoder": "encoder.hidden.0* encoder.logits decoder.hidden.0* decoder.logits",
    "multitask": "trunk.0* trunk.1* heads.class heads.parity heads.reconstruction",
    "resnet model.depth=8": " ".join(
        [
            "stem activation*",
            *(f"blocks.{i}.first blocks.{i}.inner* blocks.{i}.second blocks.{i}.outer*" for i in range(3)),
            "logits",
        ]
    ),
    "wide_resnet model.depth=10": " ".join(
        [
            "stem",
            *(
                f"blocks.{i}.before_first* blocks.{i}.projection blocks.{i}.first "
                f"blocks.{i}.before_second* blocks.{i}.second"
                for i in range(3)
            ),
            "last* logits",
        ]
    ),
    "vit model.depth=1": " ".join(
        [
            "embed",
            *(f"blocks.0.{name}" for name in [*ATTENTION, "expand"]),
            "blocks.0* blocks.0.contract logits",
        ]
    ),
}
"""By model: its layers by their depth; those with a star have an activation."""


def tags_of(overrides: list[str]) -> list[str]:
    """The tags of a look, in their order, by tracing alone."""

    config, tags = compose([*SMALL, *overrides]), []
    material, numbers = gather(config), numbers_of(config, 100)
    lane = Lane(blueprint(config, material.spec, numbers), numbers, {})
    inputs, data = lane.scalars("float32"), material.data
    state = jax.eval_shape(program.start(lane.build), inputs, data)
    jax.eval_shape(diagnosis.look(lane.build, tags), inputs, in_sight(state), np.int32(0), data)
    return tags


def of(signal: str, tags: list[str]) -> list[str]:
    return [tag.removeprefix(f"{signal}/") for tag in tags if tag.startswith(f"{signal}/")]


@pytest.mark.parametrize("model", EXPECTED)
def test_layers_have_the_names_and_the_order_of_the_network(model):
    tags = tags_of([f"model={model.split()[0]}", *model.split()[1:], "diagnostics=full"])
    layers = EXPECTED[model].split()
    assert of("diagnostics/non_finite", tags) == [layer.rstrip("*") for layer in layers]
    assert of("diagnostics/dead_units", tags) == [layer.rstrip("*") for layer in layers if "*" in layer]


def test_basic_looks_at_some_layers_of_a_deep_network():
    tags = tags_of([f"model.hidden={[4] * 20}", "diagnostics=basic"])
    names = [*(f"dense.hidden.{layer}" for layer in range(20)), "dense.logits"]
    layers = of("gradient_norm", tags)
    assert len(layers) == MOST and layers == sorted(layers, key=names.index)
    assert (layers[0], layers[-1]) == (names[0], names[-1])
    assert len(tags) <= 4 * MOST + 2


def test_names_are_spread_evenly():
    assert spread("abcdefghi", 3) == ["a", "e", "i"]
    assert spread("ab", 3) == ["a", "b"]


def test_a_layer_is_what_belongs_to_one_matrix():
    parameters = {
        "deep.0.linear.kernel": 2,
        "deep.0.linear.bias": 1,
        "deep.0.normalization.scale": 1,
        "attention.query.kernel": 2,
        "attention.key.kernel": 2,
        "norm.scale": 1,
        "kernel": 2,
    }
    axes = {tuple(int(p) if p.isdigit() else p for p in key.split(".")): n for key, n in parameters.items()}
    found = {".".join(map(str, path)): layer for path, layer in layers_of(axes).items()}
    assert found == {
        "deep.0.linear.kernel": "deep.0",
        "deep.0.linear.bias": "deep.0",
        "deep.0.normalization.scale": "deep.0",
        "attention.query.kernel": "attention.query",
        "attention.key.kernel": "attention.key",
        "kernel": "kernel",
    }


class Backwards(nnx.Module):
    """Its modules are made, and named, in another order than that in which they are called."""

    def __init__(self, rngs):
        self.a, self.b, self.unused, self.c = (nnx.Linear(2, 2, rngs=rngs) for _ in range(4))

    def __call__(self, x):
        return self.b(jax.jit(lambda x: self.a(self.c(x)))(x))


def test_a_network_that_sows_nothing_has_layers_in_its_order_too():
    graphdef, parameters = nnx.split(Backwards(nnx.Rngs(0)))
    inputs = jnp.ones((3, 2))

    def outputs(parameters):
        return watch(nnx.merge(graphdef, parameters), inputs)[1]

    layers = find_layers(outputs, parameters)
    assert layers.names == ["c", "a", "b", "unused"]
    found = layers.divide(parameters)
    assert found["c"][1] is parameters["c"]["kernel"].get_value()
    assert list(found) == layers.names and all(len(arrays) == 2 for arrays in found.values())


def test_depths_are_of_first_use_and_of_making():
    used, made = depths(lambda x: {"late": x[1] * (x[0] + 1), "given": x[2]}, [1.0, 2.0, 3.0])
    assert used == [(0,), (1,), (2,)]
    assert made == {"late": (1,), "given": ()}
