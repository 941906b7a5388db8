"""Works out sun, sky and surface temperatures at one time from the weather, before any place is looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from twin.analysis import radiation, surface_temperature
from twin.analysis.clearness import clear_sky, clearness
from twin.analysis.radiation import KELVIN, STEFAN_BOLTZMANN
from twin.analysis.sun import Sun, path
from twin.analysis.surface_temperature import MATERIALS, Material
from twin.model.place import Place
from twin.model.weather import Weather

Floats = NDArray[np.float64]

LONGEST = 20 * 60.0
"""Between two places of the sun within one interval. [s]"""


@dataclass(frozen=True, slots=True)
class Surface:
    """A material at one time."""

    material: Material
    sunlit: float
    """In full sun. [°C]"""
    shaded: float
    """In shade under no sky. [°C]"""
    by_sky: float
    """What a whole sky adds to it. [K]"""


@dataclass(frozen=True, slots=True)
class Moment:
    """Sun, sky and surfaces at one time, or in the mean of an interval."""

    seconds: float
    """Its middle, since 1970 UTC. [s]"""
    suns: tuple[tuple[float, Sun], ...]
    """When [s] and where the sun stands in it: places of equal weight."""
    direct: float
    """Facing the sun. [W/m²]"""
    diffuse: float
    """On a level plane. [W/m²]"""
    air: float
    """[°C]"""
    humidity: float
    """[%]"""
    wind: float
    """At 10 m. [m/s]"""
    emissivity: float
    """Of the whole sky."""
    clearness: float
    """Global radiation as a share of a cloudless sky's; at night as by day before and after."""
    day_of_year: int
    surfaces: dict[str, Surface]
    """By name of material; always with `wall`."""

    @property
    def sun(self) -> Sun:
        """Where the sun stands in the middle, or in the middle of the part in which it is up."""
        up = [sun for _, sun in self.suns if sun.altitude > 0]
        return up[len(up) // 2] if up else self.suns[len(self.suns) // 2][1]

    @property
    def level_direct(self) -> float:
        """Direct radiation on a level plane without anything in its way. [W/m²]"""
        return self.direct * mean_sine(self.suns)

    @property
    def global_radiation(self) -> float:
        """On a level plane without anything in its way. [W/m²]"""
        return self.level_direct + self.diffuse


def mean_sine(suns: Sequence[tuple[float, Sun]]) -> float:
    """Of the sun's altitude, 0 while it is down."""
    return sum(max(math.sin(math.radians(sun.altitude)), 0.0) for _, sun in suns) / len(suns)


class Climate:
    """Weather at a place, with what has to be known of the whole of it to speak of one moment."""

    def __init__(
        self,
        weather: Weather,
        place: Place,
        *,
        materials: dict[str, Material] | None = None,
        offset: float | None = None,
    ) -> None:
        """offset: of local standard time from UTC; None: as the place's time zone has it. [s]"""
        self.weather, self.place = weather, place
        self.materials = {**MATERIALS, **(materials or {})}
        self.offset = _standard_offset(place, float(weather.ends[0])) if offset is None else offset
        self._suns = self._places()
        self._days: dict[float, tuple[float, float]] = {}
        self.clearness = clearness(weather, place, offset=self.offset)
        self._index = self.clearness.index

    def of_row(self, row: int) -> Moment:
        """The mean of an interval of the weather, as its row gives it."""
        weather, suns = self.weather, self._suns[row]
        found = float(weather.global_radiation[row])
        diffuse = float(weather.diffuse_radiation[row])
        return self._moment(
            float(weather.middles[row]), suns, max(found, 0.0), diffuse, float(self._index[row]), row
        )

    def at(self, seconds: float) -> Moment:
        """The weather at one time, between its rows; radiation as clear as they were."""
        weather = self.weather
        suns = tuple(_suns(self.place, np.array([seconds])))
        index = float(np.interp(seconds, weather.middles, self._index))
        row = int(np.clip(np.searchsorted(weather.ends, seconds), 0, len(weather.ends) - 1))
        day = self._local(seconds).timetuple().tm_yday
        found = index * clear_sky(weather, row, self.place, [suns[0][1].altitude], day)
        share = np.divide(
            weather.diffuse_radiation,
            weather.global_radiation,
            out=np.full(len(weather.ends), np.nan),
            where=weather.global_radiation > 10,
        )
        known = np.isfinite(share)
        diffuse = (
            found * float(np.interp(seconds, weather.middles[known], share[known]))
            if known.any()
            else math.nan
        )
        return self._moment(seconds, suns, found, diffuse, index, row)

    def history(self, seconds: float, *, step: float, length: float) -> tuple[tuple[float, Sun], ...]:
        """Places of the sun from `seconds` backwards for a time [s], a step [s] apart."""
        times = seconds - np.arange(0.0, length + 1, step)
        return tuple(_suns(self.place, times))

    def _moment(
        self,
        seconds: float,
        suns: tuple[tuple[float, Sun], ...],
        global_radiation: float,
        diffuse: float,
        index: float,
        row: int,
    ) -> Moment:
        weather = self.weather
        values = {
            name: float(np.interp(seconds, weather.middles, getattr(weather, name)))
            for name in ("air_temperature", "relative_humidity", "wind")
        }
        air, humidity = values["air_temperature"], values["relative_humidity"]
        day = self._local(seconds).timetuple().tm_yday
        height = mean_sine(suns)
        altitude = math.degrees(math.asin(height))
        if height <= 0:
            global_radiation = 0.0
        told = math.isfinite(diffuse)
        if not told:
            diffuse = radiation.diffuse(
                global_radiation, altitude, day_of_year=day, air=air, humidity=humidity
            )
        diffuse = min(max(diffuse, 0.0), global_radiation)
        direct = (global_radiation - diffuse) / height if altitude >= radiation.LOW_SUN else 0.0
        direct = min(direct, radiation.clearest_beam(altitude, day_of_year=day))
        if not told:  # what is too much for a beam came from the sky
            diffuse = max(global_radiation - direct * height, 0.0)
        black = STEFAN_BOLTZMANN * (air + KELVIN) ** 4
        measured = float(weather.sky_longwave[row])
        emissivity = (
            min(measured / black, 1.0)
            if math.isfinite(measured)
            else radiation.sky_emissivity(air, humidity, index)
        )
        moment = Moment(
            seconds, suns, direct, diffuse, air, humidity, values["wind"], emissivity, index, day, {}
        )
        return replace(moment, surfaces=self._surfaces(moment))

    def _surfaces(self, moment: Moment) -> dict[str, Surface]:
        day = self._day(moment.seconds)
        local = self._local(moment.seconds)
        hour = local.hour + local.minute / 60 + local.second / 3600
        sunrise, highest = self._daylight(moment.seconds - hour * 3600)
        found = {}
        for name, material in self.materials.items():
            excess = surface_temperature.sunlit_excess(
                material,
                hour=hour,
                sunrise=sunrise,
                highest_sun=highest,
                clearness=1.0,
            )
            seconds, air, gain, coefficient = self._driving(day, material)
            base, by_sky = surface_temperature.shaded(
                material, seconds, air, gain, at=moment.seconds, coefficient=coefficient
            )
            found[name] = Surface(material, moment.air + excess, base, by_sky)
        return found

    def _daylight(self, midnight: float) -> tuple[float, float]:
        """Hour of sunrise, 24 where there is none, and the highest altitude of the sun. [deg]"""
        if midnight not in self._days:
            heights = path(self.place, midnight + np.arange(0, 86400, 300.0))[:, 0]
            up = np.flatnonzero(heights > 0)
            self._days[midnight] = (float(up[0]) / 12 if len(up) else 24.0), float(heights.max())
        return self._days[midnight]

    def _driving(self, day: NDArray[np.bool_], material: Material) -> tuple[Floats, Floats, Floats, float]:
        """Times, air and gain of shaded surfaces in a day, and their exchange of heat."""
        weather = self.weather
        air = weather.air_temperature[day]
        black = STEFAN_BOLTZMANN * (air + KELVIN) ** 4
        glow = np.array(
            [
                radiation.sky_emissivity(float(t), float(h), float(c))
                for t, h, c in zip(air, weather.relative_humidity[day], self._index[day], strict=True)
            ]
        )
        measured = weather.sky_longwave[day]
        glow = np.where(np.isfinite(measured), measured / black, glow)
        share = self._diffuse[day]
        gain = (1 - material.albedo) * share + material.emissivity * (glow - 1) * black
        return (
            weather.middles[day],
            air,
            gain,
            surface_temperature.exchange(float(np.nanmean(weather.wind[day]))),
        )

    @cached_property  # of a whole year it takes a second, and every surface of every hour asks
    def _diffuse(self) -> Floats:
        """Diffuse radiation of all rows. [W/m²]"""
        weather = self.weather
        found = []
        for row, suns in enumerate(self._suns):
            told = float(weather.diffuse_radiation[row])
            if not math.isfinite(told):
                told = radiation.diffuse(
                    max(float(weather.global_radiation[row]), 0.0),
                    math.degrees(math.asin(mean_sine(suns))),
                    day_of_year=self._local(float(weather.middles[row])).timetuple().tm_yday,
                    air=float(weather.air_temperature[row]),
                    humidity=float(weather.relative_humidity[row]),
                )
            found.append(told)
        return np.array(found)

    def _day(self, seconds: float) -> NDArray[np.bool_]:
        """Rows of the local day a time lies in; of the first or last one for times before and after."""
        middles = self.weather.middles
        # in summer midnight lies in the day before of the clock that weather goes by
        seconds = min(max(seconds, float(middles[0])), float(middles[-1]))
        midnight = (seconds + self.offset) // 86400 * 86400 - self.offset
        return (middles >= midnight) & (middles < midnight + 86400)

    def _places(self) -> list[tuple[tuple[float, Sun], ...]]:
        """Of the sun in every interval, asked for at once."""
        weather = self.weather
        count = max(1, math.ceil(weather.step / LONGEST * 2 - 1e-9))
        within = (np.arange(count) + 0.5) / count - 1
        times = weather.ends[:, None] + within * weather.step
        suns = _suns(self.place, times.ravel())
        return [tuple(suns[row * count : (row + 1) * count]) for row in range(len(weather.ends))]

    def _local(self, seconds: float) -> datetime:
        """Local standard time, as a clock that knows no summer."""
        return datetime.fromtimestamp(seconds + self.offset, UTC)


def _standard_offset(place: Place, seconds: float) -> float:
    """Of clocks that know no summer, from UTC. [s]"""
    local = datetime.fromtimestamp(seconds, place.zone)
    return ((local.utcoffset() or timedelta()) - (local.dst() or timedelta())).total_seconds()


def _suns(place: Place, times: Floats) -> list[tuple[float, Sun]]:
    """Times [s] and where the sun stands at them."""
    found = path(place, times)
    return [
        (float(time), Sun(float(altitude), float(azimuth)))
        for time, (altitude, azimuth) in zip(times, found, strict=True)
    ]
