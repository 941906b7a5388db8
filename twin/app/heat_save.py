"""Writes heat as GeoTIFF, with a run.json that says what it was worked out of."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from twin import __version__
from twin.analysis.clearness import doubts
from twin.analysis.heat_maps import HeatMaps
from twin.analysis.heat_summary import THRESHOLDS, class_shares, hours_above, spread_of
from twin.analysis.roof_heat import ROOFS, absorbed, roof_temperature
from twin.analysis.walls import sunlit_height, walls
from twin.formats import project_file
from twin.formats.atomic import replace_file
from twin.formats.geotiff_write import write_raster
from twin.model.project import Project
from twin.model.scenario import Scenario
from twin.scene.heat_text import LIMITS

Bounds = tuple[float, float, float, float]


def save_maps(
    maps: HeatMaps,
    hours: Sequence[int],
    project: Project,
    scenario: Scenario,
    day: date,
    bounds: Bounds,
    folder: Path,
    *,
    problems: Sequence[str] = (),
    progress: Callable[[float], None] = lambda _fraction: None,
) -> dict[str, Any]:
    """Writes a map of each hour and run.json into a folder, and returns what run.json says.

    hours: of local time, one for each of the maps. problems: of building the scenario. Raises DataError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    title = f"{scenario.title}, {day.isoformat()}"
    files = _write(maps, hours, project, folder, bounds, title, progress)
    weather = maps.climate.weather
    run = {
        **told(maps, hours, project, scenario, day, bounds),
        "files": files,
        "notices": [
            *project.notices,
            *problems,
            *weather.notices,
            *doubts(maps.climate.clearness),
        ],
        "summary": summary(maps, hours),
        "roofs": roofs(maps, hours, day),
    }
    text = json.dumps(run, indent=2, ensure_ascii=False) + "\n"
    replace_file(folder / "run.json", text.encode())
    return run


def told(
    maps: HeatMaps, hours: Sequence[int], project: Project, scenario: Scenario, day: date, bounds: Bounds
) -> dict[str, Any]:
    """All that the maps were worked out of."""
    return {
        "program": f"twin {__version__}",
        "project": project.name,
        "scenario": scenario.id,
        "edits_sha256": hashlib.sha256(repr(scenario.edits).encode()).hexdigest(),
        "sources": [
            {"id": source.id, "file": source.path.name, "sha256": project_file.fingerprint(source.path)[1]}
            for source in project.sources
            if source.path.is_file()
        ],
        "date": day.isoformat(),
        "hours": list(hours),
        "bounds": list(bounds),
        "resolution": maps.given.ground.cell,
        "crs": project.place.crs,
        "parameters": dataclasses.asdict(maps.options),
        "materials": {name: dataclasses.asdict(one) for name, one in maps.climate.materials.items()},
        "limits": list(LIMITS),
        "weather": maps.climate.weather.source,
        "attribution": list(project.attribution),
    }


def _write(
    maps: HeatMaps,
    hours: Sequence[int],
    project: Project,
    folder: Path,
    bounds: Bounds,
    title: str,
    progress: Callable[[float], None],
) -> list[str]:
    tags = {
        "SOFTWARE": f"twin {__version__}",
        "SOURCE": "; ".join(project.attribution),
        "WEATHER": maps.climate.weather.source,
        "LIMITS": " ".join(LIMITS),
    }
    surface, cell = maps.given.surroundings.surface, maps.given.ground.cell
    found = walls(surface)
    grids = {
        "sky_view": (maps.sky_view, "", "Sky view factor"),
        "wall_height": (found.height, "m", "Height of walls, at their foot"),
        "wall_aspect": (found.aspect, "deg", "Where walls face, clockwise from north"),
    }
    for index, hour in enumerate(hours):
        grids[f"tmrt_{hour:02}"] = maps.mean_radiant[index], "°C", f"Mean radiant temperature {hour:02}:00"
        grids[f"utci_{hour:02}"] = maps.utci[index], "°C", f"UTCI {hour:02}:00"
        grids[f"sunlit_{hour:02}"] = maps.sunlit[index], "", f"Share of direct sun {hour:02}:00"
        lit = sunlit_height(surface, found, maps.moments[index].sun, cell=cell)
        grids[f"wall_sunlit_{hour:02}"] = lit, "m", f"Height of walls in the sun of buildings {hour:02}:00"
    if len(hours) > 1:
        for threshold in THRESHOLDS:
            above = hours_above(maps.utci, threshold)
            grids[f"hours_above_{threshold:g}"] = above, "h", f"Hours of UTCI above {threshold:g} °C"
    for number, (name, (values, unit, text)) in enumerate(grids.items()):
        progress(number / len(grids))
        write_raster(
            folder / f"{name}.tif",
            values,
            west=bounds[0],
            north=bounds[3],
            cell=cell,
            place=project.place,
            unit=unit,
            title=f"{text}, {title}",
            tags=tags,
        )
    return [f"{name}.tif" for name in grids]


def summary(maps: HeatMaps, hours: Sequence[int]) -> list[dict[str, Any]]:
    """Weather and results of each hour, for people to check."""
    return [
        {
            "hour": hour,
            "air_temperature": round(moment.air, 2),
            "relative_humidity": round(moment.humidity, 1),
            "wind": round(moment.wind, 2),
            "global_radiation": round(moment.global_radiation, 1),
            "diffuse_radiation": round(moment.diffuse, 1),
            "sun_altitude": round(moment.sun.altitude, 2),
            "sun_azimuth": round(moment.sun.azimuth, 2),
            "mean_radiant": spread_of(maps.mean_radiant[index]),
            "utci": spread_of(maps.utci[index]),
            "classes": class_shares(maps.utci[index]),
        }
        for index, (hour, moment) in enumerate(zip(hours, maps.moments, strict=True))
    ]


def roofs(maps: HeatMaps, hours: Sequence[int], day: date) -> list[dict[str, Any]]:
    """What the sun does to open flat roofs, dark, planted and light: nothing of it reaches the street."""
    zone = maps.climate.place.zone
    whole = [maps.climate.at(datetime.combine(day, time(h, 30), zone).timestamp()) for h in range(24)]
    return [
        {
            "roof": name,
            "albedo": albedo,
            "temperature": {
                f"{hour:02}:00": round(roof_temperature(moment, albedo=albedo), 1)
                for hour, moment in zip(hours, maps.moments, strict=True)
            },
            "absorbed_kwh_m2_day": round(absorbed(whole, albedo=albedo), 2),
        }
        for name, albedo in ROOFS.items()
    ]
