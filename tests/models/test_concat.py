"""The features of several models under one head, some of them frozen."""

from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from flax import nnx

from models.autoencoder import Autoencoder
from models.cnn import CNN
from models.concat import Concat
from models.mlp import MLP
from models.recurrent import Recurrent

SHAPE = (4, 4, 1)
OPTIONS = {
    "activation": jax.nn.relu,
    "kernel_init": jax.nn.initializers.he_normal(),
    "normalization": partial(nnx.BatchNorm, momentum=0.9, epsilon=1e-5),
    "dropout": 0.5,
}
BRANCHES = {
    "dense": partial(MLP, hidden=[6, 5], **OPTIONS),
    "images": partial(CNN, width=2, depth=1, hidden=[3], **OPTIONS),
}
X = jax.random.normal(jax.random.key(0), (7, *SHAPE))


def concat(branches=BRANCHES, hidden=(), **options):
    model = Concat(
        SHAPE, 10, branches=branches, hidden=hidden, **OPTIONS, **options, rngs=nnx.Rngs(params=0, dropout=1)
    )
    return model


def test_the_head_gets_what_each_branch_has_before_its_logits():
    model = concat(hidden=[8])
    model.eval()
    dense, images = model.branches["dense"].dense, model.branches["images"]

    @jax.jit
    def both(x):
        features = x.reshape(7, -1)
        for layer in dense.hidden:
            features = layer(features)
        others = images.dense.hidden[0](images.blocks[0](x).reshape(7, -1))
        return model(x), model.head(jnp.concatenate([features, others], axis=-1))

    outputs, by_hand = both(X)
    assert model.branches["dense"](X).shape == (7, 5)
    assert np.ptp(outputs) > 0
    np.testing.assert_array_equal(outputs, by_hand)


def test_a_branch_has_no_logits_of_its_own():
    sizes = {path: leaf.shape for path, leaf in nnx.to_flat_state(nnx.state(concat(), nnx.Param))}
    logits = {path: shape for path, shape in sizes.items() if "logits" in path}
    assert logits == {("head", "logits", "bias"): (10,), ("head", "logits", "kernel"): (8, 10)}


def test_the_features_of_others_are_their_last_state_and_their_code():
    none = OPTIONS | {"normalization": nnx.LayerNorm, "dropout": 0.0}
    rngs = nnx.Rngs(params=0, dropout=1)
    series = Recurrent(SHAPE, None, cell=nnx.GRUCell, hidden=[3], **none, rngs=rngs)
    np.testing.assert_array_equal(series(X), series.layers[0](X.reshape(7, 4, 4))[:, -1])
    coder = Autoencoder(SHAPE, None, hidden=[8], code=2, **none, rngs=rngs)
    np.testing.assert_array_equal(coder(X), coder.encoder(X.reshape(7, -1)))


def test_a_frozen_branch_has_no_parameters_and_is_only_evaluated():
    model = concat(frozen=["dense"])
    own = {path[1] for path, _ in nnx.to_flat_state(nnx.state(model, nnx.Param)) if path[0] == "branches"}
    assert own == {"images"}
    model.train()
    before = jax.tree.map(jnp.copy, nnx.state(model, nnx.Not(nnx.RngState)))
    model(X)
    after = nnx.state(model, nnx.Not(nnx.RngState))
    for name, is_moved in {
        "dense": False,
        "images": True,
    }.items():  # the others are in training mode, as asked
        statistics = [nnx.filter_state(state, nnx.BatchStat)["branches"][name] for state in (before, after)]
        pairs = zip(*map(jax.tree.leaves, statistics), strict=True)
        assert [bool((a != b).any()) for a, b in pairs] == [is_moved] * len(jax.tree.leaves(statistics[0]))


def test_a_frozen_branch_drops_nothing_in_training():
    model = concat({"dense": BRANCHES["dense"]}, frozen=["dense"])
    model.head = lambda features: features  # its own dropout aside
    model.train()
    features = model(X)
    model.eval()
    np.testing.assert_array_equal(features, model(X))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"branches": {}}, "there is none"),
        ({"frozen": ["others"]}, "there is no branch others, only dense, images"),
        ({"branches": {"odd": lambda shape, outputs, rngs: nnx.Conv(1, 2, (3, 3), rngs=rngs)}}, "must be"),
    ],
)
def test_what_is_wrong_is_said(options, said):
    with pytest.raises(ValueError, match=said):
        concat(**options)
