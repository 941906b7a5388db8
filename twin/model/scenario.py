"""What a plan changes, one edit at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from shapely import LineString, MultiPoint, Polygon
from shapely.geometry.base import BaseGeometry

from twin.model.city import City
from twin.model.table import Value

ROOFS = ("flat", "gabled", "hipped", "pyramidal", "skillion")
GROUND_SURFACES = (
    *("asphalt", "concrete", "paving_stones", "sett", "gravel", "ballast"),
    *("grass", "meadow", "planting", "water", "wood", "sand"),
)
FORMS = ("tower", "slab", "row", "perimeter")
"""How a plot can be filled with buildings."""
WAYS = ("street", "footway", "crossing", "ramp", "steps", "hedge")
"""What runs along a line."""
THINGS = ("lamp", "bench", "stop", "projector")
"""What stands at a point."""
GREENS = ("sedum", "meadow", "wall")
"""What can grow on a building."""
MODEL_KINDS = ("Building", "Bridge", "OtherConstruction", "CityFurniture")
"""What a model can be of."""
STOREY_HEIGHT = 3.3
"""Between that of homes and of offices. [m]"""


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
    year: int | None = None
    energy_class: str = ""
    frame: str = ""
    """What carries it: concrete, timber, steel, brick."""
    heating: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class FillPlot:
    """New buildings of one form on a plot in local metres, as many storeys as the floor area needs."""

    id: str
    title: str
    plot: Polygon
    form: str
    """One of FORMS."""
    floor_area: float
    """Gross, to be reached. [m²]"""
    depth: float = 14.0
    """Of slabs, rows and perimeters; the side of a tower. [m]"""
    setback: float = 0.0
    """Between the edge of the plot and the buildings. [m]"""
    gap: float = 16.0
    """Between slabs or rows. [m]"""
    storey_height: float = STOREY_HEIGHT
    """[m]"""
    most_storeys: int = 40
    use: str = ""
    roof: str = "flat"
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ExtendBuilding:
    """More storeys on buildings that stand, by id; their roofs rise."""

    id: str
    title: str
    ids: tuple[str, ...]
    storeys: int = 1
    storey_height: float = STOREY_HEIGHT
    """[m]"""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class MoveBuilding:
    """Buildings, trees and things that are set elsewhere, turned around the middle of all of them, by id."""

    id: str
    title: str
    ids: tuple[str, ...]
    east: float = 0.0
    """[m]"""
    north: float = 0.0
    """[m]"""
    up: float = 0.0
    """[m]"""
    rotation: float = 0.0
    """Clockwise from above. [deg]"""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ChangeAttributes:
    """Other attributes of objects, trees and things, by id; None takes one away."""

    id: str
    title: str
    ids: tuple[str, ...]
    attributes: tuple[tuple[str, Value], ...]
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class GreenBuilding:
    """Plants on the roofs or walls of buildings, by id."""

    id: str
    title: str
    ids: tuple[str, ...]
    green: str = "sedum"
    """One of GREENS."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Remove:
    """Objects or trees that go, by id."""

    id: str
    title: str
    ids: tuple[str, ...]
    enabled: bool = True


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
    planted: int | None = None
    """The year in which they have this size; they grow from then on. None: they stay as they are drawn."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class PlantRow:
    """New trees along a line in local metres, the first and the last on its ends."""

    id: str
    title: str
    line: LineString
    spacing: float = 8.0
    """At most so far apart. [m]"""
    species: str = ""
    height: float = 8.0
    """[m]"""
    crown: float = 5.0
    """Diameter. [m]"""
    planted: int | None = None
    """The year in which they have this size; they grow from then on. None: they stay as they are drawn."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class PlantArea:
    """New trees all over an area in local metres, in rows that are shifted against each other."""

    id: str
    title: str
    area: Polygon
    spacing: float = 8.0
    """Between neighbours. [m]"""
    species: str = ""
    height: float = 8.0
    """[m]"""
    crown: float = 5.0
    """Diameter. [m]"""
    planted: int | None = None
    """The year in which they have this size; they grow from then on. None: they stay as they are drawn."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ChangeGround:
    """Another surface on an area in local metres."""

    id: str
    title: str
    area: Polygon
    surface: str
    """One of GROUND_SURFACES."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class AddWay:
    """A new way along a line in local metres."""

    id: str
    title: str
    line: LineString
    way: str
    """One of WAYS."""
    width: float = 3.0
    """[m]"""
    surface: str = ""
    """One of GROUND_SURFACES, or nothing."""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class AddThings:
    """New things, all alike, at points in local metres."""

    id: str
    title: str
    points: MultiPoint
    thing: str
    """One of THINGS."""
    height: float | None = None
    """As usual when None. [m]"""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class AddCanopy:
    """A new roof on posts over an area in local metres."""

    id: str
    title: str
    area: Polygon
    height: float = 4.0
    """Of its underside. [m]"""
    thickness: float = 0.4
    """[m]"""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class AddModel:
    """A model from a file, set up at points in local metres."""

    id: str
    title: str
    points: MultiPoint
    path: str
    """Of the file, relative to the project file, with / between folders."""
    rotation: float = 0.0
    """Clockwise from above. [deg]"""
    scale: float = 1.0
    """Times its size in the file."""
    up: float = 0.0
    """Of its lowest point above the ground. [m]"""
    kind: str = "Building"
    """One of MODEL_KINDS."""
    enabled: bool = True
    solid: City | None = field(default=None, repr=False)
    """What was read of the file, its middle at 0, 0 and its lowest point at 0; None: nothing."""


