"""Knows what is there of the heat of a scenario and a day, and what is to be worked out next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from pathlib import Path

from twin.analysis.build import Built
from twin.analysis.clearness import doubts
from twin.analysis.design_day import design_day, on_day
from twin.analysis.growth import seen_in
from twin.analysis.heat_maps import HeatInput, HeatMaps
from twin.analysis.heat_moment import Climate
from twin.errors import TwinError
from twin.model.place import Place
from twin.model.project import Project
from twin.model.scenario import Edit
from twin.model.state import State
from twin.model.terrain import Terrain, on_grid
from twin.model.weather import DESIGN, HotDay, Weather
from twin.scene.heat_kept import Origin, keep, kept, key_of
from twin.scene.overlay import Bounds
from twin.scene.scene import Failed, Key, Partial, Request, Results

MOST_CELLS = 750_000
"""Larger areas get coarser cells: a day of so many takes 220 MB."""
TILE = 1024
"""Rows and columns at once: an area of MOST_CELLS is one tile, so that hours become ready one by one."""
HOURS = 24

Progress = Callable[[float], None]
ReadWeather = Callable[[str, Path | None, Place, date], Weather]


@dataclass(frozen=True, slots=True)
class Case:
    """What the heat of a day hangs on."""

    level: float | None
    edits: tuple[Edit, ...]
    bounds: Bounds
    cell: float
    weather: Key
    terrain: Terrain | None = None

    def differs(self, other: Case) -> int | None:
        """In how many edits; None where they differ in more than edits."""
        if replace(self, edits=other.edits) != other:
            return None
        one, two = self.edits, other.edits
        return sum(edit not in two for edit in one) + sum(edit not in one for edit in two)


@dataclass(frozen=True, slots=True)
class Known:
    """How far the heat of a scenario and a day is worked out."""

    key: Key
    """Of the day; what it is made of, where that is still missing."""
    maps: HeatMaps | None = None
    climate: Climate | None = None
    missing: Request | None = None
    """What comes next; None: all is there, or failed."""
    notices: tuple[str, ...] = ()
    given_up: bool = False


def heat_cell(bounds: Bounds, wanted: float) -> float:
    """The cell that was chosen, doubled until the area has no more than MOST_CELLS. [m]"""
    west, south, east, north = bounds
    cell = wanted
    while (east - west) * (north - south) / cell**2 > MOST_CELLS:
        cell *= 2
    return cell


def hour_of(when: datetime) -> int:
    """The whole hour that is nearest, of the same day."""
    return min(round(when.hour + when.minute / 60), HOURS - 1)


def heat_ground(
    built: Built, bounds: Bounds, cell: float, terrain: Terrain | None = None, *, progress: Progress
) -> HeatInput:
    """Heights, crowns and cover of a scenario."""
    from twin.analysis.heat_input import heat_input  # here, because it takes the better part of a second

    progress(0.0)
    ground = None if terrain is None else on_grid(terrain, bounds, cell)
    return heat_input(built.city, built.layers, bounds=bounds, cell=cell, terrain=ground)


def climate(
    name: str,
    hot: HotDay,
    read: ReadWeather | None,
    beside: Path | None,
    place: Place,
    day: date,
    *,
    progress: Progress,
) -> Climate:
    """The weather of a day, and what follows of it. Raises TwinError, DataError."""
    progress(0.0)
    if name == DESIGN:
        return Climate(design_day(place, day, hot), place)
    if read is None:
        raise TwinError("Weather cannot be read here. Choose the design hot day.")
    weather = read(name, beside, place, day)
    progress(0.5)
    try:
        return Climate(on_day(weather, place, day), place)
    except ValueError as error:
        raise TwinError(f"{error}. Choose another date or another file.") from None


def heat_day(
    given: HeatInput,
    climate: Climate,
    day: date,
    first: int,
    previous: HeatMaps | None,
    so_far: HeatMaps | None,
    origin: Origin,
    *,
    progress: Progress,
) -> Iterator[HeatMaps]:
    """All hours of a day, that of the screen first; each time one more is ready.

    origin: whose day it is; its project says where finished days are kept.
    """
    from twin.analysis.heat_input import crown_transmissivity
    from twin.analysis.heat_run import heat_run
    from twin.analysis.heat_scene import Options

    progress(0.0)
    zone = climate.place.zone
    times = [datetime.combine(day, time(hour), zone).timestamp() for hour in range(HOURS)]
    options = Options(transmissivity=crown_transmissivity(day, given.crowns))
    shelf = origin.project.shelf
    key = key_of(given, climate, times, options) if shelf is not None else ""
    if shelf is not None and so_far is None and (found := kept(shelf, key, given, climate, times, options)):
        yield found
        return
    maps: HeatMaps | None = None
    for _, maps in heat_run(
        given,
        climate,
        times,
        options=options,
        first=first,
        previous=previous,
        so_far=so_far,
        progress=progress,
        tile=TILE,
    ):
        yield maps
    if shelf is not None and maps is not None:
        keep(shelf, key, maps, origin)


def want_ground(project: Project, state: State, built: Built, bounds: Bounds) -> Request:
    """The request for what heat is worked out of."""
    scenario = seen_in(project, state.year).scenario(state.scenario)
    cell = heat_cell(bounds, state.heat_cell)
    key = ("heat ground", state.lod, scenario.edits, bounds, cell, project.terrain)
    given = (built, bounds, cell, project.terrain)
    return Request(key, heat_ground, given, f"Ground and crowns of {scenario.title}")


def want_climate(project: Project, state: State) -> Request:
    """The request for the weather of the day."""
    day = state.time.date()
    hot = state.hot_day if state.weather == DESIGN else HotDay()
    inputs = (state.weather, hot, project.read_weather, project.path, project.place, day)
    return Request(("climate", state.weather, hot, day), climate, inputs, "Weather of the day")


def heat_known(project: Project, state: State, built: Built, bounds: Bounds, results: Results) -> Known:
    """What is there of the heat of a scenario that stands built, and what must come next.

    state: its scenario, day, weather and cells.
    """
    project = seen_in(project, state.year)
    ground, weather = want_ground(project, state, built, bounds), want_climate(project, state)
    scenario, cell = project.scenario(state.scenario), heat_cell(bounds, state.heat_cell)
    case = Case(state.lod, scenario.edits, bounds, cell, weather.key, project.terrain)
    key = ("heat", case)
    for request in (weather, ground):
        found = results.get(request.key)
        if isinstance(found, Failed):
            return Known(key, notices=(found.message,))
        if found is None:
            return Known(key, missing=request)
    given, sky = results[ground.key], results[weather.key]
    assert isinstance(given, HeatInput)
    assert isinstance(sky, Climate)
    told = (*sky.weather.notices, *doubts(sky.clearness))
    found, maps, given_up = results.get(key), None, False
    if isinstance(found, Failed):
        return Known(key, climate=sky, notices=(*told, found.message))
    if isinstance(found, HeatMaps):
        return Known(key, found, sky, notices=told)
    if isinstance(found, Partial) and isinstance(found.value, HeatMaps):
        maps, given_up = found.value, found.given_up
    previous = _nearest(results, case) if maps is None else None
    day = state.time.date()
    origin = Origin(project, scenario.id, day, bounds)
    inputs = (given, sky, day, hour_of(state.time), previous, maps, origin)
    request = Request(key, heat_day, inputs, f"Heat of the day: {scenario.title}")
    return Known(key, maps, sky, request, told, given_up)


def _nearest(results: Results, case: Case) -> HeatMaps | None:
    """The finished day of the scenario that differs in the fewest edits; all else alike."""
    best: tuple[int, HeatMaps] | None = None
    for other, found in results.items():
        if other[0] == "heat" and isinstance(found, HeatMaps) and found.complete:
            count = case.differs(other[1]) if isinstance(other[1], Case) else None
            if count is not None and (best is None or count < best[0]):
                best = count, found
    return best[1] if best else None
