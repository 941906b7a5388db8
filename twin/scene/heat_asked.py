"""Asks for heat beside the view: the figures of a scenario, and the curve of a day at a point."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from twin.analysis.build import Built
from twin.analysis.heat_maps import HeatInput, HeatMaps
from twin.analysis.heat_moment import Climate
from twin.analysis.heat_spots import HeatFigures, heat_figures
from twin.model.project import Project
from twin.model.state import State
from twin.scene.heat import HOURS, heat_known, hour_of, want_climate, want_ground
from twin.scene.overlay import Bounds
from twin.scene.scene import Failed, Request, Results

if TYPE_CHECKING:
    from twin.analysis.heat_point import PointHour

Progress = Callable[[float], None]


def figures(maps: HeatMaps, index: int, bounds: Bounds, *, progress: Progress) -> HeatFigures:
    """Of an hour, and of the day as far as it is there."""
    progress(0.0)
    return heat_figures(maps, index, west=bounds[0], north=bounds[3])


def want_figures(
    project: Project, state: State, built: Built, scenario: str, results: Results
) -> Request | Failed | None:
    """The request that leads to the figures of a scenario at an hour; None: not yet known of."""
    bounds = results.get(("extent",))
    if not isinstance(bounds, tuple):
        return None
    there = replace(state, scenario=scenario)
    found, hour = heat_known(project, there, built, bounds, results), hour_of(state.time)
    if found.maps is not None and hour in found.maps.done:
        key = ("heat figures", found.key, hour, found.maps.complete)
        title = f"Figures of {project.scenario(scenario).title}"
        return Request(key, figures, (found.maps, hour, bounds), title)
    if found.missing is not None and not found.given_up:
        return found.missing
    return Failed(found.notices[-1]) if found.notices else None


def want_curve(
    project: Project, state: State, built: Built, scenario: str, at: tuple[float, float], results: Results
) -> Request | Failed | None:
    """The request that leads to the day's curve of a scenario at a point. at: local easting, northing. [m]"""
    bounds = results.get(("extent",))
    if not isinstance(bounds, tuple):
        return None
    there = replace(state, scenario=scenario)
    ground, weather = want_ground(project, there, built, bounds), want_climate(project, there)
    for request in (weather, ground):
        found = results.get(request.key)
        if isinstance(found, Failed):
            return found
        if found is None:
            return request
    given, climate = results[ground.key], results[weather.key]
    assert isinstance(given, HeatInput)
    assert isinstance(climate, Climate)
    cell = given.ground.cell
    row, column = int((bounds[3] - at[1]) // cell), int((at[0] - bounds[0]) // cell)
    rows, columns = given.ground.open.shape
    if not (0 <= row < rows and 0 <= column < columns):
        return Failed("The place lies outside of the area.")
    if not given.ground.open[row, column]:
        return Failed("A building stands there.")
    key = ("heat curve", ground.key, weather.key, row, column)
    inputs = (given, climate, state.time.date(), row, column)
    return Request(key, curve, inputs, f"Heat at a point: {project.scenario(scenario).title}")


def curve(
    given: HeatInput, climate: Climate, day: date, row: int, column: int, *, progress: Progress
) -> tuple[PointHour, ...]:
    """All hours of a day at a cell."""
    from twin.analysis.heat_input import crown_transmissivity
    from twin.analysis.heat_point import point_hours
    from twin.analysis.heat_scene import Options

    progress(0.0)
    zone = climate.place.zone
    times = [datetime.combine(day, time(hour), zone).timestamp() for hour in range(HOURS)]
    options = Options(transmissivity=crown_transmissivity(day))
    return point_hours(given, climate, times, row, column, options=options)
