"""A vector layer: geometries with attributes and a style."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from twin.model.table import Table


@dataclass(frozen=True, slots=True)
class Style:
    """How a layer is drawn; sizes in metres, so that they hold at every zoom."""

    colour: str = "#888888"
    """#rrggbb"""
    width: float = 2.0
    """Of lines that have no `width` attribute. [m]"""
    glyph: str = ""
    """What stands at each point: tree, lamp, bench, stop, entrance, crossing; empty: a pin."""
    order: int = 0
    """Layers on the ground are drawn from low to high."""
    dashed: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Layer:
    """Geometries of one kind, in local metres."""

    id: str
    title: str
    geometry: NDArray[np.object_]
    """(n,) shapely geometries: points, lines or polygons. [m]"""
    table: Table
    """One row a geometry; a column `id` names each."""
    style: Style = field(default_factory=Style)
    role: str = ""
    """What scenarios may change: `trees`, `ground`, or nothing."""
    source: str = ""
    """Where it comes from, in one line, with the licence."""
