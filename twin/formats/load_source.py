"""Reads one source of a project into what was loaded so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from twin.formats import cache, project_file, scenario_file, vector
from twin.formats.project_file import SourceEntry
from twin.formats.report import Report
from twin.model import city as city_model
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.place import Place
from twin.model.placement import Placement
from twin.model.points import PointCloud
from twin.model.raster import Raster
from twin.model.scenario import Scenario
from twin.model.terrain import Terrain

Progress = Callable[[float], None]
AROUND = 250.0
"""Rasters are cut so far outside the city. [m]"""
AROUND_TERRAIN = 1000.0
"""So is the ground, which is seen from afar. [m]"""


@dataclass(slots=True)
class Loaded:
    """What the sources gave so far."""

    place: Place
    city: City
    layers: dict[str, Layer] = field(default_factory=dict)
    rasters: dict[str, Raster] = field(default_factory=dict)
    clouds: dict[str, PointCloud] = field(default_factory=dict)
    terrain: Terrain | None = None
    scenarios: dict[str, Scenario] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    reports: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    """JSON trees of import reports by id of the source."""
    prints: dict[Path, tuple[int, str]] = field(default_factory=dict)
    """Size and SHA-256 of files looked at."""
    thorough: bool = False
    """Hash large files too."""


def read_source(entry: SourceEntry, path: Path, loaded: Loaded, progress: Progress) -> str:
    """Add what a source holds to `loaded`; returns what of it could not be used, empty: nothing.

    Raises DataError when none of it can.
    """
    return READERS[entry.kind](entry, path, loaded, progress)


def tell(entry: SourceEntry, report: Report, loaded: Loaded) -> None:
    """Keep what a reader reports, and turn it into notices."""
    loaded.reports[entry.id] = report.as_json()
    loaded.notices += [f"{report.name}: {notice}" for notice in report.notices]
    loaded.notices += [
        f"{report.name}: {item.count} × {item.what} left out: {item.why} (first: {item.first})."
        for item in report.skipped
    ]


def _read_city(entry: SourceEntry, path: Path, loaded: Loaded, progress: Progress) -> str:
    city, report = cache.city(
        path, loaded.place, progress, crs=_crs(entry.placement), placement=entry.placement
    )
    loaded.city = city_model.concatenate(loaded.city, city) if len(loaded.city.object_id) else city
    tell(entry, report, loaded)
    return ""


def _read_vector(entry: SourceEntry, path: Path, loaded: Loaded, _progress: Progress) -> str:
    options = {
        "layer": entry.layer or None,
        "id": entry.id,
        "title": entry.title,
        "style": entry.style,
        "role": entry.role,
        "attribution": entry.attribution,
        "place": loaded.place,
        "crs": _crs(entry.placement),
    }

    def make() -> tuple[Layer, tuple[str, ...]]:
        return vector.read_layer(path, **options)  # type: ignore[arg-type]  # the dict is also the cache's key

    beside = [project_file.fingerprint(file) for file in vector.beside(path)]
    loaded.layers[entry.id], notices = cache.layer(path, {**options, "beside": beside}, make)
    loaded.notices += notices
    return ""


def _around_city(loaded: Loaded, margin: float) -> tuple[float, float, float, float] | None:
    if not len(loaded.city.vertices):
        return None
    low, high = loaded.city.vertices.min(axis=0), loaded.city.vertices.max(axis=0)
    return low[0] - margin, low[1] - margin, high[0] + margin, high[1] + margin


def _read_terrain(entry: SourceEntry, path: Path, loaded: Loaded, _progress: Progress) -> str:
    from twin.formats.terrain import read_terrain
    from twin.formats.terrain_join import joined
    from twin.model.terrain import described

    datum = loaded.place.height_system
    found, notices = read_terrain(
        path,
        id=entry.id,
        title=entry.title,
        attribution=entry.attribution,
        place=loaded.place,
        bounds=_around_city(loaded, AROUND_TERRAIN),
    )
    if loaded.terrain is not None:
        found, told = joined(loaded.terrain, found, path)
        loaded.notices = [one for one in loaded.notices if one not in described(loaded.terrain, datum)]
        notices = (*notices, *told)
    loaded.terrain = found
    loaded.notices += [*notices, *described(found, datum)]
    return ""


def _read_raster(entry: SourceEntry, path: Path, loaded: Loaded, _progress: Progress) -> str:
    from twin.formats import geotiff

    bounds = _around_city(loaded, AROUND)
    loaded.rasters[entry.id], notices = geotiff.read_raster(
        path,
        id=entry.id,
        title=entry.title,
        unit=entry.unit,
        attribution=entry.attribution,
        place=loaded.place,
        layer=entry.layer,
        bounds=bounds,
    )
    loaded.notices += notices
    return ""


def _read_scenarios(entry: SourceEntry, path: Path, loaded: Loaded, _progress: Progress) -> str:
    problems: list[str] = []
    if path.is_dir():
        found, notices = scenario_file.read_folder(path, loaded.place)
        problems += notices
    else:
        found = (scenario_file.read(path, loaded.place),)
    for scenario in found:
        if loaded.scenarios.get(scenario.id, scenario_file.TODAY) != scenario_file.TODAY:
            problems.append(
                f"{entry.path}: a scenario {scenario.id!r} is there already, this one is left out."
            )
        else:
            loaded.scenarios[scenario.id] = scenario
    return " ".join(problems)


def _read_points(entry: SourceEntry, path: Path, loaded: Loaded, progress: Progress) -> str:
    from twin.formats import las

    loaded.clouds[entry.id], _, report = las.read(
        path,
        id=entry.id,
        title=entry.title,
        attribution=entry.attribution,
        place=loaded.place,
        crs=_crs(entry.placement),
        placement=entry.placement,
        progress=progress,
    )
    tell(entry, report, loaded)
    return ""


def _crs(placement: Placement) -> str:
    """What the user said of the coordinates of the file; with `at`, the CRS is that of `at` alone."""
    return placement.crs if placement.at is None else ""


READERS = {
    "city": _read_city,
    "vector": _read_vector,
    "raster": _read_raster,
    "scenarios": _read_scenarios,
    "points": _read_points,
    "terrain": _read_terrain,
}
