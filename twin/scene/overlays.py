"""The table of what can be laid over the city, each with its legend and its source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.analysis.build import Built, trees
from twin.analysis.crown_light import light_of_cells
from twin.analysis.shadow import shadow, sun_hours
from twin.analysis.spread import nearest, taken
from twin.analysis.sun import Sun
from twin.analysis.surface_model import canopy_model, surface_model
from twin.model.city import only_surfaces
from twin.model.layer import Layer
from twin.model.place import Place
from twin.model.project import Project, owners
from twin.model.raster import Raster
from twin.model.terrain import Terrain, on_grid
from twin.scene.attributes import PREFIX, UNITS, Styled, attribute_of, styled
from twin.scene.colours import USE_COLOURS, Classes, Ramp
from twin.scene.heat import HEAT
from twin.scene.items import HEIGHT, Colouring, Drape, Mask
from twin.scene.overlay import Bounds, Overlay, Setting, View
from twin.scene.raster_view import raster_view
from twin.scene.scene import Failed, Legend, Request
from twin.scene.sensor_field import SENSOR_FIELD

HEIGHT_NOTE = "Click a building to see where its height comes from; where the data has none, from its shape."
CELL = 2.0
"""Side of the cells that shade is worked out on, where the area allows it. [m]"""
MOST_CELLS = 2_000_000
"""Larger areas get coarser cells."""
LOWEST = 1.0
"""What rises less above the terrain is ground, as a relief in the city model is. [m]"""
STEP = 10
"""Between two positions of the sun when hours are counted. [min]"""

Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False, slots=True)
class Surfaces:
    """What stands in the sun's way: heights of ground and roofs, and of tree crowns. [m]"""

    solid: Raster
    canopy: Raster | None
    street: NDArray[np.intp]
    """For each cell the nearest one that is not built on, as `twin.analysis.spread.nearest` gives it."""
    roof: NDArray[np.intp]
    """For each cell the nearest one that is."""
    bare: Raster | None = None
    """Heights of the ground; None: it is flat, at 0. [m]"""
    trees: Layer | None = None
    """Whose crowns let more or less light through, by species and season."""

    def through(self, day: date) -> float | NDArray[np.float32]:
        """The share of sunlight that comes through the crowns over each cell on a day."""
        if self.trees is None:
            return 1.0
        return light_of_cells(self.trees, day, bounds=self.solid.bounds, cell=self.solid.cell)


def _built_on(solid: Raster, bare: Raster | None) -> NDArray[np.bool_]:
    return np.asarray(solid.values > (0 if bare is None else bare.values + LOWEST))


def under_roofs(built: Built, raster: Raster, terrain: Terrain | None) -> NDArray[np.bool_]:
    """Where what `lit_hours` and `lit_now` say of the ground is only carried on from beside."""
    bare = None if terrain is None else on_grid(terrain, raster.bounds, raster.cell)
    return _built_on(surface_model(built.city, bounds=raster.bounds, cell=raster.cell, ground=bare), bare)


@dataclass(frozen=True, eq=False, slots=True)
class Lit:
    """Fraction of direct sun, 0-1; each carried on beyond its edge, so that neither bleeds into the other."""

    ground: Raster
    roofs: Raster


def cell_size(bounds: Bounds) -> float:
    """Of the analysis grid: CELL, doubled until the area has no more than MOST_CELLS. [m]"""
    west, south, east, north = bounds
    cell = CELL
    while (east - west) * (north - south) / cell**2 > MOST_CELLS:
        cell *= 2
    return cell


def surfaces(built: Built, bounds: Bounds, terrain: Terrain | None = None, *, progress: Progress) -> Surfaces:
    """The surface and canopy models of a scenario on the analysis grid."""
    cell = cell_size(bounds)
    bare = None if terrain is None else on_grid(terrain, bounds, cell)
    solid = surface_model(built.city, bounds=bounds, cell=cell, ground=bare)
    progress(0.7)
    green = trees(built.layers)
    canopy = canopy_model(green, bounds=bounds, cell=cell) if green is not None else None
    built_on = _built_on(solid, bare)
    return Surfaces(solid, canopy, nearest(~built_on), nearest(built_on), bare, green)


