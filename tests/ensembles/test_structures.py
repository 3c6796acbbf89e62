"""Which networks are lanes of one program."""

from functools import partial

import jax
import pytest
from flax import nnx

from models.layers.normalization import none
from models.mlp import MLP
from runner.ensembles.structures import fixed_of


def network(slope: float, rate: float, seed: int = 0) -> nnx.Module:
    return MLP(
        (3,),
        2,
        hidden=[4],
        activation=partial(jax.nn.leaky_relu, negative_slope=slope),
        kernel_init=nnx.initializers.he_normal(),
        normalization=none,
        dropout=rate,
        rngs=nnx.Rngs(params=seed, dropout=seed),
    )


@pytest.mark.parametrize(
    ("slope", "rate", "seed", "same"),
    [(0.1, 0.5, 1, True), (0.1, 0.2, 0, True), (0.2, 0.5, 0, False), (0.1, 0.0, 0, False)],
    ids=["seed", "dropout rate", "slope", "no dropout"],
)
def test_networks_that_differ_in_variables_alone_are_alike(slope, rate, seed, same):
    first, other = (nnx.graphdef(network(*own)) for own in ((0.1, 0.5), (slope, rate, seed)))
    assert (fixed_of(first) == fixed_of(other)) is same
