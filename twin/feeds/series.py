"""Reads series from files: CSV, Parquet and GeoJSON, one row for each station and moment."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct

from twin.errors import DataError, TwinError
from twin.feeds.decode import Device, Value
from twin.feeds.intake import Reading, moment
from twin.feeds.json_path import find
from twin.feeds.sensorthings import position
from twin.model.observed import OBSERVED, UNKNOWN, observed_for
from twin.model.sensor import Datastream, Feed, Station

LARGEST = 512 * 2**20
"""[byte]"""
PAGE = 10_000


class Columns(Struct, frozen=True, forbid_unknown_fields=True):
    """The options of a feed of files: which column says what."""

    time: str = "time"
    station: str = ""
    """Of the id of the station; where there is none, all rows are of one."""
    values: dict[str, str | Value] = {}
    """Column of each observed property; where none is named, all whose names are known."""
    stations: dict[str, Device] | str = {}
    """What is known of stations, or the path of a GeoJSON file of points beside the project."""
    key: str = "id"
    """Property with the id in that GeoJSON file."""
    zone: str = "UTC"
    """Of stamps that do not say theirs."""
    interval: float = math.nan
    """Nominal. [s]"""
    delimiter: str = ""
    """Of a CSV file; empty: comma, semicolon or tab, whichever the header has most of."""


def columns_of(feed: Feed) -> Columns:
    """The options, checked. Raises TwinError."""
    try:
        found = msgspec.convert(dict(feed.options), Columns)
        ZoneInfo(found.zone)
    except (msgspec.ValidationError, KeyError, ValueError, OSError) as error:
        raise TwinError(f"feed {feed.id}: options: {error}.") from error
    return found


def read(feed: Feed, folder: Path) -> Iterator[tuple[list[Reading], list[Datastream]]]:
    """Pages of readings, each with the datastreams that are new in it. Raises TwinError.

    folder: of the project file; the address of the feed is a path relative to it.
    """
    options = columns_of(feed)
    path = inside(folder, feed.url)
    known = _stations(options, folder)
    rows = _rows(path, options)
    streams: dict[str, Datastream] = {}
    values: dict[str, Value] | None = None
    page: list[Reading] = []
    fresh: list[Datastream] = []
    for row in rows:
        if values is None:
            values = _values(options, row, path)
        own = str(find(row, _quoted(options.station)) or "") if options.station else path.stem
        time = _stamp(row.get(options.time), options.zone)
        if not own:
            continue
        for name, value in values.items():
            stream_id = f"{feed.id}/{own}/{name}"
            if stream_id not in streams:
                streams[stream_id] = _stream(feed, own, name, value, known.get(own), row, options)
                fresh.append(streams[stream_id])
            page.append(Reading(stream_id, time, row.get(value.path)))
        if len(page) >= PAGE:
            yield page, fresh
            page, fresh = [], []
    if page or fresh:
        yield page, fresh


def _quoted(name: str) -> str:
    return f"['{name}']"


def inside(folder: Path, text: str) -> Path:
    """A file that the project file names, relative to its folder. Raises DataError."""
    path = (folder / PurePosixPath(text)).resolve()
    if not path.is_file():
        raise DataError(path, "", "is missing", "Put it back, or remove the feed.")
    if path.stat().st_size > LARGEST:
        raise DataError(path, "", f"is larger than {LARGEST // 2**20} MB", "Split it.")
    return path


def _rows(path: Path, options: Columns) -> Iterator[dict[str, Any]]:
    kind = path.suffix.lower()
    if kind == ".parquet":
        return _of_parquet(path)
    if kind in (".geojson", ".json"):
        return _of_geojson(path)
    if kind in (".csv", ".tsv", ".txt"):
        return _of_csv(path, options.delimiter)
    raise DataError(path, "", "is no CSV, Parquet or GeoJSON file", "Export it as one of these.")


def _of_csv(path: Path, delimiter: str) -> Iterator[dict[str, Any]]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DataError(path, f"byte {error.start}", "is not UTF-8", "Save it as UTF-8.") from error
    header = text.partition("\n")[0]
    found = delimiter or max(",;\t", key=header.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=found)
    try:
        for row in reader:
            decimal = found != ","  # then a comma in a number is a point
            yield {
                str(key): value.replace(",", ".") if decimal and isinstance(value, str) and key else value
                for key, value in row.items()
            }
    except csv.Error as error:
        raise DataError(path, f"line {reader.line_num}", str(error)) from error


def _of_parquet(path: Path) -> Iterator[dict[str, Any]]:
    try:
        import pyarrow as arrow
        from pyarrow import parquet
    except ImportError as error:
        raise DataError(path, "", "needs pyarrow", "Install twin[parquet], or export it as CSV.") from error
    try:
        with parquet.ParquetFile(path) as file:
            for batch in file.iter_batches(PAGE):
                yield from batch.to_pylist()
    except (arrow.ArrowException, OSError) as error:
        raise DataError(path, "", f"cannot be read: {error}") from error


def _of_geojson(path: Path) -> Iterator[dict[str, Any]]:
    try:
        tree = msgspec.json.decode(path.read_bytes())
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise DataError(path, "", f"is not JSON: {error}") from error
    features = tree.get("features") if isinstance(tree, dict) else None
    if not isinstance(features, list):
        raise DataError(path, "features", "are missing", "Export it as a FeatureCollection.")
    for feature in features:
        if isinstance(feature, dict):
            properties = feature.get("properties")
            yield {
                **(properties if isinstance(properties, dict) else {}),
                "geometry": feature.get("geometry"),
            }


def _values(options: Columns, row: Mapping[str, Any], path: Path) -> dict[str, Value]:
    if options.values:
        found = {name: Value(v) if isinstance(v, str) else v for name, v in options.values.items()}
        missing = [value.path for value in found.values() if value.path not in row]
    else:
        found = {name: Value(name) for name in row if observed_for(name) != UNKNOWN.id}
        missing = [] if found else ["a column whose name is an observed property"]
    missing += [name for name in (options.time, options.station) if name and name not in row]
    if missing:
        raise DataError(path, "", f"has no {', '.join(missing)}", f"It has {', '.join(map(str, row))}.")
    return found


def _stations(options: Columns, folder: Path) -> dict[str, Device]:
    if not isinstance(options.stations, str):
        return options.stations
    found = {}
    for row in _of_geojson(inside(folder, options.stations)):
        own = row.get(options.key)
        longitude, latitude, height = position(row["geometry"] if isinstance(row["geometry"], dict) else {})
        if own is not None:
            title = row.get("title") or row.get("name")
            found[str(own)] = Device(
                title if isinstance(title, str) else str(own), longitude, latitude, height, options.interval
            )
    return found


def _stream(
    feed: Feed,
    own: str,
    name: str,
    value: Value,
    device: Device | None,
    row: Mapping[str, Any],
    options: Columns,
) -> Datastream:
    geometry = row.get("geometry")
    device = device or Device(own, *position(geometry if isinstance(geometry, dict) else {}))
    title = device.title or own
    observed = observed_for(name)
    return Datastream(
        f"{feed.id}/{own}/{name}",
        Station(f"{feed.id}/{own}", title, device.longitude, device.latitude, device.height, device.domain),
        observed,
        OBSERVED[observed].unit if observed != UNKNOWN.id else value.unit,
        f"{title} {name}",
        device.interval if math.isfinite(device.interval) else options.interval,
        value.path,
        value.unit,
        feed.synthetic,
    )


def _stamp(value: Any, zone: str) -> float:
    """Seconds since 1970 UTC; a stamp without zone is local time, in autumn the first of the two."""
    if isinstance(value, str) and value:
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            return moment(value)
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone) if zone != "UTC" else UTC)
        return aware.timestamp()
    return moment(value)
