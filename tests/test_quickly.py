"""What the tests have composed once is what Hydra composes."""

import json
import subprocess
import sys
from pathlib import Path

from omegaconf import OmegaConf

from runner.composition.composer import Composer, without_hydra
from runner.composition.source import Source

OVERRIDES = [
    ["optimizer=sgd", "optimizer.learning_rate=0.3", "model.hidden=[16]", "regularizer=l2"],
    ["optimizer=sgd", "optimizer.learning_rate=0.1", "model.hidden=[8,8]", "regularizer=l2", "steps=5"],
    ["dataset=fashion_mnist", "model=cnn", "augmentation=[flip,crop]", "regularizer=[l1,dropout]"],
    ["experiment=playground_spiral", "schedule=cosine"],
    ["dataset=diabetes", "seed=3", "output_dir=out", "hydra.verbose=true"],
]
COMPOSED_BY_HYDRA = """
import json, sys
sys.path.append(sys.argv.pop(1))  # last, so that runner is the installed one
from tests.test_quickly import composed
print(json.dumps([composed(json.loads(overrides)) for overrides in sys.argv[1:]]))
"""


def composed(overrides):
    """A config, and what Hydra keeps of its overrides."""
    config = Composer(Source(None)).load(overrides)
    hydra = {key: config.hydra[key] for key in ("overrides", "verbose")}
    hydra["choices"] = config.hydra.runtime.choices
    return OmegaConf.to_container(without_hydra(config)), OmegaConf.to_container(OmegaConf.create(hydra))


def test_what_is_composed_once_is_what_hydra_composes(tmp_path):
    asked = [json.dumps(overrides) for overrides in OVERRIDES]
    told = subprocess.run(
        [sys.executable, "-c", COMPOSED_BY_HYDRA, str(Path(__file__).parents[1]), *asked],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    first, again = ([composed(overrides) for overrides in OVERRIDES] for _ in range(2))
    assert json.loads(json.dumps(first)) == json.loads(told.stdout)
    assert first == again
