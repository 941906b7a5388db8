"""Adds, extends, moves, changes and removes buildings."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Polygon, box

from twin.analysis import build_features, extrude, plot
from twin.analysis.measures import STOREYS
from twin.analysis.worksite import Added, Change, Worksite, height_of, name_of
from twin.model import parts
from twin.model.city import SURFACE_TYPES, CityObject, Polygon3D
from twin.model.parts import family
from twin.model.scenario import (
    AddBuilding,
    AddCanopy,
    ChangeAttributes,
    ExtendBuilding,
    FillPlot,
    GreenBuilding,
    MoveBuilding,
    Remove,
)
from twin.model.table import Value

POST = 0.15
"""Half of the side of a post under a canopy. [m]"""
SILL = 0.5
"""Where no ground surface says where a building stands, it stands on all that is not higher than this. [m]"""
GROUND = SURFACE_TYPES.index("GroundSurface")
Corners = NDArray[np.float64]
Marks = NDArray[np.bool_]
Reshape = Callable[[Corners, Marks], Corners]
"""Takes the corners of a building, and which of them stand on the ground."""


def add_building(work: Worksite, edit: AddBuilding) -> None:
    """A block with a roof, unless its id is taken or its roof does not close."""
    attributes: dict[str, Value] = {
        "name": edit.title or None,
        "use": edit.use or None,
        "storeysAboveGround": edit.storeys,
        "measuredHeight": float(edit.height),
        "height_source": "scenario",
        "yearOfConstruction": edit.year,
        "energy_class": edit.energy_class or None,
        "frame": edit.frame or None,
        "heating": edit.heating or None,
    }
    _raise(work, edit, edit.id, edit.footprint, edit.height, attributes, (edit.roof, edit.roof_height))


def fill_plot(work: Worksite, edit: FillPlot) -> None:
    """Blocks of one form; tells how far the floor area is reached."""
    try:
        filling = plot.fill(edit)
    except ValueError as error:
        work.problems.append(f"{name_of(edit)}: {error}; nothing was built.")
        return
    height = filling.storeys * edit.storey_height
    for number, footprint in enumerate(filling.footprints, start=1):
        attributes: dict[str, Value] = {
            "name": edit.title or None,
            "use": edit.use or None,
            "storeysAboveGround": filling.storeys,
            "measuredHeight": height,
            "height_source": "scenario",
        }
        _raise(work, edit, f"{edit.id}.{number}", footprint, height, attributes, (edit.roof, None))
    if filling.floor_area < edit.floor_area:
        work.problems.append(
            f"{name_of(edit)}: {filling.floor_area:,.0f} of {edit.floor_area:,.0f} m² fit into "
            f"{filling.storeys} storeys."
        )


def add_canopy(work: Worksite, edit: AddCanopy) -> None:
    """A plate on posts at the corners of its area."""
    top = edit.height + edit.thickness
    posts = [
        box(x - POST, y - POST, x + POST, y + POST)
        for x, y in shapely.get_coordinates(edit.area.buffer(-2 * POST, join_style="mitre"))[:-1]
    ]
    try:
        polygons = extrude.block(edit.area, base=edit.height, height=top)
        for post in posts:
            polygons += extrude.block(post, base=0.0, height=edit.height)
    except ValueError as error:
        work.problems.append(f"{name_of(edit)}: {error}; it was not built.")
        return
    attributes: dict[str, Value] = {"measuredHeight": top, "height_source": "scenario"}
    if edit.title:
        attributes["name"] = edit.title
    _stand(
        work, Added(edit, edit.area, CityObject(edit.id, "OtherConstruction", -1, attributes, polygons)), top
    )


def extend(work: Worksite, edit: ExtendBuilding) -> None:
    """All of a building rises by the new storeys, save for where it stands on the ground."""
    rise = edit.storeys * edit.storey_height

    def raised(corners: Corners, ground: Marks) -> Corners:
        found = corners.copy()
        found[~ground, 2] += rise
        return found

    def more(known: Mapping[str, Value], height: float) -> dict[str, Value]:
        changed: dict[str, Value] = {"measuredHeight": height}
        for name in STOREYS:
            value = known.get(name)
            if isinstance(value, int | float):
                changed[name] = value + edit.storeys
        return changed

    _reshape(work, edit, raised, more)


def move(work: Worksite, edit: MoveBuilding) -> None:
    """All of the buildings turn around their common middle, and go."""
    every = [_standing_places(work, gml_id) for gml_id in edit.ids]
    together = np.concatenate([np.zeros((0, 2)), *every])
    if len(together):
        middle = (together.min(axis=0) + together.max(axis=0)) / 2
    angle = math.radians(-edit.rotation)
    turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])

    def moved(corners: Corners, _ground: Marks) -> Corners:
        flat = (corners[:, :2] - middle) @ turn.T + middle + (edit.east, edit.north)
        return np.column_stack([flat, corners[:, 2] + edit.up])

    _reshape(work, edit, moved, lambda _known, _height: {})


def change_attributes(work: Worksite, edit: ChangeAttributes) -> None:
    """Other values, the same shape."""
    _note(work, edit, edit.ids, dict(edit.attributes))


def green(work: Worksite, edit: GreenBuilding) -> None:
    """An attribute that analyses and colours follow."""
    where = "green_wall" if edit.green == "wall" else "green_roof"
    _note(work, edit, edit.ids, {where: edit.green})


def remove(work: Worksite, edit: Remove) -> None:
    """Objects with their parts, and features of any layer."""
    for gone in edit.ids:
        found = work.added.pop(gone, None) is not None
        if found:
            work.changes = [change for change in work.changes if change.id != gone]
        row = work.standing(gone)
        if row is not None:
            work.gone[row] = True
            known = work.known(row)
            title = str(known.get("name") or edit.title or gone)
            work.changes = [change for change in work.changes if change.id != gone]
            work.changes.append(
                Change("removed", "building", gone, title, *height_of(known, "measuredHeight"))
            )
            found = True
        found |= build_features.take_out(work, gone)
        if not found:
            work.problems.append(f"{name_of(edit)}: there is no {gone} to remove.")


def _raise(
    work: Worksite,
    edit: AddBuilding | FillPlot,
    gml_id: str,
    footprint: Polygon,
    height: float,
    attributes: Mapping[str, Value],
    roof: tuple[str, float | None],
) -> None:
    try:
        polygons = _block(footprint, height, *roof)
    except ValueError as error:
        work.problems.append(f"{name_of(edit)}: {error}; it was not built.")
        return
    present = {key: value for key, value in attributes.items() if value is not None}
    _stand(work, Added(edit, footprint, CityObject(gml_id, "Building", -1, present, polygons)), height)


@lru_cache(maxsize=4096)  # an edit changes one of many buildings, and the others are as they were
def _block(footprint: Polygon, height: float, roof: str, roof_height: float | None) -> tuple[Polygon3D, ...]:
    return tuple(extrude.block(footprint, base=0.0, height=height, roof=roof, roof_height=roof_height))


def _stand(work: Worksite, new: Added, height: float) -> None:
    gml_id, name = new.thing.id, name_of(new.edit)
    if gml_id in work.added or work.standing(gml_id) is not None:
        work.problems.append(f"{name}: the city already has an object {gml_id}; it was not built.")
        return
    work.added[gml_id] = new
    what = "building" if new.thing.type == "Building" else "feature"
    work.changes.append(Change("added", what, gml_id, name, height, "m"))


def _reshape(
    work: Worksite,
    edit: ExtendBuilding | MoveBuilding,
    change: Reshape,
    attributes: Callable[[Mapping[str, Value], float], dict[str, Value]],
) -> None:
    """Give objects other corners, each with its parts together, and the attributes that follow."""
    for gml_id in edit.ids:
        row, new = work.standing(gml_id), work.added.get(gml_id)
        if gml_id in work.pits:
            work.problems.append(f"{name_of(edit)}: {gml_id} is dug out of the ground; draw it elsewhere.")
            continue
        if new is not None and gml_id not in work.models:
            work.added[gml_id] = _reshaped(new, change, attributes)
            continue
        corners = _corners(work, gml_id)
        if row is None or not len(corners):
            flat = isinstance(edit, MoveBuilding) and build_features.shift(
                work, gml_id, lambda places: change(_on_plane(places), np.ones(len(places), bool))[:, :2]
            )
            if not flat:
                what = "there is no building" if isinstance(edit, ExtendBuilding) else "there is no"
                work.problems.append(f"{name_of(edit)}: {what} {gml_id} to change.")
            continue
        members = family(work.city, row)
        made = change(corners, _on_ground(corners, parts.corner_types(work.city, members) == GROUND))
        ends = np.cumsum([len(work.corners(each)) for each in members.tolist()])
        work.moved.update(zip(members.tolist(), np.split(made, ends[:-1]), strict=True))
        height = float(np.ptp(made[:, 2]))
        known = work.known(row)
        work.cells.setdefault(row, {}).update(attributes(known, height))
        title = str(known.get("name") or edit.title or gml_id)
        work.tell(Change("changed", "building", gml_id, title, height, "m"))


def _reshaped(
    new: Added,
    change: Reshape,
    attributes: Callable[[Mapping[str, Value], float], dict[str, Value]],
) -> Added:
    rings = [(ring, polygon.type) for polygon in new.thing.polygons for ring in polygon.rings]
    corners = np.concatenate([ring for ring, _ in rings])
    low = np.repeat([kind == "GroundSurface" for _, kind in rings], [len(ring) for ring, _ in rings])
    made = change(corners, _on_ground(corners, low))
    pieces = iter(np.split(made, np.cumsum([len(ring) for ring, _ in rings])[:-1]))
    polygons = tuple(
        Polygon3D(tuple(next(pieces) for _ in polygon.rings), polygon.type, polygon.lod)
        for polygon in new.thing.polygons
    )
    footprint = shapely.transform(
        new.footprint, lambda flat: change(_on_plane(flat), np.ones(len(flat), bool))[:, :2]
    )
    height = float(np.ptp(made[:, 2]))
    known = {**new.thing.attributes, **attributes(new.thing.attributes, height)}
    return replace(new, footprint=footprint, thing=replace(new.thing, polygons=polygons, attributes=known))


def _on_plane(flat: NDArray[np.float64]) -> Corners:
    return np.column_stack([flat, np.zeros(len(flat))])


def _on_ground(corners: Corners, of_ground: Marks) -> Marks:
    """Which corners (n, 3) lie where a ground surface has one: (n,)."""
    if not of_ground.any():
        return np.asarray(corners[:, 2] <= corners[:, 2].min() + SILL)
    bottom = {corner.tobytes() for corner in corners[of_ground]}
    return np.array([corner.tobytes() in bottom for corner in corners], dtype=bool)


def _note(
    work: Worksite, edit: ChangeAttributes | GreenBuilding, ids: Sequence[str], said: dict[str, Value]
) -> None:
    for gml_id in ids:
        row, new = work.standing(gml_id), work.added.get(gml_id)
        if new is not None:
            known = {k: v for k, v in {**new.thing.attributes, **said}.items() if v is not None}
            work.added[gml_id] = replace(new, thing=replace(new.thing, attributes=known))
        elif row is not None:
            work.cells.setdefault(row, {}).update(said)
            title = str(work.known(row).get("name") or edit.title or gml_id)
            work.tell(Change("changed", "building", gml_id, title))
        elif isinstance(edit, GreenBuilding) or not build_features.note(work, gml_id, said):
            work.problems.append(f"{name_of(edit)}: there is no {gml_id} to change.")


def _standing_places(work: Worksite, gml_id: str) -> NDArray[np.float64]:
    """Where an object or a feature stands: (n, 2)."""
    corners = _corners(work, gml_id)
    return corners[:, :2] if len(corners) else build_features.places(work, gml_id)


def _corners(work: Worksite, gml_id: str) -> Corners:
    row, new = work.standing(gml_id), work.added.get(gml_id)
    if new is not None and gml_id not in work.models:
        return np.concatenate([ring for polygon in new.thing.polygons for ring in polygon.rings])
    if row is None:
        return np.zeros((0, 3))
    return np.concatenate([work.corners(each) for each in family(work.city, row).tolist()])
