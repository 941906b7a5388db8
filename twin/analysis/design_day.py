"""Makes the weather of a hot day from a handful of numbers, all of them to be seen."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta

import numpy as np

from twin.analysis import radiation
from twin.analysis.sun import path
from twin.model.place import Place
from twin.model.weather import HotDay, Weather

HOUR = 3600.0


def design_day(place: Place, day: date, hot: HotDay | None = None) -> Weather:
    """Hourly rows of the day before, the day and the day after. Raises ValueError: lowest above highest.

    Air follows a cosine with its lowest value 12 h from the highest; radiation is that of a clear sky.
    """
    hot = hot or HotDay()
    if hot.lowest > hot.highest:
        raise ValueError(
            f"the lowest temperature, {hot.lowest:g} °C, is above the highest, {hot.highest:g} °C"
        )
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=place.zone)
    offset = ((noon.utcoffset() or timedelta()) - (noon.dst() or timedelta())).total_seconds()
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() - offset
    ends = np.asarray(midnight + np.arange(-23, 49) * HOUR, dtype=np.float64)
    hours = (ends - HOUR / 2 - midnight) / HOUR
    mean, half = (hot.highest + hot.lowest) / 2, (hot.highest - hot.lowest) / 2
    air = mean + half * np.cos(2 * np.pi * (hours - hot.warmest) / 24)
    wet = radiation.vapour_pressure(hot.dew_point, 100.0)
    humidity = np.array([min(100.0, 100 * wet / radiation.vapour_pressure(float(t), 100.0)) for t in air])
    within = (np.arange(6) + 0.5) / 6 - 1
    heights = path(place, (ends[:, None] + within * HOUR).ravel())[:, 0].reshape(len(ends), -1)
    year_day = day.timetuple().tm_yday
    sun = np.array(
        [
            np.mean(
                [
                    radiation.clear_sky(
                        float(height),
                        day_of_year=year_day,
                        latitude=place.latitude,
                        air=float(t),
                        humidity=float(h),
                        pressure=radiation.PRESSURE,
                    )
                    for height in row
                ]
            )
            for row, t, h in zip(heights, air, humidity, strict=True)
        ]
    )
    blank = np.full(len(ends), math.nan)
    return Weather(
        ends,
        HOUR,
        np.asarray(air, dtype=np.float64),
        np.asarray(humidity, dtype=np.float64),
        np.full(len(ends), hot.wind),
        np.asarray(sun * hot.clearness, dtype=np.float64),
        blank,
        blank,
        blank,
        f"Design hot day: {hot.as_text()}",
    )


def on_day(weather: Weather, place: Place, day: date) -> Weather:
    """The rows from the day before to the day after; where there is but one other day, that day moved.

    Raises ValueError when the day is not there, or not whole.
    """
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=place.zone)
    offset = ((noon.utcoffset() or timedelta()) - (noon.dst() or timedelta())).total_seconds()
    midnight = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() - offset
    ends, notices = weather.ends, weather.notices
    per_day = round(86400 / weather.step)
    if len(ends) == per_day and not midnight < weather.middles[0] < midnight + 86400:
        moved = round((midnight + weather.step - ends[0]) / 86400) * 86400
        told = datetime.fromtimestamp(float(ends[0]) + offset, UTC).date()
        ends = ends + moved
        notices = (*notices, f"the weather of {told.isoformat()} is taken for {day.isoformat()}")
    middles = ends - weather.step / 2
    kept = (middles > midnight - 86400) & (middles < midnight + 2 * 86400)
    own = (middles > midnight) & (middles < midnight + 86400)
    if own.sum() < per_day - 1:  # a file may begin some minutes after midnight
        raise ValueError(f"the weather has {own.sum()} of the {per_day} rows of {day.isoformat()}")
    return Weather(
        ends[kept],
        weather.step,
        weather.air_temperature[kept],
        weather.relative_humidity[kept],
        weather.wind[kept],
        weather.global_radiation[kept],
        weather.diffuse_radiation[kept],
        weather.pressure[kept],
        weather.sky_longwave[kept],
        weather.source,
        notices,
    )
