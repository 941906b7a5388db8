"""Makes a grid of what the ground is covered with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.analysis.surface_model import Bounds
from twin.analysis.surface_temperature import GROUND, MATERIALS
from twin.model.layer import Layer

COVERS = tuple(name for name in MATERIALS if name != "wall")
"""What the numbers of the grid stand for."""
PLAIN = "cobblestone"
"""Between all that is mapped: paving, as SOLWEIG takes it without land cover."""
LAYERS = {"water": "water", "parks": "grass", "railway_land": "ballast", "platforms": PLAIN}
"""Covers of layers that do not say their surface, by their id."""
WIDEST = 60.0
"""Of a line; a wider one was measured in other units. [m]"""


def land_cover(layers: Sequence[Layer], *, bounds: Bounds, cell: float) -> NDArray[np.uint8]:
    """Index into COVERS of each cell: polygons and the width of lines, the layer that is drawn last on top.

    bounds: west, south, east, north; the grid begins in the north-west. [m]
    Only layers that say their surface, in a column `surface`, or whose id is in LAYERS.
    """
    west, south, east, north = bounds
    # as many cells as `surface_model` makes
    rows = max(1, math.ceil((north - south) / cell - 1e-6))
    columns = max(1, math.ceil((east - west) / cell - 1e-6))
    found = np.full((rows, columns), COVERS.index(PLAIN), dtype=np.uint8)
    frame = shapely.box(west, south, east, north)
    for layer in sorted(layers, key=lambda one: one.style.order):
        surface = layer.table.columns.get("surface")
        if surface is None and layer.id not in LAYERS:
            continue
        near = np.flatnonzero(shapely.intersects(layer.geometry, frame))
        for index in near:
            said = str(surface[index]) if surface is not None else ""
            cover = GROUND.get(said) or LAYERS.get(layer.id)
            if cover is not None:
                area = _area(layer, int(index))
                if area is not None:
                    _paint(found, area, COVERS.index(cover), bounds, cell)
    return found


def _area(layer: Layer, index: int) -> Any:
    """The ground a geometry covers; None for points."""
    geometry = layer.geometry[index]
    if shapely.get_dimensions(geometry) == 2:
        return geometry
    if shapely.get_dimensions(geometry) != 1:
        return None
    widths = layer.table.columns.get("width")
    told = widths[index] if widths is not None else None
    width = float(told) if isinstance(told, int | float | np.number) else np.nan
    if not 0 < width <= WIDEST:
        width = layer.style.width
    return shapely.buffer(geometry, width / 2, cap_style="flat", quad_segs=2)


def _paint(grid: NDArray[np.uint8], area: shapely.Geometry, value: int, bounds: Bounds, cell: float) -> None:
    """Give the cells whose middle lies in an area a value."""
    west, _, _, north = bounds
    left, low, right, high = shapely.bounds(area)
    rows, columns = grid.shape
    first_column = max(0, int((left - west) / cell))
    last_column = min(columns, int((right - west) / cell) + 1)
    first_row, last_row = max(0, int((north - high) / cell)), min(rows, int((north - low) / cell) + 1)
    if first_column >= last_column or first_row >= last_row:
        return
    x = west + (np.arange(first_column, last_column) + 0.5) * cell
    y = north - (np.arange(first_row, last_row) + 0.5) * cell
    shapely.prepare(area)
    inside = shapely.contains_xy(area, *np.meshgrid(x, y))
    grid[first_row:last_row, first_column:last_column][inside] = value
