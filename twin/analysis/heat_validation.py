"""Compares modelled radiation and mean radiant temperature with what was measured at a site."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from twin.analysis.clearness import doubts
from twin.analysis.heat_moment import Climate
from twin.analysis.heat_scene import HeatScene, Options
from twin.analysis.mean_radiant import BODIES, GROUND_RADIUS, Ground
from twin.analysis.sky_patches import Surroundings, Window
from twin.errors import DataError
from twin.model.heat_site import HeatSite, Observation, clock_of
from twin.model.place import Place

Pairs = NDArray[np.float64]

KINDS = ("tmrt", "kdown", "ldown")
"""What is compared: mean radiant temperature [°C], short- and longwave radiation from above [W/m²]."""
HOUR = 3600.0
BUILDING = 2.0
"""Height of the surface over the ground from which it is a building. [m]"""


def scores(pairs: Mapping[str, Pairs]) -> dict[str, float | int | None]:
    """Of modelled and measured values (n, 2): the root of the mean squared difference, its mean, and R².

    None where nothing was measured, or where one value has no correlation.
    """
    found: dict[str, float | int | None] = {"n": len(pairs["tmrt"])}
    for key in KINDS:
        modelled, measured = pairs[key].T
        error = modelled - measured
        some = len(error) > 0
        found[f"rmse_{key}"] = round(float(np.sqrt((error**2).mean())), 3) if some else None
        found[f"bias_{key}"] = round(float(error.mean()), 3) if some else None
        varied = len(error) > 2 and np.ptp(modelled) > 0 and np.ptp(measured) > 0
        found[f"r2_{key}"] = round(float(np.corrcoef(modelled, measured)[0, 1] ** 2), 3) if varied else None
    return found


def compared(site: HeatSite) -> tuple[dict[str, Pairs], tuple[str, ...]]:
    """Modelled and measured values of all rows that both have: (n, 2) by kind; and what was left out.

    Raises DataError where they share no row.
    """
    scene, row, column = _scene(site)
    place = Place("EPSG:4326", (0.0, 0.0, 0.0), site.longitude, site.latitude)
    climates = [Climate(weather, place, offset=site.utc_offset * 3600) for weather in site.weather]
    pairs: dict[str, list[tuple[float, float]]] = {key: [] for key in KINDS}
    lost = 0
    for observation in site.observations:
        rows = _rows_of(observation, site)
        lost += not rows
        modelled: list[tuple[float, float, float]] = []
        for number, index in rows:
            moment = climates[number].of_row(index)
            scene.forget(moment.seconds - 4 * 3600)
            found = scene.fluxes(moment, climates[number])
            modelled.append(
                (
                    float(found.mean_radiant[row, column]),
                    float(found.shortwave_down[row, column]),
                    float(found.longwave_down[row, column]),
                )
            )
        for key, value in zip(KINDS, np.mean(modelled, axis=0) if modelled else (), strict=False):
            if math.isfinite(observation.values[key]):
                pairs[key].append((float(value), observation.values[key]))
    if not pairs["tmrt"]:
        raise DataError(
            "site.json", "measured", "shares no row of Tmrt with the weather", "Look at dates and hours."
        )
    notices = tuple(doubt for climate in climates for doubt in doubts(climate.clearness))
    notices += (f"{lost} measured rows have no weather and are left out",) if lost else ()
    return {key: np.array(found or np.zeros((0, 2))) for key, found in pairs.items()}, notices


def _rows_of(observation: Observation, site: HeatSite) -> list[tuple[int, int]]:
    """File and row of the weather of a measurement: the same date and hour, and minute if told.

    Of weather in shorter steps, an hour without minutes is all rows that end within the hour up to it.
    """
    found = []
    for number, weather in enumerate(site.weather):
        whole_hours = weather.step >= HOUR
        for index, end in enumerate(weather.ends):
            clock = clock_of(float(end) if whole_hours else float(end) + HOUR - 1, site.utc_offset)
            if observation.minute is not None:
                clock = clock_of(float(end), site.utc_offset)
            if clock.date() == observation.day and clock.hour == observation.hour:
                found.append((number, index, clock.minute))
    if observation.minute is None:
        return [(number, index) for number, index, _ in found]
    exact = [one for one in found if one[2] == observation.minute]
    several = len({minute for *_, minute in found}) > 1
    return [(number, index) for number, index, _ in (exact if several else found)[:1]]


def _scene(site: HeatSite) -> tuple[HeatScene, int, int]:
    """The ground around the point, and the point's row and column in it; all the site stands around."""
    grids = site.grids
    crowned = np.isfinite(grids.tops) if grids.tops is not None else np.zeros(grids.surface.shape, bool)
    open_ = (grids.surface - grids.ground < BUILDING) | crowned
    row, column = _beside(open_, grids.row, grids.column)
    margin = math.ceil(GROUND_RADIUS / grids.cell) + 1
    top, left = max(0, row - margin), max(0, column - margin)
    rows = min(grids.surface.shape[0], row + margin + 1) - top
    columns = min(grids.surface.shape[1], column + margin + 1) - left
    body = replace(BODIES[site.posture], shortwave=site.shortwave, longwave=site.longwave)
    scene = HeatScene(
        Surroundings(grids.surface, grids.cell, grids.tops, grids.trunks),
        Ground(site.cover, site.materials, open_, grids.cell),
        Options(body=body, transmissivity=site.transmissivity),
        window=Window(top, left, rows, columns),
    )
    return scene, row - top, column - left


def _beside(open_: NDArray[np.bool_], row: int, column: int) -> tuple[int, int]:
    """The nearest cell no building stands on: a sensor at a wall may lie in its cell. Raises DataError."""
    if open_[row, column]:
        return row, column
    rows, columns = np.nonzero(open_)
    if not len(rows):
        raise DataError("site.json", "dsm", "has no cell without a building", "Look at the ground model.")
    nearest = int(np.argmin((rows - row) ** 2 + (columns - column) ** 2))
    return int(rows[nearest]), int(columns[nearest])
