"""Describes sensors as they are drawn: where they stand, what they show, whether that can be trusted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.model.terrain import Relief

if TYPE_CHECKING:
    from twin.scene.scene import Legend  # which knows all items, and so these

GOOD, STALE, BAD = 0, 1, 2


@dataclass(frozen=True, eq=False, slots=True)
class Sensed:
    """What the sensors of one observed property show; all columns are as long as `streams`."""

    observed: str
    streams: tuple[int, ...]
    """Numbers in `Heard.streams`."""
    stations: tuple[str, ...]
    """Ids."""
    places: NDArray[np.float64]
    """(n, 3), the heights above the ground. [m]"""
    values: NDArray[np.float64]
    """NaN where there is none. [unit of the observed property]"""
    status: NDArray[np.int8]
    """GOOD, STALE or BAD."""
    labels: tuple[str, ...]
    colours: tuple[str, ...]
    """#rrggbb of the class."""
    unit: str
    heights: NDArray[np.float64]
    """Of the bars: (n,). [m]"""
    legend: Legend
    """How to read the signs, and whose values these are."""
    joined: tuple[str, str, str] = ("{0} without value", "{0} to {1}", "{0} bad")
    """What labels of several sensors say."""


@dataclass(frozen=True, slots=True)
class SensorMarks:
    """Sensors, each with a sign and its value, in front of everything."""

    sensed: Sensed
    bars: bool = False
    """With a bar at each that is as high as its value."""
    opacity: float = 1.0
    relief: Relief | None = None
    """The ground they stand on; None: it is flat."""
