"""Reads a timetable (GTFS): stops, and how many vehicles leave them in each hour of a day of the week."""

from __future__ import annotations

import csv
import io
import zipfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.model.timetable import WEEKDAYS, Timetable

LARGEST = 2 * 2**30
"""Of one table, unpacked. [byte]"""
RATIO = 200
"""No table shrinks more than this when it is packed; what does is a bomb."""
SPAN = 800
"""Days of a calendar that are looked at."""
KINDS = {0: "tram", 1: "metro", 2: "train", 3: "bus", 4: "ferry", 5: "tram", 11: "bus", 12: "train"}
"""Of route_type (GTFS reference); extended types (100 …) by their hundreds."""
EXTENDED = {1: "train", 2: "bus", 4: "metro", 7: "bus", 8: "bus", 9: "tram", 10: "ferry", 12: "ferry"}
ORDER = ("train", "metro", "tram", "ferry", "bus")
"""What a stop is called that several kinds call at."""
_EXPORT = "Ask the publisher for a whole feed."


def read(
    path: Path,
    *,
    weekday: str = "tuesday",
    near: Callable[[NDArray[np.float64]], NDArray[np.bool_]] | None = None,
    progress: Callable[[float], None] = lambda _share: None,
) -> Timetable:
    """The stops and what leaves them on the given day of the week.

    Of all such days in the calendar the one is taken on which most trips run, so that it is no holiday.
    near: which of the stops (n, 2) [deg] are wanted; None: all. Rows that cannot be used are counted.
    Raises DataError: no feed, a table is missing, nothing runs on such a day.
    """
    if weekday not in WEEKDAYS:
        raise DataError(path, "", f"{weekday!r} is no day", f"Choose one of {', '.join(WEEKDAYS)}.")
    bad: Counter[str] = Counter()
    with _feed(path) as feed:
        stops, lonlat = _stops(feed, bad)
        everywhere = {row.get("stop_id", "") for row in feed.rows("stops")}
        if near is not None and len(stops):
            mask = near(lonlat)
            stops = [stop for stop, wanted in zip(stops, mask.tolist(), strict=True) if wanted]
            lonlat = lonlat[mask]
        service = {row.get("trip_id", ""): row.get("service_id", "") for row in feed.rows("trips")}
        day, services = _services(feed, weekday, Counter(service.values()), bad)
        kinds = {row.get("route_id", ""): row.get("route_type", "") for row in feed.rows("routes")}
        trips = {
            row["trip_id"]: _kind(kinds.get(row.get("route_id", ""), ""), bad)
            for row in feed.rows("trips")
            if row.get("trip_id") and row.get("service_id") in services
        }
        progress(0.2)
        place = {stop["stop_id"]: number for number, stop in enumerate(stops)}
        table = np.zeros((len(stops), 24), dtype=np.int64)
        seen: dict[int, set[str]] = defaultdict(set)
        repeated = _frequencies(feed, bad)
        for number, row in enumerate(feed.rows("stop_times")):
            if number % 50_000 == 0:
                progress(0.2 + 0.7 * number / (number + 500_000))
            if row.get("trip_id", "") not in service:
                bad["stop_times: of a trip that is not there"] += 1
            elif row.get("stop_id", "") not in everywhere:
                bad["stop_times: at a stop that is not there"] += 1
            else:
                _count(row, trips, place, repeated, table, seen, bad)
        publisher = next((row.get("feed_publisher_name", "") for row in feed.rows("feed_info", False)), "")
        publisher = publisher or next((r.get("agency_name", "") for r in feed.rows("agency", False)), "")
    progress(1.0)
    return Timetable(
        day=day,
        ids=tuple(stop["stop_id"] for stop in stops),
        names=tuple(stop.get("stop_name", "") for stop in stops),
        lonlat=lonlat,
        kinds=tuple(next((k for k in ORDER if k in seen[i]), "") for i in range(len(stops))),
        departures=table,
        wheelchair=tuple({"1": "yes", "2": "no"}.get(s.get("wheelchair_boarding", ""), "") for s in stops),
        publisher=publisher,
        bad=bad,
    )


def stops(path: Path) -> tuple[list[dict[str, str]], NDArray[np.float64], Counter[str]]:
    """The rows of all stops with a position, their longitudes and latitudes (n, 2) [deg], what was left out.

    Raises DataError: no feed, or none of stops.
    """
    bad: Counter[str] = Counter()
    with _feed(path) as feed:
        found, lonlat = _stops(feed, bad)
    return found, lonlat, bad


class _Feed:
    """The tables of a packed feed, row by row."""

    def __init__(self, path: Path, archive: zipfile.ZipFile) -> None:
        self.path, self._archive = path, archive
        self._members = {info.filename: info for info in archive.infolist()}

    def rows(self, table: str, needed: bool = True) -> Iterator[dict[str, str]]:
        """Each row by the names of the columns. Raises DataError: a table that has to be there is not."""
        info = self._members.get(f"{table}.txt")
        if info is None:
            if needed:
                raise DataError(self.path, f"{table}.txt", "is missing", _EXPORT)
            return
        if info.file_size > LARGEST or info.file_size > RATIO * max(info.compress_size, 1024):
            raise DataError(self.path, info.filename, "is too large to be a timetable", _EXPORT)
        with self._archive.open(info) as file:
            text = io.TextIOWrapper(file, encoding="utf-8-sig", errors="replace", newline="")
            for row in csv.DictReader(text, restval="", skipinitialspace=True):
                yield {(k or "").strip(): (v or "").strip() for k, v in row.items() if isinstance(v, str)}


