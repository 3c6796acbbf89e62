"""What every architecture keeps to: built from traced numbers, in lanes, with paired random streams."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.autoencoder import Autoencoder
from models.cnn import CNN
from models.concat import Concat
from models.layers.normalization import none
from models.mlp import MLP
from models.multitask import Multitask
from models.recurrent import Recurrent
from models.resnet import ResNet
from models.vit import ViT
from models.wide_resnet import WideResNet

SHAPE = (6, 5, 1)


def concat(*, rngs, **options):
    """Two branches, one of them frozen, of the same options as the head."""
    branches = {
        "dense": partial(MLP, hidden=[6], **options),
        "images": partial(CNN, width=2, depth=1, hidden=[4], **options),
    }
    return Concat(SHAPE, 3, branches=branches, frozen=["images"], hidden=[5], **options, rngs=rngs)


MODELS = {
    "mlp": partial(MLP, SHAPE, 3, hidden=[8, 6]),
    "cnn": partial(CNN, SHAPE, 3, width=2, depth=2, hidden=[6]),
    "resnet": partial(ResNet, SHAPE, 3, width=2, depth=8),
    "wide_resnet": partial(WideResNet, SHAPE, 3, width=2, widening=2, depth=10),
    "lstm": partial(Recurrent, SHAPE, 3, cell=nnx.OptimizedLSTMCell, hidden=[4]),
    "vit": partial(ViT, SHAPE, 3, patch=1, width=4, depth=2, heads=2, expansion=2),
    "shared": partial(MLP, SHAPE, 3, hidden=[6, 6, 6], share=True),
    "multitask": partial(Multitask, SHAPE, 3, heads={"a": 1, "b": 2}, hidden=[8, 6], head_hidden=[4]),
    "autoencoder": partial(Autoencoder, SHAPE, 3, hidden=[8], code=4),
    "concat": concat,
}
NUMBERS = {
    "dropout": jnp.array([0.1, 0.2, 0.3, 0.4]),
    "momentum": jnp.array([0.5, 0.6, 0.7, 0.8]),
    "slope": jnp.array([0.0, 0.1, 0.2, 0.3]),
    "seed": jnp.arange(4),
}
every_model = pytest.mark.parametrize("model", MODELS.values(), ids=MODELS.keys())


def make(model, numbers):
    params, dropout = jax.random.split(jax.random.key(numbers["seed"]))
    return model(
        activation=partial(jax.nn.leaky_relu, negative_slope=numbers["slope"]),
        kernel_init=jax.nn.initializers.normal(0.3),
        normalization=partial(nnx.BatchNorm, momentum=numbers["momentum"], epsilon=1e-5),
        dropout=numbers["dropout"],
        rngs=nnx.Rngs(params=params, dropout=dropout),
    )


def graph(model, numbers):
    """The graph definition, without the cost of the initial values."""
    found = []
    jax.eval_shape(lambda: found.append(nnx.graphdef(make(model, numbers))))
    return found[0]


def step(model, numbers, state, x):
    graphdef = graph(model, numbers)
    params, rest = nnx.split_state(state, nnx.Param, ...)

    def loss(params):
        network = nnx.merge(graphdef, params, rest, copy=True)
        network.train()
        value = (network(x) ** 2).mean()
        return value, nnx.state(network, nnx.Not(nnx.Param))

    (_, rest), gradients = jax.value_and_grad(loss, has_aux=True)(params)
    return nnx.merge_state(jax.tree.map(lambda p, g: p - 0.1 * g, params, gradients), rest)


def train(model, numbers, x):
    state = nnx.state(make(model, numbers))
    return jax.lax.fori_loop(0, 3, lambda _, state: step(model, numbers, state, x), state)


def plain(state):
    """NumPy arrays, of the random keys too."""

    def convert(leaf):
        is_key = jax.dtypes.issubdtype(leaf.dtype, jax.dtypes.prng_key)
        return np.asarray(jax.random.key_data(leaf) if is_key else leaf)

    return jax.tree.map(convert, nnx.to_pure_dict(state))


@pytest.mark.exhaustive
@every_model
def test_lanes_equal_single_runs(model):
    x = jax.random.normal(jax.random.key(9), (16, *SHAPE))
    lanes = plain(jax.jit(jax.vmap(partial(train, model), (0, None)))(NUMBERS, x))
    single = jax.jit(partial(train, model))
    for lane in range(4):
        alone = plain(single(jax.tree.map(lambda a, lane=lane: a[lane], NUMBERS), x))
        jax.tree.map(lambda a, b, lane=lane: np.testing.assert_allclose(a[lane], b, atol=1e-5), lanes, alone)


def initial_kernels(model, **options):
    options = {"normalization": none, "dropout": 0.0, **options}

    @jax.jit
    def init():
        made = model(
            activation=jax.nn.relu,
            kernel_init=jax.nn.initializers.normal(0.3),
            rngs=nnx.Rngs(params=1, dropout=2),
            **options,
        )
        return nnx.state(made, nnx.Param)

    leaves = jax.tree.leaves_with_path(nnx.to_pure_dict(init()))
    return {jax.tree_util.keystr(path): leaf for path, leaf in leaves if "kernel" in str(path[-1])}


@every_model
def test_options_leave_the_initial_kernels(model):
    expected = initial_kernels(model)
    found = initial_kernels(model, normalization=nnx.BatchNorm, dropout=jnp.float32(0.5))
    assert len(expected) >= 3 and expected.keys() == found.keys()
    for name, kernel in expected.items():
        np.testing.assert_array_equal(found[name], kernel)
