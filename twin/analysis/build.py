"""Makes the city and the layers of a scenario out of today's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon

from twin.analysis import extrude
from twin.model import city as cities
from twin.model import table
from twin.model.city import City, CityObject
from twin.model.layer import Layer, Style
from twin.model.scenario import AddBuilding, ChangeGround, Edit, PlantTrees, Remove

TOUCH = 0.5
"""Buildings may reach this far into each other before it is called a problem; plots are drawn by hand. [m]"""
FEATURES = {"trees": "tree", "ground": "ground"}
"""What the features of a layer are called, by its role."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is different from today."""

    kind: str
    """`added`, `removed` or `changed`."""
    what: str
    """`building`, `tree`, `ground`, or `feature` of any other layer."""
    id: str
    title: str
    amount: float | None = None
    """Height of a building or tree, area of a ground; None where it is not known."""
    unit: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Built:
    """A scenario as it would stand."""

    city: City
    layers: tuple[Layer, ...]
    changes: tuple[Change, ...] = ()
    problems: tuple[str, ...] = ()
    """What could not be done as drawn, one sentence each."""


@dataclass(slots=True)
class _Work:
    """What the edits have come to so far."""

    city: City
    layers: dict[str, Layer]
    gone: NDArray[np.bool_]
    added: dict[str, tuple[AddBuilding, CityObject]] = field(default_factory=dict)
    planted: list[PlantTrees] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


def build(city: City, layers: tuple[Layer, ...], edits: tuple[Edit, ...]) -> Built:
    """The city and layers after the edits, in their order; what no edit touches stays the same object.

    Trees inside a new building fall and are listed; whatever cannot be done is left out and told.
    """
    if not edits:
        return Built(city, layers)
    work = _Work(city, {layer.id: layer for layer in layers}, np.zeros(len(city.object_id), dtype=bool))
    for edit in edits:
        _MAKE[type(edit)](work, edit)
    built = cities.without(city, work.gone)
    if work.added:
        new = cities.from_objects(city.place, [thing for _, thing in work.added.values()])
        _overlaps(work, built)
        built = cities.concatenate(built, new)
    _fell(work)
    for planting in work.planted:
        _plant(work, planting, built)
    return Built(built, tuple(work.layers.values()), tuple(work.changes), tuple(work.problems))


def trees(layers: Sequence[Layer]) -> Layer | None:
    """The layer of trees, if there is one."""
    return next((layer for layer in layers if layer.role == "trees"), None)


def _add_building(work: _Work, edit: AddBuilding) -> None:
    name = edit.title or edit.id
    row = work.city.rows.get(edit.id)
    if edit.id in work.added or (row is not None and not work.gone[row]):
        work.problems.append(f"{name}: the city already has an object {edit.id}; it was not built.")
        return
    try:
        polygons = extrude.block(
            edit.footprint, base=0.0, height=edit.height, roof=edit.roof, roof_height=edit.roof_height
        )
    except ValueError as error:
        work.problems.append(f"{name}: {error}; it was not built.")
        return
    attributes: dict[str, table.Value] = {
        "name": edit.title or None,
        "use": edit.use or None,
        "storeysAboveGround": edit.storeys,
        "measuredHeight": float(edit.height),
        "height_source": "scenario",
    }
    present = {key: value for key, value in attributes.items() if value is not None}
    work.added[edit.id] = (edit, CityObject(edit.id, "Building", -1, present, polygons))
    work.changes.append(Change("added", "building", edit.id, name, edit.height, "m"))


def _remove(work: _Work, edit: Remove) -> None:
    rows = work.city.rows
    for gone in edit.ids:
        found = False
        if gone in work.added:
            del work.added[gone]
            work.changes = [change for change in work.changes if change.id != gone]
            found = True
        elif gone in rows and not work.gone[rows[gone]]:
            work.gone[rows[gone]] = True
            known = work.city.attributes.row(rows[gone])
            work.changes.append(
                Change(
                    "removed",
                    "building",
                    gone,
                    str(known.get("name") or edit.title or gone),
                    *_height(known, "measuredHeight"),
                )
            )
            found = True
        for layer in tuple(work.layers.values()):
            found |= _take_out(work, layer, gone)
        if not found:
            work.problems.append(f"{edit.title or edit.id}: there is no {gone} to remove.")


def _take_out(work: _Work, layer: Layer, gone: str) -> bool:
    ids = layer.table.columns.get("id")
    if ids is None:
        return False
    hit = np.array(ids == gone, dtype=bool)
    for row in np.flatnonzero(hit):
        known = layer.table.row(int(row))
        what = FEATURES.get(layer.role, "feature")
        title = str(known.get("name") or known.get("species") or layer.title or gone)
        work.changes.append(Change("removed", what, gone, title, *_height(known, "height")))
    if hit.any():
        work.layers[layer.id] = _only(layer, ~hit)
    return bool(hit.any())


def _plant_trees(work: _Work, edit: PlantTrees) -> None:
    work.planted.append(edit)


def _change_ground(work: _Work, edit: ChangeGround) -> None:
    layer = _layer(work, "ground", "Ground", Style(order=1))
    row: dict[str, table.Value] = {"id": edit.id, "name": edit.title, "surface": edit.surface}
    work.layers[layer.id] = _longer(layer, [edit.area], [row])
    title = f"{edit.title or edit.id}: {edit.surface.replace('_', ' ')}"
    work.changes.append(Change("changed", "ground", edit.id, title, float(edit.area.area), "m²"))


