"""Finds the yards of dwellings, and says how much of them has sun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.analysis.surface_model import building_mask
from twin.model.city import City, roots, without
from twin.model.layer import Layer
from twin.model.raster import Raster

REACH = 20.0
"""Ground belongs to a dwelling that is no further away. [m]"""
ASKED = 3.0
"""Hours of sun in a day that a place in a yard is to have. [h]"""
PASSED = ("streets", "rails", "tram", "railway_land", "platforms", "water")
"""Layers on which nobody has a yard, by their id."""
WIDE = 3.0
"""Of a line that does not say how wide it is. [m]"""


def yards(city: City, dwellings: frozenset[str], layers: Sequence[Layer], open_: Raster) -> NDArray[np.bool_]:
    """Which cells are a yard: open ground near a dwelling that is no street, track or water.

    dwellings: gml:ids; open_: 1 on cells that nothing is built on, 0 elsewhere.
    """
    near = _near(city, dwellings, open_) & (open_.values > 0)
    row, column = np.nonzero(near)
    if not len(row):
        return near
    east = open_.west + (column + 0.5) * open_.cell
    north = open_.north - (row + 0.5) * open_.cell
    frame = shapely.box(east.min(), north.min(), east.max(), north.max())
    passed = [shape for layer in layers if layer.id in PASSED for shape in _areas(layer, frame)]
    if passed:
        whole = shapely.union_all(passed)
        shapely.prepare(whole)
        inside = shapely.contains_xy(whole, east, north)
        near[row[inside], column[inside]] = False
    return near


def sunny_share(hours: Raster, yard: NDArray[np.bool_]) -> float | None:
    """The part of the yards that has as many hours as are asked for; None where there is no yard. 0-1"""
    known = hours.values[yard]
    known = known[np.isfinite(known)]
    return float((known >= ASKED).mean()) if len(known) else None


def _near(city: City, dwellings: frozenset[str], grid: Raster) -> NDArray[np.bool_]:
    from scipy.ndimage import distance_transform_edt

    names = city.object_id[roots(city)]
    home = np.array([str(name) in dwellings for name in names.tolist()], dtype=bool)
    rows, columns = grid.values.shape
    bounds = (grid.west, grid.north - rows * grid.cell, grid.west + columns * grid.cell, grid.north)
    mask = building_mask(without(city, ~home), bounds=bounds, cell=grid.cell).values > 0
    if not mask.any():
        return np.zeros((rows, columns), dtype=bool)
    away = distance_transform_edt(~mask[:rows, :columns])
    return np.asarray(away * grid.cell <= REACH)


def _areas(layer: Layer, frame: shapely.Geometry) -> Iterable[shapely.Geometry]:
    widths = layer.table.columns.get("width")
    for index in np.flatnonzero(shapely.intersects(layer.geometry, frame)).tolist():
        shape = layer.geometry[index]
        if shapely.get_dimensions(shape) == 2:
            yield shape
        elif shapely.get_dimensions(shape) == 1:
            told = widths[index] if widths is not None else None
            width = float(told) if isinstance(told, int | float | np.number) and told > 0 else WIDE
            yield shapely.buffer(shape, width / 2, cap_style="flat", quad_segs=2)
