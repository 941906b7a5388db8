"""Makes a station area out of open data: gathers what the files hold, and writes it as a project."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from twin.analysis import area_parts, osm_buildings, osm_layers, osm_solids
from twin.app import area_cities
from twin.errors import DataError, TwinError
from twin.formats import area_sources, area_write, geotiff, gtfs, las, osm, raster_clip, terrain, vector
from twin.formats.area_crs import circle, place_for
from twin.formats.crs_area import from_degrees
from twin.formats.georeference import ground_level
from twin.formats.sources import kind_of
from twin.model import city as cities
from twin.model.osm import ATTRIBUTION, Extract, Feature, LayerRows
from twin.model.project import owners
from twin.model.station_area import Gathered, Wanted

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from numpy.typing import NDArray

    from twin.model.city import City
    from twin.model.layer import Layer
    from twin.model.place import Place
    from twin.model.station_area import Area

Progress = Callable[[float, str], None]
"""Called with a share (0-1) and what is being done; may raise to give up."""
AROUND = 400.0
"""What lies so far around the area is looked at, for buildings that reach into it. [m]"""
HEIGHT = "height: "
"""How notes begin that say where the height of a solid is from."""


def quiet(_share: float, _doing: str) -> None:
    """Progress that nobody follows."""


def make(
    wanted: Wanted,
    out: Path,
    *,
    overwrite: bool = False,
    progress: Progress = quiet,
    executor: Executor | None = None,
) -> Gathered:
    """Gather and write; what was gathered. Raises TwinError and DataError.

    executor: reads city models and tiles of rasters; None: here, one after the other.
    """
    area_write.check(out, replace=overwrite)
    gathered = gather(wanted, lambda share, doing: progress(0.8 * share, doing), executor)
    area_write.write(
        gathered,
        out,
        replace=overwrite,
        progress=lambda share: progress(0.8 + 0.2 * share, "files"),
        executor=executor,
    )
    return gathered


def gather(wanted: Wanted, progress: Progress = quiet, executor: Executor | None = None) -> Gathered:
    """Everything the files hold of the area, clipped, in one CRS. Raises TwinError and DataError."""
    begun = time.perf_counter()
    if not area_write.files_of(wanted):
        raise TwinError("Nothing to make an area of. Give at least one file, as --osm FILE.osm.pbf.")
    place, why = place_for(wanted.latitude, wanted.longitude, wanted.crs)
    area = circle(place, wanted.latitude, wanted.longitude, wanted.radius)
    notes: Counter[str] = Counter()
    makers: dict[str, str] = {}
    progress(0.0, "city model")
    place = _levelled(wanted, place, area, progress, executor)
    progress(0.0, "map")
    extract = _extract(wanted, place, area, notes, progress)
    if wanted.osm is not None:
        makers["osm"] = ATTRIBUTION
    extract, layers = _vectors(wanted, place, extract, makers, notes)
    progress(0.4, "buildings")
    models, footprints = _buildings(wanted, place, area, notes, progress, executor)
    for path in wanted.buildings:
        makers[area_sources.stem_of(path)] = area_write.credit(path, wanted.credits)
    extract = area_parts.with_buildings(extract, models, footprints, place, notes)
    extract = _measured(wanted, place, extract, notes)
    progress(0.6, "buildings")
    things = osm_solids.things(extract, notes)
    made = osm_buildings.city(things, place, notes)
    said = [name for name in notes if name.startswith(HEIGHT)]
    heights = Counter({name.removeprefix(HEIGHT): notes.pop(name) for name in said})
    city = made
    if len(models.object_id):
        heights["city model"] += int((models.object_parent < 0).sum())
        city = cities.concatenate(models, made)
    progress(0.75, "layers")
    rows = osm_layers.layers(extract, things, notes)
    day, on = extract.newest[:10], ""
    if wanted.gtfs is not None:
        progress(0.85, "timetable")
        rows, on, publisher = _timetable(wanted, wanted.gtfs, area, place, rows, notes, progress)
        owner = wanted.credits.get(wanted.gtfs.name, "")
        makers["gtfs"] = owner or f"{publisher or wanted.gtfs.name} (GTFS): licence not stated"
        day = max(day, on)
    progress(1.0, "done")
    return Gathered(
        wanted=wanted,
        place=place,
        area=extract.area,
        city=city,
        rows=rows,
        layers=layers,
        chosen_by=why,
        height_sources=dict(heights),
        departures_on=on,
        day=day or "1970-01-01",
        credits=_credits(wanted, makers, made, models, rows),
        notes=notes,
        seconds=time.perf_counter() - begun,
    )


def _credits(
    wanted: Wanted, makers: Mapping[str, str], made: City, models: City, rows: Sequence[LayerRows]
) -> dict[str, str]:
    """Who made the buildings and what is in each layer. makers: by how the ids of what they made begin."""
    told = {row.name: _makers_of(makers, (id for id, _, _ in row.rows)) for row in rows}
    of_models = [area_write.credit(path, wanted.credits) for path in _models(wanted)]
    found = owners(
        [*_makers_of(makers, map(str, made.object_id)), *(of_models if len(models.object_id) else [])]
    )
    return {name: " · ".join(names) for name, names in {"buildings": found, **told}.items() if names}


def _makers_of(makers: Mapping[str, str], ids: Iterable[str]) -> tuple[str, ...]:
    begun = {id.partition("-")[0] for id in ids}
    return owners(owner for stem, owner in makers.items() if stem in begun)


def _extract(wanted: Wanted, place: Place, area: Area, notes: Counter[str], progress: Progress) -> Extract:
    if wanted.osm is None:
        return area_parts.nothing(area, AROUND)
    _check_order(wanted, wanted.osm)
    found = osm.read(
        wanted.osm,
        place.crs,
        area,
        around=AROUND,
        progress=lambda share: progress(0.3 * share, "map"),
    )
    if found.area.area < 0.99 * area.area:
        share = 1 - found.area.area / area.area
        notes[f"{wanted.osm.name} does not reach over {share:.0%} of the area"] += 1
    notes.update(found.notes)
    return found


def _check_order(wanted: Wanted, path: Path) -> None:
    """Raises TwinError where the extract holds the centre only with latitude and longitude swapped."""
    held = osm.held_by(path)
    if held is None:
        return
    west, south, east, north = held
    inside = west <= wanted.longitude <= east and south <= wanted.latitude <= north
    swapped = west <= wanted.latitude <= east and south <= wanted.longitude <= north
    if swapped and not inside:
        raise TwinError(
            f"{path.name} holds the centre only with its axes swapped. Latitude comes first: "
            f"{wanted.longitude:g},{wanted.latitude:g}."
        )


def _vectors(
    wanted: Wanted, place: Place, extract: Extract, makers: dict[str, str], notes: Counter[str]
) -> tuple[Extract, list[Layer]]:
    """The extract with what speaks its language, and all other layers, clipped."""
    layers: list[Layer] = []
    for path in wanted.lamps:
        extract = area_parts.joined(extract, area_sources.lamps(path, place, notes))
        makers["lamp"] = " · ".join(owners([makers.get("lamp", ""), area_write.credit(path, wanted.credits)]))
    for path in wanted.vectors:
        told: Counter[str] = Counter()
        found = area_sources.features(path, place, told)
        owner = area_write.credit(path, wanted.credits)
        if area_sources.speaks_osm(found):
            extract = area_parts.joined(extract, found)
            notes.update(told)
            makers[area_sources.stem_of(path)] = owner
            continue
        names = vector.names_of(path)
        for name in names:
            layer = area_parts.part(area_sources.read(path, name, place, notes), extract.area, place)
            if not len(layer.geometry):
                notes[f"{path.name}: layers without anything in the area"] += 1
                continue
            own = f"{layer.id}-{name}" if len(names) > 1 else layer.id
            layers.append(replace(layer, id=own, source=owner))
    return extract, layers


def _levelled(
    wanted: Wanted, place: Place, area: Area, progress: Progress, executor: Executor | None
) -> Place:
    """The place with its origin on the ground: that of the terrain, else that of the city models."""
    if wanted.dem:
        return _on_terrain(wanted, place, area)
    found = []
    models = _models(wanted)
    for part in area_cities.parts(models, place, area, lambda _share: progress(0.0, "city model"), executor):
        found.append(part.city.vertices[:, 2])
    heights = np.concatenate(found) if found else np.zeros(0)
    if not len(heights):
        return place
    return replace(place, origin=(*place.origin[:2], ground_level(heights)), height_system="")


def _on_terrain(wanted: Wanted, place: Place, area: Area) -> Place:
    """The place with its origin at the foot of the terrain, and in the heights of its file."""
    west, south, east, north = area.bounds
    x, y = place.origin[:2]
    bounds = (west - x, south - y, east - x, north - y)
    found, datum = [], ""
    for path in raster_clip.files_of(wanted.dem):
        if raster_clip.reaches(path, place, bounds):
            ground, _ = terrain.read_terrain(path, id="", title="", place=place, bounds=bounds)
            found.append(ground.heights.values.ravel().astype(np.float64))
            datum = datum or ground.datum
    if not found:
        raise DataError(wanted.dem[0], "", "does not overlap the area", "Choose one that covers it.")
    return replace(place, origin=(x, y, ground_level(np.concatenate(found))), height_system=datum)


def _buildings(
    wanted: Wanted,
    place: Place,
    area: Area,
    notes: Counter[str],
    progress: Progress,
    executor: Executor | None,
) -> tuple[City, list[Feature]]:
    """What city models hold of the area, and footprints."""
    city = cities.empty(place)
    footprints: list[Feature] = []
    for path in wanted.buildings:
        kind = kind_of(path)
        if kind == "vector":
            footprints += area_sources.features(path, place, notes, footprints=True)
            continue
        if kind != "city":
            raise DataError(path, "", "holds no buildings", "Give a city model or footprints.")

    def tell(share: float) -> None:
        progress(0.4 + 0.2 * share, "buildings")

    for part in area_cities.parts(_models(wanted), place, area, tell, executor):
        notes.update(part.notes)
        if len(part.city.object_id):
            city = cities.concatenate(city, part.city) if len(city.object_id) else part.city
    return city, footprints


def _models(wanted: Wanted) -> list[Path]:
    return [path for path in wanted.buildings if kind_of(path) == "city"]


def _measured(wanted: Wanted, place: Place, extract: Extract, notes: Counter[str]) -> Extract:
    if wanted.ndsm is None and wanted.points is None:
        return extract
    grid = cloud = None
    if wanted.ndsm is not None:
        west, south, east, north = extract.area.buffer(AROUND).bounds
        x, y = place.origin[:2]
        bounds = (west - x, south - y, east - x, north - y)
        grid, told = geotiff.read_raster(
            wanted.ndsm, id="ndsm", title=wanted.ndsm.name, place=place, bounds=bounds
        )
        notes.update(told)
    if wanted.points is not None:
        cloud, _, _ = las.read(wanted.points, id="points", title=wanted.points.name, place=place)
    return area_parts.with_heights(extract, place, grid, cloud)


def _timetable(
    wanted: Wanted,
    path: Path,
    area: Area,
    place: Place,
    rows: list[LayerRows],
    notes: Counter[str],
    progress: Progress,
) -> tuple[list[LayerRows], str, str]:
    """The layers with the stops of a timetable, the day, and who publishes it."""
    there = from_degrees(place.crs)

    def near(lonlat: NDArray[np.float64]) -> NDArray[np.bool_]:
        return area_parts.contains(area, *there.transform(lonlat[:, 0], lonlat[:, 1]))

    found = gtfs.read(
        path,
        weekday=wanted.weekday,
        near=near,
        progress=lambda share: progress(0.85 + 0.1 * share, "timetable"),
    )
    for reason, count in found.bad.items():
        notes[f"{path.name}: rows left out, {reason}"] += count
    points = np.column_stack(there.transform(found.lonlat[:, 0], found.lonlat[:, 1]))
    return area_parts.with_stops(rows, found, points, notes), found.day.isoformat(), found.publisher
