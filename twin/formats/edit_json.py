"""Knows the properties of each kind of edit in a scenario file."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, dataclass, fields
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from twin.formats.project_file import path_problem
from twin.model.scenario import (
    FORMS,
    GREENS,
    GROUND_SURFACES,
    MODEL_KINDS,
    ROOFS,
    SHAPE,
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

if TYPE_CHECKING:
    from twin.formats.lonlat import LonLat

TALLEST = 1000.0
"""Nothing on Earth that a plan could add is higher. [m]"""


class Fault(Exception):
    """What is wrong with one feature: field, problem, remedy. `scenario_file` adds the file and number."""

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        self.field, self.problem, self.remedy = field, problem, remedy
        super().__init__(f"{field}: {problem}")


Read = Callable[[str, Any], Any]
"""Takes the name and value of a field; raises Fault."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of edit as a feature."""

    type: type[Any]
    fields: Mapping[str, Read]
    """Besides `edit`, `id`, `title` and `enabled`. A field without a default in the type has to be given."""
    missing: Mapping[str, str]
    """What to do about a field that has to be given."""


def edit_from(feature: Mapping[str, Any], usual_id: str, lonlat: LonLat) -> Edit:
    """The edit a GeoJSON feature stands for. Raises Fault.

    usual_id: for a feature without an id.
    """
    properties = feature.get("properties") or {}
    if not isinstance(properties, Mapping):
        raise Fault("properties", "are not an object", "Export the layer as GeoJSON (RFC 7946).")
    # a GIS writes every column of the layer into every feature, empty as null or ""
    given = {str(k): v for k, v in properties.items() if v is not None and v != ""}
    name = given.get("edit")
    if not isinstance(name, str) or name not in KINDS:
        said = "is missing" if name is None else f"{name!r} is unknown"
        raise Fault("edit", said, f"Use one of {', '.join(KINDS)}.")
    kind = KINDS[name]
    for field in sorted(given.keys() - {"edit", "id", "title", "enabled", *kind.fields}):
        close = difflib.get_close_matches(field.lower(), list(kind.fields), n=1, cutoff=0.8)
        if close and close[0] not in given:
            raise Fault(field, "is unknown", f"Did you mean {close[0]}?")
    edit_id = given.get("id", feature.get("id"))
    found: dict[str, Any] = {
        "id": usual_id if edit_id is None else str(edit_id),
        "title": str(given.get("title", "")),
        "enabled": _truth("enabled", given.get("enabled", True)),
    }
    shape = SHAPE.get(kind.type)
    if shape is not None:
        found[shape] = _SHAPES[shape](lonlat)(feature.get("geometry"))
    needed = {field.name for field in fields(kind.type) if field.default is MISSING}
    for field, read in kind.fields.items():
        if field in given or field == "ids":
            found[field] = read(field, given.get(field, []))
        elif field in needed:
            raise Fault(field, "is missing", kind.missing.get(field, "Give it."))
    edit: Edit = kind.type(**found)
    _check(edit)
    return edit


def properties_of(edit: Edit) -> dict[str, Any]:
    """The properties of the feature that stands for an edit."""
    name = next(name for name, kind in KINDS.items() if kind.type is type(edit))
    found: dict[str, Any] = {"edit": name, "title": edit.title}
    for field in KINDS[name].fields:
        value = getattr(edit, field)
        if field == "attributes":
            found[field] = dict(value)
        elif value is not None and value != "":
            found[field] = list(value) if isinstance(value, tuple) else value
    if not edit.enabled:
        found["enabled"] = False
    return found if edit.title else {key: value for key, value in found.items() if key != "title"}


def _check(edit: Edit) -> None:
    """Raises Fault for what fields say together."""
    if isinstance(edit, AddBuilding) and edit.roof_height is not None and edit.roof_height > edit.height:
        said = f"{edit.roof_height:g} m is more than the building's {edit.height:g} m"
        raise Fault("roof_height", said, "Lower it.")
    if isinstance(edit, RaiseGround) and edit.falls is not None:
        if edit.height > 0:
            raise Fault("falls", "is only for lowered ground", "Give a height below 0, or leave it away.")
        if edit.slope > 0:
            raise Fault("falls", "a ramp has walls", "Leave the slope away.")


