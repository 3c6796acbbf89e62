"""The default classifier, trained on what it is given and tested on real examples."""

from dataclasses import replace

import numpy as np
from omegaconf import DictConfig

from runner.composition import compose
from runner.data.dataset import Dataset
from runner.preparation import gather_with, place_dataset, prepare_material
from runner.states import initial_state

BATCH = 64


def classifier_accuracy(asked: DictConfig, dataset: Dataset, train: np.ndarray, steps: int) -> float:
    """Accuracy on the test split of the default config's model, after `steps` steps on the examples `train`.

    Its weights are the last ones: nothing is chosen on val. Of generated examples it is the classification
    accuracy score (Ravuri and Vinyals 2019, arXiv 1905.10887).

    Args:
        asked: the config of the generator, for its data set and how it is computed.
        dataset: with the generated examples among its inputs.
        train: int32, at which of them to train.
        steps: how many steps of at most 64 examples each.
    """
    taught = replace(dataset, train=train)
    config = _config(asked, steps, len(train))
    prepared = prepare_material(gather_with(config, taught, place_dataset(config, taught)))
    programs, numbers, data = prepared.programs, prepared.numbers, prepared.data
    began = np.int32(0), np.int32(steps), np.bool_(True)
    state, _ = programs.advance(numbers, initial_state(prepared), *began, data)
    found = programs.assess(numbers, state, np.int32(steps), np.bool_(True), *prepared.test, data)
    return float(np.asarray(found.verdict.scalars["accuracy"])[0])


def _config(asked: DictConfig, steps: int, examples: int) -> DictConfig:
    config = compose([])
    for key in ("dataset", "device", "compilation_cache"):
        config[key] = asked[key]
    config.steps, config.batch_size = steps, min(BATCH, examples)
    config.diagnostics.every = None
    return config
