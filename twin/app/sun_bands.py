"""Knows how bright a day and a year are, as bands for sliders."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twin.analysis.sun import Sun, path, sunrise_sunset
from twin.app import texts
from twin.app.band_slider import Band, Mark
from twin.app.texts import tr
from twin.model.place import Place

SKY = (
    (-18.0, "#1b2440"),  # the end of astronomical, nautical and civil twilight, and the horizon
    (-12.0, "#243156"),
    (-6.0, "#4a5687"),
    (-0.833, "#d58f6b"),
    (6.0, "#f0cf96"),
    (15.0, "#dbe6e6"),
    (60.0, "#b9dcef"),
)
"""Altitude of the sun to the colour of the band. [deg]"""
SIDES = (
    "north",
    "north-east",
    "east",
    "south-east",
    "south",
    "south-west",
    "west",
    "north-west",
)


@lru_cache(maxsize=64)
def day_band(place: Place, day: date) -> Band:
    """Night, twilight and day over the minutes of one day."""
    first = datetime.combine(day, time(), place.zone)
    altitude = path(place, [first.replace(hour=m // 60, minute=m % 60) for m in range(0, 1440, 10)])[:, 0]
    stops = tuple((i / (len(altitude) - 1), sky(value)) for i, value in enumerate(altitude))
    hours = tuple(Mark(60.0 * hour, f"{hour}") for hour in range(0, 24, 3))
    return Band(stops, hours)


@lru_cache(maxsize=16)
def year_band(place: Place, year: int) -> Band:
    """Long and short days over a year, its months and solstices."""
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    days = [first + timedelta(days=number) for number in range(length)]
    noon = np.radians(path(place, [datetime.combine(day, time(12), place.zone) for day in days]))
    tilt = declination(noon[:, 0], noon[:, 1], math.radians(place.latitude))
    # north of the equator days are long when the sun stands north of it, and the other way round
    long = tilt if place.latitude >= 0 else -tilt
    share = (long - long.min()) / (long.max() - long.min())
    stops = tuple(
        (i / (length - 1), _mix("#8fa3bd", "#f3d28b", float(share[i]))) for i in range(0, length, 6)
    )
    language = texts.language()
    months = [
        Mark(
            (date(year, month, 1) - first).days + 1,
            language.monthName(month, language.FormatType.ShortFormat),
        )
        for month in range(1, 13)
    ]
    turns = [Mark(int(np.argmax(tilt)) + 1, strong=True), Mark(int(np.argmin(tilt)) + 1, strong=True)]
    return Band(stops, tuple(sorted([*months, *turns], key=lambda mark: mark.value)))


def declination(
    altitude: NDArray[np.float64], azimuth: NDArray[np.float64], latitude: float
) -> NDArray[np.float64]:
    """How far north of the equator the sun stands, from where it is seen. All in [rad]"""
    up = np.sin(latitude) * np.sin(altitude)
    return np.asarray(np.arcsin(up + np.cos(latitude) * np.cos(altitude) * np.cos(azimuth)))


def sky(altitude: float) -> str:
    """The colour of the band for an altitude of the sun [deg]."""
    heights = [height for height, _ in SKY]
    above = int(np.searchsorted(heights, altitude))
    if above == 0 or above == len(SKY):
        return SKY[min(above, len(SKY) - 1)][1]
    (low, first), (high, second) = SKY[above - 1], SKY[above]
    return _mix(first, second, (altitude - low) / (high - low))


def where(sun: Sun) -> str:
    """Where the sun stands, in words."""
    side = tr(SIDES[round(sun.azimuth / 45) % 8])
    if sun.altitude > 0:
        text = tr("Sun {0}° high in the {1} ({2}°)")
        return text.format(round(sun.altitude), side, round(sun.azimuth) % 360)
    return tr("Sun {0}° below the horizon").format(round(-sun.altitude))


@lru_cache(maxsize=64)
def daylight(place: Place, day: date) -> str:
    """Sunrise and sunset, in words."""
    found = sunrise_sunset(place, day)
    if found is None:
        return tr("The sun does not rise")
    rise, fall = found
    if fall - rise > timedelta(hours=23, minutes=58):
        return tr("The sun does not set")
    return tr("Sunrise {0}, sunset {1}").format(f"{rise:%H:%M}", f"{fall:%H:%M}")


def _mix(first: str, second: str, share: float) -> str:
    pairs = [(int(first[i : i + 2], 16), int(second[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)
