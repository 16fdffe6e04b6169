"""How are many races simulated: scenario after scenario, block after block, on as many threads as wished."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from overcut.kernel.errors import OvercutError
from overcut.strategy.model import Outcome, Race, Scenario
from overcut.strategy.model.generic import generic_race
from overcut.strategy.simulator import layout as at
from overcut.strategy.simulator.chance import luck
from overcut.strategy.simulator.checking import check_race, check_scenario, check_size, wrong
from overcut.strategy.simulator.kernel import play
from overcut.strategy.simulator.lanes import BLOCK
from overcut.strategy.simulator.lowering import lowered
from overcut.strategy.simulator.packing import Packed, packed

PIECE = 16 * BLOCK
"""Races of one piece of work, at most."""


class Cancelled(OvercutError):  # noqa: N818 -- it is no failure
    """The caller no longer wants the answer."""


def simulate(
    race: Race,
    scenarios: Sequence[Scenario] = (Scenario(),),
    *,
    races: int = 10_000,
    seed: int = 0,
    threads: int | None = None,
    traces: int = 0,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[Outcome, ...]:
    """Play out a race many times in each scenario, with the same luck in all of them.

    Args:
        race: where it stands and what is known of circuit and cars.
        scenarios: versions of what is to come; an outcome is given for each, in their order.
        races: how many of each.
        seed: which luck; race number r of one seed meets the same luck in every scenario.
        threads: how many to use; None: as many as the machine has cores. The outcome is the same with any number.
        traces: of how many races (the first ones) every lap of every car is kept.
        progress: called with races done and races in all, over all scenarios, from the calling thread.
        cancelled: asked between pieces of work; True ends it.

    Raises:
        OvercutError: what was given cannot be simulated (see `overcut.strategy.simulator.checking`), or `Cancelled`.
    """
    check_size(races, len(scenarios), traces)
    if not 0 <= seed < 1 << 64:
        raise wrong(f"a seed of {seed}", hint="give a whole number from 0 to 2**64 - 1")
    if threads is not None and not 1 <= threads <= 1024:
        raise wrong(f"{threads} threads", hint="give 1 or more")
    check_race(race)
    for scenario in scenarios:
        check_scenario(race, scenario)
    words = luck(seed, races)
    parts = [Part(race, scenario, words, traces, seed) for scenario in scenarios]
    workers = min(threads or os.cpu_count() or 1, len(parts) * -(-races // BLOCK))
    piece = min(PIECE, -(-races // (workers * BLOCK)) * BLOCK)
    work = [(part, low, min(low + piece, races)) for part in parts for low in range(0, races, piece)]
    of, done = races * len(parts), 0
    for count in played(work, workers, cancelled):
        done += count
        if progress is not None:
            progress(done, of)
    return tuple(part.outcome() for part in parts)


def warm() -> None:
    """Have the kernel compiled and kept, or loaded, so that the next call takes no longer than any other."""
    simulate(generic_race(cars=2, laps=2), races=1, threads=1)


def played(work: Sequence[tuple[Part, int, int]], workers: int, cancelled: Callable[[], bool] | None) -> Iterator[int]:
    """Do the work, and give how many races each piece was, as they are done."""
    if workers == 1:
        for part, first, last in work:
            if cancelled is not None and cancelled():
                raise Cancelled("the simulation was cancelled")
            part.play(first, last)
            yield last - first
        return
    with ThreadPoolExecutor(max_workers=workers) as pool:
        futures = {pool.submit(part.play, first, last): last - first for part, first, last in work}
        for future in as_completed(futures):
            future.result()
            if cancelled is not None and cancelled():
                pool.shutdown(wait=True, cancel_futures=True)
                raise Cancelled("the simulation was cancelled")
            yield futures[future]


class Part:
    """One scenario's races while they are played; what is summed over races is whole numbers, in any order the same."""

    def __init__(self, race: Race, scenario: Scenario, words: NDArray[np.uint32], traces: int, seed: int) -> None:
        cars, laps, races = len(race.cars), race.circuit.laps - race.lap, len(words)
        self.race, self.scenario, self.seed, self.words = race, scenario, seed, words
        self.packed: Packed = packed(lowered(race, scenario))
        self.position = np.zeros((races, cars), np.uint8)
        self.time_s = np.zeros((races, cars), np.float32)
        self.retired = np.zeros((races, cars), np.bool_)
        self.stops = np.zeros((races, cars), np.uint8)
        self.neutral = np.zeros(races, np.uint8)
        self.traces = np.zeros((traces, laps, cars), np.int32)
        self.trace_stops = np.zeros((traces, laps, cars), np.int8)
        self.fan = np.zeros((laps, cars, cars), np.int32)
        self.sums = np.zeros((3, laps, cars), np.int64)
        self.adding = Lock()

    def play(self, first: int, last: int) -> None:
        """Play races from ``first`` to before ``last``."""
        fan, sums = np.zeros_like(self.fan), np.zeros_like(self.sums)
        floats, whole = np.zeros(at.F_SIZE, np.float32), np.zeros(at.I_SIZE, np.int32)
        place = np.zeros(at.FIELD, np.uint8)
        retired = self.retired.view(np.uint8)
        for start in range(first, last, BLOCK):
            words = self.words[start : min(start + BLOCK, last)]
            play(
                *self.packed, words, start, floats, whole, place, self.position, self.time_s, retired, self.stops,
                self.neutral, fan, sums, self.traces, self.trace_stops,
            )  # fmt: skip
        with self.adding:
            self.fan += fan
            self.sums += sums

    def outcome(self) -> Outcome:
        """What the races came to."""
        behind, laps, count = self.sums
        with np.errstate(invalid="ignore", divide="ignore"):
            mean_lap, mean_behind = laps / count, behind / count
        return Outcome(
            scenario=self.scenario,
            drivers=tuple(car.driver_number for car in self.race.cars),
            first_lap=self.race.lap + 1,
            position=self.position,
            time_s=self.time_s,
            retired=self.retired,
            stops=self.stops,
            fan=self.fan,
            neutral_laps=self.neutral,
            mean_behind_s=(mean_behind / 1000).astype(np.float32),
            mean_lap_s=(mean_lap / 1000).astype(np.float32),
            traces=self.traces,
            trace_stops=self.trace_stops,
            seed=self.seed,
        )
