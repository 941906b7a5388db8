"""Keeps observations in an SQLite file beside the project: only ever added to, each once."""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np

from twin.feeds.store_file import StoreFile
from twin.model.sensor import Datastream, Floats, Latest, Observations, Quality, Series, Station, stale

MICROSECONDS = 1e6
"""Times are whole microseconds in the file, so that the same time is the same number."""
AHEAD = 300.0
"""A clock that is ahead by more is wrong. [s]"""
MANY = 20
_LATEST = """
SELECT ?1, time, arrival, ifnull(value, 9e999), quality,
    ifnull((SELECT interval FROM stream WHERE number = ?1), 9e999)
FROM observation WHERE stream = ?1 AND time <= ?2 ORDER BY time DESC LIMIT 1
"""
_LATEST_OF_ALL = """
SELECT stream, time, arrival, ifnull(value, 9e999), quality, ifnull(interval, 9e999) FROM stream AS each
CROSS JOIN observation ON observation.stream = each.number AND observation.time =
    (SELECT time FROM observation WHERE stream = each.number AND time <= ? ORDER BY time DESC LIMIT 1)
"""
"""CROSS, so that it goes from stream to stream and never through all observations."""
_COUNTED = """
WITH RECURSIVE part (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM part WHERE n + 1 < ?1)
SELECT (SELECT count(*) FROM observation
        WHERE stream = ?2 AND time >= ?3 + n * ?4 AND time < ?3 + (n + 1) * ?4) FROM part
"""


@dataclass(frozen=True, slots=True)
class Added:
    """What became of a batch; the four add up to its length."""

    new: int = 0
    known: int = 0
    """Were there already, the same: sent twice, or read again."""
    aside: int = 0
    """Say another value for a time that had one; kept aside as duplicates."""
    strange: int = 0
    """Of a datastream that nobody described, or of no time; not kept."""

    def __add__(self, other: Added) -> Added:
        return Added(
            self.new + other.new,
            self.known + other.known,
            self.aside + other.aside,
            self.strange + other.strange,
        )


