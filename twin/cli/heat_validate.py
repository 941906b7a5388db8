"""`twin heat-validate`: radiation and mean radiant temperature against what was measured at a site."""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from twin.cli.printing import print_json, print_table
from twin.errors import DataError
from twin.formats.heat_site import HeatSite, Observation, clock_of, read_site

if TYPE_CHECKING:  # it brings a compiler, which `twin --help` does without
    from twin.analysis.heat_scene import HeatScene

Pairs = NDArray[np.float64]
KINDS = {"tmrt": "Tmrt", "kdown": "Kdown", "ldown": "Ldown"}
BUILDING = 2.0
"""Height of the surface over the ground from which it is a building. [m]"""


def heat_validate(folder: Path, *, as_json: bool) -> int:
    """Print count, RMSE, bias and R² (squared correlation); what was assumed goes to stderr."""
    site = read_site(folder)
    pairs, notices = compared(site)
    for notice in (*site.notices, *notices):
        print(f"twin: {notice}", file=sys.stderr)
    found = scores(pairs)
    if as_json:
        print_json(found)
    else:
        print_table([(key, "" if value is None else f"{value:g}") for key, value in found.items()])
    return 0


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
    """Modelled and measured values of all rows that both have: (n, 2) by kind; and what was left out."""
    from twin.analysis.clearness import doubts
    from twin.analysis.heat_moment import Climate
    from twin.model.place import Place

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
    """File and row of the weather of a measurement: the same date and hour, and minute if told."""
    found = []
    for number, weather in enumerate(site.weather):
        for index, end in enumerate(weather.ends):
            clock = clock_of(float(end), site.utc_offset)
            if clock.date() == observation.day and clock.hour == observation.hour:
                found.append((number, index, clock.minute))
    exact = [one for one in found if one[2] == observation.minute]
    if observation.minute is not None and len({minute for *_, minute in found}) > 1:
        found = exact
    return [(number, index) for number, index, _ in found[: 1 if observation.minute is not None else None]]


def _scene(site: HeatSite) -> tuple[HeatScene, int, int]:
    """The ground around the point, and the point's row and column in it; all the site stands around."""
    from twin.analysis.heat_scene import HeatScene, Options
    from twin.analysis.mean_radiant import BODIES, GROUND_RADIUS, Ground
    from twin.analysis.sky_patches import Surroundings, Window

    grids = site.grids
    crowned = np.isfinite(grids.tops) if grids.tops is not None else np.zeros(grids.surface.shape, bool)
    open_ = (grids.surface - grids.ground < BUILDING) | crowned
    open_[grids.row, grids.column] = True  # a sensor stood there
    margin = math.ceil(GROUND_RADIUS / grids.cell) + 1
    top, left = max(0, grids.row - margin), max(0, grids.column - margin)
    rows = min(grids.surface.shape[0], grids.row + margin + 1) - top
    columns = min(grids.surface.shape[1], grids.column + margin + 1) - left
    body = replace(BODIES[site.posture], shortwave=site.shortwave, longwave=site.longwave)
    scene = HeatScene(
        Surroundings(grids.surface, grids.cell, grids.tops, grids.trunks),
        Ground(site.cover, site.materials, open_, grids.cell),
        Options(body=body, transmissivity=site.transmissivity),
        window=Window(top, left, rows, columns),
    )
    return scene, grids.row - top, grids.column - left