def _number(field: str, value: Any, *, least: float = 0.01, most: float = TALLEST) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Fault(
            field, f"{value!r} is not a number", "Write a plain number, in metres where it is a length."
        )
    if not least <= value <= most:
        raise Fault(field, f"{value!r:.20} is out of range", f"Give {least:g} to {most:g}.")
    return float(value)


def _rise(field: str, value: Any, *, least: float, most: float) -> float:
    height = _number(field, value, least=least, most=most)
    if abs(height) < 0.01:
        raise Fault(field, f"{height:g} m changes nothing", "Give more to raise the ground, or less than 0.")
    return height


def _whole(field: str, value: Any, *, least: int = 1, most: int = 1000, of: str = "") -> int:
    number = _number(field, value, least=least, most=most)
    if number != int(number):
        raise Fault(field, f"{number:g} is no whole number", f"Give whole {of or 'numbers'}.")
    return int(number)


def _text(field: str, value: Any) -> str:
    if not isinstance(value, str):
        raise Fault(field, f"{value!r} is not a text", "Write it in quotes.")
    return value


def _path(field: str, value: Any) -> str:
    path = _text(field, value)
    problem = path_problem(path)
    if problem:
        raise Fault(field, problem, "Give the path relative to the project file, with / between folders.")
    return path


def _truth(field: str, value: Any) -> bool:
    if value not in (True, False):  # a GIS without truth values writes 0 and 1
        raise Fault(field, f"{value!r} is neither true nor false", "Write true or false.")
    return bool(value)


def _one_of(allowed: tuple[str, ...], field: str, value: Any) -> str:
    if value not in allowed:
        raise Fault(field, f"{value!r} is unknown", f"Use one of {', '.join(allowed)}.")
    return str(value)


def _ids(field: str, ids: Any) -> tuple[str, ...]:
    if isinstance(ids, str):  # a GIS without list columns
        ids = ids.replace(",", " ").replace(";", " ").split()
    if not isinstance(ids, list) or not ids or not all(isinstance(one, str) and one for one in ids):
        raise Fault(field, "has to be a list of ids", "Click the object in the program to see its id.")
    return tuple(dict.fromkeys(ids))


def _attributes(field: str, value: Any) -> tuple[tuple[str, Any], ...]:
    if isinstance(value, str):  # a GIS without nested columns
        try:
            value = msgspec.json.decode(value)
        except msgspec.DecodeError as error:
            raise Fault(field, "are no JSON object", 'Write them as {"name": value}.') from error
    if not isinstance(value, Mapping) or not value:
        raise Fault(field, "are no object", 'Write them as {"name": value}.')
    for name, one in value.items():
        if not isinstance(one, str | int | float | bool | None):
            raise Fault(f"{field}.{name}", "is neither text nor number", "Give one plain value.")
    return tuple((str(name), one) for name, one in value.items())


_LENGTH = _number
_DEGREES = partial(_number, least=-360.0, most=360.0)
_SHIFT = partial(_number, least=-100_000.0, most=100_000.0)
_TREES: Mapping[str, Read] = {
    "species": _text,
    "height": _LENGTH,
    "crown": _LENGTH,
    "planted": partial(_whole, least=1900, most=2200, of="years"),
}
_STOREYS = partial(_whole, of="storeys above ground")
_IDS: Mapping[str, Read] = {"ids": _ids}
_LIST = {"ids": "Click the object in the program to see its id."}
_SHAPES: Mapping[str, Callable[[LonLat], Callable[[Any], Any]]] = {
    "footprint": lambda lonlat: lonlat.polygon,
    "plot": lambda lonlat: lonlat.polygon,
    "area": lambda lonlat: lonlat.polygon,
    "points": lambda lonlat: lonlat.points,
    "line": lambda lonlat: lonlat.line,
}


def _choice(*allowed: str) -> Read:
    return partial(_one_of, allowed)


