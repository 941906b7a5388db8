"""Makes weather of the readings of a station: its own air, and the sky of the weather that is chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

import numpy as np

from twin.analysis.heat_moment import Climate
from twin.analysis.sensor_statistics import hourly
from twin.app import heat_files
from twin.app.texts import tr
from twin.errors import TwinError
from twin.formats import csv_file
from twin.model.heard import Heard
from twin.model.weather import Weather
from twin.scene.heat_known import want_climate
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
    project, zone = session.project, session.project.place.zone
    path = project.path
    if path is None:
        window.complain(tr("Save the project first: the weather is written beside it."))
        return
    request = want_climate(project, session.state)
    known = session.results.get(request.key)
    plain = re.sub(r"[^A-Za-z0-9]+", "-", station).strip("-")
    out = path.parent / "weather" / f"{plain}-{session.state.time:%Y-%m-%d}.csv"
    taken: list[str] = []

    def write() -> None:
        climate = known if isinstance(known, Climate) else request.function(*request.inputs, progress=_silent)
        assert isinstance(climate, Climate)
        columns, found = joined(climate.weather, heard, station, zone)
        if not found:
            raise TwinError(tr("The station has no readings of that day."))
        taken.extend(found)
        out.parent.mkdir(exist_ok=True)
        csv_file.write(out, tuple(columns), list(zip(*columns.values(), strict=True)))

    def done() -> None:
        heat_files.take_weather(window, out)
        told = ", ".join(taken)
        window.message_bar.show_message(
            tr("Of the station: {0}. All else is of the weather that was chosen before.").format(told), "info"
        )

    window.beside(write, done)


def _silent(_fraction: float) -> None:
    return


def joined(
    weather: Weather, heard: Heard, station: str, zone: tzinfo
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
    stamps = [datetime.fromtimestamp(end, zone).isoformat() for end in weather.ends.tolist()]
    found: dict[str, Sequence[object]] = {"time": stamps}
    for name, values in columns.items():
        if np.isfinite(values).all():
            found[name] = [round(float(value), 3) for value in values]
    return found, tuple(taken)