@dataclass(frozen=True, slots=True)
class RaiseGround:
    """Ground that is higher or lower than around, on an area in local metres."""

    id: str
    title: str
    area: Polygon
    """Of the top of what is heaped up, of the floor of what is dug out."""
    height: float = 1.0
    """Above the ground around; below 0: it is dug out. [m]"""
    slope: float = 0.0
    """How far its foot or its rim reaches out from the area, once round; 0: it ends in walls. [m]"""
    surface: str = ""
    """One of GROUND_SURFACES, or nothing."""
    falls: float | None = None
    """Of what is dug out: a ramp that leads down there, clockwise from north; None: it is level. [deg]"""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class Protect:
    """Objects that must stay as they are, by id."""

    id: str
    title: str
    ids: tuple[str, ...]
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class LimitHeight:
    """Nothing new may be higher in an area in local metres."""

    id: str
    title: str
    area: Polygon
    height: float
    """Of the highest point above the ground. [m]"""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class StudyArea:
    """Nothing may change outside of an area in local metres."""

    id: str
    title: str
    area: Polygon
    enabled: bool = True


Edit = (
    AddBuilding
    | FillPlot
    | ExtendBuilding
    | MoveBuilding
    | ChangeAttributes
    | GreenBuilding
    | Remove
    | PlantTrees
    | PlantRow
    | PlantArea
    | ChangeGround
    | AddWay
    | AddThings
    | AddCanopy
    | AddModel
    | RaiseGround
    | Protect
    | LimitHeight
    | StudyArea
)
SHAPE: Mapping[type, str] = MappingProxyType(
    {
        AddBuilding: "footprint",
        FillPlot: "plot",
        PlantTrees: "points",
        PlantRow: "line",
        PlantArea: "area",
        ChangeGround: "area",
        AddWay: "line",
        AddThings: "points",
        AddCanopy: "area",
        AddModel: "points",
        RaiseGround: "area",
        LimitHeight: "area",
        StudyArea: "area",
    }
)
"""The field with the geometry of those edits that have one."""


def shape_of(edit: Edit) -> BaseGeometry | None:
    """Where an edit is drawn, in local metres; None: it names objects instead."""
    name = SHAPE.get(type(edit))
    return None if name is None else getattr(edit, name)


def switched(edit: Edit, enabled: bool) -> Edit:
    """The edit, taking part or not."""
    return replace(edit, enabled=enabled)


class Edits(tuple[Edit, ...]):
    """Edits that are counted together once only: they are part of the names of many results."""

    _hash: int | None = None

    def __hash__(self) -> int:
        """As of any tuple."""
        if self._hash is None:
            self._hash = super().__hash__()
        return self._hash

    def __reduce__(self) -> tuple[type[Edits], tuple[tuple[Edit, ...]]]:
        """Without the number, which is another one in another process."""
        return Edits, (tuple(self),)


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named set of edits to what is there today."""

    id: str
    title: str
    description: str = ""
    illustrative: bool = False
    """Made to show the program, not a real plan."""
    edits: tuple[Edit, ...] = ()
    """All of them, inherited ones first."""
    parents: tuple[str, ...] = ()
    """Ids of the scenarios whose edits it inherits, in their order."""
    inherited: int = 0
    """So many of the edits come from parents."""
    locked: bool = False
    """Guarded against changes made by mistake."""

    def __post_init__(self) -> None:
        """Sees to it that edits are named quickly."""
        if type(self.edits) is not Edits:
            object.__setattr__(self, "edits", Edits(self.edits))

    @property
    def own(self) -> tuple[Edit, ...]:
        """The edits that it does not inherit."""
        return self.edits[self.inherited :]
