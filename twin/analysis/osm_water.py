"""Finds the water: lakes, ponds and basins as mapped, and the sea on the right of the coastline."""

from __future__ import annotations

import numpy as np
import shapely
from shapely import LineString, Point

from twin.model.map_edge import leaving
from twin.model.osm import Extract, Feature

TALLY = 1.0
"""How far beside the coast one looks for its water side. [m]"""


def areas(extract: Extract, sea: str = "") -> list[Feature]:
    """All water areas, each once."""
    still = [
        f
        for f in extract.areas
        if f.tags.get("natural") == "water" or f.tags.get("landuse") in ("basin", "pond")
    ]
    return [*_sea(extract, sea), *still]


def _sea(extract: Extract, name: str) -> list[Feature]:
    """The pieces of the extract on the right of the coastlines.

    A coastline that leaves the extract is led to its edge.
    """
    border = extract.edge.exterior
    lines, right, left = [], [], []
    for runs in extract.coast:
        for run in runs:
            if len(run) < 2:
                continue
            first, last = leaving(run[::-1], border), leaving(run, border)
            lines.append(LineString([_beyond(run[0], first), *run, _beyond(run[-1], last)]))
            along = np.diff(np.array(run), axis=0)
            middle = np.array(run)[:-1] + along / 2
            aside = np.column_stack([along[:, 1], -along[:, 0]])
            aside *= TALLY / np.maximum(np.hypot(*along.T), 1e-9)[:, None]
            right += [Point(xy) for xy in middle + aside]
            left += [Point(xy) for xy in middle - aside]
    if not lines:
        return []
    noded = shapely.union_all([border, *lines], grid_size=0.001)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    found = [
        face for face in faces if shapely.contains(face, right).sum() > shapely.contains(face, left).sum()
    ]
    tags = {"natural": "water", "water": "sea"} | ({"name": name} if name else {})
    return [Feature(f"osm-coastline-{i}", tags, face) for i, face in enumerate(_ordered(found), start=1)]


def _beyond(corner: tuple[float, float], goal: Point) -> tuple[float, float]:
    """A little past the edge, so that the coast surely cuts it."""
    way = np.subtract(goal.coords[0], corner)
    x, y = goal.coords[0] + way * (TALLY / max(float(np.hypot(*way)), TALLY))
    return float(x), float(y)


def _ordered(faces: list[shapely.Polygon]) -> list[shapely.Polygon]:
    return sorted(faces, key=lambda face: face.bounds)
