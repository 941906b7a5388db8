"""Raises a footprint to a closed block with a roof.

Every roof is the lower envelope of planes, so any footprint, concave or with courtyards, is cut into pieces
that are exactly flat. A corner is the same three numbers in every surface that meets there, so the shell is
watertight.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LinearRing, MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

from twin.model.city import Polygon3D
from twin.model.scenario import ROOFS
from twin.model.triangulate import triangulate

GRID = 0.001
"""Corners are rounded to this, which is also what files keep. [m]"""
LEAST_WALL = 1.0
"""No roof comes down lower than this above the base. [m]"""
ROOF_SHARE = 1 / 3
"""Roof height as a share of the narrow side where nobody said more: a slope of 34° in a gable."""

TRIES, NUDGE = 6, 0.004
"""How often, and by how much more each time, planes are moved that meet in one point of GRID. [m]"""

Floats = NDArray[np.float64]


def block(
    footprint: Polygon | MultiPolygon,
    *,
    base: float,
    height: float,
    roof: str = "flat",
    roof_height: float | None = None,
    direction: float | None = None,
    lod: int = 2,
) -> tuple[Polygon3D, ...]:
    """The closed shell of one building: floor, walls and roof, normals outwards.

    footprint: in local metres; may be concave and have holes. Corners are rounded to GRID. [m]
    base, height: of the lowest and of the highest point. [m]
    roof: one of ROOFS. Hips and pyramids rise from the sides of a convex footprint, and from the sides of
        the smallest rectangle around any other.
    roof_height: from the eaves to the highest point; ROOF_SHARE of the narrow side when None; never so
        much that less than LEAST_WALL of wall is left. [m]
    direction: where the slope of a skillion or gabled roof faces, clockwise from north, as `roof:direction`
        of OpenStreetMap; when None the ridge follows the long side and a skillion faces the more
        southern of its two long sides. [deg]
    Raises ValueError for an unknown roof, a height that is not above the base, a footprint without area, or
        one over which the planes of the roof do not close on GRID.
    """
    if roof not in ROOFS:
        raise ValueError(f"a roof is one of {', '.join(ROOFS)}, not {roof!r}")
    if not height > base:
        raise ValueError(f"the top ({height:g} m) is not above the base ({base:g} m)")
    clean = shapely.set_precision(shapely.make_valid(footprint), GRID)
    parts = [p for p in shapely.get_parts(clean) if isinstance(p, Polygon) and p.area > 0]
    if not parts:
        raise ValueError("the footprint has no area")
    found: list[Polygon3D] = []
    for part in parts:
        found.extend(
            _shell(
                shapely.orient_polygons(part),
                base=base,
                height=height,
                roof=roof,
                roof_height=roof_height,
                direction=direction,
                lod=lod,
            )
        )
    return tuple(found)


def _shell(
    footprint: Polygon,
    *,
    base: float,
    height: float,
    roof: str,
    roof_height: float | None,
    direction: float | None,
    lod: int,
) -> Iterator[Polygon3D]:
    centre = np.array(footprint.centroid.coords[0])
    axes, extents = _axes(footprint, direction)
    wanted = ROOF_SHARE * (extents[:, 1] - extents[:, 0]).min() if roof_height is None else roof_height
    rise = min(wanted, height - base - LEAST_WALL)
    planes = _planes(footprint, roof, centre, axes, extents) if rise > 0 else np.zeros((1, 3))
    tops = _roof(footprint, centre, planes, rise=rise, height=height)
    rings = [np.array(ring.coords)[:-1] for ring in (footprint.exterior, *footprint.interiors)]
    floor = tuple(np.column_stack([ring[::-1], np.full(len(ring), float(base))]) for ring in rings)
    # hanging over open ground it is what CityGML calls an outer ceiling: outside, facing down
    yield Polygon3D(floor, "OuterCeilingSurface" if base > 0 else "GroundSurface", lod)
    for start, end, top in tops.eaves:
        foot = np.array([[*start, base], [*end, base]])
        yield Polygon3D((np.concatenate([foot, top[::-1]]),), "WallSurface", lod)
    for outlines in tops.pieces:
        yield Polygon3D(outlines, "RoofSurface", lod)


@dataclass(frozen=True, eq=False, slots=True)
class _Roof:
    """The pieces of a roof, and where it meets the wall of each side of the footprint."""

    pieces: tuple[tuple[Floats, ...], ...]
    eaves: tuple[tuple[Floats, Floats, Floats], ...]
    """Start and end of a side (2,), and the roof's corners above it (k, 3)."""


