"""Says what is known of the one surface that was clicked: what it is, how large, which way it faces."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from twin.app import texts
from twin.app.texts import QT_TRANSLATE_NOOP, tr
from twin.model import lod
from twin.model.city import SURFACE_TYPES, City, named, with_parts
from twin.model.faces import ID, Faces
from twin.model.state import Point

NEAR = 0.1
"""A place so far from a surface is on it: what is drawn is kept in single precision. [m]"""
FLAT, UPRIGHT = 2.0, 88.0
"""Slopes below and above these are called flat and upright. [deg]"""
WINDS = (
    QT_TRANSLATE_NOOP("texts", "north"),
    QT_TRANSLATE_NOOP("texts", "north-east"),
    QT_TRANSLATE_NOOP("texts", "east"),
    QT_TRANSLATE_NOOP("texts", "south-east"),
    QT_TRANSLATE_NOOP("texts", "south"),
    QT_TRANSLATE_NOOP("texts", "south-west"),
    QT_TRANSLATE_NOOP("texts", "west"),
    QT_TRANSLATE_NOOP("texts", "north-west"),
)

ONE = {
    "GroundSurface": QT_TRANSLATE_NOOP("texts", "Ground"),
    "WallSurface": QT_TRANSLATE_NOOP("texts", "Wall"),
    "RoofSurface": QT_TRANSLATE_NOOP("texts", "Roof"),
    "OuterCeilingSurface": QT_TRANSLATE_NOOP("texts", "Outer ceiling"),
    "OuterFloorSurface": QT_TRANSLATE_NOOP("texts", "Outer floor"),
    "ClosureSurface": QT_TRANSLATE_NOOP("texts", "Closure"),
    "Window": QT_TRANSLATE_NOOP("texts", "Window"),
    "Door": QT_TRANSLATE_NOOP("texts", "Door"),
    "InteriorWallSurface": QT_TRANSLATE_NOOP("texts", "Inner wall"),
    "CeilingSurface": QT_TRANSLATE_NOOP("texts", "Ceiling"),
    "FloorSurface": QT_TRANSLATE_NOOP("texts", "Floor"),
    "TrafficArea": QT_TRANSLATE_NOOP("texts", "Traffic area"),
    "AuxiliaryTrafficArea": QT_TRANSLATE_NOOP("texts", "Verge"),
}
"""What one of a type is called; others as `texts.surface_type` calls several."""


def surface_at(city: City, gml_id: str, at: Point) -> int | None:
    """The surface of an object or its parts that a place lies on; None where it lies on none."""
    mine = with_parts(city, named(city, (gml_id,)))[city.surface_object]
    if city.surface_shown is not None:
        mine = mine & city.surface_shown
    rows = np.flatnonzero(mine[city.triangle_surface])
    if not len(rows):
        return None
    away = _away(city.vertices[city.triangles[rows]], np.array(at))
    nearest = int(away.argmin())
    return int(city.triangle_surface[rows[nearest]]) if away[nearest] <= NEAR else None


def pairs_of(city: City, surface: int) -> tuple[tuple[str, str], ...]:
    """Names and values of a surface."""
    a, b, c = city.vertices[city.triangles[city.triangle_surface == surface]].transpose(1, 0, 2)
    normals = np.cross(b - a, c - a)
    area = float(np.linalg.norm(normals, axis=1).sum() / 2)
    east, north, up = normals.sum(axis=0).tolist()
    flat = math.hypot(east, north)
    slope = math.degrees(math.atan2(flat, abs(up)))
    level = f"{texts.amount(round(slope), '°')}"
    if slope < FLAT:
        level = tr("flat")
    elif slope > UPRIGHT:
        level = tr("upright")
    kind = SURFACE_TYPES[int(city.surface_type[surface])]
    found = [
        (tr("Type"), tr(ONE[kind]) if kind in ONE else texts.surface_type(kind)),
        (tr("Area"), texts.amount(area, "m²")),
        (tr("Slope"), level),
    ]
    if slope >= FLAT:
        bearing = math.degrees(math.atan2(east, north)) % 360.0
        wind = tr(WINDS[round(bearing / 45.0) % 8])
        found.append((tr("Faces"), f"{wind} ({bearing:.0f}°)"))
    found.append((tr("LoD"), lod.name(float(city.surface_lod[surface]))))
    return tuple(found)


def said_of(city: City, surface: int) -> tuple[tuple[str, str], ...]:
    """What the file says of a surface: its attributes, its id, and what it is cut into or is cut by."""
    faces = city.faces
    if faces is None:
        return ()
    known = faces.row(surface)
    gml_id = known.pop(ID, None)
    found = [(texts.column(name), texts.value(name, value)) for name, value in known.items()]
    if gml_id is not None:
        found.append((tr("Id"), str(gml_id)))
    face = int(faces.of_surface[surface])
    parent = int(faces.parent[face]) if face >= 0 else -1
    if parent >= 0:
        ids = faces.attributes.columns.get(ID)
        gml_id = "" if ids is None or ids[parent] is None else str(ids[parent])
        found.append((tr("Opening in"), f"{_kind(faces, parent)} {gml_id}".strip()))
    holes = np.flatnonzero(faces.parent == face).tolist() if face >= 0 else []
    kinds = Counter(_kind(faces, hole) for hole in holes)
    if kinds:
        said = ", ".join(f"{texts.amount(float(count))} × {kind}" for kind, count in kinds.items())
        found.append((tr("Openings"), said))
    return tuple(found)


def _kind(faces: Faces, face: int) -> str:
    """What a face is."""
    kind = SURFACE_TYPES[int(faces.type[face])]
    return tr(ONE[kind]) if kind in ONE else texts.surface_type(kind)


def _away(corners: NDArray[np.float64], at: NDArray[np.float64]) -> NDArray[np.float64]:
    """From triangles (t, 3, 3) to a place (3,): (t,). [m]"""
    a, b, c = corners.transpose(1, 0, 2)
    normal = np.cross(b - a, c - a)
    length = np.linalg.norm(normal, axis=1)
    unit = normal / np.maximum(length, 1e-12)[:, None]
    away = np.abs(((at - a) * unit).sum(axis=1))
    for start, end in ((a, b), (b, c), (c, a)):
        # outside of a side counts as far as it is
        inward = np.cross(unit, end - start)
        inward /= np.maximum(np.linalg.norm(inward, axis=1), 1e-12)[:, None]
        away = np.maximum(away, -((at - start) * inward).sum(axis=1))
    return np.where(length > 1e-12, away, np.inf)
