"""Compiles the program of the next batch while another trains."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from runner.backend import width
from runner.experiment import as_arrays
from runner.memory import free_bytes
from runner.preparation import Prepared, compile_lanes, real
from runner.sweeps.batches import Batch
from runner.sweeps.planning import Program
from runner.training.lanes import Device, Layout, lay_out, spread

Key = tuple[int, int]
"""A program and its lanes."""


@dataclass(frozen=True)
class TooLargeError(Exception):
    """By XLA's own account a program needs more memory than there is."""

    lanes: int
    """How many would fit."""


class Compiler:
    """Compiles programs in a thread; batches of the same program and size share one."""

    def __init__(self, devices: Sequence[Device]) -> None:
        self.devices = devices
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="compile")
        self._ordered: dict[Key, Future[Prepared]] = {}

    def __enter__(self) -> "Compiler":
        return self

    def __exit__(self, *_: object) -> None:
        # Without waiting for what nobody needs any more.
        self._pool.shutdown(wait=False, cancel_futures=True)

    def order(self, program: Program, lanes: int) -> None:
        """Starts to compile a program for at least so many lanes, unless it is done already."""
        layout = lay_out(lanes, program.flops, self.devices)
        key = _key(program, layout)
        if key not in self._ordered:
            self._ordered[key] = self._pool.submit(_compile, program, layout)

    def take(self, batch: Batch) -> Prepared:
        """The compiled program with the numbers of this batch; what it cost is told once.

        Raises TooLargeError; ConfigError where its parts cannot be built.
        """
        self.order(batch.program, batch.lanes)
        prepared = self._ordered[self._key(batch)].result()
        self._ordered[self._key(batch)] = _done(prepared._replace(compile_seconds=0.0))
        layout = prepared.programs.layout
        inputs = [member.inputs for member in batch.members]
        padded = [*inputs, *[inputs[-1]] * (layout.lanes - len(inputs))]
        with width(batch.program.material.config):
            numbers = spread(as_arrays(padded, real(batch.program.material.config)), layout)
        return prepared._replace(numbers=numbers)

    def forget(self, batch: Batch) -> None:
        """Lets go of a program."""
        self._ordered.pop(self._key(batch), None)

    def _key(self, batch: Batch) -> Key:
        return _key(batch.program, lay_out(batch.lanes, batch.program.flops, self.devices))


def _key(program: Program, layout: Layout) -> Key:
    return id(program), layout.lanes


def _compile(program: Program, layout: Layout) -> Prepared:
    with width(program.material.config):
        prepared = compile_lanes(program.material, program.lane, program.inputs[:1], layout, program.traced)
    room = free_bytes(layout.devices[0])
    if prepared.programs.bytes > room and layout.lanes > 1:
        raise TooLargeError(max(1, int(layout.lanes * room / prepared.programs.bytes)))
    return prepared


def _done(prepared: Prepared) -> Future[Prepared]:
    future: Future[Prepared] = Future()
    future.set_result(prepared)
    return future
