"""Lays heat over the ground: radiant temperature and UTCI of an hour, hours of heat stress in a day."""

from __future__ import annotations

from datetime import datetime, time
from functools import partial

import numpy as np

from twin.analysis.heat_maps import HeatMaps
from twin.analysis.heat_moment import Climate
from twin.analysis.heat_summary import hours_above
from twin.model.raster import Raster
from twin.model.state import State
from twin.model.weather import DESIGN
from twin.scene.colours import UNRATED, Classes, Ramp, Steps
from twin.scene.heat_known import HOURS, Known, heat_cell, heat_known, hour_of
from twin.scene.heat_text import MORE, SHORT, SOURCE, UTCI_SOURCE
from twin.scene.items import Drape
from twin.scene.overlay import Bounds, Overlay, Setting, View
from twin.scene.scene import Failed, Legend, Request

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


def title_of(when: datetime) -> str:
    """Day and hour that are worked out for a moment; of two alike, in autumn, which: it is the first."""
    hour = datetime.combine(when.date(), time(hour_of(when)), when.tzinfo)
    alike = hour.utcoffset() == hour.replace(fold=1).utcoffset()
    return f"{hour.day} {hour:%B, %H:%M}" + ("" if alike else f" {hour:%Z}")


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
    found, hour = _known(setting), hour_of(setting.state.time)
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
    found, day = _known(setting), setting.state.time
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


def _known(setting: Setting) -> Known:
    return heat_known(setting.project, setting.state, setting.built, setting.bounds, setting.results)


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
