"""Opens a station area: reads all sources of a project file, or makes a project of a single file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from types import MappingProxyType

import msgspec

from twin.errors import DataError
from twin.formats import (
    cache,
    edit_models,
    geotiff,
    heat_shelf,
    project_file,
    scenario_file,
    vector,
    vector_info,
)
from twin.formats.load_source import Loaded, Progress, read_source, tell
from twin.formats.project_file import ProjectFile, SourceEntry
from twin.formats.read import kind_of
from twin.formats.sources import id_for
from twin.formats.state_json import in_zone
from twin.model import city as city_model
from twin.model import lod as lods
from twin.model.appearance import Image
from twin.model.atlas import Atlas
from twin.model.layer import Style
from twin.model.place import Place
from twin.model.placement import NOWHERE, Placement
from twin.model.project import Project, Source
from twin.model.scenario import Scenario
from twin.model.state import Bookmark, State
from twin.model.weather import Weather

HASHED = 256 * 2**20
"""Larger sources are only compared by size when a project is opened; `twin check` hashes all. [byte]"""
FIRST_TIME = "2026-06-21T15:00"
"""Where neither project nor view says one: an afternoon near the longest day."""
COLOURS = ("#4c78a8", "#b279a2", "#54a24b", "#e45756", "#9d755d", "#72b7b2")
"""Of layers that are added, in turn."""
ADDED_ORDER = 25
"""Above the layers of a project, below what is draped over them."""


def quiet(_fraction: float) -> None:
    """Progress that nobody follows."""


def open_project(
    path: Path,
    *,
    progress: Progress = quiet,
    thorough: bool = False,
    crs: str = "",
    placement: Placement = NOWHERE,
    as_terrain: bool | None = None,
) -> Project:
    """The project of a file `*.twin.json`, or a project made of one city model, point cloud or vector file.

    A source that is missing or broken is left out and one that has changed is read; each has its `problem`,
    and a notice. `progress` is called with 0-1 and may raise to give up.
    thorough: compare the SHA-256 of large sources too.
    crs: `EPSG:code` for a single city model that does not say its own. placement: where such a model stands.
    as_terrain: whether a single raster is the ground; None: where its name says so.
    Raises DataError when the file itself cannot be used.
    """
    if not path.is_file():
        raise DataError(path, "", "is missing" if not path.exists() else "is no file", "Choose another file.")
    path = path.resolve()
    if is_project(path):
        project = _from_file(project_file.load(path), path, progress, thorough)
    else:
        project = _from_source(path, progress, crs, placement, as_terrain)
    return replace(project, read_images=_read_images, read_weather=_read_weather, shelf=heat_shelf.SHELF)


def open_scenarios(path: Path) -> tuple[tuple[Scenario, ...], tuple[str, ...]]:
    """The scenarios of a project file, its other sources unread, and what could not be used of them."""
    path = path.resolve()
    file = project_file.load(path)
    loaded = Loaded(file.place, city_model.empty(file.place))
    for number, entry in enumerate(file.content.sources):
        if entry.kind == "scenarios":
            _load(entry, f"sources[{number}]", path, loaded, quiet)
    scenarios = _ordered(_with_today(loaded.scenarios), file.content.scenario_order)
    return scenarios, _each_once(loaded.notices)


def first_state(project: Project) -> State:
    """Where work begins: the view saved in the project file, else its time and home view.

    Names in the saved view that are gone are left out; `open_project` has said so.
    """
    zone = project.place.zone
    content = project_file.load(project.path).content if project.path else None
    time = datetime.fromisoformat((content and content.time) or FIRST_TIME).replace(tzinfo=zone)
    fresh = State(project.scenarios[0].id, time)
    if content is None or content.view is None:
        return fresh
    view = in_zone(content.view, zone)
    if view.scenario not in {scenario.id for scenario in project.scenarios}:
        view = replace(view, scenario=fresh.scenario)
    return view


def add_source(
    project: Project,
    path: Path,
    *,
    progress: Progress = quiet,
    placement: Placement = NOWHERE,
    as_terrain: bool | None = None,
) -> Project:
    """The project with one more file: a city model, points, all layers of a vector file, a raster, scenarios.

    placement: where a model stands that does not say it itself. as_terrain: whether a raster, or lines and
    points with heights, are the ground; None: a raster is, where its name says so and there is none yet.
    Raises DataError when it cannot be read.
    """
    path = path.resolve()
    loaded = Loaded(project.place, project.whole or project.city)
    loaded.layers = {layer.id: layer for layer in project.layers}
    loaded.rasters = {raster.id: raster for raster in project.rasters}
    loaded.clouds = {cloud.id: cloud for cloud in project.clouds}
    loaded.terrain = project.terrain
    loaded.scenarios = {scenario.id: scenario for scenario in project.scenarios}
    loaded.reports = dict(project.reports)
    taken = [source.id for source in project.sources]
    sources = []
    for found in _entries(path, taken, project, as_terrain):
        entry = msgspec.structs.replace(found, placement=placement)
        read_source(entry, path, loaded, progress)
        if not entry.attribution and entry.id in loaded.rasters:  # it may say itself whose it is
            entry = msgspec.structs.replace(entry, attribution=loaded.rasters[entry.id].source)
        sources.append(_source(entry, path, loaded))
    city, whole = project.city, project.whole
    if loaded.city is not (whole or city):  # a city that got nothing new stays the same object
        city, whole = lods.split(loaded.city)
    return replace(
        project,
        city=city,
        whole=whole,
        layers=tuple(loaded.layers.values()),
        rasters=tuple(loaded.rasters.values()),
        clouds=tuple(loaded.clouds.values()),
        terrain=loaded.terrain,
        scenarios=_with_today(loaded.scenarios),
        sources=(*project.sources, *sources),
        notices=_each_once((*project.notices, *loaded.notices)),
        reports=MappingProxyType(loaded.reports),
    )


def _read_images(images: Sequence[Image], *, progress: Progress = quiet) -> Atlas:
    from twin.formats import texture

    return texture.read(images, progress=progress)


def _read_weather(name: str, beside: Path | None, place: Place, day: date) -> Weather:
    from twin.formats.weather_choice import chosen_weather

    return chosen_weather(name, beside, place, day)


def _from_file(file: ProjectFile, path: Path, progress: Progress, thorough: bool) -> Project:
    place = file.place
    loaded = Loaded(place, city_model.empty(place), notices=list(file.notices), thorough=thorough)
    entries = file.content.sources
    found: dict[str, Source] = {}
    # the city first, because rasters are cut to it
    order = sorted(range(len(entries)), key=lambda number: entries[number].kind != "city")
    for done, number in enumerate(order):
        progress(done / len(entries))
        entry = entries[number]
        share = _share(progress, done, len(entries))
        found[entry.id] = _load(entry, f"sources[{number}]", path, loaded, share)
    progress(1.0)
    home = (Bookmark("home", "Home", file.content.home),) if file.content.home else ()
    bookmarks = tuple(mark for mark in file.content.bookmarks if not (home and mark.id == "home"))
    scenarios = _ordered(_with_today(loaded.scenarios), file.content.scenario_order)
    view = file.content.view
    if view is not None and view.scenario not in {scenario.id for scenario in scenarios}:
        loaded.notices.append(f"The saved view shows the scenario {view.scenario!r}, which is not there.")
    city, whole = lods.split(loaded.city)
    project = Project(
        name=file.content.name,
        place=place,
        city=city,
        whole=whole,
        layers=tuple(loaded.layers[entry.id] for entry in entries if entry.id in loaded.layers),
        rasters=tuple(loaded.rasters[entry.id] for entry in entries if entry.id in loaded.rasters),
        clouds=tuple(loaded.clouds[entry.id] for entry in entries if entry.id in loaded.clouds),
        terrain=loaded.terrain,
        scenarios=scenarios,
        bookmarks=(*home, *bookmarks),
        sources=tuple(found[entry.id] for entry in entries),
        notices=_each_once(loaded.notices),
        path=path,
        read_only=file.read_only,
        reports=MappingProxyType(loaded.reports),
        feeds=file.content.feeds,
    )
    project, told = edit_models.with_models(project)
    return replace(project, notices=_each_once((*project.notices, *told)))


def _load(entry: SourceEntry, where: str, path: Path, loaded: Loaded, progress: Progress) -> Source:
    problem = ""
    found = path.parent / PurePosixPath(entry.path)
    try:
        found = project_file.source_path(path, entry.path, f"{where}.path")
        problem = _change(entry, found, loaded)
        problem = read_source(entry, found, loaded, progress) or problem
    except DataError as error:
        problem = str(error)
    except OSError as error:
        problem = f"{entry.path}: cannot be read: {error.strerror or error}."
    if problem:
        loaded.notices.append(problem)
    return Source(entry.id, found, entry.size, entry.sha256, entry.attribution, problem, entry.placement)


def _change(entry: SourceEntry, path: Path, loaded: Loaded) -> str:
    """What differs from when the source was added; empty when nothing does or nothing was recorded."""
    if not entry.sha256 or path.is_dir():
        return ""
    if path not in loaded.prints:
        size = path.stat().st_size
        small = size == entry.size and (loaded.thorough or size <= HASHED)
        loaded.prints[path] = project_file.fingerprint(path) if small else (size, entry.sha256)
    if loaded.prints[path] == (entry.size, entry.sha256):
        return ""
    return f"{entry.path} has changed since it was added to the project; it is shown as it is now."


def _source(entry: SourceEntry, path: Path, loaded: Loaded) -> Source:
    if path not in loaded.prints:
        loaded.prints[path] = project_file.fingerprint(path)
    return Source(entry.id, path, *loaded.prints[path], entry.attribution, placement=entry.placement)


def _from_source(
    path: Path, progress: Progress, crs: str, placement: Placement, as_terrain: bool | None
) -> Project:
    """A project of a single file, which says itself where it lies."""
    kind = kind_of(path)
    if kind == "city":
        city, report = cache.city(path, None, progress, crs=crs, placement=placement)
        entry = SourceEntry(id=id_for(path, None, ()), path=path.name, kind="city", placement=placement)
        loaded = Loaded(city.place, city)
        tell(entry, report, loaded)
        first, whole = lods.split(city)
        source = _source(entry, path, loaded)
        project = Project(path.stem, city.place, first, sources=(source,), whole=whole)
    elif kind == "points":
        from twin.formats import las

        entry = SourceEntry(id=id_for(path, None, ()), path=path.name, kind="points", placement=placement)
        cloud, place, report = las.read(
            path, id=entry.id, title=path.stem, crs=crs, placement=placement, progress=progress
        )
        loaded = Loaded(place, city_model.empty(place))
        tell(entry, report, loaded)
        source = _source(entry, path, loaded)
        project = Project(path.stem, place, loaded.city, sources=(source,), clouds=(cloud,))
    elif kind == "vector":
        place = vector_info.place_of(path)
        loaded = Loaded(place, city_model.empty(place))
        project = add_source(Project(path.stem, place, loaded.city), path, progress=progress)
    elif kind == "raster":
        from twin.formats import raster_place, terrain

        ground = terrain.looks_like_terrain(path) if as_terrain is None else as_terrain
        place = raster_place.place_of_terrain(path) if ground else raster_place.place_of(path)
        loaded = Loaded(place, city_model.empty(place))
        project = add_source(
            Project(path.stem, place, loaded.city), path, progress=progress, as_terrain=ground
        )
    else:
        raise DataError(path, "", "cannot be opened alone", "Open a project and add it there.")
    zone = f"{path.name} does not say its time zone: the clock shows {project.place.timezone}."
    return replace(
        project,
        scenarios=(scenario_file.TODAY,),
        notices=_each_once((*project.notices, *loaded.notices, zone)),
        reports=MappingProxyType({**project.reports, **loaded.reports}),
    )


def _is_ground(path: Path, kind: str, project: Project, wanted: bool | None) -> bool:
    """Whether a file becomes the ground of a project."""
    from twin.formats.terrain import looks_like_terrain

    if wanted is not None:
        return wanted
    return kind == "raster" and project.terrain is None and looks_like_terrain(path)


def _entries(
    path: Path, taken: list[str], project: Project, as_terrain: bool | None = None
) -> list[SourceEntry]:
    """What a file gives to a project: one source, or one for each layer."""
    kind = kind_of(path)
    if kind == "project":
        raise DataError(path, "", "is a project", "Open it by itself.")
    if _is_ground(path, kind, project, as_terrain):
        return [SourceEntry(id=id_for(path, None, taken), path=path.name, kind="terrain", title=path.stem)]
    variables = geotiff.variables_of(path) if kind == "raster" else ()
    if len(variables) > 1:
        ids = [id_for(path, name, taken) for name in variables]
        return [
            SourceEntry(id=id, path=path.name, kind="raster", layer=name, title=name)
            for id, name in zip(ids, variables, strict=True)
        ]
    if kind != "vector":
        return [SourceEntry(id=id_for(path, None, taken), path=path.name, kind=kind, title=path.stem)]
    names: tuple[str | None, ...] = vector.list_layers(path)
    if not names:
        raise DataError(path, "", "has no layer with geometry", "Choose another file.")
    several = len(names) > 1
    return [
        SourceEntry(
            id=id_for(path, name if several else None, taken),
            path=path.name,
            kind="vector",
            layer=(name or "") if several else "",
            title=name or "",
            style=Style(colour=COLOURS[(len(taken) + number) % len(COLOURS)], order=ADDED_ORDER),
        )
        for number, name in enumerate(names)
    ]


def _ordered(scenarios: tuple[Scenario, ...], order: tuple[str, ...]) -> tuple[Scenario, ...]:
    """As the project lists them; those that it does not name come after, as they are."""
    places = {name: place for place, name in enumerate(order)}
    return tuple(sorted(scenarios, key=lambda one: places.get(one.id, len(places))))


def _with_today(scenarios: dict[str, Scenario]) -> tuple[Scenario, ...]:
    today = scenarios.get(scenario_file.TODAY.id, scenario_file.TODAY)
    return (today, *(scenario for scenario in scenarios.values() if scenario.id != today.id))


def is_project(path: Path) -> bool:
    """Whether a file says it is a project file."""
    if path.name.lower().endswith(project_file.SUFFIX):
        return True
    if path.suffix.lower() != ".json":
        return False
    with path.open("rb") as file:
        return b'"twin-project"' in file.read(4096)


def _share(progress: Progress, done: int, total: int) -> Progress:
    return lambda fraction: progress((done + fraction) / total)


def _each_once(notices: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(notices))
