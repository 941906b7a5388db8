"""Reads layers: GeoPackage, GeoJSON, Shapefile and FlatGeobuf by GDAL, and all that readers of ours know."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import vector_raw
from twin.formats.vector_place import crs_of, middles, to_local
from twin.formats.vector_raw import Raw
from twin.model.layer import Layer, Style
from twin.model.place import Place
from twin.model.table import Column, Table

BEGINNINGS = {
    ".gpkg": (b"SQLite format 3\x00",),
    ".geojson": (b"{", b"\xef\xbb\xbf{"),
    ".json": (b"{", b"\xef\xbb\xbf{"),
    ".shp": (b"\x00\x00\x27\x0a",),
    ".fgb": (b"fgb\x03fgb",),
}
"""What may reach GDAL: endings, and how such files begin."""
SUFFIXES = (*BEGINNINGS, *vector_raw.OWN)
"""Endings of all files that become layers."""
_POLYGONS = (3, 6)


def read_layer(
    path: Path,
    *,
    layer: str | None,
    id: str,
    title: str,
    style: Style,
    role: str = "",
    attribution: str = "",
    place: Place,
    crs: str = "",
) -> tuple[Layer, tuple[str, ...]]:
    """One layer in local metres, and what was left out or mended.

    layer: its name in the file; None: the only one. crs: what the user says of its coordinates, where
    the file says nothing.
    Heights of positions are dropped: layers lie on the ground. Features without geometry, and polygons that
    cannot be mended, are left out and counted. A column `id` names each feature: the file's own `id` where it
    is there and each is once, else its number.
    Raises DataError: no such layer, no CRS, unreadable.
    """
    raw = read_raw(path, layer, crs)
    notices = list(raw.notices)
    geometry, kept = _mended(raw.geometry, notices)
    there = crs_of(path, raw.name, raw.crs or crs, middles(geometry))
    geometry, rows = to_local(path, raw.name, geometry, there, place, notices)
    kept = kept[rows]
    ids = np.asarray([f"{id}/{number}" for number in raw.numbers[kept].tolist()], dtype=object)
    table = _table({name: column[kept] for name, column in raw.fields.items()}, ids, notices)
    made = Layer(id, title or raw.name, geometry, table, style, role, attribution)
    return made, tuple(f"{title or raw.name}: {notice}" for notice in notices)


def read_raw(path: Path, layer: str | None, crs: str = "") -> Raw:
    """A layer as it is in its file. Raises DataError."""
    reader = vector_raw.reader_of(path)
    if reader is not None:
        # what may be chosen is more than what is offered: any filter of tags
        name = layer if layer and reader.__name__.endswith("osm_layer") else _name_of(path, layer)
        return reader.read(path, name, crs)
    notices: list[str] = []
    with gdal(path, layer or "", notices):
        name = _name_of(path, layer)
        meta, numbers, wkb, columns = _read_raw(path, name)
    truths = [str(kind) == "OFSTBoolean" for kind in meta["ogr_subtypes"]]
    values = [
        _truths(np.asarray(column)) if truth else _column(np.asarray(column))
        for column, truth in zip(columns, truths, strict=True)
    ]
    fields = dict(zip([str(field) for field in meta["fields"]], values, strict=True))
    geometry = np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    return Raw(name, meta.get("crs") or "", np.asarray(numbers), geometry, fields, tuple(notices))


def list_layers(path: Path) -> tuple[str, ...]:
    """The layers with geometry in a file. Raises DataError."""
    reader = vector_raw.reader_of(path)
    if reader is not None:
        return reader.layers(path)
    import pyogrio

    check_file(path)
    with gdal(path, "", []):
        found = pyogrio.list_layers(path)
    return tuple(str(name) for name, kind in found if kind is not None)


def beside(path: Path) -> list[Path]:
    """The files that belong to a file: those of a Shapefile, and what a database has not merged yet."""
    parts = [path.with_suffix(suffix) for suffix in (".dbf", ".shx", ".prj", ".cpg")]
    parts = parts if path.suffix.lower() == ".shp" else [path.with_name(f"{path.name}-wal")]
    return [part for part in parts if part.is_file()]


def check_file(path: Path) -> None:
    """Raises DataError unless it is a plain file whose ending and beginning are those of a vector format.

    GDAL chooses a driver by content and would follow a file named .json to anywhere.
    """
    beginnings = BEGINNINGS.get(path.suffix.lower())
    if beginnings is None:
        raise DataError(path, "", "is no vector format that is read", f"Use one of {', '.join(SUFFIXES)}.")
    if not path.is_file() or str(path).startswith("/vsi"):
        raise DataError(path, "", "is missing or no plain file", "Put it back or relink it.")
    with path.open("rb") as file:
        start = file.read(64)
    if not start.lstrip(b" \t\r\n" if beginnings[0] == b"{" else b"").startswith(beginnings):
        raise DataError(path, "", f"does not begin as a {path.suffix} file does", "Export it again.")
    if beginnings[0] == b"{":
        _check_crs_member(path)


def _check_crs_member(path: Path) -> None:
    """Raises DataError for JSON that is broken, or that names its CRS by a link: GDAL would fetch it."""
    import msgspec

    class Head(msgspec.Struct):
        crs: Any = None
        coordRefSys: Any = None  # noqa: N815  # JSON-FG writes it so

    try:
        head = msgspec.json.decode(path.read_bytes().removeprefix(b"\xef\xbb\xbf"), type=Head)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(path, "", f"is not JSON: {error}", "Export it again.") from error
    linked = isinstance(head.crs, dict) and head.crs.get("type") not in ("name", "EPSG", "OGC")
    if linked or head.coordRefSys is not None:
        remedy = "Export it again with longitude and latitude (EPSG:4326)."
        raise DataError(path, "crs", "names its coordinate system in a way that is not followed", remedy)


@contextmanager
def gdal(path: Path, layer: str, notices: list[str]) -> Iterator[None]:
    """Turn what GDAL complains of into notices, and what it gives up on into a DataError."""
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            yield
        except (RuntimeError, ValueError, OverflowError) as error:  # pyogrio's own are RuntimeErrors
            remedy = "Open it in a GIS and export it again."
            raise DataError(path, layer, f"cannot be read: {error}", remedy) from error
    notices += dict.fromkeys(str(warning.message) for warning in told)


def names_of(path: Path) -> tuple[str, ...]:
    """The layers of a file that has one at least. Raises DataError."""
    names = list_layers(path)
    if not names:
        raise DataError(path, "", "has no layer with geometry", "Choose another file.")
    return names


def _name_of(path: Path, layer: str | None) -> str:
    names = names_of(path)
    if layer is None:
        if len(names) > 1:
            raise DataError(path, "", f"has {len(names)} layers", f"Choose one of {', '.join(names)}.")
        return names[0]
    if layer not in names:
        raise DataError(path, layer, "there is no such layer", f"Choose one of {', '.join(names)}.")
    return layer


def _read_raw(path: Path, name: str) -> tuple[dict[str, Any], Any, Any, Sequence[Any]]:
    """What the file says of the layer, and number, geometry (WKB) and columns of its features."""
    import pyogrio.raw

    meta, numbers, wkb, columns = pyogrio.raw.read(
        path, layer=name, force_2d=True, return_fids=True, datetime_as_string=True
    )
    if wkb is None:
        raise DataError(path, name, "has no geometry", "Choose a layer with points, lines or polygons.")
    promised = pyogrio.read_info(path, layer=name)["features"]  # -1 where it would have to be counted
    if len(numbers) < promised:
        warnings.warn(f"only {len(numbers)} of {promised} features are there: the file is cut", stacklevel=2)
    return meta, numbers, wkb, columns


def _mended(
    geometry: NDArray[np.object_], notices: list[str]
) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Valid geometries, and the row each came from."""
    empty = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    polygon = np.isin(shapely.get_type_id(geometry), _POLYGONS)
    invalid = polygon & ~empty & ~shapely.is_valid(geometry)
    if invalid.any():
        geometry = geometry.copy()
        geometry[invalid] = [_areas(shape) for shape in shapely.make_valid(geometry[invalid])]
    flat = invalid & shapely.is_empty(geometry)
    if empty.any():
        notices.append(f"{_count(empty, 'feature')} left out: without geometry")
    if flat.any():
        notices.append(f"{_count(flat, 'polygon')} left out: without area")
    if (invalid & ~flat).any():
        notices.append(f"{_count(invalid & ~flat, 'polygon')} mended: it crossed or touched itself")
    kept = np.flatnonzero(~empty & ~flat)
    return geometry[kept], kept


