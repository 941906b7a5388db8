"""Makes weather of the readings of a station: its own air, and the sky of the weather that is chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from twin.analysis.heat_moment import Climate
from twin.analysis.sensor_statistics import hourly
from twin.app import heat_files
from twin.app.texts import tr
from twin.formats import csv_file
from twin.model.heard import Heard
from twin.model.weather import Weather
from twin.scene.heat import want_climate
from twin.scene.sensors import heard_of

if TYPE_CHECKING:
    from twin.app.window import Window

READ = {
    "air_temperature": "air_temperature",
    "relative_humidity": "relative_humidity",
    "wind_speed": "wind",
    "global_radiation": "global_radiation",
}
"""Observed property to column of weather."""


def use(window: Window, station: str) -> None:
    """Works heat out with the readings of a station; says what it has not."""
    session = window.session
    heard = heard_of(session.results) if session is not None else None
    if session is None or heard is None:
        return
    climate = session.results.get(want_climate(session.project, session.state).key)
    path = session.project.path
    if path is None:
        window.complain(tr("Save the project first: the weather is written beside it."))
        return
    if not isinstance(climate, Climate):
        window.complain(tr("The weather of the day is being worked out. Try again in a moment."))
        return
    columns, taken = joined(climate.weather, heard, station)
    if not taken:
        window.complain(tr("The station has no readings of that day."))
        return
    day = datetime.fromtimestamp(float(climate.weather.ends[0]), session.project.place.zone)
    plain = re.sub(r"[^A-Za-z0-9]+", "-", station).strip("-")
    out = path.parent / "weather" / f"{plain}-{day:%Y-%m-%d}.csv"

    def write() -> None:
        out.parent.mkdir(exist_ok=True)
        csv_file.write(out, tuple(columns), list(zip(*columns.values(), strict=True)))

    def done() -> None:
        heat_files.take_weather(window, Path(out))
        told = ", ".join(taken)
        window.message_bar.show_message(
            tr("Of the station: {0}. All else is of the weather that was chosen before.").format(told), "info"
        )

    window.beside(write, done)


def joined(
    weather: Weather, heard: Heard, station: str
) -> tuple[dict[str, Sequence[object]], tuple[str, ...]]:
    """Columns of a weather table, and what of it is the station's, with how many of its hours.

    Hours that the station does not have stay as they were.
    """
    columns = {
        "air_temperature": weather.air_temperature.copy(),
        "relative_humidity": weather.relative_humidity.copy(),
        "wind": weather.wind.copy(),
        "global_radiation": weather.global_radiation.copy(),
        "diffuse_radiation": weather.diffuse_radiation.copy(),
    }
    edges = np.append(weather.ends - weather.step, weather.ends[-1])
    taken = []
    for stream in heard.streams:
        name = READ.get(stream.observed)
        if stream.station.id != station or name is None:
            continue
        series = heard.series([stream.id], float(edges[0]), float(edges[-1]) + 1.0)[stream.id]
        means = hourly(series, edges)
        there = np.isfinite(means)
        if there.any():
            columns[name] = np.where(there, means, columns[name])
            taken.append(f"{stream.property.title.lower()} ({int(there.sum())}/{len(there)} h)")
    stamps = [datetime.fromtimestamp(end).astimezone().isoformat() for end in weather.ends.tolist()]
    found: dict[str, Sequence[object]] = {"time": stamps}
    for name, values in columns.items():
        if np.isfinite(values).all():
            found[name] = [round(float(value), 3) for value in values]
    return found, tuple(taken)
