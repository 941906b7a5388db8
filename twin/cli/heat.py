"""`twin heat`: radiant temperature and UTCI of a scenario, hour by hour, as GeoTIFF."""

from __future__ import annotations

import argparse
import dataclasses
import json
import shutil
import sys
from collections.abc import Mapping
from datetime import date, datetime, time
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from twin.cli.printing import print_json, print_table
from twin.errors import DataError, TwinError
from twin.formats.atomic import replace_file
from twin.formats.open_project import open_project
from twin.formats.weather_choice import chosen_weather
from twin.model.layer import Style
from twin.model.project import Project
from twin.model.weather import Weather

if TYPE_CHECKING:  # these take seconds to import
    from twin.analysis.heat_maps import HeatInput, HeatMaps
    from twin.analysis.heat_moment import Climate
    from twin.analysis.heat_scene import Options

AROUND = 100.0
"""Ground that is worked out around the buildings. [m]"""
MOST_CELLS = 5_000_000
PARTS = ".parts"
"""Folder in the folder of the maps where ready tiles lie until all are."""


def heat(options: argparse.Namespace) -> int:
    """Write the maps of the options and run.json into their folder."""
    from twin.analysis.city_relief import terrain_of
    from twin.analysis.growth import doubts, seen_in
    from twin.analysis.heat_input import crown_transmissivity, heat_input
    from twin.analysis.heat_moment import Climate
    from twin.analysis.heat_run import TILE, heat_run
    from twin.analysis.heat_scene import Options
    from twin.analysis.mean_radiant import BODIES
    from twin.analysis.seat import build_on
    from twin.app.heat_save import save_maps
    from twin.model.terrain import on_grid

    day, hours = day_of(options.date), hours_of(options.hours)
    project = open_project(options.project)
    chosen = options.scenario or project.scenarios[0].id
    for sentence in doubts(project.scenario(chosen).edits, options.year):
        print(f"twin: {sentence}", file=sys.stderr)
    project = seen_in(project, options.year)
    scenario = project.scenario(chosen)
    weather = weather_of(options.weather, project, day)
    ground = project.terrain or terrain_of(project.city)
    built = build_on(project.city, project.layers, scenario.edits, ground)
    bounds = bounds_of(project, options.bounds)
    cell = float(options.resolution)
    _check_size(bounds, cell)
    bare = None if ground is None else on_grid(ground, bounds, cell)
    given = heat_input(built.city, built.layers, bounds=bounds, cell=cell, terrain=bare)
    climate = Climate(weather, project.place)
    times = [datetime.combine(day, time(hour), project.place.zone).timestamp() for hour in hours]
    settings = Options(
        BODIES[options.posture],
        crown_transmissivity(day, given.crowns),
        anisotropic=options.sky == "perez",
    )
    maps: HeatMaps | None = None
    if options.cluster or given.ground.cover.size > TILE**2:
        maps = _by_tiles(given, climate, times, settings, options)
    else:
        for index, maps in heat_run(given, climate, times, options=settings):
            print(f"twin: {hours[index]:02}:00 ready, {len(maps.done)} of {len(times)}", file=sys.stderr)
    assert maps is not None
    run = save_maps(maps, hours, project, scenario, day, bounds, options.out, problems=built.problems)
    shutil.rmtree(options.out / PARTS, ignore_errors=True)
    if options.route is not None:
        run["routes"] = routes(options.route, project, maps, hours, bounds)
        replace_file(
            options.out / "run.json", (json.dumps(run, indent=2, ensure_ascii=False) + "\n").encode()
        )
    for notice in run["notices"]:
        print(f"twin: {notice}", file=sys.stderr)
    if options.json:
        print_json(run)
    else:
        _print_tables(run)
    return 0


def _print_tables(run: Mapping[str, Any]) -> None:
    """Routes, hours and roofs as tables."""
    for route in run.get("routes", ()):
        print_table([(route["name"], "UTCI mean", "highest", "over 32 °C"), *_route_rows(route)])
    print_table(
        [
            ("hour", "Tmrt min", "mean", "max", "UTCI min", "mean", "max"),
            *(
                (f"{row['hour']:02}:00", *_three(row["mean_radiant"]), *_three(row["utci"]))
                for row in run["summary"]
            ),
        ]
    )
    print()
    print_table(
        [
            ("open flat roof", "warmest °C", "taken up kWh/m² in the day"),
            *(
                (
                    f"{row['roof']} (albedo {row['albedo']:.2f})",
                    f"{max(row['temperature'].values()):.0f}",
                    f"{row['absorbed_kwh_m2_day']:.1f}",
                )
                for row in run["roofs"]
            ),
        ]
    )


