"""Raises a footprint under the curved roofs that scenarios have no word for: barrels, gambrels, domes."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import LineString, MultiPolygon, Polygon

from twin.analysis import extrude
from twin.model.city import Polygon3D

LOD = 2
STRIPS = 8
"""Planes a barrel is made of."""
BANDS = 4
"""Rings of facets a dome is made of."""
PROFILES = {
    "round": tuple(
        (math.cos(math.pi * k / STRIPS), math.sin(math.pi * k / STRIPS)) for k in range(STRIPS, -1, -1)
    ),
    "gambrel": ((-1.0, 0.0), (-0.6, 0.65), (0.0, 1.0), (0.6, 0.65), (1.0, 0.0)),
}
"""Across the ridge from -1 to 1, and how much of the rise is reached there."""


def solid(
    footprint: Polygon | MultiPolygon,
    *,
    base: float,
    top: float,
    roof: str,
    rise: float | None = None,
    direction: float | None = None,
    lod: int = LOD,
) -> tuple[Polygon3D, ...]:
    """The closed shell of one solid; `roof` is one of twin.model.scenario.ROOFS, round, gambrel or dome.

    base, top, rise: [m]; direction: where a slope faces, clockwise from north. [deg]
    A dome over a footprint that cannot be seen whole from its middle becomes a pyramid.
    """
    if roof not in (*PROFILES, "dome"):
        return extrude.block(
            footprint, base=base, height=top, roof=roof, roof_height=rise, direction=direction, lod=lod
        )
    found: list[Polygon3D] = []
    clean = shapely.orient_polygons(shapely.set_precision(footprint, extrude.GRID))
    for part in shapely.get_parts(clean):
        narrow = _size(part)
        lift = min(rise if rise else narrow / 2, top - base - extrude.LEAST_WALL)
        if roof == "dome":
            found += _dome(part, base, top - lift, lift)
        else:
            found += _barrel(part, base, top - lift, lift, PROFILES[roof], direction)
    return tuple(found)


def _dome(footprint: Polygon, base: float, eaves: float, rise: float) -> tuple[Polygon3D, ...]:
    ring = np.array(footprint.exterior.coords)[:-1]
    middle = np.array(footprint.centroid.coords[0])
    ahead = np.roll(ring, -1, axis=0) - ring
    seen = ahead[:, 0] * (middle - ring)[:, 1] - ahead[:, 1] * (middle - ring)[:, 0]
    if footprint.interiors or (seen <= 0).any():
        return extrude.block(
            footprint, base=base, height=eaves + rise, roof="pyramidal", roof_height=rise, lod=LOD
        )
    found = [_flat(ring[::-1], base, "OuterCeilingSurface" if base > 0 else "GroundSurface")]
    angles = [math.pi / 2 * k / BANDS for k in range(BANDS)]
    levels = [(ring, base, "WallSurface")]
    levels += [
        (np.round(middle + (ring - middle) * math.cos(a), 3), eaves + rise * math.sin(a), "RoofSurface")
        for a in angles
    ]
    for (low, low_z, _), (high, high_z, _) in pairwise(levels):
        kind = "WallSurface" if low_z == base else "RoofSurface"
        for i in range(len(ring)):
            j = (i + 1) % len(ring)
            corners = [(*low[i], low_z), (*low[j], low_z), (*high[j], high_z), (*high[i], high_z)]
            found.append(Polygon3D((np.array(corners),), kind, LOD))
    last, last_z, _ = levels[-1]
    for i in range(len(ring)):
        corners = [(*last[i], last_z), (*last[(i + 1) % len(ring)], last_z), (*middle, eaves + rise)]
        found.append(Polygon3D((np.array(corners),), "RoofSurface", LOD))
    return tuple(found)


def _barrel(
    footprint: Polygon,
    base: float,
    eaves: float,
    rise: float,
    profile: tuple[tuple[float, float], ...],
    direction: float | None,
) -> tuple[Polygon3D, ...]:
    box = shapely.get_coordinates(shapely.oriented_envelope(footprint))
    sides = np.diff(box[:3], axis=0)
    lengths = np.hypot(*sides.T)
    if direction is None:
        across = sides[lengths.argmin()] / lengths.min()
    else:
        across = np.array([math.sin(math.radians(direction)), math.cos(math.radians(direction))])
    along = np.array([-across[1], across[0]])
    reach = np.array(footprint.exterior.coords) @ across
    middle, half = (reach.min() + reach.max()) / 2, (reach.max() - reach.min()) / 2
    far = float(lengths.sum()) * 2
    centre = np.array(footprint.centroid.coords[0])
    cuts = []
    for u, _ in profile[1:-1]:
        through = centre + across * (middle + u * half - centre @ across)
        cuts.append(LineString([through - along * far, through + along * far]))
    noded = shapely.union_all([footprint.boundary, *cuts], grid_size=extrude.GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    faces = faces[shapely.contains(footprint.buffer(0.01), shapely.point_on_surface(faces))]
    at, share = np.array(profile).T

    def lifted(corners: NDArray[np.float64]) -> NDArray[np.float64]:
        heights = eaves + rise * np.interp((corners @ across - middle) / half, at, share)
        return np.column_stack([corners, np.round(heights, 3)])

    found: list[Polygon3D] = []
    edges: dict[tuple[tuple[float, float], tuple[float, float]], None] = {}
    for face in (shapely.orient_polygons(face) for face in faces):
        rings = [np.array(ring.coords)[:-1] for ring in (face.exterior, *face.interiors)]
        found.append(Polygon3D(tuple(lifted(ring) for ring in rings), "RoofSurface", LOD))
        floor = tuple(np.column_stack([ring[::-1], np.full(len(ring), base)]) for ring in rings)
        kind = "OuterCeilingSurface" if base > 0 else "GroundSurface"
        found.append(Polygon3D(floor, kind, LOD))
        for ring in rings:
            corners = [(x, y) for x, y in ring.tolist()]
            edges.update(dict.fromkeys(zip(corners, [*corners[1:], corners[0]], strict=True)))
    for start, end in edges:
        if (end, start) not in edges:
            low, high = lifted(np.array([start, end])), np.array([[*start, base], [*end, base]])
            found.append(Polygon3D((np.array([high[0], high[1], low[1], low[0]]),), "WallSurface", LOD))
    return tuple(found)


def _flat(ring: NDArray[np.float64], height: float, kind: str) -> Polygon3D:
    return Polygon3D((np.column_stack([ring, np.full(len(ring), height)]),), kind, LOD)


def _size(footprint: Polygon) -> float:
    box = shapely.get_coordinates(shapely.oriented_envelope(footprint))
    return float(np.hypot(*np.diff(box[:3], axis=0).T).min())
