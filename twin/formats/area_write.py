"""Writes a station area as a project: a folder of files that other programs open, and the project file."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import area_looks, cityjson_write, gpkg_write, project_file, raster_clip
from twin.formats.atomic import replace_file
from twin.formats.project_file import Content, PlaceEntry, ProjectFile, SourceEntry
from twin.model.layer import Layer, Style
from twin.model.osm import LayerRows
from twin.model.place import Place
from twin.model.state import Bookmark, Camera
from twin.model.station_area import Gathered, Wanted

CITY, LAYERS, REPORT = "buildings.city.json", "layers.gpkg", "import.json"
UNDERGROUND = "underground"
"""Layer of ways that are kept, but not drawn."""
AROUND = 250.0
"""Rasters reach so far beyond the area. [m]"""
PLAIN = ("#4c78a8", "#b279a2", "#54a24b", "#e45756", "#9d755d", "#72b7b2")
"""Colours of points and lines that nothing is known of."""
PALE = ("#dbe3ec", "#e6dfea", "#dee8da", "#efe1dc", "#e7e2d4", "#d9e8e6")
"""Colours of areas that nothing is known of: they lie under everything else."""
PLAIN_ORDER, PALE_ORDER = 25, 0
TIME = "2026-07-15T15:00"
"""The moment a project starts with: a summer afternoon."""


def check(out: Path, *, replace: bool = False) -> None:
    """Raises DataError where nothing can be written: another ending, or something is there already."""
    if not out.name.endswith(project_file.SUFFIX):
        raise DataError(out, "", "is no name of a project", f"Let it end in {project_file.SUFFIX}.")
    if not replace and (out.exists() or (folder_of(out).exists() and any(folder_of(out).iterdir()))):
        raise DataError(out, "", "is there already", "Choose another name, or say --replace.")
    if not out.resolve().parent.is_dir():
        raise DataError(out, "", f"there is no folder {out.resolve().parent}", "Make it first.")


def folder_of(out: Path) -> Path:
    """The folder of the files of a project."""
    return out.resolve().parent / out.name.removesuffix(project_file.SUFFIX)


def write(
    gathered: Gathered,
    out: Path,
    *,
    replace: bool = False,
    progress: Callable[[float], None] = lambda _share: None,
    executor: Executor | None = None,
) -> ProjectFile:
    """Write the project file `out`, and beside it a folder of its name with all data.

    No path leads out of that folder.
    Each source has its owner and licence. executor: cuts rasters tile by tile; None: here.
    What was begun and given up, or failed, leaves no folder where there was none.
    Raises DataError: something is there already, or cannot be written.
    """
    check(out, replace=replace)
    folder = folder_of(out)
    fresh = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        content = _contents(gathered, folder, progress, executor)
    except BaseException:
        if fresh:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    made = project_file.refresh(ProjectFile(content, path=out.resolve()))
    project_file.save(made, out)
    progress(1.0)
    return made


def _contents(
    gathered: Gathered, folder: Path, progress: Callable[[float], None], executor: Executor | None
) -> Content:
    """Writes the files of a project into its folder, and says what the project file says of them."""
    sources: list[SourceEntry] = []
    place, wanted = gathered.place, gathered.wanted
    if len(gathered.city.object_id):
        owners = gathered.credits.get("buildings", "")
        cityjson_write.write(gathered.city, folder / CITY, title=_title(gathered), attribution=owners)
        path = f"{folder.name}/{CITY}"
        sources.append(
            SourceEntry(id="buildings", path=path, kind="city", title="Buildings", attribution=owners)
        )
    progress(0.5)
    sources += _vectors(gathered, folder)
    progress(0.7)
    low = wanted.radius + AROUND
    middle = np.array(gathered.area.centroid.coords[0]) - place.origin[:2]
    bounds = (*(middle - low).tolist(), *(middle + low).tolist())
    for raster in (*([wanted.dem] if wanted.dem else []), *((path,) for path in wanted.rasters)):
        sources.append(_raster(raster, folder, gathered, bounds, [s.id for s in sources], executor))
    progress(0.9)
    replace_file(
        folder / REPORT, msgspec.json.format(msgspec.json.encode(report(gathered)), indent=2) + b"\n"
    )
    return Content(
        name=_title(gathered),
        crs=place.crs,
        place=_place_entry(place),
        sources=tuple(sources),
        home=_home(middle, wanted.radius),
        bookmarks=(_top(middle, wanted.radius),),
        time=TIME,
    )


def report(gathered: Gathered) -> dict[str, object]:
    """What came in, as a JSON tree: counts, where heights come from, what was left out."""
    total = sum(gathered.height_sources.values()) or 1
    place, wanted = gathered.place, gathered.wanted
    return {
        "name": _title(gathered),
        "centre": [wanted.latitude, wanted.longitude],
        "radius": wanted.radius,
        "crs": place.crs,
        "crs_chosen_by": gathered.chosen_by,
        "timezone": place.timezone,
        "counts": gathered.counts,
        "height_sources": {
            name: {"solids": count, "share": round(count / total, 4)}
            for name, count in sorted(gathered.height_sources.items(), key=lambda item: -item[1])
        },
        "departures_on": gathered.departures_on,
        "files": [path.name for path in files_of(wanted)],
        "credits": dict(gathered.credits),
        "notes": {note: count for note, count in sorted(gathered.notes.items()) if count},
        "seconds": round(gathered.seconds, 2),
    }


def files_of(wanted: Wanted) -> Sequence[Path]:
    """All files it is made of."""
    single = (wanted.osm, wanted.gtfs, wanted.ndsm, wanted.points)
    several = (*wanted.dem, *wanted.buildings, *wanted.vectors, *wanted.lamps, *wanted.rasters)
    return [path for path in (*single, *several) if path is not None]


def credit(path: Path, credits: Mapping[str, str]) -> str:
    """Owner and licence of a file as the user says them, else that nobody did."""
    said = credits.get(path.name, credits.get("", ""))
    return said or f"{path.name}: owner and licence not stated"


def _title(gathered: Gathered) -> str:
    wanted = gathered.wanted
    return wanted.name or f"Station area {wanted.latitude:.4f}, {wanted.longitude:.4f}"


def _place_entry(place: Place) -> PlaceEntry:
    return PlaceEntry(
        origin=place.origin,
        longitude=place.longitude,
        latitude=place.latitude,
        timezone=place.timezone,
        height_system=place.height_system,
    )


def _vectors(gathered: Gathered, folder: Path) -> list[SourceEntry]:
    """All layers in one GeoPackage."""
    rows = [*gathered.rows, *(_rows(layer, gathered.place) for layer in gathered.layers)]
    if not rows:
        return []
    gpkg_write.write(rows, folder / LAYERS, gathered.place.crs, day=gathered.day)
    titles = {layer.id: layer.title for layer in gathered.layers}
    owners = {layer.id: layer.source for layer in gathered.layers}
    found = []
    plain = 0
    ranked = sorted(rows, key=lambda row: _look(row, titles, 0).style.order)
    for row in ranked:
        if row.name == UNDERGROUND:
            continue
        look = _look(row, titles, plain)
        plain += row.name not in area_looks.LOOKS
        owner = owners.get(row.name) or gathered.credits.get(row.name, "")
        found.append(
            SourceEntry(
                id=row.name,
                path=f"{folder.name}/{LAYERS}",
                kind="vector",
                layer=row.name,
                title=look.title,
                role=look.role,
                style=look.style,
                attribution=owner,
            )
        )
    return found


def _look(layer: LayerRows, titles: Mapping[str, str], number: int) -> area_looks.Look:
    known = area_looks.LOOKS.get(layer.name)
    wide = all("Polygon" in shape.geom_type for _, shape, _ in layer.rows)
    colours, order = (PALE, PALE_ORDER) if wide else (PLAIN, PLAIN_ORDER)
    style = Style(colour=colours[number % len(colours)], order=order)
    return known or area_looks.Look(titles.get(layer.name, layer.name), "", style)


def _rows(layer: Layer, place: Place) -> LayerRows:
    """A layer in local metres on its way into a file."""
    national = shapely.transform(layer.geometry, lambda xy: xy + np.array(place.origin[:2]))
    kinds = {shape.geom_type for shape in national}
    shape = kinds.pop() if len(kinds) == 1 else "Unknown"
    names = [name for name in layer.table.columns if name not in ("id", "fid")]
    rows = []
    for number, geometry in enumerate(national):
        values = layer.table.row(number)
        attributes = {name: _plain(values.get(name)) for name in names}
        rows.append((str(values["id"]), geometry, attributes))
    return LayerRows(layer.id, shape, rows)


def _plain(value: object) -> str | float | int | None:
    if isinstance(value, bool):
        return int(value)
    return value if isinstance(value, str | float | int) else None


def _raster(
    paths: tuple[Path, ...],
    folder: Path,
    gathered: Gathered,
    bounds: tuple[float, ...],
    taken: list[str],
    executor: Executor | None,
) -> SourceEntry:
    path = paths[0]
    stem = re.sub(r"[^\w.-]+", "-", path.name.split(".")[0]).strip("-").lower() or "raster"
    while stem in taken:
        stem += "-2"
    west, south, east, north = bounds
    box = (west, south, east, north)
    if not raster_clip.clip(paths, folder / f"{stem}.tif", gathered.place, box, executor):
        gathered.notes[f"{path.name}: has no value in the area"] += 1
    terrain = paths == gathered.wanted.dem
    return SourceEntry(
        id="terrain" if terrain else stem,
        path=f"{folder.name}/{stem}.tif",
        kind="terrain" if terrain else "raster",
        title="Terrain" if terrain else path.stem.replace("_", " "),
        attribution=" · ".join(dict.fromkeys(credit(each, gathered.wanted.credits) for each in paths)),
    )


def _home(middle: NDArray[np.float64], radius: float) -> Camera:
    x, y = (float(v) for v in middle)
    return Camera(
        position=(round(x - 0.75 * radius, 1), round(y - 1.15 * radius, 1), round(0.85 * radius, 1)),
        target=(round(x, 1), round(y - 0.08 * radius, 1), 5.0),
    )


def _top(middle: NDArray[np.float64], radius: float) -> Bookmark:
    x, y = (round(float(v), 1) for v in middle)
    above = Camera(position=(x, round(y - 0.005 * radius, 1), round(3.2 * radius, 1)), target=(x, y, 0.0))
    return Bookmark(id="top", title="From above", camera=above)
