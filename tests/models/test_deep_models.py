"""What the deeper architectures have in common: shapes, dtypes, parameters, sharing, and that they learn."""

from functools import partial, reduce

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.layers.maxout import Maxout
from models.layers.normalization import none
from models.layers.prelu import PReLU
from models.mlp import MLP
from models.recurrent import Recurrent
from models.resnet import ResNet
from models.vit import ViT
from models.wide_resnet import WideResNet
from tests.models.training import drawn, train

SHAPE = (8, 4, 2)
CELLS = {"rnn": nnx.SimpleCell, "lstm": nnx.OptimizedLSTMCell, "gru": nnx.GRUCell}
MODELS = {
    "resnet": partial(ResNet, width=4, depth=8),
    "wide_resnet": partial(WideResNet, width=2, widening=2, depth=10),
    **{name: partial(Recurrent, cell=cell, hidden=[6, 5]) for name, cell in CELLS.items()},
    "vit": partial(ViT, patch=2, width=8, depth=2, heads=2, expansion=2),
}
BATCH = partial(nnx.BatchNorm, momentum=0.9, epsilon=1e-5)
every_model = pytest.mark.parametrize("name", MODELS)


def make(name, shape=SHAPE, outputs=3, **options):
    model = MODELS[name] if isinstance(name, str) else name
    given = {
        "activation": jnp.tanh,
        "kernel_init": jax.nn.initializers.lecun_normal(),
        "normalization": none,
        "dropout": 0.0,
        "rngs": nnx.Rngs(params=0, dropout=1),
    }
    return model(shape, outputs, **{**given, **options})


def parameters(model):
    """Their number, without any memory."""
    state = jax.eval_shape(lambda: nnx.state(model(), nnx.Param))
    return sum(leaf.size for leaf in jax.tree.leaves(state))


@every_model
@pytest.mark.parametrize(
    "options",
    [{}, {"normalization": BATCH, "dropout": 0.5}, {"activation": PReLU}, {"dtype": "bfloat16"}],
    ids=["plain", "batch", "prelu", "bfloat16"],
)
def test_shapes_and_dtypes(name, options):
    slope = partial(jax.nn.leaky_relu, negative_slope=jnp.float32(0.1))
    seen = []

    def activation(x):
        seen.append(x.dtype.name)
        return slope(x)

    def run(x):
        model = make(name, **{"activation": activation, **options})
        return model(x), nnx.state(model, nnx.Param)

    outputs, found = jax.eval_shape(run, jnp.ones((5, *SHAPE)))
    assert outputs.shape == (5, 3) and outputs.dtype == jnp.float32
    assert {leaf.dtype.name for leaf in jax.tree.leaves(found)} == {"float32"}
    assert set(seen) <= {options.get("dtype", "float32")}
    # What a penalty and weight decay tell by its axes: kernels have them, and nothing else has.
    for path, leaf in nnx.to_flat_state(found):
        assert (leaf.ndim >= 2) is (path[-1] == "kernel"), path


@every_model
def test_float64(name):
    with jax.enable_x64(True):
        model = make(name, dtype="float64")
        x = jax.random.normal(jax.random.key(0), (2, *SHAPE), jnp.float64)
        program = jax.make_jaxpr(model)(x)
    assert "f32" not in str(program)


@every_model
def test_no_bias_that_batch_normalization_takes_away(name):
    """No gradient is 0 but for rounding."""
    with jax.enable_x64(True):
        model = make(name, normalization=BATCH, dtype="float64")
        x = jax.random.normal(jax.random.key(2), (6, *SHAPE), jnp.float64)
        found = gradients(model, x)
    for path, gradient in found.items():
        assert np.abs(gradient).max() > 1e-9, path


@pytest.mark.parametrize("name", ["resnet", "wide_resnet", "gru", "vit"])
def test_trains_with_every_number_as_an_input(name):
    sizes = {
        "resnet": ["model.width=4"],
        "wide_resnet": ["model.width=4", "model.widening=1"],
        "vit": ["model.width=16", "model.depth=1"],
    }.get(name, ["model.hidden=[16]"])
    overrides = [
        f"model={name}",
        *sizes,
        "activation=leaky_relu",
        "normalization=group",
        "normalization.num_groups=2",
        "regularizer=dropout",
        "regularizer.dropout=0.05",
        "precision=bfloat16",
        "optimizer=adam",
        "optimizer.learning_rate=1e-2",
    ]
    inputs = drawn(overrides)[1].keys()
    assert {"activation.negative_slope", "normalization.epsilon", "regularizer.dropout"} <= inputs
    losses = train(overrides, steps=30)
    assert losses[-5:].mean() < 0.95 * losses[:3].mean()


IMAGE = (32, 32, 3)
PAPER = {"activation": jax.nn.relu, "normalization": BATCH}


@pytest.mark.parametrize(("depth", "millions"), [(20, 0.27), (44, 0.66)])
def test_parameters_of_resnets(depth, millions):
    """As in table 6 of the paper."""
    count = parameters(lambda: make(partial(ResNet, width=16, depth=depth), IMAGE, 10, **PAPER))
    assert round(count / 1e6, 2) == millions


@pytest.mark.parametrize(("depth", "widening", "millions"), [(16, 8, 11.0), (28, 10, 36.5)])
def test_parameters_of_wide_resnets(depth, widening, millions):
    """As in table 4 of the paper."""
    model = partial(WideResNet, width=16, widening=widening, depth=depth)
    assert round(parameters(lambda: make(model, IMAGE, 10, **PAPER)) / 1e6, 1) == millions


