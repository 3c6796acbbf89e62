"""A network that fails as it is told to."""

import math

from flax import nnx


class Faulty(nnx.Module):
    """A linear model that has one fault."""

    def __init__(self, input_shape, outputs, *, fault: str, rngs):
        if fault == "init":
            raise RuntimeError("no weights\ntoday")
        self.fault = fault
        self.deterministic = False  # `eval()` sets it
        self.linear = nnx.Linear(math.prod(input_shape), outputs + (fault == "outputs"), rngs=rngs)

    def __call__(self, x):
        if self.fault == "call" or (self.fault == "eval" and self.deterministic):
            raise RuntimeError("no outputs\ntoday")
        outputs = self.linear(x.reshape(len(x), -1))
        return {"nothing": None, "pair": (outputs, x), "flat": outputs[:, 0]}.get(self.fault, outputs)


def nothing(input_shape, outputs, *, fault: str, rngs):
    """Forgets to return the model."""
