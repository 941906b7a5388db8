"""Walks over grids: step by step towards the sun, and several grids at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from itertools import count
from threading import Event
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from twin.errors import Cancelled

WORKERS = 2
"""Threads that sweep at once; NumPy lets go of the interpreter while it works on a grid."""
OFTEN = 16
"""Steps of a sweep between two reports of progress: a few milliseconds."""

Progress = Callable[[float], None]
Floats = NDArray[np.float32]
Thing = TypeVar("Thing")


def towards(azimuth: float, shape: tuple[int, ...]) -> Iterator[tuple[int, int, float]]:
    """Steps down and right from a cell in a direction, and the distance along the ray, until off the grid.

    azimuth: clockwise from north. [deg]; all three are in cells.
    """
    east, north = math.sin(math.radians(azimuth)), math.cos(math.radians(azimuth))
    steeper = max(abs(east), abs(north))
    east, north = east / steeper, north / steeper
    rows, columns = shape
    for step in count(1):
        down, right = round(-north * step), round(east * step)
        if abs(down) >= rows or abs(right) >= columns:
            return
        yield down, right, step / steeper


def in_threads(
    work: Callable[[Thing, Progress], Floats], things: Sequence[Thing], progress: Progress
) -> Iterator[Floats]:
    """The grids that `work` makes of many things, as they get ready, made by WORKERS threads.

    work: also gets a function to call often, which ends it when its result is no longer wanted.
    progress: told the fraction done at least ten times a second; what it raises ends the work.
    """
    stop = Event()

    def go_on(_fraction: float) -> None:
        if stop.is_set():
            raise Cancelled("no longer wanted")

    with ThreadPoolExecutor(WORKERS, "grids") as pool:
        try:
            jobs = {pool.submit(work, thing, go_on) for thing in things}
            while jobs:
                done, jobs = wait(jobs, timeout=0.1, return_when=FIRST_COMPLETED)
                for job in done:
                    yield job.result()
                progress(1 - len(jobs) / len(things))
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)
