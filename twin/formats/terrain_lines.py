"""Reads contour lines and points of height, and fills in the ground between them."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import vector
from twin.formats.raster_grid import Bounds
from twin.formats.vector_place import crs_of
from twin.model.place import Place
from twin.model.raster import Raster
from twin.model.transformation import transformation

COLUMNS = ("elevation", "elev", "ele", "height", "korkeus", "korarv", "hoehe", "z", "contour", "value", "alt")
"""Attributes that hold heights, where the corners of lines and points have none."""
FINEST, MOST_CELLS = 1.0, 1_000_000
"""Side of the cells between lines [m], larger where that would be more cells."""
SMOOTHING = 2
"""Times that cells between lines take the mean of those around."""

Shapes = NDArray[np.object_]


def read_heights(path: Path, place: Place) -> tuple[Shapes, NDArray[np.float64], str]:
    """Lines and points in local metres, the height of each in the heights of the file [m], and what says it.

    Raises DataError: no lines or points, or no heights.
    """
    import pyogrio.raw

    notices: list[str] = []
    name = vector.names_of(path)[0]
    with vector.gdal(path, name, notices):
        meta, _, wkb, columns = pyogrio.raw.read(path, layer=name)
    shapes = shapely.from_wkb(wkb, on_invalid="ignore")
    fields = {str(field).lower(): column for field, column in zip(meta["fields"], columns, strict=True)}
    z, said = _heights(shapes, fields)
    good = np.isin(shapely.get_type_id(shapes), (0, 1, 4, 5)) & ~shapely.is_empty(shapes) & np.isfinite(z)
    if not good.any():
        raise DataError(
            path,
            name,
            "has no lines or points with heights",
            f"Give them heights of their own, or an attribute called {COLUMNS[0]}.",
        )
    flat = shapely.force_2d(shapes[good])
    return shapely.transform(flat, _to_local(path, name, meta.get("crs"), place)), z[good], said


def between(path: Path, title: str, place: Place, bounds: Bounds | None) -> tuple[Raster, tuple[str, ...]]:
    """Heights on a grid between lines and points, weighted by how near they are (GDAL's fillnodata)."""
    from rasterio import Affine
    from rasterio.features import rasterize
    from rasterio.fill import fillnodata

    shapes, z, said = read_heights(path, place)
    west, south, east, north = (float(side) for side in shapely.total_bounds(shapes))
    if bounds is not None:
        west, south = max(west, bounds[0]), max(south, bounds[1])
        east, north = min(east, bounds[2]), min(north, bounds[3])
    if not (west < east and south < north):
        raise DataError(path, "", "does not overlap the area", "Choose one that covers it.")
    cell = max(FINEST, math.sqrt((east - west) * (north - south) / MOST_CELLS))
    # a line along the edge lies in a cell too
    west, south, east, north = west - cell / 2, south - cell / 2, east + cell / 2, north + cell / 2
    rows, columns = (max(2, math.ceil(side / cell)) for side in (north - south, east - west))
    grid = rasterize(
        list(zip(shapes.tolist(), z.tolist(), strict=True)),
        out_shape=(rows, columns),
        transform=Affine(cell, 0, west, 0, -cell, north),
        fill=np.nan,
        all_touched=True,
        dtype="float32",
    )
    known = np.isfinite(grid)
    if not known.any():
        raise DataError(path, "", "does not overlap the area", "Choose one that covers it.")
    filled = fillnodata(
        np.where(known, grid, np.float32(0)),
        mask=known.astype(np.uint8),
        max_search_distance=float(max(rows, columns)),
        smoothing_iterations=SMOOTHING,
    )
    count = f"{len(shapes)} lines and points"
    told = f"{title}: {count}, heights from {said}; filled in every {cell:.3g} m between."
    return Raster(np.asarray(filled, dtype=np.float32), west, north, cell), (told,)


def _heights(shapes: Shapes, fields: dict[str, Any]) -> tuple[NDArray[np.float64], str]:
    """A height for each shape, NaN where it has none, and where it comes from."""
    if shapely.has_z(shapes).any():
        xyz, row = shapely.get_coordinates(shapes, include_z=True, return_index=True)
        total, count = np.zeros(len(shapes)), np.zeros(len(shapes))
        finite = np.isfinite(xyz[:, 2])
        np.add.at(total, row[finite], xyz[finite, 2])
        np.add.at(count, row[finite], 1)
        mean = np.divide(total, count, out=np.full(len(shapes), np.nan), where=count > 0)
        if np.nanmax(np.abs(mean), initial=0.0) > 0:  # z of zero all over is what flat files write
            return mean, "their corners"
    for name in COLUMNS:
        column = fields.get(name)
        if column is None:
            continue
        try:
            return np.asarray(column, dtype=np.float64), f"the attribute {name}"
        except (TypeError, ValueError):
            continue
    return np.full(len(shapes), np.nan), ""


def _to_local(path: Path, name: str, crs: str | None, place: Place) -> Any:
    from pyproj import CRS

    there, here = crs_of(path, name, crs), CRS.from_user_input(place.crs)
    transformer = transformation(there, here)

    def to_local(points: NDArray[np.float64]) -> NDArray[np.float64]:
        east, north = transformer.transform(points[:, 0], points[:, 1])
        return np.asarray(np.column_stack([east, north]) - np.array(place.origin[:2]))

    return to_local
