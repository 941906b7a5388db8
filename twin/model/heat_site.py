"""A place where radiation was measured, to hold a model to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
from numpy.typing import NDArray

from twin.model.weather import Weather

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class SiteGrids:
    """All on one grid, the first row in the north. [m]"""

    surface: Floats
    ground: Floats
    tops: Floats | None
    """Of crowns, in the heights of `surface`; NaN where there is none."""
    trunks: Floats | None
    cover: NDArray[np.int32] | None
    """Codes of the file; -1 where it has none."""
    cell: float
    row: int
    column: int
    """Of the point."""
    longitude: float
    latitude: float
    notices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """What was measured in a row of the weather."""

    day: date
    hour: int
    minute: int | None
    """None: rows of the whole hour belong to it."""
    values: Mapping[str, float]
    """`tmrt` [°C], `kdown` and `ldown` [W/m²]; NaN where not measured."""


@dataclass(frozen=True, eq=False, slots=True)
class HeatSite:
    """A place where radiation was measured, and the weather while it was."""

    name: str
    grids: SiteGrids
    cover: NDArray[np.uint8]
    """Index into `materials`."""
    materials: tuple[str, ...]
    longitude: float
    latitude: float
    utc_offset: float
    """Of all clocks. [h]"""
    weather: tuple[Weather, ...]
    observations: tuple[Observation, ...]
    posture: str
    shortwave: float
    longwave: float
    """Absorption of the body."""
    transmissivity: float
    """Of crowns."""
    notices: tuple[str, ...]


def clock_of(seconds: float, utc_offset: float) -> datetime:
    """What the site's clock shows. seconds: since 1970 UTC. [s]"""
    return datetime.fromtimestamp(seconds + utc_offset * 3600, UTC)
