"""What is measured where, and what was measured: stations, datastreams, and observations as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.model.observed import OBSERVED, UNKNOWN, ObservedProperty
from twin.model.place import Place
from twin.model.transformation import transformation

Floats = NDArray[np.float64]
KINDS = ("sensorthings", "mqtt", "ngsi", "series", "fmi", "digitraffic", "gtfs-realtime")
"""Of feeds; `series` are files of ours: CSV, Parquet, GeoJSON and recordings."""
STALE_AFTER = 3.0
"""A datastream is stale when nothing came for so many of its nominal intervals."""
EMPTY: Floats = np.zeros(0)
EMPTY.flags.writeable = False


class Quality(IntEnum):
    """What was found wrong with a value, if anything; one that is not good is kept with this reason."""

    GOOD = 0
    MISSING = 1
    """Null, NaN or infinite: there is no number."""
    TEXT = 2
    """Something came that is no number; it is kept as it was."""
    RANGE = 3
    """Outside what its observed property can be."""
    STUCK = 4
    """The same number for too long."""
    SPIKE = 5
    """Far from the value before; where the next one agrees with it, that one is good."""
    DUPLICATE = 6
    """Another value came for the same time before."""
    FUTURE = 7
    """The clock of the device is ahead of ours."""
    ANCIENT = 8
    """The clock of the device was never set."""
    UNIT = 9
    """In a unit that is none of its observed property."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A live source or a file of series, as the project file names it. Secrets are elsewhere."""

    id: str
    kind: str
    """One of KINDS."""
    url: str
    """An address, or for files the path relative to the project file."""
    title: str = ""
    attribution: str = ""
    """Owner and licence in one line."""
    synthetic: bool = False
    """Its values are made up, and everything shown of it has to say so."""
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    """What its kind asks for, as topics and JSON paths of MQTT; `feeds/` says which."""


@dataclass(frozen=True, slots=True)
class Station:
    """A Thing with its place; one that moves is where it was last."""

    id: str
    """Its feed and its own id there: `feed/id`."""
    title: str
    longitude: float
    """WGS 84; NaN where nobody said. [deg]"""
    latitude: float
    """WGS 84; NaN where nobody said. [deg]"""
    height: float = float("nan")
    """Above the ground; NaN where nobody said. [m]"""
    domain: str = ""
    """One of the five of the Urban Open Platform, see `observed.DOMAINS`."""


@dataclass(frozen=True, slots=True)
class Datastream:
    """One observed property at one station."""

    id: str
    """Its feed and its own id there: `feed/id`."""
    station: Station
    observed: str
    """Id of its observed property in `observed.OBSERVED`; `unknown` where ours has none for it."""
    unit: str
    """Of all values that are kept: that of the observed property, or the source's where it is unknown."""
    title: str = ""
    interval: float = float("nan")
    """Nominal time between two observations; NaN: nobody said. [s]"""
    source_observed: str = ""
    """The observed property as the source calls it."""
    source_unit: str = ""
    """The unit that the source sends; values are kept in `unit`."""
    synthetic: bool = False

    @property
    def feed(self) -> str:
        """Id of the feed it comes from."""
        return self.id.partition("/")[0]

    @property
    def property(self) -> ObservedProperty:
        """What it measures."""
        return OBSERVED.get(self.observed, UNKNOWN)


def marked(title: str, stream: Datastream) -> str:
    """A title that says where values are made up; one that says so already stays."""
    return f"{title} (synthetic)" if stream.synthetic and "synthetic" not in title.lower() else title


@dataclass(frozen=True, eq=False, slots=True)
class Series:
    """Observations of one datastream in order of phenomenon time; all columns are as long."""

    stream: str
    """Id of the datastream."""
    times: Floats
    """Phenomenon time, the end of an interval: seconds since 1970 UTC, by the clock of the device. [s]"""
    arrivals: Floats
    """When it arrived here, by our clock: seconds since 1970 UTC. [s]"""
    values: Floats
    """In the unit of the datastream; NaN where there is no number."""
    quality: NDArray[np.uint8]
    """A `Quality` each."""

    def __len__(self) -> int:
        return len(self.times)

    @property
    def good(self) -> Series:
        """Only what may be drawn as a value."""
        kept = self.quality == Quality.GOOD
        return Series(
            self.stream, self.times[kept], self.arrivals[kept], self.values[kept], self.quality[kept]
        )


@dataclass(frozen=True, eq=False, slots=True)
class Latest:
    """What each of several datastreams showed at one moment; all columns are as long as `streams`."""

    streams: tuple[str, ...]
    times: Floats
    """Phenomenon time of the last observation until then; NaN: there is none. [s]"""
    arrivals: Floats
    values: Floats
    quality: NDArray[np.uint8]
    stale: NDArray[np.bool_]
    """Nothing came for three nominal intervals, or ever."""


@dataclass(frozen=True, eq=False, slots=True)
class Observations:
    """A batch from a feed, any datastreams in any order; all columns are as long."""

    streams: tuple[str, ...]
    """Ids of the datastreams in it."""
    rows: NDArray[np.int32]
    """For each observation the number of its datastream in `streams`."""
    times: Floats
    """Phenomenon time. [s since 1970 UTC]"""
    arrivals: Floats
    """[s since 1970 UTC]"""
    values: Floats
    quality: NDArray[np.uint8]
    texts: Mapping[int, str] = field(default_factory=dict)
    """What came where no number came, by number of the observation."""

    def __len__(self) -> int:
        return len(self.times)


def columns(
    found: Sequence[tuple[str, float, float, float, int]], texts: Mapping[int, str] | None = None
) -> Observations:
    """Rows of datastream, phenomenon time, arrival, value and quality as a batch."""
    streams = tuple(dict.fromkeys(row[0] for row in found))
    number = {stream: index for index, stream in enumerate(streams)}
    return Observations(
        streams,
        np.array([number[row[0]] for row in found], dtype=np.int32),
        np.array([row[1] for row in found], dtype=np.float64),
        np.array([row[2] for row in found], dtype=np.float64),
        np.array([row[3] for row in found], dtype=np.float64),
        np.array([row[4] for row in found], dtype=np.uint8),
        dict(texts or {}),
    )


def local(stations: Sequence[Station], place: Place) -> Floats:
    """(n, 3) local easting, northing and height above the ground of stations. [m]

    NaN where a station has no place; a height that nobody said is 2 m, that of a street sensor.
    """
    there = transformation(4326, place.crs)
    longitudes = np.array([station.longitude for station in stations], dtype=np.float64)
    latitudes = np.array([station.latitude for station in stations], dtype=np.float64)
    heights = np.array([station.height for station in stations], dtype=np.float64)
    found = np.full((len(stations), 3), np.nan)
    found[:, 2] = np.where(np.isnan(heights), 2.0, heights)
    known = np.isfinite(longitudes) & np.isfinite(latitudes)
    if known.any():
        east, north = there.transform(longitudes[known], latitudes[known])
        found[known, 0] = np.asarray(east) - place.origin[0]
        found[known, 1] = np.asarray(north) - place.origin[1]
    return found


def stale(times: Floats, intervals: Floats, now: float) -> NDArray[np.bool_]:
    """Which datastreams are stale when the last observation of each was at `times`. [s]

    A nominal interval that nobody said counts as an hour; what never came is stale.
    """
    usual = np.where(np.isnan(intervals), 3600.0, intervals)
    with np.errstate(invalid="ignore"):
        return np.asarray(~(now - times <= STALE_AFTER * usual), dtype=np.bool_)