def lit_now(ground: Surfaces, sun: Sun, day: date, *, progress: Progress) -> Lit:
    """Direct sun on the ground and on the roofs. day: on which crowns are in leaf or bare."""
    lit = shadow(
        ground.solid,
        sun,
        canopy=ground.canopy,
        ground=ground.bare,
        transmissivity=ground.through(day),
        progress=progress,
    )
    return Lit(taken(lit, ground.street), taken(lit, ground.roof))


def lit_hours(ground: Surfaces, place: Place, day: date, *, progress: Progress) -> Raster:
    """Hours of direct sun in a day on the ground. [h]"""
    hours = sun_hours(
        ground.solid,
        place,
        day,
        canopy=ground.canopy,
        ground=ground.bare,
        step_minutes=STEP,
        transmissivity=ground.through(day),
        progress=progress,
    )
    return taken(hours, ground.street)


def want_surfaces(setting: Setting) -> Request:
    """The request every shade computation starts from."""
    scenario = setting.project.scenario(setting.state.scenario)
    ground = setting.project.terrain
    return Request(
        ("surfaces", setting.state.lod, scenario.edits, setting.bounds, ground),
        surfaces,
        (setting.built, setting.bounds, ground),
        f"Heights of {scenario.title}",
    )


def want_seen_surfaces(setting: Setting, unseen: Mask | None) -> Request:
    """The same of what is in sight; unseen: the hidden objects, where there are any."""
    whole = want_surfaces(setting)
    none_seen = "buildings" in setting.state.hidden
    if unseen is None and not none_seen:
        return whole
    key = ("surfaces in sight", *whole.key[1:], None if none_seen else unseen)
    return Request(key, surfaces_in_sight, (*whole.inputs, None if none_seen else unseen), whole.title)


def surfaces_in_sight(
    built: Built, bounds: Bounds, terrain: Terrain | None, unseen: Mask | None, *, progress: Progress
) -> Surfaces:
    """As `surfaces`, without the faces of hidden objects; without any building where None is given."""
    city = built.city
    gone = np.ones(len(city.object_id), dtype=bool) if unseen is None else unseen.objects
    seen = only_surfaces(city, ~gone[city.surface_object])
    return surfaces(replace(built, city=seen), bounds, terrain, progress=progress)


def want_lit(setting: Setting, unseen: Mask | None = None) -> Request | None:
    """The request for shadows at the time of the state; for the surfaces first; None at night.

    unseen: the hidden objects, which cast none.
    """
    first = want_seen_surfaces(setting, unseen)
    ground = setting.results.get(first.key)
    if setting.sun.altitude <= 0:
        return None
    if not isinstance(ground, Surfaces):
        return first
    day = setting.state.time.date()
    key = ("lit", first.key, round(setting.sun.altitude, 3), round(setting.sun.azimuth, 3), day)
    return Request(key, lit_now, (ground, setting.sun, day), "Shadows")


def _nothing(_setting: Setting) -> View:
    return View()


def _use(setting: Setting) -> View:
    scale = Classes(tuple(USE_COLOURS.items()))
    return View(
        Colouring("use", scale),
        legend=Legend("Building use", "", scale, _city_source(setting.project)),
    )


def _height(setting: Setting) -> View:
    scale = Ramp("batlow", 0.0, 60.0, reversed=True)
    return View(
        Colouring(HEIGHT, scale),
        legend=Legend(
            "Building height",
            "m",
            scale,
            _city_source(setting.project),
            HEIGHT_NOTE,
        ),
    )


def _attribute(setting: Setting) -> View:
    cities, style = setting.among or (setting.built.city,), setting.state.style
    name = attribute_of(setting.state.overlay)
    key = ("attribute", cities, name, style)
    found = setting.results.get(key)
    if isinstance(found, Failed):
        return View(notices=(found.message,))
    if not isinstance(found, Styled):
        return View(wanted=(Request(key, styled, (cities, name, style), f"Colours of {name}", quick=True),))
    source = _city_source(setting.project)
    legend = Legend(name, UNITS.get(name, ""), found.legend, source, found.note, found.limits)
    return View(Colouring(name, found.scale), legend=legend)


