"""What augmentations draw from beside the data set: the examples of .npz files, as inputs of the programs."""

from collections.abc import Mapping
from typing import Any

import jax
import numpy as np
from omegaconf import DictConfig

from runner.binding import resolve
from runner.data.npz import npz
from runner.data.pool import Pool
from runner.errors import ConfigError
from runner.experiment import reads_pool
from runner.instantiation import blaming, is_off
from runner.objectives.tasks import Task
from runner.specs import Spec


def read_pools(config: DictConfig, spec: Spec, task: Task) -> dict[str, Pool]:
    """The pool of each augmentation of a config that has one and is on, by its name, on the device.

    Raises ConfigError where its file cannot be read, or its examples are not such as the data set has.
    """
    found = {}
    for name, node in resolve(config)["augmentation"].items():
        where = f"augmentation.{name}"
        if reads_pool(node, where) and not is_off(node.get("share")):
            found[name] = _read(node, where, spec, task)
    return found


def _read(node: Mapping[str, Any], where: str, spec: Spec, task: Task) -> Pool:
    path = node["path"]
    if path is None:
        raise ConfigError(f"{where}.path is null: name the .npz file that runner generate wrote")
    if spec.classes is None or task.classes != task.outputs:
        raise ConfigError(f"{where}: its examples have classes alone, and here more is asked of an example")
    with blaming(f"{where}.path"):
        source = npz(path=path, task="classification")
    inputs, told = np.asarray(source.inputs), f"{where}.path={path}: it has"
    if inputs.shape[1:] != spec.input_shape:
        raise ConfigError(f"{told} examples of {inputs.shape[1:]}, the data set of {spec.input_shape}")
    if len(source.classes or ()) != len(spec.classes):
        raise ConfigError(f"{told} {len(source.classes or ())} classes, the data set {len(spec.classes)}")
    if not len(inputs):
        raise ConfigError(f"{told} no examples")
    return Pool(*jax.device_put((inputs, source.targets, np.asarray(source.maximum, np.float32))))
