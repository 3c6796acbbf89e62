"""Parts that fail as they are told to."""

import numpy as np

from runner.data.dataset import Source


def data(fault: str) -> Source:
    """100 points [100, 4] of two classes with one fault."""
    inputs = np.random.default_rng(0).normal(size=(100, 4)).astype(np.float32)
    labels, classes, test = (inputs[:, 0] > 0).astype(np.int32), ("no", "yes"), None
    match fault:
        case "raises":
            raise OSError("the disk\nis gone")
        case "no source":
            return inputs, labels
        case "empty":
            inputs, labels = inputs[:0], labels[:0]
        case "nan":
            inputs[3, 1] = np.nan
        case "infinity":
            inputs[3, 1] = np.inf
        case "fewer labels":
            labels = labels[:-1]
        case "fewer inputs":
            inputs = inputs[:-1]
        case "one-hot":
            labels = np.eye(2, dtype=np.float32)[labels]
        case "label too large":
            labels[3] = 2
        case "label too small":
            labels[3] = -1
        case "labels are floats":
            labels = labels.astype(np.float32)
        case "flat numbers":
            labels, classes = inputs[:, 0], None
        case "nan numbers":
            labels, classes = np.full((100, 1), np.nan, np.float32), None
        case "lists":
            inputs = inputs.tolist()
        case "flat inputs":
            inputs = inputs[:, 0]
        case "text":
            inputs = inputs.astype(str)
        case "maximum":
            return Source(inputs, labels, classes, 0.0)
        case "test of another shape":
            test = inputs[:10, :3], labels[:10]
        case "test with fewer labels":
            test = inputs[:10], labels[:9]
        case "test with nan":
            test = inputs[:10] * np.nan, labels[:10]
    return Source(inputs, labels, classes, 1.0, test)


def loss(outputs, targets):
    """Forgets that it is asked for a loss an example."""
    return ((outputs - targets) ** 2).mean()


def augmentation(key, inputs, targets):
    """Forgets the targets."""
    return inputs


def sampler(key, targets):
    """Forgets the last example."""
    return np.arange(len(targets) - 1)


def optimizer(learning_rate):
    """Forgets to return the optimizer."""