def _given(field: str, allowed: tuple[str, ...]) -> Mapping[str, str]:
    return {field: f"Use one of {', '.join(allowed)}."}


KINDS: Mapping[str, Kind] = {
    "add_building": Kind(
        AddBuilding,
        {
            "height": _LENGTH,
            "storeys": _STOREYS,
            "use": _text,
            "roof": _choice(*ROOFS),
            "roof_height": partial(_number, least=0.0),
            "year": partial(_whole, least=1000, most=2200, of="years"),
            "energy_class": _text,
            "frame": _text,
            "heating": _text,
        },
        {"height": "Give the height of the building in metres."},
    ),
    "fill_plot": Kind(
        FillPlot,
        {
            "form": _choice(*FORMS),
            "floor_area": partial(_number, least=1.0, most=1e7),
            "depth": partial(_number, least=4.0, most=200.0),
            "setback": partial(_number, least=0.0, most=200.0),
            "gap": partial(_number, least=1.0, most=200.0),
            "storey_height": partial(_number, least=2.0, most=10.0),
            "most_storeys": _STOREYS,
            "use": _text,
            "roof": _choice(*ROOFS),
        },
        {**_given("form", FORMS), "floor_area": "Give the gross floor area in square metres."},
    ),
    "extend": Kind(
        ExtendBuilding,
        {**_IDS, "storeys": _STOREYS, "storey_height": partial(_number, least=2.0, most=10.0)},
        _LIST,
    ),
    "move": Kind(
        MoveBuilding,
        {**_IDS, "east": _SHIFT, "north": _SHIFT, "up": _SHIFT, "rotation": _DEGREES},
        _LIST,
    ),
    "change_attributes": Kind(
        ChangeAttributes,
        {**_IDS, "attributes": _attributes},
        {**_LIST, "attributes": 'Write them as {"name": value}.'},
    ),
    "green": Kind(GreenBuilding, {**_IDS, "green": _choice(*GREENS)}, _LIST),
    "remove": Kind(Remove, _IDS, _LIST),
    "plant_trees": Kind(PlantTrees, _TREES, {}),
    "plant_row": Kind(PlantRow, {"spacing": partial(_number, least=1.0), **_TREES}, {}),
    "plant_area": Kind(PlantArea, {"spacing": partial(_number, least=1.0), **_TREES}, {}),
    "change_ground": Kind(
        ChangeGround, {"surface": _choice(*GROUND_SURFACES)}, _given("surface", GROUND_SURFACES)
    ),
    "add_way": Kind(
        AddWay,
        {
            "way": _choice(*WAYS),
            "width": partial(_number, least=0.1, most=200.0),
            "surface": _choice(*GROUND_SURFACES),
        },
        _given("way", WAYS),
    ),
    "add_things": Kind(AddThings, {"thing": _choice(*THINGS), "height": _LENGTH}, _given("thing", THINGS)),
    "add_model": Kind(
        AddModel,
        {
            "path": _path,
            "rotation": _DEGREES,
            "scale": partial(_number, least=0.001, most=1000.0),
            "up": partial(_number, least=-500.0, most=TALLEST),
            "kind": _choice(*MODEL_KINDS),
        },
        {"path": "Give the path of the model, relative to the project file."},
    ),
    "raise_ground": Kind(
        RaiseGround,
        {
            "height": partial(_rise, least=-50.0, most=100.0),
            "falls": partial(_number, least=-360.0, most=360.0),
            "slope": partial(_number, least=0.0, most=100.0),
            "surface": _choice(*GROUND_SURFACES),
        },
        {},
    ),
    "protect": Kind(Protect, _IDS, _LIST),
    "limit_height": Kind(LimitHeight, {"height": _LENGTH}, {"height": "Give the highest top in metres."}),
    "study_area": Kind(StudyArea, {}, {}),
    "add_canopy": Kind(AddCanopy, {"height": _LENGTH, "thickness": partial(_number, most=20.0)}, {}),
}
"""Every kind of edit by the name that features carry."""
