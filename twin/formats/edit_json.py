"""Knows the properties of each kind of edit in a scenario file."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from twin.model.scenario import (
    GROUND_SURFACES,
    ROOFS,
    AddBuilding,
    ChangeGround,
    Edit,
    PlantTrees,
    Remove,
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


@dataclass(frozen=True, slots=True)
class _Kind:
    read: Callable[[str, str, Mapping[str, Any], Any, LonLat], Edit]
    fields: tuple[str, ...]
    """Besides `edit`, `id` and `title`."""


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
    for field in sorted(given.keys() - {"edit", "id", "title", *kind.fields}):
        close = difflib.get_close_matches(field.lower(), kind.fields, n=1, cutoff=0.8)
        if close and close[0] not in given:
            raise Fault(field, "is unknown", f"Did you mean {close[0]}?")
    edit_id = given.get("id", feature.get("id"))
    edit_id = usual_id if edit_id is None else str(edit_id)
    return kind.read(edit_id, str(given.get("title", "")), given, feature.get("geometry"), lonlat)


def properties_of(edit: Edit) -> dict[str, Any]:
    """The properties of the feature that stands for an edit."""
    found: dict[str, Any]
    match edit:
        case AddBuilding():
            found = {
                "edit": "add_building",
                "height": edit.height,
                "storeys": edit.storeys,
                "use": edit.use,
                "roof": edit.roof,
                "roof_height": edit.roof_height,
            }
        case Remove():
            found = {"edit": "remove", "ids": list(edit.ids)}
        case PlantTrees():
            found = {
                "edit": "plant_trees",
                "species": edit.species,
                "height": edit.height,
                "crown": edit.crown,
            }
        case ChangeGround():
            found = {"edit": "change_ground", "surface": edit.surface}
    found = {"edit": found["edit"], "title": edit.title, **found}
    return {name: value for name, value in found.items() if value is not None and value != ""}


def _add_building(name: str, title: str, given: Mapping[str, Any], shape: Any, lonlat: LonLat) -> Edit:
    height = _number(given, "height")
    if height is None:
        raise Fault("height", "is missing", "Give the height of the building in metres.")
    storeys = _number(given, "storeys", least=1.0)
    if storeys is not None and storeys != int(storeys):
        raise Fault("storeys", f"{storeys:g} is no whole number", "Give whole storeys above ground.")
    roof_height = _number(given, "roof_height", least=0.0)
    if roof_height is not None and roof_height > height:
        raise Fault("roof_height", f"{roof_height:g} m is more than the building's {height:g} m", "Lower it.")
    return AddBuilding(
        name,
        title,
        lonlat.polygon(shape),
        height,
        None if storeys is None else int(storeys),
        _text(given, "use"),
        _one_of(given, "roof", ROOFS, "flat"),
        roof_height,
    )


def _remove(name: str, title: str, given: Mapping[str, Any], shape: Any, lonlat: LonLat) -> Edit:
    ids = given.get("ids", [])
    if isinstance(ids, str):  # a GIS without list columns
        ids = ids.replace(",", " ").replace(";", " ").split()
    if not isinstance(ids, list) or not ids or not all(isinstance(one, str) and one for one in ids):
        raise Fault("ids", "has to be a list of ids", "Click the object in the program to see its id.")
    return Remove(name, title, tuple(dict.fromkeys(ids)))


def _plant_trees(name: str, title: str, given: Mapping[str, Any], shape: Any, lonlat: LonLat) -> Edit:
    usual = PlantTrees(name, title, lonlat.points(shape), _text(given, "species"))
    height, crown = _number(given, "height"), _number(given, "crown")
    return PlantTrees(
        name,
        title,
        usual.points,
        usual.species,
        usual.height if height is None else height,
        usual.crown if crown is None else crown,
    )


def _change_ground(name: str, title: str, given: Mapping[str, Any], shape: Any, lonlat: LonLat) -> Edit:
    return ChangeGround(name, title, lonlat.polygon(shape), _one_of(given, "surface", GROUND_SURFACES))


KINDS = {
    "add_building": _Kind(_add_building, ("height", "storeys", "use", "roof", "roof_height")),
    "remove": _Kind(_remove, ("ids",)),
    "plant_trees": _Kind(_plant_trees, ("species", "height", "crown")),
    "change_ground": _Kind(_change_ground, ("surface",)),
}


def _number(given: Mapping[str, Any], field: str, *, least: float = 0.01) -> float | None:
    value = given.get(field)
    if value is None:
        return None
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Fault(
            field, f"{value!r} is not a number", "Write a plain number, in metres where it is a length."
        )
    if not least <= value <= TALLEST:
        raise Fault(field, f"{value!r:.20} is out of range", f"Give {least:g} to {TALLEST:g}.")
    return float(value)


def _text(given: Mapping[str, Any], field: str) -> str:
    value = given.get(field, "")
    if not isinstance(value, str):
        raise Fault(field, f"{value!r} is not a text", "Write it in quotes.")
    return value


def _one_of(given: Mapping[str, Any], field: str, allowed: tuple[str, ...], usual: str = "") -> str:
    value = given.get(field, usual)
    if not value:
        raise Fault(field, "is missing", f"Use one of {', '.join(allowed)}.")
    if value not in allowed:
        raise Fault(field, f"{value!r} is unknown", f"Use one of {', '.join(allowed)}.")
    return str(value)