def _sun_hours(setting: Setting) -> View:
    day = setting.state.time.date()
    scale = Ramp("lajolla", 0.0, 18.0)
    cell = cell_size(setting.bounds)
    legend = Legend(
        f"Sun hours, {day.day} {day:%B %Y}",
        "h",
        scale,
        f"Computed: shadows every {STEP} min on a {cell:g} m grid (Ratti & Richens 1999), sun by NREL SPA",
        "Clear sky; heights above flat ground." if setting.project.terrain is None else "Clear sky.",
    )
    first = want_surfaces(setting)
    ground = setting.results.get(first.key)
    if isinstance(ground, Failed):
        return View(legend=legend, notices=(ground.message,))
    if not isinstance(ground, Surfaces):
        return View(legend=legend, wanted=(first,))
    place = setting.project.place
    request = Request(("sun hours", first.key, day), lit_hours, (ground, place, day), "Sun hours of the day")
    return _draped(setting, request, scale, legend)


def _shadow(setting: Setting) -> View:
    scale = Ramp("oslo", -0.6, 1.15)
    time = setting.state.time
    cell = cell_size(setting.bounds)
    legend = Legend(
        f"Sun and shade, {time.day} {time:%B %Y, %H:%M}",
        "lit fraction",
        scale,
        f"Computed on a {cell:g} m grid (Ratti & Richens 1999; trees: Lindberg & Grimmond 2011)",
        limits=(0.0, 1.0),
    )
    request = want_lit(setting)
    if request is None:
        return View(legend=legend, notices=("The sun is below the horizon.",))
    return _draped(setting, request, scale, legend)


def _draped(setting: Setting, request: Request, scale: Ramp, legend: Legend) -> View:
    found = setting.results.get(request.key)
    if isinstance(found, Failed):
        return View(legend=legend, notices=(found.message,))
    if isinstance(found, Lit):
        found = found.ground
    if not isinstance(found, Raster):
        return View(legend=legend, wanted=(request,))
    return View(drape=Drape(found, scale, smooth=True), legend=legend)


def _city_source(project: Project) -> str:
    told = owners(source.attribution for source in project.sources if source.id in project.reports)
    if told or project.attribution:
        return " · ".join(told) or project.attribution[0]
    files = [Path(str(report["path"])).name for report in project.reports.values()]
    return f"{files[0]}; its owner is not stated" if files else "Source not stated"


OVERLAYS: dict[str, Overlay] = {
    "none": Overlay("None", _nothing),
    "use": Overlay("Building use", _use),
    "height": Overlay("Building height", _height),
    "sun_hours": Overlay("Sun hours (day)", _sun_hours),
    "shadow": Overlay("Shadow now", _shadow),
    **HEAT,
}


def overlays(project: Project) -> dict[str, Overlay]:
    """All overlays of a project: those above, the field between its sensors, then its rasters."""
    own = {raster.id: Overlay(raster.title or raster.id, raster_view(raster)) for raster in project.rasters}
    measured = SENSOR_FIELD if project.feeds else {}
    return {**OVERLAYS, **measured, **own}


def overlay_of(project: Project, wanted: str) -> Overlay | None:
    """The overlay of an id, also one that shows an attribute; None when there is none."""
    if name := attribute_of(wanted):
        return Overlay(name, _attribute) if name in project.city.attributes.columns else None
    return overlays(project).get(wanted)


def overlay_ids(project: Project, alike: str = "") -> list[str]:
    """All ids one may choose; attributes only when `alike` is one of them."""
    if alike.startswith(PREFIX):
        return [PREFIX + name for name in project.city.attributes.columns]
    return [*overlays(project), f"{PREFIX}NAME"]


def with_opacity(view: View, opacity: float) -> View:
    """The same view with a fainter drape."""
    if view.drape is None or opacity == 1.0:
        return view
    return replace(view, drape=replace(view.drape, opacity=view.drape.opacity * opacity))