def _roof(footprint: Polygon, centre: Floats, planes: Floats, *, rise: float, height: float) -> _Roof:
    """The roof of these planes; of planes a finger apart from them where they meet in one point of GRID.

    Raises ValueError when no such roof closes.
    """
    for nudge in range(TRIES):
        # one after the other, so that no three planes meet as the first ones did
        moved = planes + np.array([0.0, 0.0, 1.0]) * (NUDGE * nudge * np.arange(len(planes)) ** 2)[:, None]
        try:
            roof = _closed(footprint, centre, moved, rise=rise, height=height)
        except LookupError:
            continue
        if all(_faces_up(outlines) for outlines in roof.pieces):
            return roof
    raise ValueError("this roof does not close over the footprint; choose a simpler one")


def _closed(footprint: Polygon, centre: Floats, planes: Floats, *, rise: float, height: float) -> _Roof:
    """Raises LookupError when the pieces do not reach round the footprint."""
    pieces = _pieces(footprint, centre, planes)
    corners = np.concatenate([shapely.get_coordinates(piece) for piece in pieces])
    level = _lowest(planes, corners - centre)
    low, high = float(level.min()), float(level.max())
    scale = rise / (high - low) if high > low else 0.0

    def lift(points: Floats) -> Floats:
        z = height - (high - _lowest(planes, points - centre)) * scale
        return np.column_stack([points, z])

    edges = _outline(pieces)
    return _Roof(
        tuple(
            tuple(lift(np.array(o.coords)[:-1]) for o in (piece.exterior, *piece.interiors))
            for piece in pieces
        ),
        tuple(
            (start, end, lift(_along(start, end, edges)))
            for ring in (footprint.exterior, *footprint.interiors)
            for start, end in pairwise(np.array(ring.coords))
        ),
    )


def _faces_up(outlines: tuple[Floats, ...]) -> bool:
    corners = np.concatenate(outlines)[triangulate(list(outlines))]
    if not len(corners):
        return False
    a, b, c = corners.transpose(1, 0, 2)
    return bool((np.cross(b - a, c - a)[:, 2] > 0).all())


def _axes(footprint: Polygon, direction: float | None) -> tuple[Floats, Floats]:
    """Unit vectors across and along the ridge (2, 2), and the footprint's extents in them (2, 2). [m]"""
    if direction is None:
        sides = np.diff(shapely.get_coordinates(shapely.oriented_envelope(footprint))[:3], axis=0)
        lengths = np.hypot(*sides.T)
        across = sides[lengths.argmin()] / lengths.min()
        if across[1] > 0:  # of the two ways, the one that faces south
            across = -across
    else:
        across = np.array([math.sin(math.radians(direction)), math.cos(math.radians(direction))])
    axes = np.array([across, [-across[1], across[0]]])
    reach = shapely.get_coordinates(footprint) @ axes.T
    return axes, np.column_stack([reach.min(axis=0), reach.max(axis=0)])


def _planes(footprint: Polygon, roof: str, centre: Floats, axes: Floats, extents: Floats) -> Floats:
    """(a, b, c) of heights a·x + b·y + c around the centre; the roof is the lowest of them, to any scale."""
    extents = extents - (axes @ centre)[:, None]
    if roof == "flat":
        return np.zeros((1, 3))
    if roof == "skillion":
        return np.array([[*-axes[0], 0.0]])
    inward = np.concatenate([axes, -axes])
    offset = np.concatenate([-extents[:, 0], extents[:, 1]])
    if roof == "gabled":
        return np.column_stack([inward, offset])[[0, 2]]
    middle = extents.mean(axis=1) @ axes
    hull = footprint.convex_hull
    if footprint.area > 0.99 * hull.area:
        middle = np.zeros(2)
        # without the small steps of digitising, which would each grow a plane of their own
        corners = shapely.get_coordinates(shapely.orient_polygons(hull.simplify(0.2))) - centre
        along = np.diff(corners, axis=0)
        inward = np.column_stack([-along[:, 1], along[:, 0]]) / np.hypot(*along.T)[:, None]
        offset = -(inward * corners[:-1]).sum(axis=1)
    planes = np.column_stack([inward, offset])
    if roof == "pyramidal":
        planes /= (inward @ middle + offset)[:, None]
    return planes


