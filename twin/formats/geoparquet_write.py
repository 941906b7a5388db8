"""Writes tables of points as GeoParquet, by pyarrow where that is installed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

import numpy as np
import shapely

from twin.errors import DataError
from twin.formats.atomic import replace_file

Kind = Literal["text", "number", "flag", "time"]
"""Of a column; times are seconds since 1970 UTC."""
GEOMETRY = "geometry"


def write(
    path: Path,
    kinds: Mapping[str, Kind],
    tables: Iterable[Mapping[str, Any]],
    *,
    point: tuple[str, str] = ("longitude", "latitude"),
) -> None:
    """One table out of many, which have the columns of `kinds`. Raises DataError.

    A column is a sequence, or one value for all rows; at least one of a table is a sequence. NaN and None
    become null. point: names of the columns with longitude and latitude (WGS 84), of which points are made.
    """
    if find_spec("pyarrow") is None:
        raise DataError(path, "", "needs pyarrow", "Install it: pip install 'twin[parquet]', or choose CSV.")
    import pyarrow as arrow
    from pyarrow import parquet

    types = {
        "text": arrow.dictionary(arrow.int32(), arrow.string()),
        "number": arrow.float64(),
        "flag": arrow.bool_(),
        "time": arrow.timestamp("us", tz="UTC"),
    }
    fields = [arrow.field(name, types[kind]) for name, kind in kinds.items()]
    box = [np.inf, np.inf, -np.inf, -np.inf]
    out = arrow.BufferOutputStream()
    schema = arrow.schema([*fields, arrow.field(GEOMETRY, arrow.binary())])
    with parquet.ParquetWriter(out, schema, compression="zstd") as file:
        for table in tables:
            count = max(len(column) for column in table.values() if not _single(column))
            if not count:
                continue
            columns = [_array(table[name], count, kind, types[kind]) for name, kind in kinds.items()]
            file.write_table(arrow.table([*columns, _points(table, point, count, box)], schema=schema))
        told: dict[str, Any] = {"encoding": "WKB", "geometry_types": ["Point"]}
        if np.isfinite(box).all():
            told["bbox"] = [float(side) for side in box]
        geo = {"version": "1.1.0", "primary_column": GEOMETRY, "columns": {GEOMETRY: told}}
        file.add_key_value_metadata({"geo": json.dumps(geo)})
    replace_file(path, out.getvalue().to_pybytes())


def _single(column: object) -> bool:
    return column is None or isinstance(column, str | int | float)


def _array(column: Any, count: int, kind: Kind, wanted: Any) -> Any:
    import pyarrow as arrow

    if kind == "text":
        numbers = np.zeros(count, np.int32) if _single(column) else None
        if numbers is not None:
            return arrow.DictionaryArray.from_arrays(numbers, arrow.array([column], arrow.string()))
        return arrow.array(column, arrow.string()).dictionary_encode()
    if kind == "flag":
        return arrow.array(np.full(count, column) if _single(column) else column, wanted)
    values = np.broadcast_to(np.asarray(np.nan if column is None else column, dtype=np.float64), count)
    missing = ~np.isfinite(values)
    if kind == "time":
        ticks = np.rint(np.where(missing, 0.0, values) * 1e6).astype(np.int64)
        return arrow.array(ticks, arrow.int64(), mask=missing).cast(wanted)
    return arrow.array(values, wanted, mask=missing)


def _points(table: Mapping[str, Any], names: Sequence[str], count: int, box: list[float]) -> Any:
    """The geometry of each row as WKB, null where there is no place; box grows to hold them all."""
    import pyarrow as arrow

    x, y = (np.asarray(np.nan if table[n] is None else table[n], dtype=np.float64) for n in names)
    known = np.isfinite(x) & np.isfinite(y)
    if known.any():
        ends = (x[known].min(), y[known].min(), x[known].max(), y[known].max())
        box[:] = [*map(min, box[:2], ends[:2]), *map(max, box[2:], ends[2:])]
    if x.ndim == 0:
        one = shapely.to_wkb(shapely.Point(float(x), float(y))) if known else None
        return arrow.array([one] * count, arrow.binary())
    made = np.full(count, None, dtype=object)
    made[known] = shapely.to_wkb(shapely.points(x[known], y[known]))
    return arrow.array(made, arrow.binary())
