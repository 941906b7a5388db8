"""Fetches features from services: OGC API Features, WFS 1.1 and 2.0; page by page, cut to a box."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

import msgspec

from twin.feeds import gml_features, ows
from twin.feeds.net import Net, NetError, same_host

Box = tuple[float, float, float, float]
"""West, south, east, north. [deg]"""
PAGE = 1000
"""Features of one answer."""
MOST = 200_000
"""Features of all answers."""
PAGES = 400
JSON = ("application/json", "application/geo+json", "geojson", "json", "application/vnd.geo+json")
"""What WFS servers call GeoJSON, in lower case."""
DEGREES = "urn:ogc:def:crs:EPSG::4326"


@dataclass(frozen=True, eq=False, slots=True)
class Fetched:
    """Features of one layer in longitude and latitude."""

    name: str
    title: str
    features: tuple[Mapping[str, Any], ...]
    """GeoJSON."""
    owner: str
    """Of the service and its terms, as far as it says so."""
    notices: tuple[str, ...] = ()


Progress = Callable[[int], None]


def oapif(net: Net, url: str, layer: str, box: Box, progress: Progress = lambda _count: None) -> Fetched:
    """Features of a collection (OGC API Features, part 1). Raises NetError and Cancelled."""
    base = url.rstrip("/")
    held = net.json(f"{base}/collections", {"f": "json"})
    listed = held.get("collections", []) if isinstance(held, dict) else []
    offered = {
        str(c["id"]): ows.Offered(str(c["id"]), str(c.get("title") or c["id"]))
        for c in listed
        if isinstance(c, dict) and "id" in c
    }
    chosen = ows.need(offered, layer, url)
    query = {"f": "json", "limit": str(PAGE), "bbox": ",".join(f"{n:.7f}" for n in box)}
    address: str | None = f"{base}/collections/{chosen.name}/items?{urlencode(query)}"
    found: list[Mapping[str, Any]] = []
    notices: list[str] = []
    seen: set[str] = set()
    while address and address not in seen and len(seen) < PAGES:
        seen.add(address)
        page = net.json(address, size=64 * 2**20)
        found += _features(page, address)
        progress(len(found))
        address = _next(page, address)
        if address and (not same_host(address, url) or len(found) >= MOST):
            notices.append("The service has more features; these are the first.")
            break
    owner = ""
    if isinstance(held, dict):
        owner = next((str(c.get("attribution")) for c in listed if c.get("attribution")), "")
    return Fetched(chosen.name, chosen.title, tuple(found[:MOST]), owner, tuple(notices))


def wfs(net: Net, url: str, layer: str, box: Box, progress: Progress = lambda _count: None) -> Fetched:
    """Features of a type, by WFS 2.0 or 1.1, as GeoJSON where the server writes it, else as GML.

    Axes that come the wrong way round are found by the box, and turned. Raises NetError and Cancelled.
    """
    root = ows.tree(net.get(service(url), query_of(url, {"service": "WFS", "request": "GetCapabilities"})))
    version = "1.1.0" if (root.get("version") or "2.0.0").startswith("1") else "2.0.0"
    offered = {}
    for kind in ows.every(root, "FeatureType"):
        name = ows.word(kind, "Name")
        offered[name] = ows.Offered(name, ows.word(kind, "Title") or name, formats=_formats(root, kind))
    chosen = ows.need(offered, layer, url)
    json = next((f for f in chosen.formats if f.partition(";")[0].strip().lower() in JSON), "")
    two = version == "2.0.0"
    query = {
        "service": "WFS",
        "version": version,
        "request": "GetFeature",
        "typeNames" if two else "typeName": chosen.name,
        "srsName": DEGREES,
        # by definition of EPSG:4326 latitude comes first
        "bbox": f"{box[1]:.7f},{box[0]:.7f},{box[3]:.7f},{box[2]:.7f},{DEGREES}",
        **({"outputFormat": json} if json else {}),
    }
    found: list[Mapping[str, Any]] = []
    notices: list[str] = []
    keys: set[bytes] = set()
    for number in range(PAGES):
        paging = {"startIndex": str(number * PAGE), "count": str(PAGE)} if two else {"maxFeatures": str(MOST)}
        answer = net.get(service(url), query_of(url, {**query, **paging}), size=64 * 2**20)
        if json and not answer.body.lstrip().startswith(b"<"):
            page = list(_features(answer.json(), answer.url))
        else:
            page = list(gml_features.features(ows.tree(answer)))
        fresh = [feature for feature in page if _is_new(feature, keys)]
        found += fresh
        progress(len(found))
        if not two or len(page) < PAGE or not fresh:
            break
        if len(found) >= MOST:
            notices.append("The service has more features; these are the first.")
            break
    turned = _in_order(found, box)
    if turned is not found:
        notices.append("Its axes came as latitude, longitude; they were turned.")
    return Fetched(chosen.name, chosen.title, tuple(turned), ows.owner(root), tuple(notices))


def service(url: str) -> str:
    """The address without query and fragment."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))


def query_of(url: str, wanted: Mapping[str, str]) -> dict[str, str]:
    """What the address itself asks for (as MapServer's `map`), and what is wanted."""
    own = {k: v for k, v in parse_qsl(urlsplit(url).query) if k.lower() not in _OURS}
    return {**own, **wanted}


_OURS = ("service", "request", "version")


def _formats(root: Any, kind: Any) -> tuple[str, ...]:
    own = [ows.word(e) for e in ows.every(kind, "Format")]
    for operation in ows.every(root, "Operation"):
        if operation.get("name") == "GetFeature":
            for parameter in ows.every(operation, "Parameter"):
                if parameter.get("name") == "outputFormat":
                    own += [ows.word(e) for e in ows.every(parameter, "Value")]
    return tuple(dict.fromkeys(own))


def _features(page: Any, url: str) -> list[Mapping[str, Any]]:
    found = page.get("features") if isinstance(page, dict) else None
    if not isinstance(found, list):
        raise NetError(url, "the answer holds no features", "Check that the address is the service's.")
    return [feature for feature in found if isinstance(feature, dict)]


def _next(page: Any, address: str) -> str | None:
    for link in page.get("links", []):
        if isinstance(link, dict) and link.get("rel") == "next" and isinstance(link.get("href"), str):
            return str(urljoin(address, link["href"]))
    return None


def _is_new(feature: Mapping[str, Any], keys: set[bytes]) -> bool:
    """Whether it did not come before: some servers do not know paging and send the same again."""
    key = msgspec.json.encode(feature.get("id") or [feature.get("properties"), feature.get("geometry")])
    if key in keys:
        return False
    keys.add(key)
    return True


def _in_order(found: list[Mapping[str, Any]], box: Box) -> list[Mapping[str, Any]]:
    """The features with longitude first, as most of them lie in the box only so."""
    places = [place for feature in found[:500] for place in gml_features.positions(feature.get("geometry"))]
    if not places:
        return found
    wide, high = box[2] - box[0], box[3] - box[1]
    west, south, east, north = box[0] - wide, box[1] - high, box[2] + wide, box[3] + high
    right = sum(west <= x <= east and south <= y <= north for x, y in places)
    wrong = sum(west <= y <= east and south <= x <= north for x, y in places)
    return [gml_features.swapped(dict(feature)) for feature in found] if wrong > right else found
