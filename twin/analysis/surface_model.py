"""Makes height grids of a city and of its trees: what stands in the way of the sun."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.analysis.pit import pit_triangles
from twin.model import city as cities
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.raster import Raster

TREE_HEIGHT = 8.0
"""Of a tree whose height nobody recorded: a street tree of middle age, as in PlantTrees. [m]"""
TREE_CROWN = 5.0
"""Diameter of a crown nobody recorded, as in PlantTrees. [m]"""
TRUNK = 0.25
"""Clear trunk as a share of the tree's height: the default of Lindberg & Grimmond (2011), TAC 105, 311."""

Bounds = tuple[float, float, float, float]


def surface_model(city: City, *, bounds: Bounds, cell: float, ground: Raster | None = None) -> Raster:
    """The highest point of ground and buildings in the middle of each cell. [m]

    bounds: west, south, east, north; the grid begins in the north-west and covers them. [m]
    ground: heights of the bare ground on the same grid; None: it is flat, at 0. [m]
    Where ground is dug out, its floor and slopes count.
    Whatever overhangs counts as solid down to the ground.
    """
    columns, rows = _shape(bounds, cell)
    heights = np.zeros(rows * columns) if ground is None else ground.values.ravel().astype(np.float64)
    where, z, triangle = _covered(city, bounds, cell)
    heights[where[pit_triangles(city)[triangle]]] = -np.inf  # there the ground is open
    np.maximum.at(heights, where, z)
    return _raster(
        heights,
        bounds,
        cell,
        id="dsm",
        title="Surface heights",
        unit="m",
        source="City model, on flat ground" if ground is None else "City model, on the terrain",
    )


def highest(city: City, *, bounds: Bounds, cell: float) -> Raster:
    """The highest point of the city in the middle of each cell, NaN where it has none. [m]"""
    columns, rows = _shape(bounds, cell)
    heights = np.full(rows * columns, -np.inf)
    where, z, _ = _covered(city, bounds, cell)
    np.maximum.at(heights, where, z)
    heights[~np.isfinite(heights)] = np.nan
    return _raster(heights, bounds, cell, id="heights", title="Heights", unit="m", source="City model")


def building_mask(city: City, *, bounds: Bounds, cell: float) -> Raster:
    """1 where the middle of a cell lies in a building, 0 elsewhere."""
    columns, rows = _shape(bounds, cell)
    mask = np.zeros(rows * columns)
    where, _, triangle = _covered(city, bounds, cell)
    building = np.array([str(kind).startswith("Building") for kind in city.object_type], dtype=bool)
    if len(where):
        mask[where[building[cities.triangle_object(city)[triangle]]]] = 1.0
    return _raster(mask, bounds, cell, id="buildings", title="Buildings", unit="", source="City model")


def canopy_model(trees: Layer, *, bounds: Bounds, cell: float) -> Raster:
    """The top of tree crowns above the ground, 0 where there is none. [m]

    trees: points with `height` and `crown` (diameter) [m]; TREE_HEIGHT and TREE_CROWN where they are absent.
    A crown is an ellipsoid from TRUNK of the height to the top; `source` counts what was assumed.
    """
    heights, _, told = _crowns(trees, bounds, cell)
    return _raster(heights, bounds, cell, id="canopy", title="Tree crowns", unit="m", source=told)


def crown_rows(trees: Layer, *, bounds: Bounds, cell: float) -> NDArray[np.intp]:
    """Which tree has the highest crown over each cell: its row in the layer, -1 for none: (rows, columns)."""
    columns, rows = _shape(bounds, cell)
    return _crowns(trees, bounds, cell)[1].reshape(rows, columns)


@lru_cache(maxsize=2)  # heights are asked for first, and whose they are next
def _crowns(trees: Layer, bounds: Bounds, cell: float) -> tuple[NDArray[np.float64], NDArray[np.intp], str]:
    """The top of crowns over each cell [m], the row of that tree or -1, and what was assumed."""
    columns, rows = _shape(bounds, cell)
    west, _, _, north = bounds
    heights, highest_tree = np.zeros(rows * columns), np.full(rows * columns, -1, dtype=np.intp)
    stems = (shapely.get_type_id(trees.geometry) == 0) & ~shapely.is_empty(trees.geometry)
    row_of = np.flatnonzero(stems)
    x, y = shapely.get_coordinates(trees.geometry[stems]).T
    tall, crown = metres(trees, "height")[stems], metres(trees, "crown")[stems]
    told = (
        f"Crowns of {len(x)} trees; {np.isnan(tall).sum()} heights and {np.isnan(crown).sum()} crowns assumed"
    )
    tall[np.isnan(tall)], crown[np.isnan(crown)] = TREE_HEIGHT, TREE_CROWN
    column, row = np.floor((x - west) / cell), np.floor((north - y) / cell)
    reach = math.ceil(crown.max() / 2 / cell) if len(crown) else 0
    steps = np.arange(-reach, reach + 1)
    for down, right in ((d, r) for d in steps for r in steps):
        c, r = column + right, row + down
        away = np.hypot(west + (c + 0.5) * cell - x, north - (r + 0.5) * cell - y) / (crown / 2)
        if down == right == 0:  # a crown smaller than a cell still shades one
            away = np.minimum(away, 0.5)
        hit = (away < 1) & (c >= 0) & (c < columns) & (r >= 0) & (r < rows)
        middle, half = (1 + TRUNK) / 2 * tall[hit], (1 - TRUNK) / 2 * tall[hit]
        where = (r[hit] * columns + c[hit]).astype(np.intp)
        z = middle + half * np.sqrt(1 - away[hit] ** 2)
        higher = z > heights[where]
        np.maximum.at(heights, where, z)
        mine = higher & (z == heights[where])  # of several in one cell the highest
        highest_tree[where[mine]] = row_of[hit][mine]
    return heights, highest_tree, told