@contextmanager
def _feed(path: Path) -> Iterator[_Feed]:
    if not path.is_file():
        raise DataError(path, "", "is missing", "Choose another file.")
    try:
        with zipfile.ZipFile(path) as archive:
            yield _Feed(path, archive)
    except (zipfile.BadZipFile, EOFError, OSError, csv.Error, KeyError) as error:
        raise DataError(path, "", f"is no readable GTFS feed: {error}", _EXPORT) from error


def _stops(feed: _Feed, bad: Counter[str]) -> tuple[list[dict[str, str]], NDArray[np.float64]]:
    stops, places = [], []
    seen: set[str] = set()
    for row in feed.rows("stops"):
        name = row.get("stop_id", "")
        if row.get("location_type", "") not in ("", "0"):
            continue  # stations, entrances and boarding areas are no stops
        try:
            lat, lon = float(row.get("stop_lat", "")), float(row.get("stop_lon", ""))
        except ValueError:
            bad["stops: without a position"] += 1
            continue
        if not (-90 <= lat <= 90 and -180 <= lon <= 180) or (lat == 0 and lon == 0):
            bad["stops: a position that is not on Earth"] += 1
        elif not name or name in seen:
            bad["stops: an id that is empty or there twice"] += 1
        else:
            seen.add(name)
            stops.append(row)
            places.append((lon, lat))
    return stops, np.array(places, dtype=np.float64).reshape(-1, 2)


def _services(feed: _Feed, weekday: str, trips: Counter[str], bad: Counter[str]) -> tuple[date, set[str]]:
    """The day with the most trips, the first of several, and which services run on it."""
    wanted = WEEKDAYS.index(weekday)
    running: dict[date, set[str]] = defaultdict(set)
    for row in feed.rows("calendar", False):
        first, last = _day(row.get("start_date", "")), _day(row.get("end_date", ""))
        if first is None or last is None or last < first:
            bad["calendar: dates that are none"] += 1
            continue
        if row.get(weekday) != "1":
            continue
        day = first + timedelta(days=(wanted - first.weekday()) % 7)
        for _ in range(SPAN // 7):
            if day > last:
                break
            running[day].add(row.get("service_id", ""))
            day += timedelta(days=7)
    for row in feed.rows("calendar_dates", False):
        found = _day(row.get("date", ""))
        if found is None:
            bad["calendar_dates: a date that is none"] += 1
        elif found.weekday() == wanted and row.get("exception_type") == "1":
            running[found].add(row.get("service_id", ""))
        elif found.weekday() == wanted and row.get("exception_type") == "2":
            running[found].discard(row.get("service_id", ""))
    if not any(running.values()):
        raise DataError(feed.path, "", f"nothing runs on a {weekday}", "Choose another day of the week.")
    best = max(sorted(running), key=lambda day: sum(trips[name] for name in running[day]))
    return best, running[best]


def _frequencies(feed: _Feed, bad: Counter[str]) -> dict[str, list[tuple[int, int, int]]]:
    """From when to when and how often a trip is repeated. [s]"""
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for row in feed.rows("frequencies", False):
        start, end = _seconds(row.get("start_time", "")), _seconds(row.get("end_time", ""))
        headway = row.get("headway_secs", "")
        if start is None or end is None or not headway.isdigit() or int(headway) == 0 or end < start:
            bad["frequencies: times that are none"] += 1
        else:
            found[row.get("trip_id", "")].append((start, end, int(headway)))
    return found


def _count(
    row: Mapping[str, str],
    trips: Mapping[str, str],
    place: Mapping[str, int],
    repeated: Mapping[str, list[tuple[int, int, int]]],
    table: NDArray[np.int64],
    seen: Mapping[int, set[str]],
    bad: Counter[str],
) -> None:
    trip, stop = row["trip_id"], row["stop_id"]
    if trip not in trips or stop not in place or row.get("pickup_type") == "1":
        return
    time = _seconds(row.get("departure_time", "") or row.get("arrival_time", ""))
    if time is None:
        bad["stop_times: a time that is none"] += 1
        return
    number = place[stop]
    seen[number].add(trips[trip])
    if trip in repeated:
        # the hour of the departure at the first stop stands for that at all: headways are in minutes
        for start, end, headway in repeated[trip]:
            for moment in range(start, end, headway):
                table[number, moment // 3600 % 24] += 1
    else:
        table[number, time // 3600 % 24] += 1


def _kind(text: str, bad: Counter[str]) -> str:
    if not text.isdigit():
        bad["routes: a type that is none"] += 1
        return "bus"
    number = int(text)
    found = KINDS.get(number) if number < 100 else EXTENDED.get(number // 100)
    return found or "bus"


def _day(text: str) -> date | None:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8])) if len(text) == 8 else None
    except ValueError:
        return None


def _seconds(text: str) -> int | None:
    """Of `25:10:00`, which is ten past one the next morning."""
    parts = text.split(":")
    if len(parts) != 3 or not all(part.isdigit() for part in parts):
        return None
    hours, minutes, seconds = (int(part) for part in parts)
    return hours * 3600 + minutes * 60 + seconds if hours < 72 and minutes < 60 and seconds < 60 else None
