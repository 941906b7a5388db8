"""Writes a city as 3D Tiles 1.1: a tileset of GLB tiles that stand on the Earth, with attributes."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer

from twin import __version__
from twin.errors import DataError
from twin.formats.atomic import replace_file
from twin.formats.glb_write import FLOAT, INDICES, UNSIGNED_INT, VERTICES, Writer, y_up
from twin.model import lod
from twin.model.city import City, roots, triangle_object, without
from twin.model.place import Place
from twin.model.table import Column

TILE = 250.0
"""Side of a tile. [m]"""
MOST_TRIANGLES = 60_000
"""In a tile, before it is cut in four."""
COARSEST = 500.0
"""Geometric error of the whole: from how far away the tiles are worth loading. [m]"""
ARM = 100.0
"""How far from the middle of a tile its directions on the Earth are taken. [m]"""
FOLDER = "tiles"
METADATA, FEATURES = "EXT_structural_metadata", "EXT_mesh_features"
RESERVED = ("id", "class")
HEIGHTS = "heights are taken as above the ellipsoid, as they are"
"""What viewers on a globe must be told: a geoid is nothing to guess."""


def write(city: City, path: Path, *, title: str = "", attribution: str = "") -> tuple[str, ...]:
    """Write what is shown of `city` to the tileset.json `path` and a folder beside it; returns what to know.

    Each tile is a GLB with one mesh; each object is a feature with gml:id, class and attributes in a property
    table. The tiles of an earlier writing are removed. Raises DataError.
    """
    shown = lod.shown(city)
    folder = path.parent / f"{path.stem}.{FOLDER}"
    if folder.exists():
        shutil.rmtree(folder)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise DataError(folder, "", f"cannot be made: {error}", "Choose another folder.") from None
    children = []
    for number, (name, rows) in enumerate(_tiles(shown)):
        tile = without(shown, ~rows)
        middle = _middle(tile.vertices)
        content = _Tile(tile, folder / name, middle).content(f"{title} {number + 1}".strip(), attribution)
        replace_file(folder / name, content)
        low, high = tile.vertices.min(axis=0) - middle, tile.vertices.max(axis=0) - middle
        children.append(
            {
                "transform": _on_earth(city.place, middle).T.ravel().tolist(),
                "boundingVolume": {"box": _box(low, high)},
                "geometricError": 0,
                "content": {"uri": f"{folder.name}/{name}"},
            }
        )
    replace_file(path, msgspec.json.encode(_tileset(shown, children, title, attribution)))
    notes = (f"3D Tiles: {HEIGHTS} ({city.place.height_system or 'height system unknown'}).",)
    return notes


def _tileset(city: City, children: list[dict[str, Any]], title: str, attribution: str) -> dict[str, Any]:
    place = city.place
    middle = _middle(city.vertices) if len(city.vertices) else np.zeros(3)
    if len(city.vertices):
        low, high = city.vertices.min(axis=0) - middle, city.vertices.max(axis=0) - middle
    else:
        low = high = np.zeros(3)
    to_earth = _on_earth(place, middle)
    # the box of the root stands on the Earth itself, because its tiles bring their own places
    axes = [to_earth[:3, column] * ((high - low)[column] / 2 + 1) for column in range(3)]
    centre = to_earth @ np.append((low + high) / 2, 1.0)
    asset: dict[str, Any] = {
        "version": "1.1",
        "generator": f"twin {__version__}",
        "extras": {"title": title, "crs": place.crs, "heights": place.height_system, "note": HEIGHTS},
    }
    if attribution:
        asset["copyright"] = attribution
    return {
        "asset": asset,
        "geometricError": COARSEST,
        "root": {
            "boundingVolume": {"box": [*centre[:3].tolist(), *np.concatenate(axes).tolist()]},
            "geometricError": COARSEST,
            "refine": "ADD",
            "children": children,
        },
    }


def _tiles(city: City) -> list[tuple[str, NDArray[np.bool_]]]:
    """File name and objects of each tile; an object lies in one tile with all its parts."""
    count = len(city.object_id)
    owner = roots(city)
    triangles = np.bincount(owner[triangle_object(city)], minlength=count)
    of_vertex = city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]
    corners = np.bincount(owner[of_vertex], minlength=count)
    centre = np.column_stack(
        [
            np.bincount(owner[of_vertex], city.vertices[:, axis], count) / np.maximum(corners, 1)
            for axis in (0, 1)
        ]
    )
    found: list[tuple[str, NDArray[np.bool_]]] = []
    solid = np.flatnonzero(corners > 0)

    def cut(name: str, rows: NDArray[np.intp], west: float, south: float, side: float) -> None:
        if triangles[rows].sum() > MOST_TRIANGLES and len(rows) > 1 and side > 1:
            half = side / 2
            quarter = (centre[rows, 0] >= west + half) + 2 * (centre[rows, 1] >= south + half)
            for part in range(4):
                inner = rows[quarter == part]
                if len(inner):
                    cut(f"{name}-{part}", inner, west + half * (part & 1), south + half * (part >> 1), half)
            return
        inside = np.zeros(count, dtype=bool)
        inside[rows] = True
        found.append((f"{name}.glb", inside[owner]))

    cells = np.floor(centre[solid] / TILE).astype(int)
    for column, row in sorted({(int(x), int(y)) for x, y in cells}):
        rows = solid[(cells == (column, row)).all(axis=1)]
        cut(f"{column}_{row}", rows, column * TILE, row * TILE, TILE)
    return found


def _middle(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray((points.min(axis=0) + points.max(axis=0)) / 2)


def _box(low: NDArray[np.float64], high: NDArray[np.float64]) -> list[float]:
    half = np.maximum((high - low) / 2, 0.01)
    return [*((low + high) / 2).tolist(), *np.diag(half).ravel().tolist()]


def _on_earth(place: Place, at: NDArray[np.float64]) -> NDArray[np.float64]:
    """(4, 4), from metres around a local point to geocentric ones: with convergence and scale of the grid."""
    to_degrees = Transformer.from_crs(place.crs, "EPSG:4979", always_xy=True)
    to_earth = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    east, north, height = np.array(place.origin) + at
    x = np.array([east, east + ARM, east - ARM, east, east])
    y = np.array([north, north, north, north + ARM, north - ARM])
    longitude, latitude = to_degrees.transform(x, y)
    level = np.column_stack(to_earth.transform(longitude, latitude, np.full(5, height)))
    above = np.array(to_earth.transform(longitude[0], latitude[0], height + ARM))
    matrix = np.eye(4)
    matrix[:3, 0] = (level[1] - level[2]) / (2 * ARM)
    matrix[:3, 1] = (level[3] - level[4]) / (2 * ARM)
    matrix[:3, 2] = (above - level[0]) / ARM
    matrix[:3, 3] = level[0]
    return matrix


class _Tile(Writer):
    """One mesh for all objects, which are told apart by feature ids."""

    def __init__(self, city: City, path: Path, middle: NDArray[np.float64]) -> None:
        super().__init__(city, path)
        self.middle = middle

    def nodes(self) -> tuple[list[dict[str, Any]], list[int]]:
        """One node with all of it."""
        city = self.city
        positions = y_up(city.vertices - self.middle)
        of_vertex = city.surface_object[np.repeat(city.ring_surface, np.diff(city.ring_starts))]
        corners = {
            "POSITION": self.accessor(
                {
                    **{"bufferView": self.view(positions.tobytes(), VERTICES, stride=12), "type": "VEC3"},
                    **{"componentType": FLOAT, "count": len(positions)},
                    "min": [float(number) for number in positions.min(axis=0)],
                    "max": [float(number) for number in positions.max(axis=0)],
                }
            ),
            "_FEATURE_ID_0": self._row_of(of_vertex.astype("<f4"), 4, "SCALAR"),
        }
        if self.pictured():
            corners["TEXCOORD_0"] = self._row_of(self.places(), 8, "VEC2")
        order = np.argsort(self.keys, kind="stable")
        keys, triangles = self.keys[order], city.triangles[order].astype("<u4")
        view = self.view(triangles.tobytes(), INDICES)
        features = {"featureCount": len(city.object_id), "attribute": 0, "propertyTable": 0}
        parts, begin = [], 0
        for end in (np.flatnonzero(np.diff(keys, append=-1)) + 1).tolist():
            indices = {
                **{"bufferView": view, "byteOffset": begin * 12, "componentType": UNSIGNED_INT},
                **{"count": (end - begin) * 3, "type": "SCALAR"},
            }
            parts.append(
                {
                    "attributes": corners,
                    "indices": self.accessor(indices),
                    "material": self.material(int(keys[begin])),
                    "extensions": {FEATURES: {"featureIds": [features]}},
                }
            )
            begin = end
        self.meshes.append({"primitives": parts})
        self.extensions = {
            "extensionsUsed": [FEATURES, METADATA],
            "extensions": {METADATA: self._metadata()},
        }
        return [{"mesh": 0}], [0]

    def _row_of(self, values: NDArray[np.float32], stride: int, kind: str) -> int:
        view = self.view(values.tobytes(), VERTICES, stride=stride)
        where = {"bufferView": view, "componentType": FLOAT, "count": len(values), "type": kind}
        return self.accessor(where)

    def _metadata(self) -> dict[str, Any]:
        city = self.city
        columns: dict[str, Column] = {"id": city.object_id, "class": city.object_type}
        for name, column in city.attributes.columns.items():
            columns[_free(name, columns)] = column
        kinds: dict[str, Any] = {}
        values: dict[str, Any] = {}
        for (key, column), name in zip(columns.items(), (*RESERVED, *city.attributes.columns), strict=True):
            kinds[key], values[key] = self._property(name, column)
        table = {"name": "objects", "class": "object", "count": len(city.object_id), "properties": values}
        schema = {"id": "city", "classes": {"object": {"name": "City object", "properties": kinds}}}
        return {"schema": schema, "propertyTables": [table]}

    def _property(self, name: str, column: Column) -> tuple[dict[str, Any], dict[str, Any]]:
        """How a column is described, and where its values lie."""
        said = [value for value in column.tolist() if value is not None]
        if said and all(isinstance(value, int | float) and not isinstance(value, bool) for value in said):
            numbers = np.array([np.nan if value is None else value for value in column.tolist()], dtype="<f8")
            view = self.view(numbers.tobytes(), 0)
            return {"name": name, "type": "SCALAR", "componentType": "FLOAT64"}, {"values": view}
        texts = [_text(value).encode() for value in column.tolist()]
        offsets = np.concatenate([[0], np.cumsum([len(text) for text in texts])]).astype("<u4")
        content = b"".join(texts) or b"\0"  # a view of nothing is not allowed
        place = {"values": self.view(content, 0), "stringOffsets": self.view(offsets.tobytes(), 0)}
        return {"name": name, "type": "STRING", "noData": ""}, place


def _free(name: str, taken: dict[str, Column]) -> str:
    """A name as property tables allow it, that is not yet taken."""
    key = re.sub(r"[^A-Za-z0-9_]", "_", name)
    key = f"_{key}" if not key or key[0].isdigit() else key
    number, found = 2, key
    while found in taken:
        found, number = f"{key}_{number}", number + 1
    return found


def _text(value: object) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