@pytest.mark.parametrize(("name", "gates", "biases"), [("rnn", 1, 1), ("lstm", 4, 4), ("gru", 3, 3)])
def test_parameters_of_recurrent_networks(name, gates, biases):
    model = partial(Recurrent, cell=CELLS[name], hidden=[6])
    expected = gates * (4 * 2 * 6 + 6 * 6) + biases * 6 + (6 * 3 + 3)
    assert parameters(lambda: make(model)) == expected


def test_parameters_of_a_vit():
    block = 8 * 8 * 4 + 8 * 3 + (8 * 16 + 16) + (16 * 8 + 8)
    assert parameters(lambda: make("vit")) == (2 * 2 * 2 * 8 + 8) + 2 * block + (8 * 3 + 3)


SHARED = {
    "mlp": (partial(MLP, hidden=[6, 6, 6]), 6 * 6 + 6),
    "resnet": (
        partial(ResNet, width=2, depth=20),
        2 * (2 * (9 * 2 * 2 + 2) + (9 * 4 * 4 + 4) + (9 * 8 * 8 + 8)),
    ),
    "vit": (MODELS["vit"], 8 * 8 * 4 + 8 * 3 + (8 * 16 + 16) + (16 * 8 + 8)),
}


@pytest.mark.parametrize("name", SHARED)
def test_sharing_saves_a_block_s_parameters(name):
    model, saved = SHARED[name]
    assert parameters(lambda: make(model)) - parameters(lambda: make(model, share=True)) == saved


@pytest.mark.parametrize("name", SHARED)
def test_the_gradient_of_shared_weights_is_the_sum_over_their_places(name):
    x = jax.random.normal(jax.random.key(0), (4, *SHAPE))
    shared, apart = make(SHARED[name][0], share=True), make(SHARED[name][0])
    places = {}
    for path, _ in nnx.to_flat_state(nnx.state(apart, nnx.Param)):
        owner = at(shared, path)
        at(apart, path)[...] = owner[...]
        places.setdefault(id(owner), []).append(path)
    together, each = gradients(shared, x), gradients(apart, x)
    assert len(together) == len(places) < len(each)
    for path, gradient in together.items():
        expected = sum(each[place] for place in places[id(at(shared, path))])
        np.testing.assert_allclose(gradient, expected, atol=1e-4)


def at(model, path):
    return reduce(lambda node, key: node[key] if isinstance(key, int) else getattr(node, key), path, model)


def gradients(model, x):
    graphdef, params, rest = nnx.split(model, nnx.Param, ...)

    @jax.jit
    @jax.grad
    def gradient(params):
        return jnp.sin(nnx.merge(graphdef, params, rest, copy=True)(x)).sum()

    return {path: np.asarray(leaf[...]) for path, leaf in nnx.to_flat_state(gradient(params))}


def test_normalization_is_not_shared():
    model = make("vit", share=True, normalization=BATCH)
    first, second = model.blocks
    assert first.expand is second.expand and first.attention is second.attention
    assert first.before_dense is not second.before_dense


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (partial(MLP, hidden=[4, 5], share=True), r"hidden layers of one width, got \[4, 5\]"),
        (partial(MLP, hidden=[4, 4], share=True), r"more hidden layers, like \[4, 4, 4\], got \[4, 4\]"),
        (partial(ResNet, width=4, depth=10), "depth must be 6n [+] 2, like 8, .* got 10"),
        (partial(ResNet, width=0, depth=8), "width must be at least 1, got 0"),
        (partial(ResNet, width=4, depth=8, share=True), "depth must be at least 14, got 8"),
        (partial(WideResNet, width=4, widening=2, depth=8), "depth must be 6n [+] 4, like 10, .* got 8"),
        (partial(WideResNet, width=4, widening=0, depth=10), "widening must be at least 1"),
        (partial(Recurrent, cell=nnx.GRUCell, hidden=[]), r"hidden must be one width or more, .* got \[\]"),
        (partial(MODELS["vit"], patch=3), "patch 3 does not divide both sides of 8x4 images"),
        (partial(MODELS["vit"], width=6), "width must be a multiple of 4 and of the 2 heads, got 6"),
        (partial(MODELS["vit"], width=8, heads=3), "width must be a multiple of 4 and of the 3 heads, got 8"),
        (partial(MODELS["vit"], depth=0), "depth must be at least 1, got 0"),
        (partial(MODELS["vit"], depth=1, share=True), "depth must be at least 2, got 1"),
    ],
)
def test_sizes_that_cannot_work(model, message):
    with pytest.raises(ValueError, match=message):
        make(model)


@pytest.mark.parametrize("name", ["resnet", "wide_resnet", "vit"])
def test_input_that_is_not_an_image(name):
    with pytest.raises(ValueError, match=r"needs images \[h, w, c\], got an input of shape \[64\]"):
        make(name, (64,))


@pytest.mark.parametrize("name", [*CELLS, "wide_resnet"])
def test_no_place_for_maxout(name):
    with pytest.raises(ValueError, match=r"maxout.*; choose another activation, or model="):
        make(name, activation=Maxout(2))


@pytest.mark.parametrize("name", ["resnet", "vit"])
def test_maxout_of_one_piece_is_the_identity(name):
    x = jax.random.normal(jax.random.key(0), (3, *SHAPE))
    alone, plain = jax.jit(
        lambda: [make(name, activation=activation)(x) for activation in (Maxout(1), lambda x: x)]
    )()
    np.testing.assert_allclose(alone, plain, rtol=1e-6)
    assert jax.eval_shape(lambda: make(name, activation=Maxout(3))(x)).shape == (3, 3)


def test_features_are_a_series_of_single_numbers():
    model = make("gru", (5,))
    x = np.asarray(jax.random.normal(jax.random.key(0), (2, 5)))
    np.testing.assert_array_equal(make("gru", (5, 1, 1))(x.reshape(2, 5, 1, 1)), model(x))
