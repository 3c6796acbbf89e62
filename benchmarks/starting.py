"""How long a run takes from the end of imports to its first step.

    python -m benchmarks.starting OVERRIDES...

What `runner train` imports is imported, and the config composed, before. Then the data is loaded, the
programs are compiled or found in the cache, and the first step is taken. Prints JSON.
"""

import json
import sys
import time

import jax
import numpy as np

from runner.backend import configure
from runner.composition import compose
from runner.launch import initial_state
from runner.preparation import gather, prepare_material


def main() -> None:
    """Starts, and takes one step."""
    config = compose(sys.argv[1:])
    began = time.perf_counter()
    configure(config)
    prepared = prepare_material(gather(config))
    state, supply, plan = initial_state(prepared), prepared.supply, prepared.material.plan
    with supply.course(prepared.numbers, plan, 0, 1, prepared.val) as course:
        count, data = course.steps(0, 1)
        jax.block_until_ready(
            prepared.programs.advance(
                prepared.numbers, state, np.int32(0), np.int32(count), np.bool_(True), data
            )
        )
    print(json.dumps({"seconds": time.perf_counter() - began}))


if __name__ == "__main__":
    main()
