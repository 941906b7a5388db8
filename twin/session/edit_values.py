"""Knows what a user can set on each kind of edit, within which limits, and what follows from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from twin.analysis.species import library
from twin.model.scenario import (
    FORMS,
    GREENS,
    GROUND_SURFACES,
    MODEL_KINDS,
    ROOFS,
    STOREY_HEIGHT,
    THINGS,
    WAYS,
    AddBuilding,
    AddCanopy,
    AddModel,
    AddThings,
    AddWay,
    ChangeAttributes,
    ChangeGround,
    Edit,
    ExtendBuilding,
    FillPlot,
    GreenBuilding,
    LimitHeight,
    MoveBuilding,
    PlantArea,
    PlantRow,
    PlantTrees,
    Protect,
    RaiseGround,
    Remove,
    StudyArea,
)
from twin.model.table import Value

USES = ("residential", "office", "retail", "hotel", "education", "transport", "public", "industrial")
FRAMES = ("concrete", "timber", "steel", "brick")
HEATINGS = ("district heating", "ground source heat pump", "air source heat pump", "electricity", "gas")
ENERGY_CLASSES = ("A", "B", "C", "D", "E", "F", "G")
SPECIES = tuple(library())


@dataclass(frozen=True, slots=True)
class Field:
    """One value of an edit that can be set."""

    name: str
    title: str
    unit: str = ""
    limits: tuple[float, float] = (0.0, 0.0)
    """Of a number; no number when both are the same."""
    step: float = 1.0
    whole: bool = False
    """A number without decimals."""
    choices: tuple[str, ...] = ()
    free: bool = False
    """Other words than the choices may be written too."""
    optional: bool = False
    """May be left open."""

    @property
    def is_number(self) -> bool:
        """Whether it is a number."""
        return self.limits[0] < self.limits[1]


def _metres(
    name: str, title: str, low: float, high: float, step: float = 0.5, *, optional: bool = False
) -> Field:
    return Field(name, title, "m", (low, high), step, optional=optional)


_TITLE = Field("title", "Name", free=True)
_USE = Field("use", "Use", choices=USES, free=True, optional=True)
_ROOF = Field("roof", "Roof", choices=ROOFS)
_STOREY = _metres("storey_height", "Storey height", 2.0, 10.0, 0.1)
_TREE = (
    Field("species", "Species", choices=SPECIES, free=True, optional=True),
    _metres("height", "Height", 1.0, 50.0),
    _metres("crown", "Crown", 0.5, 30.0),
    Field("planted", "Planted in", "", (1900, 2200), whole=True, optional=True),
)
_SPACING = _metres("spacing", "Spacing", 1.0, 100.0)

FIELDS: Mapping[type, tuple[Field, ...]] = MappingProxyType(
    {
        AddBuilding: (
            _TITLE,
            Field("storeys", "Storeys", "", (1, 200), whole=True, optional=True),
            _metres("height", "Height", 1.0, 1000.0),
            _ROOF,
            _metres("roof_height", "Roof height", 0.1, 100.0, optional=True),
            _USE,
            Field("year", "Built in", "", (1000, 2200), whole=True, optional=True),
            Field("energy_class", "Energy class", choices=ENERGY_CLASSES, free=True, optional=True),
            Field("frame", "Frame", choices=FRAMES, free=True, optional=True),
            Field("heating", "Heating", choices=HEATINGS, free=True, optional=True),
        ),
        FillPlot: (
            _TITLE,
            Field("form", "Form", choices=FORMS),
            Field("floor_area", "Floor area", "m²", (1.0, 10_000_000.0), 500.0),
            _metres("depth", "Depth", 3.0, 200.0),
            _metres("setback", "Setback", 0.0, 200.0),
            _metres("gap", "Gap", 0.0, 200.0),
            _STOREY,
            Field("most_storeys", "At most", "storeys", (1, 200), whole=True),
            _USE,
            _ROOF,
        ),
        ExtendBuilding: (_TITLE, Field("storeys", "Storeys", "", (1, 100), whole=True), _STOREY),
        MoveBuilding: (
            _TITLE,
            _metres("east", "To the east", -10_000.0, 10_000.0),
            _metres("north", "To the north", -10_000.0, 10_000.0),
            _metres("up", "Up", -500.0, 500.0),
            Field("rotation", "Turned", "°", (-360.0, 360.0), 5.0),
        ),
        ChangeAttributes: (_TITLE,),
        GreenBuilding: (_TITLE, Field("green", "Green", choices=GREENS)),
        Remove: (_TITLE,),
        PlantTrees: (_TITLE, *_TREE),
        PlantRow: (_TITLE, *_TREE, _SPACING),
        PlantArea: (_TITLE, *_TREE, _SPACING),
        ChangeGround: (_TITLE, Field("surface", "Surface", choices=GROUND_SURFACES)),
        AddWay: (
            _TITLE,
            Field("way", "Way", choices=WAYS),
            _metres("width", "Width", 0.1, 100.0),
            Field("surface", "Surface", choices=("", *GROUND_SURFACES), optional=True),
        ),
        AddThings: (
            _TITLE,
            Field("thing", "Thing", choices=THINGS),
            _metres("height", "Height", 0.1, 100.0, optional=True),
        ),
        AddCanopy: (
            _TITLE,
            _metres("height", "Underside", 2.0, 50.0),
            _metres("thickness", "Thickness", 0.1, 5.0, 0.1),
        ),
        AddModel: (
            _TITLE,
            Field("rotation", "Turned", "°", (-360.0, 360.0), 5.0),
            Field("scale", "Size", "×", (0.001, 1000.0), 0.1),
            _metres("up", "Up", -500.0, 500.0),
            Field("kind", "Is a", choices=MODEL_KINDS),
        ),
        RaiseGround: (
            _TITLE,
            _metres("height", "Height", -50.0, 100.0),
            _metres("slope", "Slopes", 0.0, 100.0),
            Field("falls", "Ramp down to", "°", (0.0, 360.0), 5.0, optional=True),
            Field("surface", "Surface", choices=("", *GROUND_SURFACES), optional=True),
        ),
        Protect: (_TITLE,),
        LimitHeight: (_TITLE, _metres("height", "At most", 0.5, 1000.0)),
        StudyArea: (_TITLE,),
    }
)
"""What can be set, in the order of a form."""


def with_value(edit: Edit, name: str, value: Value) -> Edit:
    """The edit with another value and what follows: storeys make a building higher, and a height has storeys.

    Numbers are kept within the limits of their field; None leaves an optional one open.
    """
    field = next(field for field in FIELDS[type(edit)] if field.name == name)
    if field.is_number and isinstance(value, int | float):
        value = min(max(value, field.limits[0]), field.limits[1])
        value = round(value) if field.whole else float(value)
    if value is None and not field.is_number:
        value = ""
    if isinstance(edit, AddBuilding) and name in ("storeys", "height"):
        return _stacked(edit, name, value)
    changed: dict[str, Any] = {name: value}
    return replace(edit, **changed)


def storey_of(edit: AddBuilding) -> float:
    """How high a storey of a building is, without its roof. [m]"""
    if edit.storeys is None:
        return STOREY_HEIGHT
    return (edit.height - (edit.roof_height or 0.0)) / edit.storeys


def amount_of(edit: Edit) -> tuple[float, str]:
    """How much an edit is, in one number, and its unit; 0 where there is no such number."""
    amount: tuple[float, str] = (0.0, "")
    match edit:
        case AddBuilding(storeys=int(storeys)) | ExtendBuilding(storeys=storeys):
            amount = (float(storeys), "storeys")
        case AddBuilding() | LimitHeight():
            amount = (edit.height, "m")
        case FillPlot():
            amount = (edit.floor_area, "m²")
        case PlantTrees() | AddThings() | AddModel():
            amount = (float(len(edit.points.geoms)), "×")
        case PlantRow() | AddWay():
            amount = (float(edit.line.length), "m")
        case PlantArea() | ChangeGround() | AddCanopy() | StudyArea() | RaiseGround():
            amount = (float(edit.area.area), "m²")
        case Remove() | Protect() | MoveBuilding() | GreenBuilding() | ChangeAttributes():
            amount = (float(len(edit.ids)), "×")
    return amount


def _stacked(edit: AddBuilding, name: str, value: Value) -> AddBuilding:
    each, roof = storey_of(edit), edit.roof_height or 0.0
    if name == "storeys":
        if not isinstance(value, int):
            return replace(edit, storeys=None)
        return replace(edit, storeys=value, height=round(value * each + roof, 2))
    if not isinstance(value, int | float):
        return edit
    storeys = edit.storeys if edit.storeys is None else max(round((value - roof) / each), 1)
    return replace(edit, height=float(value), storeys=storeys)
