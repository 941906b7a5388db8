"""Reads GeoParquet, and Parquet tables with columns of coordinates, by pyarrow where that is installed."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.csv_points import points
from twin.formats.position_columns import code_in, find
from twin.formats.vector_raw import DEGREES, Raw
from twin.model.table import Column, column_of

MOST_ROWS = 5_000_000


def layers(path: Path) -> tuple[str, ...]:
    """The one table of a file. Raises DataError for what has no geometry."""
    _positions(path, _opened(path), "")
    return (path.stem,)


def read(path: Path, _layer: str, crs: str) -> Raw:
    """All rows with a geometry. Raises DataError: no pyarrow, damaged, no geometry."""
    import pyarrow

    file = _opened(path)
    geo = _geo(path, file)
    names = list(file.schema_arrow.names)
    at = _positions(path, file, crs)
    others = [name for name in names if name not in (*geo.get("columns", {}), *at)]
    try:
        table = file.read(columns=[*at, *others])
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(path, "", f"cannot be read: {error}", "Export it again.") from error
    if len(at) == 1:
        column = geo["columns"][at[0]]
        geometry = _geometry(path, at[0], column, table.column(at[0]))
        code = _crs(column) or crs
    else:
        xy = np.column_stack([_floats(path, name, table.column(name)) for name in at])
        geometry = points(xy)
        code = code_in(path, find(path, names, crs), xy, {})
    geometry = np.asarray(shapely.force_2d(geometry), dtype=object)
    fields = {name: _column(table.column(name)) for name in others}
    return Raw(path.stem, code, np.arange(1, len(geometry) + 1), geometry, fields)


def _opened(path: Path) -> Any:
    if find_spec("pyarrow") is None:
        raise DataError(path, "", "needs pyarrow", "Install it: pip install 'twin[parquet]'.")
    import pyarrow
    import pyarrow.parquet

    try:
        file = pyarrow.parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise DataError(path, "", f"is no readable Parquet: {error}", "Export it again.") from error
    if file.metadata.num_rows > MOST_ROWS:
        raise DataError(path, "", f"has {file.metadata.num_rows} rows", "Cut it to the area.")
    return file


def _geo(path: Path, file: Any) -> dict[str, Any]:
    """What GeoParquet writes of its columns; empty where it is plain Parquet."""
    text = (file.metadata.metadata or {}).get(b"geo")
    if text is None:
        return {}
    try:
        found = json.loads(text)
        primary = found["primary_column"]
        column = found["columns"][primary]
        if not isinstance(column, dict) or primary not in file.schema_arrow.names:
            raise KeyError(primary)
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(path, "geo", f"its description is broken: {error}", "Export it again.") from error
    return dict(found)


def _positions(path: Path, file: Any, crs: str) -> tuple[str, ...]:
    """The column of geometries, or two of coordinates. Raises DataError where there are none."""
    geo = _geo(path, file)
    if geo:
        return (str(geo["primary_column"]),)
    at = find(path, list(file.schema_arrow.names), crs)
    if not at.second:
        raise DataError(path, at.first, "is not described as geometry", "Export it as GeoParquet.")
    return at.first, at.second


def _crs(column: dict[str, Any]) -> str:
    """GeoParquet: none is longitude and latitude, null is unknown, else PROJJSON."""
    told = column.get("crs", DEGREES)
    if told is None:
        return ""
    if not isinstance(told, dict):
        return str(told)
    named = told.get("id")
    if isinstance(named, dict) and named.get("authority") in ("EPSG", "OGC") and "code" in named:
        return f"{named['authority']}:{named['code']}"
    return json.dumps(told)


def _geometry(path: Path, name: str, column: dict[str, Any], values: Any) -> NDArray[np.object_]:
    encoding = str(column.get("encoding", "WKB"))
    if encoding.upper() == "WKB":
        wkb = np.empty(len(values), dtype=object)
        wkb[:] = values.to_pylist()
        return np.asarray(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    if encoding == "point":
        flat = [(row["x"], row["y"]) if row else (np.nan, np.nan) for row in values.to_pylist()]
        return points(np.array(flat, dtype=np.float64).reshape(-1, 2))
    remedy = "Write the geometry as WKB."
    raise DataError(path, name, f"is encoded as {encoding}, which is not read", remedy)


def _floats(path: Path, name: str, values: Any) -> NDArray[np.float64]:
    try:
        return np.array([np.nan if v is None else float(v) for v in values.to_pylist()], dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise DataError(
            path, f"column {name}", "holds no numbers", "Write coordinates as numbers."
        ) from error


def _column(values: Any) -> Column:
    import pyarrow

    if pyarrow.types.is_nested(values.type) or pyarrow.types.is_binary(values.type):
        return column_of([None if v is None else str(v)[:200] for v in values.to_pylist()])
    plain = values.to_pylist()
    return column_of([v if v is None or isinstance(v, str | float | int | bool) else str(v) for v in plain])
