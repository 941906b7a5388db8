"""`twin info`: what a file or a project holds."""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import Any

from twin.cli.placement import placement_of
from twin.cli.printing import print_json, print_table
from twin.errors import CrsError, DataError
from twin.formats import cache
from twin.formats.open_project import is_project, open_project, quiet
from twin.formats.read import entry_of, kind_of
from twin.model.place import Place
from twin.model.placement import NOWHERE, Placement
from twin.model.project import Project

ANYWHERE = Place("EPSG:32631", (0.0, 0.0, 0.0), 3.0, 0.0)
"""Where coordinates stay as they are written."""


def info(options: argparse.Namespace) -> int:
    """Print it, as `key  value` lines or as JSON."""
    path = entry_of(options.file)
    if not path.is_file():
        raise DataError(path, "", "is missing" if not path.exists() else "is no file", "Choose another file.")
    found = described(path, options.crs, placement_of(options))
    if options.json:
        print_json(found)
    else:
        print_table(_rows(found))
    return 0


def described(path: Path, crs: str = "", placement: Placement = NOWHERE) -> dict[str, Any]:
    """A tree of text and numbers. For a city model it is what its reader reported. Raises DataError."""
    if is_project(path):
        return _project(open_project(path))
    kind = kind_of(path)
    if kind in ("city", "points"):
        return _city(path, crs, placement) if kind == "city" else _points(path, crs, placement)
    return _KINDS[kind](path)


def _project(project: Project) -> dict[str, Any]:
    city = project.city
    place = project.place
    return {
        "format": "project",
        "name": project.name,
        "crs": place.crs,
        "origin": list(place.origin),
        "longitude": place.longitude,
        "latitude": place.latitude,
        "timezone": place.timezone,
        "sources": [
            {"id": source.id, "file": source.path.name, "problem": source.problem}
            for source in project.sources
        ],
        "scenarios": [
            {"id": s.id, "title": s.title, "illustrative": s.illustrative, "edits": len(s.edits)}
            for s in project.scenarios
        ],
        "bookmarks": [bookmark.id for bookmark in project.bookmarks],
        "terrain": _terrain(project),
        "counts": {
            "objects": dict(Counter(str(kind) for kind in city.object_type)),
            "surfaces": len(city.surface_object),
            "triangles": len(city.triangles),
            "layers": {layer.id: len(layer.geometry) for layer in project.layers},
            "rasters": {raster.id: list(raster.values.shape) for raster in project.rasters},
            "clouds": {cloud.id: len(cloud.xyz) for cloud in project.clouds},
        },
        "attribution": list(project.attribution),
        "notices": list(project.notices),
    }


def _terrain(project: Project) -> dict[str, Any] | str:
    found = project.terrain
    if found is None:
        relief = bool((project.city.object_type == "TINRelief").any())
        return "the relief of the city model" if relief else "none: the ground is flat"
    z = found.heights.values
    return {
        "title": found.title,
        "heights": found.datum or "nothing says what they are measured from",
        "lowest": round(float(z.min()) + project.place.origin[2], 2),
        "highest": round(float(z.max()) + project.place.origin[2], 2),
        "cell": found.heights.cell,
        "known": round(found.known, 3),
    }


def _city(path: Path, crs: str, placement: Placement) -> dict[str, Any]:
    try:
        return cache.city(path, None, quiet, crs=crs, placement=placement)[1].as_json()
    except CrsError as error:
        if crs:
            raise
        _city_found, report = cache.city(path, ANYWHERE, quiet, placement=placement)
        told = [notice for notice in report.notices if "origin" not in notice]
        suggested = f", fits {', '.join(error.suggested)}" if error.suggested else ""
        return {
            **report.as_json(),
            "crs": "",
            "crs_source": f"nothing says it{suggested}; --crs says which",
            "extent_crs": "",
            "notices": [*told, str(error)],
        }


def _points(path: Path, crs: str, placement: Placement) -> dict[str, Any]:
    from twin.formats import las

    cloud, _, report = las.read(path, id=path.stem, title=path.stem, crs=crs, placement=placement)
    return {**report.as_json(), "points": cloud.total, "shown": len(cloud.xyz)}


def _vector(path: Path) -> dict[str, Any]:
    from twin.formats import vector, vector_info

    return {
        "file": path.name,
        "format": "vector layers",
        "layers": {name: vector_info.summary(path, name) for name in vector.list_layers(path)},
    }


def _raster(path: Path) -> dict[str, Any]:
    from twin.formats import geotiff

    return {"file": path.name, "format": "GeoTIFF", **geotiff.summary(path)}


def _scenarios(path: Path) -> dict[str, Any]:
    from twin.formats import scenario_file, vector_info

    scenario = scenario_file.read(path, vector_info.place_of(path))
    return {
        "file": path.name,
        "format": "scenario",
        "id": scenario.id,
        "title": scenario.title,
        "description": scenario.description,
        "illustrative": scenario.illustrative,
        "edits": dict(Counter(type(edit).__name__ for edit in scenario.edits)),
    }


_KINDS = {"vector": _vector, "raster": _raster, "scenarios": _scenarios}


def _rows(tree: dict[str, Any]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for key, value in tree.items():
        if isinstance(value, dict):
            rows += [(f"{key}.{inner}", text) for inner, text in _rows(value)]
        elif isinstance(value, list | tuple) and any(isinstance(member, dict) for member in value):
            rows += [(f"{key}", ", ".join(f"{k}: {v}" for k, v in one.items() if v != "")) for one in value]
        elif isinstance(value, list | tuple):
            separator = ", " if all(isinstance(member, int | float) for member in value) else "; "
            rows.append((key, separator.join(str(member) for member in value)))
        elif value is not None and value != "":
            rows.append(
                (key, f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value))
            )
    return rows
