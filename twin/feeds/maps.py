"""Fetches pictures of maps from services: WMS 1.3, WMTS and tiles (XYZ, TMS), cut to a box."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from pyproj import CRS
from pyproj.exceptions import CRSError

from twin.feeds import ows
from twin.feeds.features import query_of, service
from twin.feeds.net import Net, NetError, same_host, shown

Bounds = tuple[float, float, float, float]
"""West, south, east, north, in the CRS of the picture. [m]"""
MERCATOR = "EPSG:3857"
HALF = math.pi * 6_378_137.0
"""Half the side of the square of Web Mercator. [m]"""
TILE = 256
LARGEST = 4096
"""Side of a picture. [px]"""
MOST_TILES = 400
PIXEL = 0.00028
"""Of a rendered picture, by which WMTS defines scales (OGC 07-057r7, 6.1). [m]"""
PICTURES = ("image/png", "image/jpeg")


@dataclass(frozen=True, eq=False, slots=True)
class Tile:
    """One picture, and where it lies."""

    content: bytes
    bounds: Bounds


@dataclass(frozen=True, eq=False, slots=True)
class FetchedMap:
    """Pictures beside each other."""

    name: str
    title: str
    crs: str
    tiles: tuple[Tile, ...]
    owner: str = ""
    missing: int = 0
    """Tiles that the service does not have."""


Progress = Callable[[float], None]


def wms(
    net: Net,
    url: str,
    layer: str,
    bounds: Bounds,
    crs: str,
    *,
    width: int = 2048,
    style: str = "",
    progress: Progress = lambda _share: None,
) -> FetchedMap:
    """One picture by WMS 1.3 in a CRS (`EPSG:code`) the service knows. Raises NetError and Cancelled."""
    root = ows.tree(
        net.get(
            service(url), query_of(url, {"service": "WMS", "version": "1.3.0", "request": "GetCapabilities"})
        )
    )
    offered: dict[str, ows.Offered] = {}
    top = ows.child(root, "Capability", "Layer")
    if top is not None:
        _layers(top, (), offered)
    chosen = ows.need(offered, layer, url)
    if chosen.crs and crs.upper() not in {text.upper() for text in chosen.crs}:
        known = ", ".join(list(chosen.crs)[:8])
        raise NetError(url, f"does not draw {chosen.name} in {crs}", f"It knows {known}.")
    get_map = next((e for e in ows.every(root, "GetMap")), None)
    kinds = [ows.word(e) for e in ows.every(get_map, "Format")] if get_map is not None else []
    kind = next((k for k in PICTURES if k in kinds), PICTURES[0])
    west, south, east, north = bounds
    columns = min(max(width, 16), LARGEST)
    pixel = (east - west) / columns
    rows = min(max(round((north - south) / pixel), 16), LARGEST)
    box = (south, west, north, east) if _north_first(crs) else bounds
    query = {
        "service": "WMS",
        "version": "1.3.0",
        "request": "GetMap",
        "layers": chosen.name,
        "styles": style,
        "crs": crs,
        "bbox": ",".join(f"{n:.3f}" for n in box),
        "width": str(columns),
        "height": str(rows),
        "format": kind,
        "transparent": "TRUE" if kind == "image/png" else "FALSE",
    }
    answer = net.get(service(url), query_of(url, query), size=64 * 2**20)
    if answer.content_type not in PICTURES:
        ows.tree(answer)  # raises with what the service says
        raise NetError(
            url, f"sends {answer.content_type or 'something'}, no picture", "Choose another layer."
        )
    progress(1.0)
    return FetchedMap(chosen.name, chosen.title, crs, (Tile(answer.body, bounds),), ows.owner(root))


def xyz(
    net: Net,
    template: str,
    bounds: Bounds,
    *,
    zoom: int,
    tms: bool = False,
    progress: Progress = lambda _s: None,
) -> FetchedMap:
    """Tiles of Web Mercator by an address with {z}, {x} and {y}.

    With {-y} or `tms` rows count from the south. bounds: in EPSG:3857. [m] Raises NetError and Cancelled.
    """
    missing = [part for part in ("{z}", "{x}") if part not in template]
    if missing or ("{y}" not in template and "{-y}" not in template):
        raise NetError(template, "is no address of tiles", "It needs {z}, {x} and {y}.")
    if not 0 <= zoom <= 22:
        raise NetError(template, f"has no zoom {zoom}", "Choose one from 0 to 22.")
    side = 2 * HALF / 2**zoom
    count = 2**zoom

    def address(column: int, row: int) -> str:
        south = count - 1 - row
        y = south if tms else row
        filled = template.replace("{z}", str(zoom)).replace("{x}", str(column))
        return filled.replace("{-y}", str(south)).replace("{y}", str(y))

    tiles, gone = _tiles(net, address, (-HALF, HALF), side, (count, count), bounds, progress)
    return FetchedMap("tiles", "Tiles", MERCATOR, tiles, missing=gone)


def wmts(
    net: Net,
    url: str,
    layer: str,
    bounds_in: Callable[[str], Bounds],
    *,
    pixel: float = 0.5,
    crs: str = "",
    progress: Progress = lambda _share: None,
) -> FetchedMap:
    """Tiles of a layer by WMTS 1.0, in the set of tiles of that CRS, else in one in metres.

    bounds_in: gives the wanted bounds in a CRS. pixel: not finer than this. [m]
    Raises NetError and Cancelled.
    """
    query = {"service": "WMTS", "version": "1.0.0", "request": "GetCapabilities"}
    answer = net.get(url, None if url.lower().endswith(".xml") else query_of(url, query))
    root = ows.tree(answer)
    content = ows.child(root, "Contents")
    content = () if content is None else content
    layers = {ows.word(e, "Identifier"): e for e in content if ows.local(e) == "Layer"}
    offered = {name: ows.Offered(name, ows.word(e, "Title") or name) for name, e in layers.items()}
    chosen = ows.need(offered, layer, url)
    element = layers[chosen.name]
    linked = [ows.word(e, "TileMatrixSet") for e in ows.every(element, "TileMatrixSetLink")]
    sets = {ows.word(e, "Identifier"): e for e in content if ows.local(e) == "TileMatrixSet"}
    usable = [(name, _epsg(ows.word(sets[name], "SupportedCRS"))) for name in linked if name in sets]
    usable = [(name, code) for name, code in usable if code and _is_projected(code)]
    best = next((pair for pair in usable if pair[1] == crs), None) or next(iter(usable), None)
    if best is None:
        raise NetError(url, f"has no tiles of {chosen.name} in metres", "Use its WMS.")
    name, code = best
    try:
        matrix = _matrix(sets[name], pixel)
        resolution = float(ows.word(matrix, "ScaleDenominator")) * PIXEL
        side = resolution * int(ows.word(matrix, "TileWidth") or TILE)
        count = int(ows.word(matrix, "MatrixWidth")), int(ows.word(matrix, "MatrixHeight"))
        x, y = (float(n) for n in ows.word(matrix, "TopLeftCorner").split())
        if not (0 < side < math.inf and min(count) > 0 and math.isfinite(x + y)):
            raise ValueError(f"tiles of {side:g} m")
    except (ValueError, IndexError) as error:
        raise NetError(url, f"says of its tiles {name} what cannot be: {error}", "Use its WMS.") from error
    corner = (y, x) if _north_first(code) else (x, y)
    resource = next((e for e in ows.every(element, "ResourceURL") if e.get("resourceType") == "tile"), None)
    kinds = [ows.word(e) for e in element if ows.local(e) == "Format"]
    kind = next((k for k in PICTURES if k in kinds), PICTURES[0])
    style = next((ows.word(e, "Identifier") for e in ows.every(element, "Style")), "default")
    level = ows.word(matrix, "Identifier")

    def address(column: int, row: int) -> str:
        if resource is not None:
            values = {
                "Style": style,
                "TileMatrixSet": name,
                "TileMatrix": level,
                "TileRow": row,
                "TileCol": column,
            }
            filled = str(resource.get("template"))
            for key, value in values.items():
                filled = filled.replace(f"{{{key}}}", str(value)).replace(f"{{{key.lower()}}}", str(value))
            if not same_host(filled, url):
                raise NetError(url, f"sends us on to {shown(filled)}", "Use that address if you trust it.")
            return filled
        asked = {
            **{
                "service": "WMTS",
                "version": "1.0.0",
                "request": "GetTile",
                "layer": chosen.name,
                "style": style,
            },
            **{"tilematrixset": name, "tilematrix": level, "tilerow": str(row), "tilecol": str(column)},
            "format": kind,
        }
        return f"{service(url)}?{urlencode(query_of(url, asked))}"

    tiles, gone = _tiles(net, address, corner, side, count, bounds_in(code), progress)
    return FetchedMap(chosen.name, chosen.title, code, tiles, ows.owner(root), gone)


def _tiles(
    net: Net,
    address: Callable[[int, int], str],
    corner: tuple[float, float],
    side: float,
    count: tuple[int, int],
    bounds: Bounds,
    progress: Progress,
) -> tuple[tuple[Tile, ...], int]:
    """The tiles over `bounds`, and how many the service does not have. corner: north-west, of the first."""
    first = max(0, math.floor((bounds[0] - corner[0]) / side))
    last = min(count[0] - 1, math.floor((bounds[2] - corner[0]) / side))
    top = max(0, math.floor((corner[1] - bounds[3]) / side))
    bottom = min(count[1] - 1, math.floor((corner[1] - bounds[1]) / side))
    number = max(0, last - first + 1) * max(0, bottom - top + 1)
    if not number:
        raise NetError(address(0, 0), "has no tile in the area", "Check the address.")
    if number > MOST_TILES:
        problem = f"would be asked for {number} tiles"
        raise NetError(
            address(first, top), problem, f"At most {MOST_TILES} are fetched: choose a smaller zoom."
        )
    wanted = [(c, r) for r in range(top, bottom + 1) for c in range(first, last + 1)]
    found, missing = [], 0
    for number, (column, row) in enumerate(wanted):
        try:
            content = net.get(address(column, row), size=4 * 2**20).body
        except NetError as error:
            if error.status not in (204, 404):
                raise
            missing += 1
            continue
        west, north = corner[0] + column * side, corner[1] - row * side
        found.append(Tile(content, (west, north - side, west + side, north)))
        progress((number + 1) / len(wanted))
    if not found:
        raise NetError(address(*wanted[0]), "has no tile in the area", "Check address and zoom.")
    return tuple(found), missing


def _matrix(tile_set: Any, pixel: float) -> Any:
    """The coarsest level whose pixels are as fine as wanted, else the finest."""
    levels = [e for e in tile_set if ows.local(e) == "TileMatrix"]
    levels.sort(key=lambda e: -float(ows.word(e, "ScaleDenominator")))
    fine = (e for e in levels if float(ows.word(e, "ScaleDenominator")) * PIXEL <= pixel * 1.01)
    return next(fine, levels[-1])


def _layers(element: Any, inherited: tuple[str, ...], found: dict[str, ows.Offered]) -> None:
    own = tuple(ows.word(e) for e in element if ows.local(e) == "CRS")
    known = tuple(dict.fromkeys([*inherited, *own]))
    name = ows.word(element, "Name")
    if name:
        found[name] = ows.Offered(name, ows.word(element, "Title") or name, known)
    for layer in element:
        if ows.local(layer) == "Layer":
            _layers(layer, known, found)


def _epsg(text: str) -> str:
    code = text.rpartition(":")[2]
    return {"900913": MERCATOR}.get(code, f"EPSG:{code}") if code.isdigit() else ""


def _is_projected(code: str) -> bool:
    try:
        return bool(CRS(code).is_projected)
    except CRSError:
        return False


def _north_first(crs: str) -> bool:
    return CRS(crs).axis_info[0].direction.lower() == "north"
