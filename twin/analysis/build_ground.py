"""Plants trees, and changes the ground and what stands on it."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from shapely import LineString, Point, Polygon

from twin.analysis import extrude
from twin.analysis.in_the_way import inside, under_a_roof
from twin.analysis.mound import mound
from twin.analysis.pit import KIND, dig
from twin.analysis.worksite import Added, Change, Worksite, height_of, name_of, only
from twin.model import table
from twin.model.city import City, CityObject
from twin.model.layer import Layer, Style
from twin.model.scenario import (
    AddThings,
    AddWay,
    ChangeGround,
    PlantArea,
    PlantRow,
    PlantTrees,
    RaiseGround,
)
from twin.model.table import Value

TREE = Style("#4f7a3a", glyph="tree")
WAY_LAYERS = {
    "street": "streets",
    "footway": "footways",
    "ramp": "footways",
    "crossing": "crossings",
    "steps": "steps",
}
"""The layer that a new way joins, if the project has it."""
WAY_STYLE = Style("#8a8f98", width=3.0, order=2)
THING_LAYERS = {"lamp": "lamps", "projector": "lamps", "bench": "benches", "stop": "stops"}
HEIGHTS = {"lamp": 5.0, "projector": 8.0, "bench": 0.8, "stop": 3.0}
"""Usual ones. [m]"""
HEDGE = 1.2
"""Height of hedges. [m]"""
POINT = 0
"""Of shapely."""
LEAST_RISE = 0.01
"""Ground that is raised or lowered by less stays as it is. [m]"""
Planting = PlantTrees | PlantRow | PlantArea


def places(edit: Planting) -> tuple[Point, ...]:
    """Where the trees of an edit are meant to stand."""
    match edit:
        case PlantTrees():
            return tuple(edit.points.geoms)
        case PlantRow():
            return along(edit.line, edit.spacing)
        case PlantArea():
            return over(edit.area, edit.spacing)


def along(line: LineString, spacing: float) -> tuple[Point, ...]:
    """Points from end to end of a line, equally far and at most `spacing` apart. [m]"""
    gaps = max(math.ceil(line.length / spacing - 1e-9), 1)
    return tuple(line.interpolate(step / gaps, normalized=True) for step in range(gaps + 1))


def over(area: Polygon, spacing: float) -> tuple[Point, ...]:
    """Points all over an area, each `spacing` from its neighbours, in a triangular grid. [m]"""
    west, south, east, north = area.bounds
    found = []
    step = spacing * math.sqrt(3) / 2
    rows = np.arange(south + step / 2, north, step)
    for number, y in enumerate(rows):
        x = np.arange(west + spacing * (0.25 if number % 2 else 0.75), east, spacing)
        inside = shapely.contains_xy(area, x, np.full(len(x), y))
        found += [Point(at, y) for at in x[inside]]
    return tuple(found)


def plant(work: Worksite, edits: Sequence[Planting], built: City) -> None:
    """Trees, save where there is a building in the city as it will stand."""
    groups = [np.array(places(edit), dtype=object) for edit in edits]
    every = np.concatenate([np.empty(0, dtype=object), *groups])
    covered = under_a_roof(built, shapely.get_coordinates(every))
    ends = np.cumsum([len(group) for group in groups])
    points: list[object] = []
    rows: list[dict[str, Value]] = []
    for edit, group, built_over in zip(edits, groups, np.split(covered, ends[:-1]), strict=True):
        name = name_of(edit)
        if not len(group):
            work.problems.append(f"{name}: there is no room for a tree.")
        if blocked := int(built_over.sum()):
            said = f"{blocked} of {len(group)} trees would stand in a building; left out."
            work.problems.append(f"{name}: {said}")
        points += list(group[~built_over])
        for number in (np.flatnonzero(~built_over) + 1).tolist():
            tree = f"{edit.id}.{number}"
            row = {"species": edit.species or None, "height": float(edit.height), "crown": float(edit.crown)}
            rows.append({"id": tree, **row})
            work.changes.append(Change("added", "tree", tree, name, float(edit.height), "m"))
    if points:
        work.put(work.layer("trees", "Trees", TREE), points, rows)


def fell(work: Worksite) -> None:
    """Takes out the trees that stand where new buildings are, or where the ground is dug out."""
    layer = next((layer for layer in work.layers.values() if layer.role == "trees"), None)
    if layer is None or not len(layer.geometry) or not work.in_the_way:
        return
    middle = shapely.centroid(layer.geometry)
    x, y = shapely.get_x(middle), shapely.get_y(middle)
    keep = np.ones(len(x), dtype=bool)
    for new in work.in_the_way:
        under = keep & inside(new.footprint, x, y)
        for row in np.flatnonzero(under):
            known = layer.table.row(int(row))
            title = f"{'in' if new.thing.id in work.pits else 'under'} {name_of(new.edit)}"
            work.changes.append(
                Change("removed", "tree", str(known.get("id", "")), title, *height_of(known, "height"))
            )
        keep &= ~under
    if not keep.all():
        work.layers[layer.id] = only(layer, keep)


def clear(work: Worksite) -> None:
    """Takes out what stands at points where the ground is dug out: lamps, benches, stops."""
    for pit in work.pits.values():
        if pit.id not in work.added:
            continue
        for layer in tuple(work.layers.values()):
            stands = shapely.get_type_id(layer.geometry) == POINT
            if layer.role == "trees" or not stands.any():
                continue
            x, y = shapely.get_x(layer.geometry), shapely.get_y(layer.geometry)
            gone = stands & inside(pit.rim, np.nan_to_num(x, nan=np.inf), np.nan_to_num(y, nan=np.inf))
            for row in np.flatnonzero(gone).tolist():
                known = layer.table.row(row)
                title = f"{known.get('name') or layer.title} in {name_of(work.added[pit.id].edit)}"
                work.changes.append(Change("removed", "feature", str(known.get("id", "")), title))
            if gone.any():
                work.layers[layer.id] = only(layer, ~gone)


def change_ground(work: Worksite, edit: ChangeGround) -> None:
    """Another surface, on top of what is there."""
    _pave(work, edit.id, edit.title, edit.area, edit.surface)


def raise_ground(work: Worksite, edit: RaiseGround) -> None:
    """A body of earth with its surface on top, or an opening in the ground with floor and sides."""
    name, lowered = name_of(edit), edit.height < 0
    failed = f"the ground was not {'lowered' if lowered else 'raised'}"
    if edit.id in work.added or work.standing(edit.id) is not None:
        work.problems.append(f"{name}: the city already has an object {edit.id}; {failed}.")
        return
    known: dict[str, Value] = {"measuredHeight": edit.height, "height_source": "scenario"}
    if edit.title:
        known["name"] = edit.title
    if edit.surface:
        known["surface"] = edit.surface
    try:
        if abs(edit.height) < LEAST_RISE:
            raise ValueError("it is to be as high as before")
        if lowered:
            opening, polygons = dig(
                edit.id, edit.area, depth=-edit.height, slope=edit.slope, falls=edit.falls
            )
            work.pits[edit.id], reach = opening, opening.rim
        elif edit.falls is not None:
            raise ValueError("only lowered ground can fall as a ramp; draw a way with steps or a ramp")
        else:
            polygons = mound(edit.area, height=edit.height, slope=edit.slope)
            reach = edit.area.buffer(edit.slope, join_style="mitre")
    except ValueError as error:
        work.problems.append(f"{name}: {error}; {failed}.")
        return
    work.added[edit.id] = Added(edit, reach, CityObject(edit.id, KIND, -1, known, polygons))
    work.changes.append(Change("added", "feature", edit.id, name, edit.height, "m"))


def add_way(work: Worksite, edit: AddWay) -> None:
    """A line with its width; a hedge stands up, and a surface covers the ground under it."""
    area = edit.line.buffer(edit.width / 2, cap_style="flat", join_style="mitre")
    if edit.way == "hedge":
        shell = extrude.block(area, base=0.0, height=HEDGE)
        named: dict[str, Value] = {"name": edit.title} if edit.title else {}
        work.added[edit.id] = Added(edit, area, CityObject(edit.id, "PlantCover", -1, named, shell))
    else:
        layer = _layer(work, WAY_LAYERS[edit.way], WAY_STYLE)
        row: dict[str, Value] = {
            "id": edit.id,
            "name": edit.title or None,
            "kind": edit.way,
            "width": edit.width,
        }
        work.put(layer, [edit.line], [row])
    work.changes.append(Change("added", "feature", edit.id, name_of(edit), float(edit.line.length), "m"))
    if edit.surface:
        parts = [part for part in shapely.get_parts(area) if isinstance(part, Polygon)]
        for number, part in enumerate(parts, start=1):
            _pave(
                work,
                f"{edit.id}.ground" + (f".{number}" if len(parts) > 1 else ""),
                edit.title,
                part,
                edit.surface,
            )


def add_things(work: Worksite, edit: AddThings) -> None:
    """Lamps, benches, stops, projectors."""
    glyph = "lamp" if edit.thing == "projector" else edit.thing
    layer = _layer(work, THING_LAYERS[edit.thing], Style("#6b7280", glyph=glyph))
    height = HEIGHTS[edit.thing] if edit.height is None else edit.height
    points = list(edit.points.geoms)
    rows: list[dict[str, Value]] = [
        {"id": f"{edit.id}.{number}", "name": edit.title or None, "kind": edit.thing, "height": height}
        for number in range(1, len(points) + 1)
    ]
    work.put(layer, points, rows)
    work.changes.extend(
        Change("added", "feature", str(row["id"]), name_of(edit), height, "m") for row in rows
    )


def _pave(work: Worksite, feature_id: str, title: str, area: Polygon, surface: str) -> None:
    layer = work.layer("ground", "Ground", Style(order=1))
    work.put(layer, [area], [{"id": feature_id, "name": title, "surface": surface}])
    said = f"{title or feature_id}: {surface.replace('_', ' ')}"
    work.changes.append(Change("changed", "ground", feature_id, said, float(area.area), "m²"))


def _layer(work: Worksite, layer_id: str, style: Style) -> Layer:
    known = work.layers.get(layer_id)
    if known is not None:
        return known
    return Layer(layer_id, layer_id.capitalize(), np.empty(0, dtype=object), table.from_rows([]), style)