# each function takes the kind of edit it stands beside, which the type cannot say
_MAKE: Mapping[type[Edit], Callable[[_Work, Any], None]] = {
    AddBuilding: _add_building,
    Remove: _remove,
    PlantTrees: _plant_trees,
    ChangeGround: _change_ground,
}


def _overlaps(work: _Work, standing: City) -> None:
    """Tells which buildings that still stand are in the way of new ones."""
    owner = np.repeat(standing.surface_object[standing.ring_surface], np.diff(standing.ring_starts))
    x, y = standing.vertices[:, 0], standing.vertices[:, 1]
    for edit, _ in work.added.values():
        inside = _inside(edit.footprint.buffer(-TOUCH), x, y)
        for row in np.unique(cities.roots(standing)[owner[inside]]):
            work.problems.append(
                f"{edit.title or edit.id} overlaps {standing.object_id[row]}, which is not removed."
            )


def _fell(work: _Work) -> None:
    """Takes out the trees that stand where new buildings are."""
    layer = trees(tuple(work.layers.values()))
    if layer is None or not len(layer.geometry):
        return
    middle = shapely.centroid(layer.geometry)
    x, y = shapely.get_x(middle), shapely.get_y(middle)
    keep = np.ones(len(x), dtype=bool)
    for edit, _ in work.added.values():
        under = keep & _inside(edit.footprint, x, y)
        for row in np.flatnonzero(under):
            known = layer.table.row(int(row))
            title = f"under {edit.title or edit.id}"
            change = Change("removed", "tree", str(known.get("id", "")), title, *_height(known, "height"))
            work.changes.append(change)
        keep &= ~under
    if not keep.all():
        work.layers[layer.id] = _only(layer, keep)


def _plant(work: _Work, edit: PlantTrees, built: City) -> None:
    layer = _layer(work, "trees", "Trees", Style("#4f7a3a", glyph="tree"))
    points = np.array(list(edit.points.geoms), dtype=object)
    built_over = _under_a_roof(built, shapely.get_coordinates(points))
    name = edit.title or edit.id
    if blocked := int(built_over.sum()):
        work.problems.append(f"{name}: {blocked} of {len(points)} trees would stand in a building; left out.")
    rows: list[dict[str, table.Value]] = [
        {
            "id": f"{edit.id}.{number}",
            "species": edit.species or None,
            "height": float(edit.height),
            "crown": float(edit.crown),
        }
        for number in np.flatnonzero(~built_over) + 1
    ]
    work.layers[layer.id] = _longer(layer, list(points[~built_over]), rows)
    work.changes.extend(
        Change("added", "tree", str(row["id"]), name, float(edit.height), "m") for row in rows
    )


def _inside(area: Polygon, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.bool_]:
    if area.is_empty:
        return np.zeros(len(x), dtype=bool)
    west, south, east, north = area.bounds
    found = (x > west) & (x < east) & (y > south) & (y < north)
    near = np.flatnonzero(found)
    found[near] = shapely.contains_xy(area, x[near], y[near])
    return found


def _under_a_roof(city: City, points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of the points (n, 2) lie below or above any triangle of the city: (n,)."""
    found = np.zeros(len(points), dtype=bool)
    if not len(points) or not len(city.triangles):
        return found
    corners = city.vertices[city.triangles, :2]
    low, high = corners.min(axis=1), corners.max(axis=1)
    near = ((high >= points.min(axis=0)) & (low <= points.max(axis=0))).all(axis=1)
    corners, low, high = corners[near], low[near], high[near]
    for i, point in enumerate(points):
        a, b, c = corners[((low <= point) & (high >= point)).all(axis=1)].transpose(1, 0, 2) - point
        turns = np.stack([_cross(a, b), _cross(b, c), _cross(c, a)])
        lies = np.abs(turns.sum(axis=0)) > 0  # walls are lines from above
        found[i] = (lies & ((turns >= 0).all(axis=0) | (turns <= 0).all(axis=0))).any()
    return found


def _cross(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])


def _layer(work: _Work, role: str, title: str, style: Style) -> Layer:
    """The layer of that role; a new one when there is none."""
    for layer in work.layers.values():
        if layer.role == role:
            return layer
    return Layer(role, title, np.empty(0, dtype=object), table.from_rows([]), style, role)


def _only(layer: Layer, keep: NDArray[np.bool_]) -> Layer:
    return replace(layer, geometry=layer.geometry[keep], table=table.take(layer.table, keep))


def _longer(layer: Layer, geometry: Sequence[object], rows: Sequence[Mapping[str, table.Value]]) -> Layer:
    column = np.empty(len(geometry), dtype=object)
    column[:] = geometry
    return replace(
        layer,
        geometry=np.concatenate([layer.geometry, column]),
        table=table.concatenate(layer.table, table.from_rows(rows)),
    )


def _height(known: Mapping[str, table.Value], name: str) -> tuple[float | None, str]:
    value = known.get(name)
    return (float(value), "m") if isinstance(value, int | float) else (None, "")
