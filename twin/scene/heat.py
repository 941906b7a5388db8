"""Lays heat over the ground: radiant temperature and UTCI of an hour, hours of heat stress in a day."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import partial
from pathlib import Path

import numpy as np

from twin.analysis.build import Built
from twin.analysis.clearness import doubts
from twin.analysis.design_day import design_day, on_day
from twin.analysis.growth import seen_in
from twin.analysis.heat_maps import HeatInput, HeatMaps
from twin.analysis.heat_moment import Climate
from twin.analysis.heat_summary import hours_above
from twin.errors import TwinError
from twin.model.place import Place
from twin.model.project import Project
from twin.model.raster import Raster
from twin.model.scenario import Edit
from twin.model.state import State
from twin.model.terrain import Terrain, on_grid
from twin.model.weather import DESIGN, HotDay, Weather
from twin.scene.colours import UNRATED, Classes, Ramp, Steps
from twin.scene.heat_kept import Origin, keep, kept, key_of
from twin.scene.heat_text import MORE, SHORT, SOURCE, UTCI_SOURCE
from twin.scene.items import Drape
from twin.scene.overlay import Bounds, Overlay, Setting, View
from twin.scene.scene import Failed, Key, Legend, Partial, Request, Results

MOST_CELLS = 750_000
"""Larger areas get coarser cells: a day of so many takes 220 MB."""
TILE = 1024
"""Rows and columns at once: an area of MOST_CELLS is one tile, so that hours become ready one by one."""
HOURS = 24
GROUP = "Heat"
STRESS = (
    (46.0, "over 46, extreme heat", "#3b1f14"),
    (42.0, "42–46, very strong heat", "#7c3430"),
    (38.0, "38–42, very strong heat", "#b84444"),
    (35.0, "35–38, strong heat", "#dd6b4d"),
    (32.0, "32–35, strong heat", "#e99a52"),
    (29.0, "29–32, moderate heat", "#f1c766"),
    (26.0, "26–29, moderate heat", "#fbeda6"),
    (9.0, "9–26, no stress", "#cde4e4"),
    (0.0, "0–9, slight cold", "#93bfd5"),
    (-np.inf, "under 0, cold", "#4f86b5"),
)
"""Lower ends, names and colours: COST Action 730, warm classes halved, so that shades of one can be seen."""
UTCI = Steps(
    tuple(low for low, *_ in reversed(STRESS) if np.isfinite(low)),
    tuple(colour for *_, colour in reversed(STRESS)),
)
UTCI_LEGEND = Classes((*((name, colour) for _, name, colour in STRESS), ("not rated", UNRATED)), "not rated")
TMRT = Ramp("lajolla", 10.0, 80.0, reversed=True)
SWINGS = {"utci": 10.0, "tmrt": 30.0}
"""Ends of differences. [K]"""
LONGEST = {26: 20.0, 32: 16.0, 38: 10.0}
"""Threshold of UTCI [°C] to the end of the colours. [h]"""

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


def title_of(when: datetime) -> str:
    """Day and hour that are worked out for a moment; of two alike, in autumn, which: it is the first."""
    hour = datetime.combine(when.date(), time(hour_of(when)), when.tzinfo)
    alike = hour.utcoffset() == hour.replace(fold=1).utcoffset()
    return f"{hour.day} {hour:%B, %H:%M}" + ("" if alike else f" {hour:%Z}")


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


def known(setting: Setting) -> Known:
    """What is there of the heat of a scenario, and what must come next."""
    return heat_known(setting.project, setting.state, setting.built, setting.bounds, setting.results)


def heat_known(project: Project, state: State, built: Built, bounds: Bounds, results: Results) -> Known:
    """The same for a scenario that stands built. state: its scenario, day, weather and cells."""
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


def hour_map(maps: HeatMaps, what: str, index: int, bounds: Bounds) -> Raster:
    """Radiant temperature or UTCI of an hour; infinite where people stand and UTCI is not rated. [°C]"""
    found = (maps.mean_radiant if what == "tmrt" else maps.utci)[index].copy()
    found[np.isnan(found) & np.isfinite(maps.mean_radiant[index])] = np.inf
    found[~maps.walked] = np.nan
    title = "Mean radiant temperature" if what == "tmrt" else "UTCI"
    return Raster(found, bounds[0], bounds[3], maps.given.ground.cell, what, title, "°C")


def hours_map(maps: HeatMaps, threshold: float, bounds: Bounds) -> Raster:
    """Hours in which UTCI is above a threshold. [h]"""
    found = hours_above(maps.utci, threshold)
    found[np.isnan(found) & np.isfinite(maps.mean_radiant[0])] = np.inf
    found[~maps.walked] = np.nan
    cell, name = maps.given.ground.cell, f"heat_hours_{threshold:g}"
    return Raster(found, bounds[0], bounds[3], cell, name, f"Hours above {threshold:g} °C", "h")


def weather_line(state: State, climate: Climate | None) -> str:
    """The weather in one line."""
    hot = state.hot_day
    if state.weather == DESIGN:
        clear = "" if hot.clearness == 1 else f", {100 * hot.clearness:.0f} % of clear sky"
        return (
            f"Design hot day: {hot.lowest:g} to {hot.highest:g} °C, dew point {hot.dew_point:g} °C, "
            f"wind {hot.wind:g} m/s{clear}."
        )
    return f"Weather: {climate.weather.source if climate is not None else state.weather}."


def _hour(what: str, setting: Setting) -> View:
    found, hour = known(setting), hour_of(setting.state.time)
    title, source = ("Mean radiant temperature", SOURCE) if what == "tmrt" else ("UTCI", UTCI_SOURCE)
    legend = _legend(
        setting,
        found,
        f"{title}, {title_of(setting.state.time)}",
        "°C",
        TMRT if what == "tmrt" else UTCI_LEGEND,
        source,
    )
    if found.maps is None or hour not in found.maps.done:
        return _waiting(found, legend)
    request = Request(
        ("heat map", found.key, what, hour), hour_map, (found.maps, what, hour, setting.bounds), title, True
    )
    scale = TMRT if what == "tmrt" else UTCI
    return _draped(setting, found, request, scale, legend, SWINGS[what])


def _hours(threshold: int, setting: Setting) -> View:
    found, day = known(setting), setting.state.time
    scale = Ramp("lajolla", 0.0, LONGEST[threshold], reversed=True)
    title = f"Hours of UTCI above {threshold} °C, {day.day} {day:%B}"
    legend = _legend(setting, found, title, "h", scale, UTCI_SOURCE)
    if found.maps is None or not found.maps.complete:
        return _waiting(found, legend)
    request = Request(
        ("heat map", found.key, "hours", threshold),
        hours_map,
        (found.maps, threshold, setting.bounds),
        title,
        True,
    )
    return _draped(setting, found, request, scale, legend, LONGEST[threshold])


def _legend(
    setting: Setting, found: Known, title: str, unit: str, scale: Ramp | Classes, source: str
) -> Legend:
    cell = heat_cell(setting.bounds, setting.state.heat_cell)
    coarser = ", the finest that this area allows" if cell > setting.state.heat_cell else ""
    note = f"{weather_line(setting.state, found.climate)} {SHORT}"
    return Legend(title, unit, scale, f"{source}, {cell:g} m grid{coarser}", note, more=MORE)


def _waiting(found: Known, legend: Legend) -> View:
    notices = found.notices
    if found.given_up:
        done = len(found.maps.done) if found.maps is not None else 0
        notices = (*notices, f"Heat: {done} of {HOURS} hours are there, the rest was cancelled. F5 goes on.")
        return View(legend=legend, notices=notices)
    return View(legend=legend, notices=notices, wanted=(found.missing,) if found.missing else ())


def _draped(
    setting: Setting, found: Known, request: Request, scale: Ramp | Steps, legend: Legend, swing: float
) -> View:
    later = (found.missing,) if found.missing is not None and not found.given_up else ()
    raster = setting.results.get(request.key)
    if isinstance(raster, Failed):
        return View(legend=legend, notices=(*found.notices, raster.message), later=later)
    if not isinstance(raster, Raster):
        return View(legend=legend, notices=found.notices, wanted=(request,), later=later)
    drape = Drape(raster, scale, opacity=1.0, swing=swing)
    return View(drape=drape, legend=legend, notices=found.notices, later=later)


HEAT: dict[str, Overlay] = {
    "utci": Overlay("UTCI at the hour", partial(_hour, "utci"), GROUP),
    "tmrt": Overlay("Mean radiant temperature", partial(_hour, "tmrt"), GROUP),
    "heat_hours_32": Overlay("Hours above 32 °C (day)", partial(_hours, 32), GROUP),
    "heat_hours_26": Overlay("Hours above 26 °C (day)", partial(_hours, 26), GROUP),
    "heat_hours_38": Overlay("Hours above 38 °C (day)", partial(_hours, 38), GROUP),
}
"""The rows of the table of overlays that show heat; hours are of UTCI."""
