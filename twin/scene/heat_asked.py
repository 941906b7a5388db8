"""Asks for heat beside the view: the figures of a scenario, and the curve of a day at a point."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from twin.analysis.build import Built
from twin.analysis.heat_maps import HeatInput, HeatMaps
from twin.analysis.heat_moment import Climate
from twin.analysis.heat_spots import HeatFigures, heat_figures
from twin.model.project import Project
from twin.model.state import State
from twin.scene.heat_known import HOURS, heat_known, hour_of, want_climate, want_ground
from twin.scene.overlay import Bounds
from twin.scene.scene import Failed, Key, Request, Results

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
    found = _given(project, state, built, scenario, results)
    if not isinstance(found, _Given):
        return found
    cell = found.cell(at)
    if isinstance(cell, str):
        return Failed(cell)
    key = ("heat curve", *found.key, *cell)
    inputs = (found.heat, found.climate, state.time.date(), *cell)
    return Request(key, curve, inputs, f"Heat at a point: {project.scenario(scenario).title}")


def want_curves(
    project: Project,
    state: State,
    built: Built,
    scenario: str,
    places: Sequence[tuple[float, float]],
    results: Results,
) -> Request | Failed | None:
    """As `want_curve`, of many points at once, which share most of the work.

    Its result has for each place the day's curve, or why there is none.
    """
    found = _given(project, state, built, scenario, results)
    if not isinstance(found, _Given):
        return found
    cells = tuple(found.cell(at) for at in places)
    inputs = (found.heat, found.climate, state.time.date(), cells)
    title = f"Heat at {len(places)} points: {project.scenario(scenario).title}"
    return Request(("heat curves", *found.key, cells), curves, inputs, title)


def curve(
    given: HeatInput, climate: Climate, day: date, row: int, column: int, *, progress: Progress
) -> tuple[PointHour, ...]:
    """All hours of a day at a cell."""
    found = curves(given, climate, day, ((row, column),), progress=progress)[0]
    assert not isinstance(found, str)
    return found


def curves(
    given: HeatInput,
    climate: Climate,
    day: date,
    cells: Sequence[tuple[int, int] | str],
    *,
    progress: Progress,
) -> tuple[tuple[PointHour, ...] | str, ...]:
    """All hours of a day at each cell; where it is a reason instead of a cell, that reason."""
    from twin.analysis.heat_input import crown_transmissivity
    from twin.analysis.heat_point import points_hours
    from twin.analysis.heat_scene import Options

    progress(0.0)
    zone = climate.place.zone
    times = [datetime.combine(day, time(hour), zone).timestamp() for hour in range(HOURS)]
    options = Options(transmissivity=crown_transmissivity(day, given.crowns))
    standing = [cell for cell in cells if not isinstance(cell, str)]
    worked = points_hours(given, climate, times, standing, options=options)
    found: list[tuple[PointHour, ...] | str] = []
    for number, cell in enumerate(cells):
        found.append(cell if isinstance(cell, str) else next(worked))
        progress((number + 1) / len(cells))
    return tuple(found)


@dataclass(frozen=True, eq=False, slots=True)
class _Given:
    """What the heat at points of a scenario is worked out of."""

    key: Key
    heat: HeatInput
    climate: Climate
    bounds: Bounds

    def cell(self, at: tuple[float, float]) -> tuple[int, int] | str:
        """Row and column of a place, or why nothing can be worked out there."""
        cell, free = self.heat.ground.cell, self.heat.ground.open
        row, column = int((self.bounds[3] - at[1]) // cell), int((at[0] - self.bounds[0]) // cell)
        if not (0 <= row < free.shape[0] and 0 <= column < free.shape[1]):
            return "The place lies outside of the area."
        return (row, column) if free[row, column] else "A building stands there."


def _given(
    project: Project, state: State, built: Built, scenario: str, results: Results
) -> _Given | Request | Failed | None:
    """What heat is worked out of, or what leads to it; None: not yet known of."""
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
    return _Given((ground.key, weather.key), given, climate, bounds)
