"""One feature and its powers: what a polynomial is fitted to."""

import numpy as np

from runner.data.dataset import Plane, Source


def polynomial(*, samples: int, degree: int, noise: float, seed: int) -> Source:
    """Noisy values of a sine, and the powers of where they were taken (Bishop 2006, section 1.1).

    Targets are float32 [samples, 1], sin(pi x) plus normal noise for x uniform from -1 to 1; inputs are
    float32 [samples, degree], x to the powers 1 to `degree`. A linear model on them is a polynomial.

    Args:
        samples: how many examples; the first ones of one seed are the same whatever the degree.
        degree: of the polynomial.
        noise: its standard deviation.
        seed: fixes the examples, whatever the seed of the run.
    """
    random = np.random.default_rng(seed)
    x = random.uniform(-1, 1, (samples, 1))
    targets = np.sin(np.pi * x) + noise * random.normal(size=(samples, 1))
    points = x.astype(np.float32)

    def powers(points: np.ndarray) -> np.ndarray:
        return points ** np.arange(1, degree + 1, dtype=np.float32)

    return Source(powers(points), targets.astype(np.float32), None, 1.0, plane=Plane(points, powers))
