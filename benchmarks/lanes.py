"""How lanes should advance on this machine's CPU: together, in turn, or in blocks; on one device or several.

    python -m benchmarks.lanes                       every model
    python -m benchmarks.lanes --models "mlp 128-64" --lanes 250

Prints the milliseconds of a step of one lane, the best of interleaved repeats, and where `TOGETHER_BELOW` of
runner/training/lanes.py should stand: between the largest step that is faster together and the smallest that
is faster in turn. The operations of a step are those that the plan of a sweep counts
(runner/training/flops.py).
"""

import argparse
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import jax
import numpy as np

from runner.backend import configure, use_every_core
from runner.composition import compose
from runner.experiment import as_arrays, build_dataset
from runner.huge_pages import use_huge_pages
from runner.preparation import Lane, Material, gather_with, place_dataset, real, trace, with_inputs
from runner.training import program
from runner.training.compilation import advance_lanes
from runner.training.lanes import (
    TOGETHER_BELOW,
    Layout,
    in_turn,
    over_lanes,
    share,
    spread,
    spread_shapes,
    together,
)

MODELS = {
    "linear": ["model.hidden=[]"],
    "mlp 16": ["model.hidden=[16]"],
    "mlp 32": ["model.hidden=[32]"],
    "mlp 64": ["model.hidden=[64]"],
    "mlp 128-64": ["model.hidden=[128,64]"],
    "cnn 8": ["model=cnn", "model.width=8"],
    "cnn 32": ["model=cnn", "model.width=32"],
}
BLOCKS = (4, 8)
MEASURED_SECONDS = 0.4
STEPS_FIRST = 2

Across = Callable[[Callable[..., Any], int], Callable[..., Any]]
Timed = Callable[[int], float]
"""The seconds that a number of steps takes."""


class Model(NamedTuple):
    """A run of the default job with this model."""

    material: Material
    lane: Lane
    flops: float


def main() -> None:
    """Measures and prints."""
    use_huge_pages()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--models", nargs="+", choices=MODELS, default=list(MODELS))
    parser.add_argument("--lanes", type=int, default=32)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()
    use_every_core()
    ways: dict[str, Across] = {"together": together, "in turn": in_turn}
    ways |= {f"blocks of {size}": in_blocks(size) for size in BLOCKS}
    counts = sorted({1, len(jax.devices())})
    print(f"{jax.default_backend()}, {options.lanes} lanes, ms a step of one lane\n")
    print(f"{'model':12}{'Mflop':>8}  {'devices':8}" + "".join(f"{way:>14}" for way in ways))
    found: dict[int, list[tuple[float, dict[str, float]]]] = {count: [] for count in counts}
    for name in options.models:
        model = prepare_model(MODELS[name])
        cases = {(count, way): layout(options.lanes, count, ways[way]) for count in counts for way in ways}
        times = measure(model, cases, options.repeats)
        for count in counts:
            row = {way: times[count, way] for way in ways}
            found[count].append((model.flops, row))
            figures = "".join(f"{row[way]:14.4f}" for way in ways)
            print(f"{name:12}{model.flops / 1e6:8.2f}  {count:<8}{figures}", flush=True)
    print(f"\nTOGETHER_BELOW is {TOGETHER_BELOW:.1e}; measured:")
    for count, rows in found.items():
        print(f"{count} devices: {threshold(rows)}")


def prepare_model(overrides: Sequence[str]) -> Model:
    """The data, one lane, and the operations of a step."""
    config = compose(list(overrides))
    configure(config)
    dataset = build_dataset(config)
    material = gather_with(config, dataset, place_dataset(config, dataset))

    def traced(lane: Lane) -> tuple[Lane, float]:
        return lane, trace(material, lane).flops

    return Model(material, *with_inputs(config, material.spec, material.plan.total, traced, traced))


def layout(lanes: int, devices: int, across: Across) -> Layout:
    """Lanes on so many devices, a multiple of them."""
    return Layout(-(-lanes // devices) * devices, across, jax.devices()[:devices])


def in_blocks(size: int) -> Across:
    """So many lanes together, one block after another."""

    def across(function: Callable[..., Any], mapped: int) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            shared = arguments[mapped:]
            return jax.lax.map(lambda own: function(*own, *shared), arguments[:mapped], batch_size=size)

        return run

    return across


def measure(
    model: Model, cases: Mapping[tuple[int, str], Layout], repeats: int
) -> dict[tuple[int, str], float]:
    """Milliseconds of a step of one lane in each case, the best of interleaved repeats."""
    runs = {case: trainer(model, layout) for case, layout in cases.items()}
    steps = {}
    for case, run in runs.items():
        run(STEPS_FIRST)
        steps[case] = max(1, round(STEPS_FIRST * MEASURED_SECONDS / run(STEPS_FIRST)))
    best = dict.fromkeys(cases, float("inf"))
    for _ in range(repeats):
        for case, run in runs.items():
            taken = run(steps[case]) / steps[case] / cases[case].lanes
            best[case] = min(best[case], 1e3 * taken)
    return best


def trainer(model: Model, layout: Layout) -> Timed:
    """The compiled lanes, as a function of the number of steps."""
    material, lane = model.material, model.lane
    numbers = spread(as_arrays([lane.inputs] * layout.lanes, real(material.config)), layout)
    data = share(material.data, layout)
    start = jax.jit(over_lanes(program.start(lane.build), 1, layout)).lower(numbers, data)
    shapes = spread_shapes(start.out_info, layout)
    first, flag = np.int32(0), np.bool_(True)
    advance = jax.jit(advance_lanes(program.advance(lane.build), layout), donate_argnums=1)
    compiled = advance.lower(numbers, shapes, first, first, flag, data).compile()
    state = start.compile()(numbers, data)

    def run(steps: int) -> float:
        nonlocal state
        began = time.perf_counter()
        state, record = compiled(numbers, state, first, np.int32(steps), flag, data)
        jax.block_until_ready((state, record))
        return time.perf_counter() - began

    return run


def threshold(rows: Sequence[tuple[float, Mapping[str, float]]]) -> str:
    """Where the faster of `together` and `in turn` changes."""
    faster = {flops: row["together"] < row["in turn"] for flops, row in rows}
    below = max((flops for flops, is_faster in faster.items() if is_faster), default=0.0)
    above = min((flops for flops, is_faster in faster.items() if not is_faster), default=float("inf"))
    best = ", ".join(f"{flops / 1e6:.2f}: {min(row, key=lambda way: row[way])}" for flops, row in rows)
    return f"together up to {below:.1e}, in turn from {above:.1e}; best of all, by Mflop: {best}"


if __name__ == "__main__":
    main()
