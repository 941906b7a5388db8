"""Writes what sensors said into a file of the kind that its name ends with."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from twin.errors import TwinError
from twin.feeds import export
from twin.feeds.store import Store
from twin.formats import csv_file, geoparquet_write, strict_json
from twin.formats.atomic import replace_file
from twin.formats.geoparquet_write import Kind
from twin.model.sensor import Datastream

Write = Callable[[Path, Store, Sequence[Datastream], float, float], None]
TIMES, NUMBERS = ("phenomenon_time", "arrival_time"), ("value", "longitude", "latitude")


def write(
    path: Path,
    store: Store,
    streams: Sequence[Datastream],
    start: float = -math.inf,
    end: float = math.inf,
) -> None:
    """Write the observations of datastreams between two moments [s since 1970 UTC]. Raises TwinError."""
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise TwinError(f"{path}: ends in none of {', '.join(KINDS)}. Choose one of them.")
    kind[1](path, store, streams, start, end)


def _csv(path: Path, store: Store, streams: Sequence[Datastream], start: float, end: float) -> None:
    csv_file.write(path, export.HEADER, export.rows(store, streams, start, end))


def _json(path: Path, store: Store, streams: Sequence[Datastream], start: float, end: float) -> None:
    replace_file(path, strict_json.dump(export.data_arrays(store, streams, start, end)))


def _parquet(path: Path, store: Store, streams: Sequence[Datastream], start: float, end: float) -> None:
    kinds: dict[str, Kind] = {
        name: "time" if name in TIMES else "number" if name in NUMBERS else "text" for name in export.HEADER
    }
    kinds["synthetic"] = "flag"
    geoparquet_write.write(path, kinds, export.tables(store, streams, start, end))


KINDS: Mapping[str, tuple[str, Write]] = {
    ".csv": ("Table", _csv),
    ".parquet": ("GeoParquet", _parquet),
    ".json": ("SensorThings dataArray", _json),
}
"""Ending to what it is and who writes it."""
