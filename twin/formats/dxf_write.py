"""Writes footprints of a city as DXF, for drawing programs; needs the extra [dxf]."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.atomic import replace_file
from twin.model import lod
from twin.model.city import City, roots, triangle_object

FLAT = 1e-4
"""Smaller triangles, seen from above, are walls. [m²]"""
GRID = 0.001
"""Corners are brought together on it before they are joined. [m]"""
SMALLEST = 0.05
"""Of areas and holes that are drawn. [m²]"""
METRES = 6
"""`$INSUNITS`"""


def write(city: City, path: Path, *, title: str = "", attribution: str = "") -> tuple[str, ...]:
    """Write what each whole object covers seen from above, on a layer of its class; returns what is lost.

    Closed polylines in the CRS of the city, at the height of the lowest corner; gml:id, height and CRS as
    extended data of the application TWIN. Raises DataError: the extra is missing, the file cannot be written.
    """
    try:
        import ezdxf
    except ImportError:
        raise DataError(
            path, "", "DXF needs the extra [dxf]", "Install it with pip install 'twin[dxf]'."
        ) from None
    shown = lod.shown(city)
    drawing = ezdxf.new("R2010", setup=False)  # type: ignore[attr-defined]
    drawing.header["$INSUNITS"] = METRES
    drawing.appids.add("TWIN")
    drawing.header.custom_vars.append("TITLE", title)
    drawing.header.custom_vars.append("CRS", city.place.crs)
    drawing.header.custom_vars.append("SOURCE", attribution)
    space = drawing.modelspace()
    up = city.place.origin[2]
    count = 0
    for row, shape, low, high in _footprints(shown):
        layer = str(shown.object_type[row])
        if layer not in drawing.layers:
            drawing.layers.add(layer)
        for polygon in shapely.get_parts(shape):
            for ring in (polygon.exterior, *polygon.interiors):
                points = np.round(shapely.get_coordinates(ring)[:-1] + city.place.origin[:2], 3)
                line = space.add_lwpolyline(points.tolist(), close=True, dxfattribs={"layer": layer})
                line.dxf.elevation = round(low + up, 3)
                line.set_xdata("TWIN", [(1000, str(shown.object_id[row])[:250]), (1040, high - low)])
                count += 1
    text = io.StringIO()
    drawing.write(text)
    replace_file(path, text.getvalue().encode("utf-8"))
    return (f"DXF: {count} outlines; roofs, walls and attributes were left out.",)


def _footprints(city: City) -> list[tuple[int, shapely.MultiPolygon, float, float]]:
    """Row, area, lowest and highest corner of each object that is part of no other."""
    owner = roots(city)[triangle_object(city)]
    corners = city.vertices[city.triangles]
    flat: NDArray[np.float64] = corners[:, :, :2]
    first, second = flat[:, 1] - flat[:, 0], flat[:, 2] - flat[:, 0]
    area = np.abs(first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / 2
    found = []
    order = np.argsort(owner, kind="stable")
    ends = np.searchsorted(owner[order], np.arange(len(city.object_id) + 1))
    for row in range(len(city.object_id)):
        mine = order[ends[row] : ends[row + 1]]
        level = mine[area[mine] > FLAT]
        if not len(level):
            continue
        closed = flat[level][:, [0, 1, 2, 0]]
        shape = shapely.union_all(shapely.polygons(closed), grid_size=GRID)
        parts = [part for part in shapely.get_parts(shape) if part.area >= SMALLEST]
        whole = shapely.MultiPolygon([_without_slits(part) for part in parts if part.geom_type == "Polygon"])
        heights = corners[mine, :, 2]
        found.append((row, whole, float(heights.min()), float(heights.max())))
    return found


def _without_slits(polygon: shapely.Polygon) -> shapely.Polygon:
    holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area >= SMALLEST]
    simple = shapely.Polygon(polygon.exterior, holes)
    return shapely.simplify(simple, GRID)
