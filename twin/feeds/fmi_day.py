"""Makes hourly weather of what FMI measured on a day: the nearest station of the air, and of radiation."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from twin.feeds import fmi
from twin.feeds.fmi import Observed
from twin.feeds.net import Net, NetError

AIR = {"t2m": "air_temperature", "rh": "relative_humidity", "ws_10min": "wind"}
SUN = {"glob_1min": "global_radiation", "diff_1min": "diffuse_radiation", "lwin_1min": "sky_longwave"}
NEEDED = ("air_temperature", "relative_humidity", "wind", "global_radiation")
NEAR, FAR = 0.5, 3.0
"""Stations are looked for so far to all sides, those of radiation farther: there are few. [deg]"""
STEP, SUN_STEP = 10, 1
"""Between values. [min]"""
ENOUGH = 0.5
"""An hour is known where this share of its values is."""


@dataclass(frozen=True, slots=True)
class Day:
    """Hourly means, each with the end of its hour."""

    ends: tuple[datetime, ...]
    columns: Mapping[str, tuple[float, ...]]
    """By the names of weather files; NaN where nothing was measured."""
    source: str
    """Who measured where, with the licence, in one line."""


def fetch_day(
    net: Net, begin: datetime, longitude: float, latitude: float, *, station: str = "", url: str = fmi.URL
) -> Day:
    """The 24 hours from a moment. station: fmisid of that of the air; empty: the nearest.

    Raises NetError: no station near, or what heat needs was not measured; and Cancelled.
    """
    parts = []
    for query, names, step, far, known in (
        (fmi.WEATHER, AIR, STEP, NEAR, station),
        (fmi.RADIATION, SUN, SUN_STEP, FAR, ""),
    ):
        asked = {"query": query, "parameters": tuple(names), "url": url}
        said = known
        if not known:
            # those of an hour first: a day of all stations is more than one answer may be
            noon = begin + timedelta(hours=12)
            box = _box(longitude, latitude, far)
            near = fmi.observe(net, noon, noon + timedelta(hours=1), box=box, step=STEP, **asked)  # type: ignore[arg-type]
            best, _ = _nearest(near, names, longitude, latitude)
            if not best:
                raise NetError(
                    url, "has no station near that measures what heat needs", "Choose another day."
                )
            said = best[0].station
        end = begin + timedelta(days=1)
        parts.append(fmi.observe(net, begin, end, station=said, step=step, **asked))  # type: ignore[arg-type]
    air, sun = parts
    return day_of(air, sun, begin, longitude, latitude, url)


def day_of(
    air: Sequence[Observed],
    sun: Sequence[Observed],
    begin: datetime,
    longitude: float,
    latitude: float,
    url: str = fmi.URL,
) -> Day:
    """The same from what was fetched."""
    ends = tuple(begin + timedelta(hours=hour) for hour in range(1, 25))
    columns: dict[str, tuple[float, ...]] = {}
    told = []
    for found, names, step, what in ((air, AIR, STEP, "air"), (sun, SUN, SUN_STEP, "radiation")):
        best, away = _nearest(found, names, longitude, latitude)
        for one in best:
            columns[names[one.parameter.lower()]] = _hourly(one, ends, step)
        if best:
            told.append(f"{what} of {best[0].name or best[0].station}, {away:.0f} km away")
    absent = [name.replace("_", " ") for name in NEEDED if not _whole(columns.get(name, ()))]
    if absent:
        raise NetError(
            url, f"has no whole day of {', '.join(absent)}", "Choose another day or another --station."
        )
    return Day(ends, columns, f"{fmi.LICENCE}; {'; '.join(told)}")


def _nearest(
    found: Sequence[Observed], names: Mapping[str, str], longitude: float, latitude: float
) -> tuple[list[Observed], float]:
    """All of the nearest station that measured what is needed, and how far it is. [km]"""
    stations: dict[str, list[Observed]] = {}
    for one in found:
        if one.parameter.lower() in names and one.values:
            stations.setdefault(one.station or f"{one.longitude} {one.latitude}", []).append(one)
    needed = {parameter for parameter, name in names.items() if name in NEEDED}
    whole = [each for each in stations.values() if needed <= {one.parameter.lower() for one in each}]
    ranked = sorted((_away(each[0], longitude, latitude), number) for number, each in enumerate(whole))
    return (whole[ranked[0][1]], ranked[0][0]) if ranked else ([], math.nan)


def _hourly(one: Observed, ends: Sequence[datetime], step: int) -> tuple[float, ...]:
    """Means of the hours that end then; NaN where too little was measured."""
    enough = ENOUGH * 60 / step
    found = []
    for end in ends:
        inside = [value for time, value in one.values if end - timedelta(hours=1) < time <= end]
        found.append(sum(inside) / len(inside) if len(inside) >= enough else math.nan)
    return tuple(found)


def _whole(values: Sequence[float]) -> bool:
    return bool(values) and not any(math.isnan(value) for value in values)


def _away(one: Observed, longitude: float, latitude: float) -> float:
    """[km]; beyond all others where the answer does not say where it is."""
    if math.isnan(one.longitude):
        return math.inf
    east = math.radians(one.longitude - longitude) * math.cos(math.radians(latitude))
    return 6371 * math.hypot(east, math.radians(one.latitude - latitude))


def _box(longitude: float, latitude: float, far: float) -> tuple[float, float, float, float]:
    """West, south, east, north; as wide as high on the ground. [deg]"""
    wide = far / max(math.cos(math.radians(latitude)), 0.1)
    return longitude - wide, latitude - far, longitude + wide, latitude + far
