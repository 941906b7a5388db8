"""Holds what heat is worked out of, and what comes of it; quick to import, unlike the work itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.analysis.crown_light import Crowns
from twin.analysis.heat_moment import Climate, Moment
from twin.analysis.surface_temperature import UNWALKED

if TYPE_CHECKING:  # these bring the machine code with them
    from twin.analysis.heat_scene import Options
    from twin.analysis.mean_radiant import Ground
    from twin.analysis.sky_patches import Surroundings, Window

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class HeatInput:
    """An area made ready for heat; two of the same grid can be compared."""

    surroundings: Surroundings
    ground: Ground
    crowns: Crowns = ()
    """Of which species the crowns are, which says how much sun comes through them."""


@dataclass(frozen=True, eq=False, slots=True)
class HeatMaps:
    """Mean radiant temperature and UTCI at several times; NaN where nobody can stand or nothing is rated."""

    times: tuple[float, ...]
    """Since 1970 UTC. [s]"""
    moments: tuple[Moment, ...]
    mean_radiant: Floats
    """(times, rows, columns) [°C]"""
    utci: Floats
    """The same. [°C]"""
    sunlit: Floats
    """Share of direct sun on a person; the same shape."""
    sky_view: Floats
    """(rows, columns)"""
    given: HeatInput
    climate: Climate
    options: Options
    recomputed: Window
    """What was worked out anew; the rest was taken over."""
    done: list[int] = field(default_factory=list)
    """Indices of the times that are ready, in the order in which they became so."""

    @property
    def walked(self) -> NDArray[np.bool_]:
        """Where people walk: no building, no water, no tracks."""
        ground = self.given.ground
        closed = [number for number, name in enumerate(ground.materials) if name in UNWALKED]
        return np.asarray(ground.open & ~np.isin(ground.cover, closed))

    @property
    def nbytes(self) -> int:
        """Memory that the maps take. [byte]"""
        return self.mean_radiant.nbytes + self.utci.nbytes + self.sunlit.nbytes + self.sky_view.nbytes

    @property
    def complete(self) -> bool:
        """Whether all times are ready."""
        return len(self.done) == len(self.times)