def _lowest(planes: Floats, points: Floats) -> Floats:
    return np.asarray((points @ planes[:, :2].T + planes[:, 2]).min(axis=1))


def _pieces(footprint: Polygon, centre: Floats, planes: Floats) -> list[Polygon]:
    """The footprint cut where another plane becomes the lowest; pieces share their corners exactly."""
    if len(planes) == 1:
        return [footprint]
    west, south, east, north = shapely.buffer(footprint, 1.0).bounds
    frame = np.array([[west, south], [east, south], [east, north], [west, north]]) - centre
    cuts: list[BaseGeometry] = [footprint.boundary]
    for i, plane in enumerate(planes):
        region = frame
        for difference in np.delete(planes, i, axis=0) - plane:
            region = _clip(region, difference)
        if len(region) > 2:
            cuts.append(LinearRing(region + centre))
    noded = shapely.union_all(cuts, grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    inside = shapely.contains(footprint, shapely.point_on_surface(faces))
    return [shapely.orient_polygons(face) for face in faces[inside]]


def _clip(polygon: Floats, plane: Floats) -> Floats:
    """The part of a convex polygon where a·x + b·y + c is not negative (Sutherland & Hodgman 1974)."""
    if len(polygon) < 3:
        return polygon
    value = polygon @ plane[:2] + plane[2]
    if np.abs(value).max() < GRID * 1e-3:  # the same plane twice
        return polygon
    following, after = np.roll(polygon, -1, axis=0), np.roll(value, -1)
    kept: list[Floats] = []
    for p, q, v, w in zip(polygon, following, value, after, strict=True):
        if v >= 0:
            kept.append(p)
        if (v > 0 > w) or (v < 0 < w):
            kept.append(p + (q - p) * (v / (v - w)))
    return np.array(kept).reshape(-1, 2)


def _outline(pieces: list[Polygon]) -> dict[tuple[float, float], list[tuple[float, float]]]:
    """Where the edges that belong to one piece only lead to, from each corner."""
    edges: set[tuple[tuple[float, float], tuple[float, float]]] = set()
    for piece in pieces:
        for ring in (piece.exterior, *piece.interiors):
            corners = [(x, y) for x, y in np.array(ring.coords).tolist()]
            edges.update(pairwise(corners))
    leads: dict[tuple[float, float], list[tuple[float, float]]] = {}
    for start, end in edges:
        if (end, start) not in edges:
            leads.setdefault(start, []).append(end)
    return leads


def _along(start: Floats, end: Floats, leads: dict[tuple[float, float], list[tuple[float, float]]]) -> Floats:
    """The corners of the roof's outline from one corner of the footprint to the next: (k, 2)."""
    here, goal = (float(start[0]), float(start[1])), (float(end[0]), float(end[1]))
    path, gone = [here], {here}
    while here != goal:
        ways = [p for p in leads.get(here, ()) if p == goal or p not in gone]
        if not ways:
            raise LookupError("the outline of the roof does not lead on")
        # where the outline touches itself, straight on
        here = min(ways, key=lambda p: abs(_turn(here, goal, p)))
        gone.add(here)
        path.append(here)
    return np.array(path)


def _turn(here: tuple[float, float], goal: tuple[float, float], p: tuple[float, float]) -> float:
    """The angle between the way to the goal and the way to p. [rad]"""
    turn = math.atan2(p[1] - here[1], p[0] - here[0]) - math.atan2(goal[1] - here[1], goal[0] - here[0])
    return math.remainder(turn, math.tau)