def _shape(bounds: Bounds, cell: float) -> tuple[int, int]:
    west, south, east, north = bounds
    # a breath less, so that 1000.0000001 m does not become a cell more
    return max(1, math.ceil((east - west) / cell - 1e-6)), max(1, math.ceil((north - south) / cell - 1e-6))


def _raster(
    values: NDArray[np.float64], bounds: Bounds, cell: float, *, id: str, title: str, unit: str, source: str
) -> Raster:
    columns, rows = _shape(bounds, cell)
    grid = values.reshape(rows, columns).astype(np.float32)
    return Raster(grid, bounds[0], bounds[3], cell, id, title, unit, source)


def metres(layer: Layer, name: str) -> NDArray[np.float64]:
    """A column as numbers above 0, NaN where it holds none."""
    column = layer.table.columns.get(name)
    if column is None:
        return np.full(len(layer.geometry), np.nan)
    if column.dtype == object:
        column = np.array([v if isinstance(v, int | float) else np.nan for v in column], dtype=np.float64)
    found = column.astype(np.float64)
    found[~(found > 0)] = np.nan
    return found


def _covered(
    city: City, bounds: Bounds, cell: float
) -> tuple[NDArray[np.intp], NDArray[np.float64], NDArray[np.intp]]:
    """Cells whose middle lies in a triangle, the height there, and which triangle: (n,) each.

    By scan lines, all triangles at once, so the work grows with the cells covered. Upright ones cover none.
    """
    columns, rows = _shape(bounds, cell)
    west, _, _, north = bounds
    corners = city.vertices[city.triangles]
    # in cells, so that the middle of row r, column c is at (c, r)
    x = (corners[:, :, 0] - west) / cell - 0.5
    y = (north - corners[:, :, 1]) / cell - 0.5
    z = corners[:, :, 2]
    dx1, dx2 = x[:, 1] - x[:, 0], x[:, 2] - x[:, 0]
    dy1, dy2 = y[:, 1] - y[:, 0], y[:, 2] - y[:, 0]
    area = dx1 * dy2 - dx2 * dy1
    first = np.clip(np.ceil(y.min(axis=1)), 0, rows).astype(np.intp)
    count = np.clip(np.ceil(y.max(axis=1)), 0, rows).astype(np.intp) - first
    count[(np.abs(area) < 1e-9) | (x.max(axis=1) < 0) | (x.min(axis=1) > columns)] = 0
    triangle = np.repeat(np.arange(len(corners)), count)
    row = first[triangle] + _ramp(count)
    left, right = np.full(len(row), np.inf), np.full(len(row), -np.inf)
    for i, j in ((0, 1), (1, 2), (2, 0)):
        xi, yi, xj, yj = x[triangle, i], y[triangle, i], x[triangle, j], y[triangle, j]
        # half open, so that a row through a corner meets two edges and not three
        crossed = (yi <= row) != (yj <= row)
        share = np.divide(row - yi, yj - yi, out=np.zeros(len(row)), where=crossed)
        at = xi + share * (xj - xi)
        np.minimum(left, at, out=left, where=crossed)
        np.maximum(right, at, out=right, where=crossed)
    begin = np.clip(np.ceil(left), 0, columns).astype(np.intp)
    width = np.maximum(np.clip(np.ceil(right), 0, columns).astype(np.intp) - begin, 0)
    row, triangle = np.repeat(row, width), np.repeat(triangle, width)
    column = np.repeat(begin, width) + _ramp(width)
    t = triangle
    u = ((column - x[t, 0]) * dy2[t] - (row - y[t, 0]) * dx2[t]) / area[t]
    v = ((row - y[t, 0]) * dx1[t] - (column - x[t, 0]) * dy1[t]) / area[t]
    height = z[t, 0] + u * (z[t, 1] - z[t, 0]) + v * (z[t, 2] - z[t, 0])
    # a sliver must not throw its height beyond its own corners
    height = np.clip(height, z[t].min(axis=1), z[t].max(axis=1))
    return row * columns + column, height, triangle


def _ramp(counts: NDArray[np.intp]) -> NDArray[np.intp]:
    """0, 1 … count − 1 for each count, end to end."""
    ends = np.cumsum(counts)
    return np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - counts, counts)