class Store:
    """The observations of one project. All methods may be called from any thread.

    path, read_only: as of `StoreFile`. Raises DataError when the file is none of ours.
    """

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        self._file = StoreFile(path, read_only=read_only)
        self._numbers: dict[str, int] = {}
        """Only ever added to: who read the table earlier must not hide from others what is new."""
        self._described: tuple[int, tuple[Datastream, ...]] = (-1, ())
        self._descriptions = 0
        self._ends: tuple[int, int] | None = None
        self._ending = threading.Lock()

    @property
    def path(self) -> Path:
        """Where it is."""
        return self._file.path

    @property
    def kept(self) -> bool:
        """Whether it is still there after `close`."""
        return self._file.kept

    @property
    def read_only(self) -> bool:
        """Whether nothing can be added."""
        return self._file.read_only

    def close(self) -> None:
        """Let go of the file; a temporary one is removed."""
        self._file.close()

    def describe(self, streams: Iterable[Datastream]) -> None:
        """Add datastreams with their stations, or renew what is known of them."""
        found = list(streams)
        stations = {stream.station.id: stream.station for stream in found}
        with self._file.writing() as write:
            write.executemany(
                "INSERT OR REPLACE INTO station VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (s.id, s.title, _known(s.longitude), _known(s.latitude), _known(s.height), s.domain)
                    for s in stations.values()
                ],
            )
            write.executemany(
                "INSERT INTO stream VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET "
                "station=excluded.station, observed=excluded.observed, unit=excluded.unit, "
                "title=excluded.title, interval=excluded.interval, "
                "source_observed=excluded.source_observed, source_unit=excluded.source_unit, "
                "synthetic=excluded.synthetic",
                [
                    (
                        *(s.id, s.station.id, s.observed, s.unit, s.title, _known(s.interval)),
                        *(s.source_observed, s.source_unit, s.synthetic),
                    )
                    for s in found
                ],
            )
            numbers = write.execute("SELECT id, number FROM stream").fetchall()
        self._numbers.update(numbers)
        self._descriptions += 1

    def add(self, batch: Observations) -> Added:
        """Add observations, all of them or, when this fails, none; from then on kill -9 takes none.

        Each datastream and phenomenon time is kept once: what comes again changes nothing.
        """
        numbers = np.array([self._number(stream) for stream in batch.streams], dtype=np.int64)
        rows = numbers[batch.rows] if len(numbers) else np.zeros(0, np.int64)
        timed = np.isfinite(batch.times) & (np.abs(batch.times) < 1e11)
        fits = (rows >= 0) & timed
        order = np.flatnonzero(fits)
        columns = (
            rows[order].tolist(),
            _ticks(batch.times[order]),
            _ticks(batch.arrivals[order]),
            [_known(value) for value in batch.values[order].tolist()],
            batch.quality[order].tolist(),
        )
        made = list(zip(*columns, strict=True))
        new, aside = 0, 0
        with self._file.writing() as write:
            before = write.total_changes
            write.executemany("INSERT OR IGNORE INTO observation VALUES (?, ?, ?, ?, ?)", made)
            new = write.total_changes - before
            if new < len(made):
                aside = self._put_aside(write, made)
            texts = [
                (*made[place], batch.texts[number][:200])
                for place, number in enumerate(order.tolist())
                if number in batch.texts
            ]
            write.executemany("INSERT OR IGNORE INTO aside VALUES (?, ?, ?, ?, ?, ?)", texts)
        times = columns[1]
        with self._ending:
            if self._ends is not None and times:
                self._ends = min(self._ends[0], *times), max(self._ends[1], *times)
        return Added(new, len(made) - new - aside, aside, int(len(batch) - fits.sum()))

    def datastreams(self) -> tuple[Datastream, ...]:
        """All that were ever described, in order of id; the same as before unless something was described."""
        descriptions = self._descriptions
        count = self._file.reader.execute("SELECT count(*) FROM stream").fetchone()[0]
        described_at, known = self._described
        if described_at != descriptions or len(known) != count:  # another process may have described some
            known = self._streams()
            self._described = descriptions, known
        return known

    def _streams(self) -> tuple[Datastream, ...]:
        read = self._file.reader
        stations = {
            row[0]: Station(row[0], row[1], _nan(row[2]), _nan(row[3]), _nan(row[4]), row[5])
            for row in read.execute("SELECT id, title, longitude, latitude, height, domain FROM station")
        }
        return tuple(
            Datastream(
                row[0], stations[row[1]], row[2], row[3], row[4], _nan(row[5]), row[6], row[7], bool(row[8])
            )
            for row in read.execute(
                "SELECT id, station, observed, unit, title, interval, source_observed, source_unit, "
                "synthetic FROM stream ORDER BY id"
            )
        )

    def series(
        self, streams: Sequence[str], start: float = -math.inf, end: float = math.inf
    ) -> dict[str, Series]:
        """The observations of datastreams with start <= phenomenon time < end; by id, in order of time.

        start, end: seconds since 1970 UTC. A datastream that is not known has none.
        """
        read = self._file.reader
        between = (_tick(start), _tick(end))
        found = {}
        for stream in streams:
            rows = read.execute(
                "SELECT time, arrival, ifnull(value, 9e999), quality FROM observation "
                "WHERE stream = ? AND time >= ? AND time < ? ORDER BY time",
                (self._number(stream), *between),
            ).fetchall()
            found[stream] = _series(stream, rows)
        return found

    def latest(self, streams: Sequence[str], at: float | None = None) -> Latest:
        """What each datastream showed at a moment: its last observation until then, also a bad one.

        at: seconds since 1970 UTC; None: now, by our clock, with a little for those of devices that are
        ahead.
        """
        read = self._file.reader
        until = time.time() if at is None else at
        limit = _tick(until + (AHEAD if at is None else 0.0))
        numbers = [self._number(stream) for stream in streams]
        if len(numbers) > MANY:  # of all in one question, which is ten times as quick as one after the other
            rows = read.execute(_LATEST_OF_ALL, (limit,)).fetchall()
        else:
            asked = dict.fromkeys(number for number in numbers if number >= 0)
            rows = [row for number in asked for row in read.execute(_LATEST, (number, limit))]
        row_of = {row[0]: place for place, row in enumerate(rows)}
        never = (-1, math.nan, math.nan, math.nan, int(Quality.MISSING), math.nan)
        found = _numbers([*rows, never], 6)[[row_of.get(number, -1) for number in numbers]]
        whole, intervals = _columns("", found[:, 1:5]), found[:, 5]
        old = stale(whole.times, np.where(np.isfinite(intervals), intervals, np.nan), until)
        return Latest(tuple(streams), whole.times, whole.arrivals, whole.values, whole.quality, old)

    def span(self, streams: Sequence[str] | None = None) -> tuple[float, float] | None:
        """First and last phenomenon time of datastreams, or of all; None where there is nothing. [s]

        That of all is followed from then on as this program adds to it.
        """
        if streams is not None:
            ends = self._ends_of([self._number(stream) for stream in streams])
        else:
            with self._ending:  # what is added meanwhile is added to it
                if self._ends is None:
                    self._number("")
                    self._ends = self._ends_of(list(self._numbers.values()))
                ends = self._ends
        return None if ends is None else (ends[0] / MICROSECONDS, ends[1] / MICROSECONDS)

    def _ends_of(self, numbers: Sequence[int]) -> tuple[int, int] | None:
        ends = [
            row
            for number in numbers
            for row in self._file.reader.execute(
                "SELECT (SELECT time FROM observation WHERE stream = ?1 ORDER BY time LIMIT 1),"
                "(SELECT time FROM observation WHERE stream = ?1 ORDER BY time DESC LIMIT 1)",
                (number,),
            )
            if row[0] is not None
        ]
        return (min(row[0] for row in ends), max(row[1] for row in ends)) if ends else None

    def counts(self, streams: Sequence[str], start: float, end: float, parts: int) -> Floats:
        """How many observations of all the datastreams lie in each of so many equal parts of a time. [s]"""
        first, width = _tick(start), max(_tick(end) - _tick(start), parts) / parts
        found = np.zeros(parts)
        for stream in streams:
            rows = self._file.reader.execute(_COUNTED, (parts, self._number(stream), first, width))
            found += [row[0] for row in rows]
        return found

    def aside(self) -> tuple[tuple[str, float, float, float, int, str], ...]:
        """What could not stand among the observations: stream, time, arrival, value, quality, text."""
        rows = self._file.reader.execute(
            "SELECT stream.id, time, arrival, value, quality, text "
            "FROM aside JOIN stream ON stream.number = aside.stream ORDER BY aside.rowid"
        )
        return tuple(
            (row[0], row[1] / MICROSECONDS, row[2] / MICROSECONDS, _nan(row[3]), row[4], row[5])
            for row in rows
        )

    def reasons(self) -> dict[str, dict[Quality, int]]:
        """How many observations of each datastream have which quality; all are read for it."""
        found: dict[str, dict[Quality, int]] = {}
        rows = self._file.reader.execute(
            "SELECT stream.id, quality, count(*) FROM "
            "(SELECT stream, quality FROM observation UNION ALL "
            "SELECT stream, quality FROM aside WHERE text = '') AS found "
            "JOIN stream ON stream.number = found.stream GROUP BY stream.id, quality"
        )
        for stream, quality, count in rows:
            found.setdefault(stream, {})[Quality(quality)] = count
        return found

    def _put_aside(self, write: sqlite3.Connection, made: list[tuple[Any, ...]]) -> int:
        """Keep what says another value than was there; how many were new."""
        other = [
            (*row[:4], int(Quality.DUPLICATE), "")
            for row in made
            if write.execute(
                "SELECT 1 FROM observation WHERE stream = ? AND time = ? AND value IS NOT ?",
                (row[0], row[1], row[3]),
            ).fetchone()
        ]
        before = write.total_changes
        write.executemany("INSERT OR IGNORE INTO aside VALUES (?, ?, ?, ?, ?, ?)", other)
        return write.total_changes - before

    def _number(self, stream: str) -> int:
        """Its number in the file, also when another process has described it since; -1: unknown."""
        if stream not in self._numbers:
            self._numbers.update(self._file.reader.execute("SELECT id, number FROM stream").fetchall())
        return self._numbers.get(stream, -1)


def _series(stream: str, rows: Sequence[tuple[float, ...]]) -> Series:
    return _columns(stream, _numbers(rows, 4))


def _numbers(rows: Sequence[tuple[float, ...]], width: int) -> Floats:
    """Rows of so many numbers as an array."""
    # through one flat run of numbers, which takes half the time of columns of their own
    return np.fromiter(chain.from_iterable(rows), np.float64, width * len(rows)).reshape(-1, width)


def _columns(stream: str, found: Floats) -> Series:
    """Time, arrival, value and quality: (n, 4); an infinite value is none."""
    times, arrivals, values, quality = found.T
    return Series(
        stream,
        times / MICROSECONDS,
        arrivals / MICROSECONDS,
        np.where(np.isfinite(values), values, np.nan),
        quality.astype(np.uint8),
    )


def _ticks(times: Floats) -> list[int]:
    found: list[int] = np.rint(np.nan_to_num(times) * MICROSECONDS).astype(np.int64).tolist()
    return found


def _tick(moment: float) -> int:
    return round(min(max(float(moment), -1e11), 1e11) * MICROSECONDS)


def _known(value: float) -> float | None:
    return float(value) if math.isfinite(value) else None


def _nan(value: float | None) -> float:
    return math.nan if value is None else float(value)
