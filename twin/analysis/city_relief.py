"""Takes the terrain out of a city model that brings its own: the TIN relief of CityGML and CityJSON."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from twin.analysis.seat import RELIEF
from twin.analysis.spread import nearest
from twin.analysis.surface_model import highest
from twin.model.box import box
from twin.model.city import City, triangle_object
from twin.model.terrain import Terrain

FINEST, MOST_CELLS = 0.5, 1_000_000
"""Side of the cells [m], larger where that would be more cells."""
ID = "relief"


def has_relief(city: City) -> bool:
    """Whether a city has a terrain of its own."""
    return bool((city.object_type == RELIEF).any())


def terrain_of(city: City) -> Terrain | None:
    """Heights of the TIN relief of a city on a grid; None where it has none."""
    mine = (city.object_type == RELIEF)[triangle_object(city)]
    if not mine.any():
        return None
    tin = replace(city, triangles=city.triangles[mine], triangle_surface=city.triangle_surface[mine])
    corners = city.vertices[tin.triangles.ravel()]
    (west, south), (east, north) = box(corners[:, :2])
    if east - west < FINEST or north - south < FINEST:
        return None
    cell = max(FINEST, math.sqrt((east - west) * (north - south) / MOST_CELLS))
    grid = highest(tin, bounds=(float(west), float(south), float(east), float(north)), cell=cell)
    known = np.isfinite(grid.values)
    if not known.any():
        return None
    filled = grid.values.ravel()[nearest(known)].reshape(grid.values.shape)
    heights = replace(grid, values=filled, id=ID, title="Relief of the city model", unit="m")
    return Terrain(
        ID, heights.title, heights, city.place.height_system, "City model", None if known.all() else ~known
    )
