"""Knows how columns, values and changes are called where people read them."""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLocale

from twin.analysis.build import Built
from twin.analysis.worksite import Change
from twin.model.table import Value


def QT_TRANSLATE_NOOP(_context: str, text: str) -> str:  # noqa: N802  # the tool that collects texts looks for it
    """Marks a text that is translated where it is shown."""
    return text


# a column, what people call it, and the unit its numbers are in
COLUMNS: dict[str, tuple[str, str]] = {
    "name": (QT_TRANSLATE_NOOP("texts", "Name"), ""),
    "use": (QT_TRANSLATE_NOOP("texts", "Use"), ""),
    "function": (QT_TRANSLATE_NOOP("texts", "Function"), ""),
    "usage": (QT_TRANSLATE_NOOP("texts", "Usage"), ""),
    "class": (QT_TRANSLATE_NOOP("texts", "Class"), ""),
    "measuredHeight": (QT_TRANSLATE_NOOP("texts", "Height"), "m"),
    "height": (QT_TRANSLATE_NOOP("texts", "Height"), "m"),
    "height_source": (QT_TRANSLATE_NOOP("texts", "Height from"), ""),
    "min_height": (QT_TRANSLATE_NOOP("texts", "Begins at"), "m"),
    "storeysAboveGround": (QT_TRANSLATE_NOOP("texts", "Storeys"), ""),
    "storeysBelowGround": (QT_TRANSLATE_NOOP("texts", "Storeys below ground"), ""),
    "yearOfConstruction": (QT_TRANSLATE_NOOP("texts", "Built in"), ""),
    "roof": (QT_TRANSLATE_NOOP("texts", "Roof"), ""),
    "roofType": (QT_TRANSLATE_NOOP("texts", "Roof"), ""),
    "roof_source": (QT_TRANSLATE_NOOP("texts", "Roof from"), ""),
    "address": (QT_TRANSLATE_NOOP("texts", "Address"), ""),
    "species": (QT_TRANSLATE_NOOP("texts", "Species"), ""),
    "crown": (QT_TRANSLATE_NOOP("texts", "Crown"), "m"),
    "crown_source": (QT_TRANSLATE_NOOP("texts", "Crown from"), ""),
    "position_source": (QT_TRANSLATE_NOOP("texts", "Position from"), ""),
    "width": (QT_TRANSLATE_NOOP("texts", "Width"), "m"),
    "width_source": (QT_TRANSLATE_NOOP("texts", "Width from"), ""),
    "length": (QT_TRANSLATE_NOOP("texts", "Length"), "m"),
    "surface": (QT_TRANSLATE_NOOP("texts", "Surface"), ""),
    "surface_source": (QT_TRANSLATE_NOOP("texts", "Surface from"), ""),
    "kind": (QT_TRANSLATE_NOOP("texts", "Kind"), ""),
    "level": (QT_TRANSLATE_NOOP("texts", "Level"), ""),
    "lanes": (QT_TRANSLATE_NOOP("texts", "Lanes"), ""),
    "maxspeed": (QT_TRANSLATE_NOOP("texts", "Speed limit"), "km/h"),
    "kerb": (QT_TRANSLATE_NOOP("texts", "Kerb"), ""),
    "signals": (QT_TRANSLATE_NOOP("texts", "Signals"), ""),
    "island": (QT_TRANSLATE_NOOP("texts", "Island"), ""),
    "operator": (QT_TRANSLATE_NOOP("texts", "Operator"), ""),
    "underground": (QT_TRANSLATE_NOOP("texts", "Underground"), ""),
}
CLASSES = {
    "Building": QT_TRANSLATE_NOOP("texts", "Building"),
    "BuildingPart": QT_TRANSLATE_NOOP("texts", "Part of a building"),
    "BuildingInstallation": QT_TRANSLATE_NOOP("texts", "Installation of a building"),
    "Bridge": QT_TRANSLATE_NOOP("texts", "Bridge"),
    "BridgePart": QT_TRANSLATE_NOOP("texts", "Part of a bridge"),
    "Tunnel": QT_TRANSLATE_NOOP("texts", "Tunnel"),
    "OtherConstruction": QT_TRANSLATE_NOOP("texts", "Construction"),
    "BuildingRoom": QT_TRANSLATE_NOOP("texts", "Room"),
    "CityFurniture": QT_TRANSLATE_NOOP("texts", "Street furniture"),
    "SolitaryVegetationObject": QT_TRANSLATE_NOOP("texts", "Tree or shrub"),
    "PlantCover": QT_TRANSLATE_NOOP("texts", "Vegetation"),
    "WaterBody": QT_TRANSLATE_NOOP("texts", "Water"),
    "LandUse": QT_TRANSLATE_NOOP("texts", "Land use"),
    "ReliefFeature": QT_TRANSLATE_NOOP("texts", "Relief"),
    "TINRelief": QT_TRANSLATE_NOOP("texts", "Relief of triangles"),
    "GenericCityObject": QT_TRANSLATE_NOOP("texts", "Other object"),
    "CityObjectGroup": QT_TRANSLATE_NOOP("texts", "Group of objects"),
}
SURFACES = {
    "Surface": QT_TRANSLATE_NOOP("texts", "Without a type"),
    "GroundSurface": QT_TRANSLATE_NOOP("texts", "Ground"),
    "WallSurface": QT_TRANSLATE_NOOP("texts", "Walls"),
    "RoofSurface": QT_TRANSLATE_NOOP("texts", "Roofs"),
    "OuterCeilingSurface": QT_TRANSLATE_NOOP("texts", "Outer ceilings"),
    "OuterFloorSurface": QT_TRANSLATE_NOOP("texts", "Outer floors"),
    "ClosureSurface": QT_TRANSLATE_NOOP("texts", "Closures"),
    "Window": QT_TRANSLATE_NOOP("texts", "Windows"),
    "Door": QT_TRANSLATE_NOOP("texts", "Doors"),
    "InteriorWallSurface": QT_TRANSLATE_NOOP("texts", "Inner walls"),
    "CeilingSurface": QT_TRANSLATE_NOOP("texts", "Ceilings"),
    "FloorSurface": QT_TRANSLATE_NOOP("texts", "Floors"),
    "WaterSurface": QT_TRANSLATE_NOOP("texts", "Water"),
    "TrafficArea": QT_TRANSLATE_NOOP("texts", "Traffic areas"),
    "AuxiliaryTrafficArea": QT_TRANSLATE_NOOP("texts", "Verges"),
}
SOURCES = {
    "scenario": QT_TRANSLATE_NOOP("texts", "the scenario"),
    "default": QT_TRANSLATE_NOOP("texts", "assumed, nothing is recorded"),
    "its parts": QT_TRANSLATE_NOOP("texts", "its parts"),
}
YEARS = {"yearOfConstruction", "yearOfDemolition", "year"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list of what a scenario changes; alike changes share a line."""

    kind: str
    what: str
    ids: tuple[str, ...]
    title: str
    amount: str
    """With its unit, or empty."""


def tr(text: str) -> str:
    """The text in the user's language."""
    return QCoreApplication.translate("texts", text)


def language() -> QLocale:
    """How numbers and dates are written."""
    found = QLocale()
    # the C locale is what a desktop without settings has; it writes 1200000 without a gap
    return QLocale(QLocale.Language.English) if found.language() == QLocale.Language.C else found


def column(name: str) -> str:
    """What a column is called; its own name where we know no other."""
    return tr(COLUMNS[name][0]) if name in COLUMNS else name.replace("_", " ")


def object_class(name: str) -> str:
    """What a CityGML class is called."""
    return tr(CLASSES[name]) if name in CLASSES else name


def surface_type(name: str) -> str:
    """What surfaces of a semantic type are called."""
    return tr(SURFACES[name]) if name in SURFACES else name


def unit(name: str) -> str:
    """What the numbers of a column are in; empty where we do not know."""
    return COLUMNS[name][1] if name in COLUMNS else ""


def value(name: str, found: Value) -> str:
    """A value of a column as people write it, with its unit."""
    if isinstance(found, int | float) and not isinstance(found, bool) and name not in YEARS:
        return amount(float(found), unit(name))
    return cell(name, found)


def cell(name: str, found: Value) -> str:
    """The same without its unit."""
    if isinstance(found, bool):
        return tr("yes") if found else tr("no")
    if isinstance(found, int | float):
        return f"{found:.0f}" if name in YEARS else amount(float(found))
    text = str(found)
    if name.endswith("_source"):
        return tr(SOURCES[text]) if text in SOURCES else text
    if name in ("use", "surface", "kind", "roof"):
        return text.replace("_", " ")
    return text


def amount(number: float, unit: str = "") -> str:
    """A number with at most two decimals, in the user's way of writing, and its unit."""
    locale = language()
    decimals = 0 if unit == "m²" or abs(number) >= 1000 else 1 if unit == "m" else 2
    text = locale.toString(float(number), "f", decimals)
    point = locale.decimalPoint()
    if point in text:
        text = text.rstrip("0").rstrip(point)
    return f"{text} {unit}".rstrip()


def tip(text: str) -> str:
    """Text for a tool tip, which would otherwise take `<` for formatting; long text is wrapped."""
    return f"<qt>{html.escape(text).replace(chr(10), '<br>')}</qt>"


def difference(built: Built) -> list[Line]:
    """What a scenario changes, buildings first; trees that are alike in one line."""
    species = _species(built)
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in built.changes:
        # buildings and areas are named one by one, trees are told apart by what they are
        own = change.id if change.what in ("building", "ground") else species.get(change.id, "")
        key = (change.kind, change.what, change.title, own, change.amount, change.unit)
        groups.setdefault(key, []).append(change)
    order = {"building": 0, "ground": 1, "tree": 2}
    lines = [_line(changes, species) for changes in groups.values()]
    return sorted(lines, key=lambda line: order.get(line.what, 3))


def summary(built: Built) -> str:
    """What a scenario changes, in one sentence; empty when nothing."""
    count = Counter((change.kind, change.what) for change in built.changes)
    titles = {(change.kind, change.what): change.title for change in built.changes}
    parts = []
    for kind, what, one, many in _SUMMARY:
        if number := count[kind, what]:
            text = tr(one if number == 1 else many)
            parts.append(text.replace("%n", language().toString(number)).format(titles[kind, what]))
    area = sum(c.amount or 0.0 for c in built.changes if c.what == "ground" and c.kind == "changed")
    if area:
        parts.append(tr("%n of ground changed").replace("%n", amount(area, "m²")))
    return ", ".join(parts)


_SUMMARY = (
    (
        "added",
        "building",
        QT_TRANSLATE_NOOP("texts", "1 building added"),
        QT_TRANSLATE_NOOP("texts", "%n buildings added"),
    ),
    (
        "removed",
        "building",
        QT_TRANSLATE_NOOP("texts", "1 building removed"),
        QT_TRANSLATE_NOOP("texts", "%n buildings removed"),
    ),
    (
        "added",
        "tree",
        QT_TRANSLATE_NOOP("texts", "1 tree planted"),
        QT_TRANSLATE_NOOP("texts", "%n trees planted"),
    ),
    (
        "removed",
        "tree",
        QT_TRANSLATE_NOOP("texts", "1 tree felled"),
        QT_TRANSLATE_NOOP("texts", "%n trees felled"),
    ),
    (
        "changed",
        "building",
        QT_TRANSLATE_NOOP("texts", "1 building changed"),
        QT_TRANSLATE_NOOP("texts", "%n buildings changed"),
    ),
    (
        "added",
        "feature",
        QT_TRANSLATE_NOOP("texts", "{0} added"),
        QT_TRANSLATE_NOOP("texts", "%n other things added"),
    ),
    (
        "removed",
        "feature",
        QT_TRANSLATE_NOOP("texts", "{0} removed"),
        QT_TRANSLATE_NOOP("texts", "%n other things removed"),
    ),
    (
        "removed",
        "ground",
        QT_TRANSLATE_NOOP("texts", "1 area removed"),
        QT_TRANSLATE_NOOP("texts", "%n areas removed"),
    ),
)


def _line(changes: list[Change], species: dict[str, str]) -> Line:
    first = changes[0]
    how = amount(first.amount, first.unit) if first.amount is not None else ""
    title = first.title
    if first.what == "tree":
        kind = species.get(first.id, "")
        title = f"{len(changes)} × {kind or tr('tree')}" if len(changes) > 1 or kind else tr("Tree")
        title = f"{title}, {first.title}" if first.title and first.title != kind else title
    elif len(changes) > 1:
        title = f"{len(changes)} × {title}"
    return Line(first.kind, first.what, tuple(change.id for change in changes), title, how)


def _species(built: Built) -> dict[str, str]:
    wanted = {change.id for change in built.changes if change.what == "tree"}
    found: dict[str, str] = {}
    for layer in built.layers:
        columns = layer.table.columns
        if layer.role == "trees" and {"id", "species"} <= columns.keys():
            pairs = zip(columns["id"], columns["species"], strict=True)
            found.update({i: s for i, s in pairs if i in wanted and isinstance(s, str)})
    return found
