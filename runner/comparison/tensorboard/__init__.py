"""A comparison as one TensorBoard run: pictures, text and the HPARAMS of all runs."""

from runner.comparison.tensorboard.writing import write_tensorboard

__all__ = ["write_tensorboard"]
