"""What a plan changes, one edit at a time."""

from __future__ import annotations

from dataclasses import dataclass

from shapely import MultiPoint, Polygon

ROOFS = ("flat", "gabled", "hipped", "pyramidal", "skillion")
GROUND_SURFACES = (
    "asphalt",
    "concrete",
    "paving_stones",
    "sett",
    "gravel",
    "grass",
    "meadow",
    "water",
    "wood",
)


@dataclass(frozen=True, slots=True)
class AddBuilding:
    """A new building on a footprint in local metres."""

    id: str
    title: str
    footprint: Polygon
    height: float
    """From the ground to the highest point of the roof. [m]"""
    storeys: int | None = None
    use: str = ""
    roof: str = "flat"
    """One of ROOFS."""
    roof_height: float | None = None
    """From the eaves to the highest point; a third of the narrow side when None. [m]"""


@dataclass(frozen=True, slots=True)
class Remove:
    """Objects or trees that go, by id."""

    id: str
    title: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlantTrees:
    """New trees, all alike, at points in local metres."""

    id: str
    title: str
    points: MultiPoint
    species: str = ""
    height: float = 8.0
    """[m]"""
    crown: float = 5.0
    """Diameter. [m]"""


@dataclass(frozen=True, slots=True)
class ChangeGround:
    """Another surface on an area in local metres."""

    id: str
    title: str
    area: Polygon
    surface: str
    """One of GROUND_SURFACES."""


Edit = AddBuilding | Remove | PlantTrees | ChangeGround


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of edits to what is there today."""

    id: str
    title: str
    description: str = ""
    illustrative: bool = False
    """Made to show the program, not a real plan."""
    edits: tuple[Edit, ...] = ()
