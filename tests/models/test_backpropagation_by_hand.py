"""One step of back-propagation, SGD and MSE on a 2-2-1 sigmoid net, by the chain rule written out.

docs/backpropagation.md works the same example; the numbers are those of the page.
"""

import re
from math import exp
from pathlib import Path

import jax
import numpy as np
import optax
import pytest
from flax import nnx

from models.layers.normalization import none
from models.mlp import MLP
from runner.objectives.losses import mse

PAGE = Path(__file__).parents[2] / "docs" / "backpropagation.md"
RATE = 0.5
X1, X2, TARGET = 0.05, 0.10, 0.01
# w_ij leads from i to j; h1 and h2 are hidden, o is the output.
W11, W12, W21, W22 = 0.15, 0.25, 0.20, 0.30
B1, B2 = 0.35, 0.35
V1, V2, C = 0.40, 0.45, 0.60


def sigmoid(z):
    return 1 / (1 + exp(-z))


def by_hand():
    """The loss, and every weight after the step."""
    h1 = sigmoid(W11 * X1 + W21 * X2 + B1)
    h2 = sigmoid(W12 * X1 + W22 * X2 + B2)
    output = V1 * h1 + V2 * h2 + C
    loss = (output - TARGET) ** 2

    d_output = 2 * (output - TARGET)
    d_v1, d_v2, d_c = d_output * h1, d_output * h2, d_output
    d_z1 = d_output * V1 * h1 * (1 - h1)
    d_z2 = d_output * V2 * h2 * (1 - h2)
    d_w11, d_w21, d_b1 = d_z1 * X1, d_z1 * X2, d_z1
    d_w12, d_w22, d_b2 = d_z2 * X1, d_z2 * X2, d_z2

    return loss, {
        "w11": W11 - RATE * d_w11,
        "w12": W12 - RATE * d_w12,
        "w21": W21 - RATE * d_w21,
        "w22": W22 - RATE * d_w22,
        "b1": B1 - RATE * d_b1,
        "b2": B2 - RATE * d_b2,
        "v1": V1 - RATE * d_v1,
        "v2": V2 - RATE * d_v2,
        "c": C - RATE * d_c,
    }


@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 1e-6), ("float64", 1e-12)])
def test_one_step_equals_the_chain_rule(dtype, tolerance):
    with jax.enable_x64(dtype == "float64"):
        model = MLP(
            (2,),
            1,
            hidden=[2],
            activation=jax.nn.sigmoid,
            kernel_init=jax.nn.initializers.zeros,
            normalization=none,
            dropout=0.0,
            dtype=dtype,
            rngs=nnx.Rngs(0),
        )
        hidden, output = model.dense.hidden[0].linear, model.dense.logits
        hidden.kernel[...] = np.array([[W11, W12], [W21, W22]], dtype)
        hidden.bias[...] = np.array([B1, B2], dtype)
        output.kernel[...] = np.array([[V1], [V2]], dtype)
        output.bias[...] = np.array([C], dtype)
        graphdef, parameters = nnx.split(model)

        def objective(parameters):
            outputs = nnx.merge(graphdef, parameters)(np.array([[X1, X2]], dtype))
            return mse(outputs, np.array([[TARGET]], dtype)).mean()

        loss, gradients = jax.value_and_grad(objective)(parameters)
        optimizer = optax.sgd(RATE)
        updates, _ = optimizer.update(gradients, optimizer.init(parameters))
        moved = nnx.merge(graphdef, optax.apply_updates(parameters, updates))
        hidden, output = moved.dense.hidden[0].linear, moved.dense.logits
        found = {
            **{f"w{i + 1}{j + 1}": hidden.kernel[i, j] for i in range(2) for j in range(2)},
            **{f"b{j + 1}": hidden.bias[j] for j in range(2)},
            **{f"v{i + 1}": output.kernel[i, 0] for i in range(2)},
            "c": output.bias[0],
        }
        expected_loss, expected = by_hand()
        assert abs(float(loss) - expected_loss) < tolerance
        assert found.keys() == expected.keys()
        for name, value in expected.items():
            assert abs(float(found[name]) - value) < tolerance, name


def test_the_page_has_these_numbers():
    loss, weights = by_hand()
    page = PAGE.read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \|.* (-?\d+\.\d+) \|$", page, re.MULTILINE))
    assert rows.keys() == {"loss", *weights}
    for name, value in {"loss": loss, **weights}.items():
        assert abs(float(rows[name]) - value) <= 0.5e-6, name