def _areas(shape: Any) -> Any:
    """The polygons of what make_valid returns; lines and points are left-overs of spikes."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return shapely.union_all(parts[np.isin(shapely.get_type_id(parts), _POLYGONS)])


def _table(fields: dict[str, Column], numbers: NDArray[np.object_], notices: list[str]) -> Table:
    """The columns, `id` first; `numbers` name the features where the file does not."""
    own = next((name for name in fields if name.lower() == "id"), None)
    if own is None:
        return Table(len(numbers), {"id": numbers, **fields})
    named = [_text(value) for value in fields[own].tolist()]
    others = {name: column for name, column in fields.items() if name != own}
    if len(set(named)) == len(named) and "" not in named:
        return Table(len(numbers), {"id": np.asarray(named, dtype=object), **others})
    notices.append("its column id is empty or the same in several rows; features are numbered instead")
    return Table(len(numbers), {"id": numbers, "id in file": fields[own], **others})


def _column(values: NDArray[Any]) -> Column:
    if values.dtype.kind in "iu":
        return values.astype(np.int64)
    if values.dtype.kind == "f":
        return values.astype(np.float64)
    column = np.empty(len(values), dtype=object)
    column[:] = [_value(value) for value in values.tolist()]
    return column


def _truths(values: NDArray[Any]) -> Column:
    """True, False or None, of numbers where some are absent."""
    column = np.empty(len(values), dtype=object)
    column[:] = [None if value is None or value != value else bool(value) for value in values.tolist()]
    return column


def _value(value: Any) -> str | float | int | bool | None:
    if isinstance(value, np.ndarray):
        return ", ".join(str(member) for member in value.tolist())
    if value is None or value != value:
        return None
    return value if isinstance(value, str | float | int | bool) else str(value)


def _text(value: Any) -> str:
    if value is None or value != value:
        return ""
    return f"{value:.0f}" if isinstance(value, float) and value == int(value) else str(value)


def _count(mask: Any, noun: str) -> str:
    number = int(mask.sum())
    return f"{number} {noun}" + ("s" if number != 1 else "")