def _by_tiles(
    given: HeatInput, climate: Climate, times: list[float], settings: Options, options: argparse.Namespace
) -> HeatMaps:
    """Tile by tile, here or on a cluster; tiles that an ended run left behind are taken over."""
    from twin.analysis.heat_tiles import AHEAD, heat_tiles
    from twin.formats.heat_shelf import shelf_in
    from twin.scene.heat_kept import key_of
    from twin.session.cluster import executor_at

    began = monotonic()

    def tell(fraction: float) -> None:
        spent = monotonic() - began
        left = f", about {spent / fraction * (1 - fraction):.0f} s left" if 0 < fraction < 1 else ""
        print(f"twin: {fraction:.0%} of the tiles ready{left}", file=sys.stderr)

    with executor_at(options.cluster) as executor:
        return heat_tiles(
            given,
            climate,
            times,
            executor,
            options=settings,
            shelf=shelf_in(options.out / PARTS),
            key=key_of(given, climate, times, settings),
            ahead=AHEAD if options.cluster else 1,
            progress=tell,
        )


def day_of(text: str) -> date:
    """A date as 2026-07-15. Raises TwinError."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise TwinError(f"{text!r} is no date. Write it as 2026-07-15.") from None


def hours_of(text: str) -> list[int]:
    """Hours of the day as 8-20, 15 or 9,12,15. Raises TwinError."""
    found: list[int] = []
    try:
        for part in text.split(","):
            first, _, last = part.partition("-")
            found += range(int(first), int(last or first) + 1)
    except ValueError:
        found = []
    if not found or min(found) < 0 or max(found) > 23:
        raise TwinError(f"{text!r} are no hours of a day. Write them as 8-20, or 9,12,15.")
    return sorted(set(found))


def weather_of(name: str, project: Project, day: date) -> Weather:
    """The weather of a day: `design`, `measured`, or of a file. Raises DataError."""
    from twin.analysis.design_day import design_day, on_day

    if name == "design":
        return design_day(project.place, day)
    weather = chosen_weather(name, None, project.place, day)
    try:
        return on_day(weather, project.place, day)
    except ValueError as error:
        raise DataError(name, "", str(error), "Choose another date or another file.") from None


def bounds_of(project: Project, text: str | None) -> tuple[float, float, float, float]:
    """West, south, east, north in local metres: as told, or around the buildings. Raises TwinError."""
    if text:
        try:
            west, south, east, north = (float(part) for part in text.split(","))
        except ValueError:
            raise TwinError(f"{text!r} are no bounds. Write west,south,east,north in local metres.") from None
        if west >= east or south >= north:
            raise TwinError(f"{text!r} bound nothing: west is not west of east, or south not south of north.")
        return west, south, east, north
    if not len(project.city.vertices):
        raise TwinError("The project has no buildings to work around. Give --bounds.")
    low, high = project.city.vertices.min(axis=0), project.city.vertices.max(axis=0)
    return (
        float(np.floor(low[0] - AROUND)),
        float(np.floor(low[1] - AROUND)),
        float(np.ceil(high[0] + AROUND)),
        float(np.ceil(high[1] + AROUND)),
    )


def routes(
    path: Path, project: Project, maps: HeatMaps, hours: list[int], bounds: tuple[float, float, float, float]
) -> list[dict[str, Any]]:
    """Heat along each line of a file, by hour. Raises DataError where it holds no line."""
    from twin.analysis.heat_way import exposure, way_of
    from twin.formats.vector import read_layer

    layer, notices = read_layer(
        path, layer=None, id="routes", title=path.stem, style=Style(), place=project.place
    )
    for notice in notices:
        print(f"twin: {notice}", file=sys.stderr)
    ways = [way_of(geometry) for geometry in layer.geometry]
    if all(way is None for way in ways):
        raise DataError(path, "", "there is no line in it", "Give a file of ways, as GeoJSON or GeoPackage.")
    names = layer.table.columns.get("name", layer.table.columns["id"])
    found = []
    for row, line in enumerate(ways):
        if line is None:
            continue
        grid = {"west": bounds[0], "north": bounds[3], "cell": maps.given.ground.cell}
        felt = [exposure(maps.utci[index], line, **grid) for index in range(len(hours))]
        found.append(
            {
                "name": str(names[row] or layer.table.columns["id"][row]),
                "hours": [
                    {"hour": hour, "utci": None if one is None else dataclasses.asdict(one)}
                    for hour, one in zip(hours, felt, strict=True)
                ],
            }
        )
    return found


def _route_rows(route: dict[str, Any]) -> list[tuple[str, ...]]:
    return [
        (f"{each['hour']:02}:00", "not known", "", "")
        if (one := each["utci"]) is None
        else (f"{each['hour']:02}:00", f"{one['mean']:.1f}", f"{one['highest']:.1f}", f"{one['strong']:.0%}")
        for each in route["hours"]
    ]


def _check_size(bounds: tuple[float, float, float, float], cell: float) -> None:
    if not 0.25 <= cell <= 50:
        raise TwinError(f"A resolution of {cell:g} m does not show a street. Choose 1 or 2.")
    cells = (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) / cell**2
    if cells > MOST_CELLS:
        raise TwinError(
            f"The area has {cells / 1e6:.1f} million cells of {cell:g} m, over {MOST_CELLS / 1e6:.0f}. "
            "Choose a coarser --resolution or smaller --bounds."
        )


def _three(values: dict[str, float] | None) -> tuple[str, str, str]:
    if values is None:
        return "not rated", "", ""
    return f"{values['min']:.1f}", f"{values['mean']:.1f}", f"{values['max']:.1f}"
