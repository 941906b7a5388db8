"""Reads the stops of a timetable (GTFS) as a layer."""

from __future__ import annotations

import zipfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from twin.errors import DataError
from twin.formats import gtfs
from twin.formats.csv_points import points
from twin.formats.vector_raw import DEGREES, Raw, columns_of
from twin.model.table import column_of

NAME = "stops"


def layers(path: Path) -> tuple[str, ...]:
    """The stops. Raises DataError for what is no timetable."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError) as error:
        raise DataError(path, "", f"is no readable archive: {error}", "Download it again.") from error
    if "stops.txt" not in names:
        inside = ", ".join(names[:4]) or "nothing"
        raise DataError(
            path, "", f"is no timetable (GTFS); it holds {inside}", "Unpack it and add what is in it."
        )
    return (NAME,)


def read(path: Path, _layer: str, _crs: str) -> Raw:
    """The stops: see `_read`. Raises DataError."""
    return _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=2)  # a file is looked at before it is added
def _read(path: Path, _changed: int) -> Raw:
    """Each stop that has a position, with how many vehicles leave it in a day, where that is known.

    Raises DataError.
    """
    layers(path)
    stops, lonlat, bad = gtfs.stops(path)
    notices = [f"{count} rows of {what}" for what, count in sorted(bad.items())]
    if not stops:
        raise DataError(
            path, "stops.txt", "has no stop with a position", "Ask the publisher for a whole feed."
        )
    rows = [{k.removeprefix("stop_"): v or None for k, v in stop.items()} for stop in stops]
    for row in rows:
        for name in ("lat", "lon", "url"):
            row.pop(name, None)
    fields = columns_of(rows)
    try:
        timetable = gtfs.read(path)
    except DataError as error:
        notices.append(f"departures are not counted: {error.problem}")
    else:
        place = {name: number for number, name in enumerate(timetable.ids)}
        of = [place.get(stop["stop_id"], -1) for stop in stops]
        daily = np.append(timetable.departures.sum(axis=1), 0)
        fields["departures"] = daily[of]
        kinds = (*timetable.kinds, "")
        fields["kind"] = column_of([kinds[number] or None for number in of])
    numbers = np.arange(1, len(stops) + 1)
    return Raw(NAME, DEGREES, numbers, points(lonlat), fields, tuple(notices))
