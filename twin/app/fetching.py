"""Fetches a layer from a service into a project, so that it opens without a network afterwards."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

from twin.errors import TwinError
from twin.feeds import features, fmi, fmi_day, maps
from twin.feeds.net import Net, shown
from twin.formats import fetched_files, project_file
from twin.formats.area_write import folder_of
from twin.formats.weather_choice import named, standard_offset
from twin.formats.weather_write import write_weather

KINDS = ("wfs", "oapif", "wms", "wmts", "xyz", "tms")
TILED = ("xyz", "tms")


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be fetched."""

    project: Path
    kind: str
    """One of KINDS."""
    url: str
    layer: str = ""
    radius: float = fetched_files.RADIUS
    """Around what the project looks at first. [m]"""
    width: int = 2048
    """Of a WMS picture. [px]"""
    zoom: int = 17
    """Of tiles."""
    credit: str = ""
    """Owner and licence; empty: what the service says of itself."""


def fetch(
    request: Request,
    *,
    progress: Callable[[float], None] = lambda _share: None,
    stop: threading.Event | None = None,
) -> tuple[str, str, tuple[str, ...]]:
    """Fetch, write and save; the id of the new source, how much it is, and what the user should know.

    Raises DataError, NetError and Cancelled; the project is as it was then.
    """
    if request.kind not in KINDS:
        raise TwinError(f"{request.kind!r} is no service. Choose one of {', '.join(KINDS)}.")
    if request.kind not in TILED and not request.layer:
        raise TwinError("The layer is missing. Say it with --layer.")
    file = project_file.load(request.project)
    bounds = fetched_files.wanted(file, request.radius)
    with Net(stop=stop) as net:
        if request.kind in ("wfs", "oapif"):
            ask = features.wfs if request.kind == "wfs" else features.oapif
            box = fetched_files.in_degrees(file.place, bounds)
            found = ask(net, request.url, request.layer, box, lambda count: progress(count / (count + 5000)))
            name = found.name.rpartition(":")[2]
            owner = request.credit or _owner(found.owner, request.url)
            entry = fetched_files.write_features(
                file, name, found.features, title=found.title, attribution=owner
            )
            count = len(found.features)
            return entry.id, "1 feature" if count == 1 else f"{count} features", found.notices
        drawn = _map(net, request, file, bounds, progress)
    owner = request.credit or _owner(drawn.owner, request.url)
    entry = fetched_files.write_map(
        file, drawn.name, drawn.tiles, drawn.crs, title=drawn.title, attribution=owner
    )
    notices = (f"{drawn.missing} tiles are not there.",) if drawn.missing else ()
    count = len(drawn.tiles)
    return entry.id, "1 picture" if count == 1 else f"{count} pictures", notices


def fetch_weather(
    project: Path, day: date, *, station: str = "", url: str = fmi.URL, stop: threading.Event | None = None
) -> tuple[str, str]:
    """Write the measured weather of a day beside the project; how a heat run names it, and who measured it.

    The day begins at midnight of the clock without summer time, as days of weather do.
    Raises DataError, NetError and Cancelled.
    """
    file = project_file.load(project)
    place = file.place
    offset = timedelta(hours=standard_offset(place, day))
    begin = datetime.combine(day, time(), timezone(offset))
    with Net(stop=stop) as net:
        found = fmi_day.fetch_day(net, begin, place.longitude, place.latitude, station=station, url=url)
    folder = folder_of(project)
    folder.mkdir(exist_ok=True)
    path = folder / f"weather-fmi-{day.isoformat()}.csv"
    write_weather(path, found.ends, found.columns, found.source)
    return named(path, project), found.source


def _map(
    net: Net,
    request: Request,
    file: project_file.ProjectFile,
    bounds: maps.Bounds,
    progress: Callable[[float], None],
) -> maps.FetchedMap:
    place, url, layer = file.place, request.url, request.layer
    if request.kind == "wms":
        return maps.wms(net, url, layer, bounds, place.crs, width=request.width, progress=progress)
    if request.kind == "wmts":
        pixel = 2 * request.radius / request.width

        def bounds_in(crs: str) -> maps.Bounds:
            return fetched_files.in_crs(place, bounds, crs)

        return maps.wmts(net, url, layer, bounds_in, pixel=pixel, crs=place.crs, progress=progress)
    box = fetched_files.in_crs(place, bounds, maps.MERCATOR)
    return maps.xyz(net, url, box, zoom=request.zoom, tms=request.kind == "tms", progress=progress)


def _owner(said: str, url: str) -> str:
    host = shown(url).partition("/")[0]
    return f"{said} ({host})" if said else f"{host}: licence not stated"
