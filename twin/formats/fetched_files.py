"""Writes what was fetched from a service into the folder of a project, and names it in the project file."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import project_file
from twin.formats.area_write import PALE, PALE_ORDER, PLAIN, PLAIN_ORDER, folder_of
from twin.formats.atomic import replace_file
from twin.formats.crs_area import from_degrees
from twin.formats.project_file import ProjectFile, SourceEntry
from twin.model.layer import Style
from twin.model.place import Place
from twin.model.transformation import transformation

RADIUS = 500.0
"""Around the middle of a project, where nobody says more. [m]"""
LARGEST, LARGEST_TILE = 8192, 1024
"""Side of a picture, also of one made of tiles, and of each of several. [px]"""

Bounds = tuple[float, float, float, float]


class _Tile(Protocol):
    @property
    def content(self) -> bytes:
        """PNG or JPEG."""

    @property
    def bounds(self) -> Bounds:
        """West, south, east, north. [m]"""


def wanted(file: ProjectFile, radius: float = RADIUS) -> Bounds:
    """West, south, east, north around what the project looks at first, in its CRS. [m]"""
    x, y = file.place.origin[:2]
    home = file.content.home
    east, north = (x + home.target[0], y + home.target[1]) if home is not None else (x, y)
    return east - radius, north - radius, east + radius, north + radius


def in_degrees(place: Place, bounds: Bounds) -> Bounds:
    """The box in longitude and latitude around bounds in the CRS of a place. [deg]"""
    west, south, east, north = from_degrees(place.crs).transform_bounds(
        *bounds, direction="INVERSE", densify_pts=11
    )
    return west, south, east, north


def in_crs(place: Place, bounds: Bounds, crs: str) -> Bounds:
    """The box in another CRS, easting first."""
    there = transformation(place.crs, crs)
    west, south, east, north = there.transform_bounds(*bounds, densify_pts=11)
    return west, south, east, north


def write_features(
    file: ProjectFile, name: str, features: Sequence[Mapping[str, Any]], *, title: str, attribution: str
) -> SourceEntry:
    """Write GeoJSON features (longitude, latitude) as a layer of the project, and save it.

    Raises DataError: no features, or the project cannot be saved.
    """
    path = _project(file)
    shaped = [feature for feature in features if feature.get("geometry")]
    if not shaped:
        remedy = "Choose another layer or a larger radius."
        raise DataError(path, name, "has no features in the area", remedy)
    stem = free_name(file, name)
    rows = [
        {"type": "Feature", "properties": dict(f.get("properties") or {}), "geometry": f["geometry"]}
        for f in shaped
    ]
    text = json.dumps({"type": "FeatureCollection", "features": rows}, ensure_ascii=False, allow_nan=False)
    folder_of(path).mkdir(exist_ok=True)
    replace_file(folder_of(path) / f"{stem}.geojson", text.encode())
    wide = all("Polygon" in str(f["geometry"].get("type")) for f in shaped)
    colours, order = (PALE, PALE_ORDER) if wide else (PLAIN, PLAIN_ORDER)
    style = Style(colour=colours[len(file.content.sources) % len(colours)], order=order)
    local = f"{folder_of(path).name}/{stem}.geojson"
    entry = SourceEntry(id=stem, path=local, kind="vector", title=title, style=style, attribution=attribution)
    _add(file, entry)
    return entry


def write_map(
    file: ProjectFile,
    name: str,
    tiles: Sequence[_Tile],
    crs: str,
    *,
    title: str,
    attribution: str,
) -> SourceEntry:
    """Write pictures that lie beside each other as one GeoTIFF (COG) of the project, and save it.

    crs: of the bounds of the tiles, which are as many pixels each as the first of them.
    Raises DataError: no pictures, too large, or not to be saved.
    """
    path = _project(file)
    stem = free_name(file, name)
    most = LARGEST if len(tiles) == 1 else LARGEST_TILE
    first = _decoded(tiles[0].content, path, name, most)
    pixel = (tiles[0].bounds[2] - tiles[0].bounds[0]) / first.shape[1]
    west, south = min(t.bounds[0] for t in tiles), min(t.bounds[1] for t in tiles)
    east, north = max(t.bounds[2] for t in tiles), max(t.bounds[3] for t in tiles)
    columns, rows = round((east - west) / pixel), round((north - south) / pixel)
    if len(tiles) == 1:
        rows, columns = first.shape[:2]
    if max(columns, rows) > LARGEST:
        raise DataError(path, name, f"would be {columns} × {rows} pixels", "Choose a smaller zoom.")
    canvas = np.zeros((rows, columns, 4), dtype=np.uint8)
    across, up = (east - west) / columns, (north - south) / rows
    for tile in tiles:
        # one after the other, as what is small when it is sent may be large when it is unpacked
        picture = first if tile is tiles[0] else _decoded(tile.content, path, name, most)
        if picture.shape != first.shape:
            sizes = " and ".join(f"{one.shape[1]} × {one.shape[0]}" for one in (first, picture))
            raise DataError(path, name, f"sends tiles of {sizes} pixels", "Choose another layer.")
        row, column = round((north - tile.bounds[3]) / up), round((tile.bounds[0] - west) / across)
        part = picture[: rows - row, : columns - column]
        canvas[row : row + part.shape[0], column : column + part.shape[1]] = part
    folder_of(path).mkdir(exist_ok=True)
    _write_cog(folder_of(path) / f"{stem}.tif", canvas, crs, (west, north, across, up))
    local = f"{folder_of(path).name}/{stem}.tif"
    entry = SourceEntry(id=stem, path=local, kind="raster", title=title, attribution=attribution)
    _add(file, entry)
    return entry


def free_name(file: ProjectFile, name: str) -> str:
    """A name for a file and a source that is not taken."""
    stem = re.sub(r"[^\w-]+", "-", name).strip("-").lower() or "fetched"
    taken = {entry.id for entry in file.content.sources}
    return next(n for n in (stem, *(f"{stem}-{i}" for i in range(2, len(taken) + 3))) if n not in taken)


def _decoded(content: bytes, path: Path, name: str, most: int) -> NDArray[np.uint8]:
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG")) as picture:
            if max(picture.size) > most:
                size = " × ".join(str(side) for side in picture.size)
                raise DataError(path, name, f"sends a picture of {size} pixels", "Ask for less.")
            return np.asarray(picture.convert("RGBA"))
    except (OSError, ValueError, SyntaxError) as error:
        raise DataError(path, name, f"sends a broken picture: {error}", "Try again.") from error


def _write_cog(
    out: Path, canvas: NDArray[np.uint8], crs: str, corner: tuple[float, float, float, float]
) -> None:
    from rasterio import Affine
    from rasterio.enums import ColorInterp
    from rasterio.io import MemoryFile

    west, north, across, up = corner
    size = {"width": canvas.shape[1], "height": canvas.shape[0], "count": 4, "dtype": "uint8"}
    where = {"crs": crs, "transform": Affine(across, 0, west, 0, -up, north)}
    with MemoryFile() as memory:
        with memory.open(driver="COG", compress="deflate", **size, **where) as made:
            made.write(np.moveaxis(canvas, -1, 0))
            # without them each band is taken for a quantity
            made.colorinterp = (ColorInterp.red, ColorInterp.green, ColorInterp.blue, ColorInterp.alpha)
        content = bytes(memory.getbuffer())
    replace_file(out, content)


def _project(file: ProjectFile) -> Path:
    if file.path is None:
        raise ValueError("a project that has no file yet has no folder")
    return file.path


def _add(file: ProjectFile, entry: SourceEntry) -> None:
    path = _project(file)
    size, digest = project_file.fingerprint(path.resolve().parent / entry.path)
    entry = msgspec.structs.replace(entry, size=size, sha256=digest)
    content = msgspec.structs.replace(file.content, sources=(*file.content.sources, entry))
    project_file.save(replace(file, content=content), path)
