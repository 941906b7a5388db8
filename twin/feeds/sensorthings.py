"""Reads OGC SensorThings 1.1 services: Things with their Datastreams, and Observations in pages."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urljoin, urlsplit, urlunsplit

from twin.feeds.intake import Reading, moment, stamp_of
from twin.feeds.net import Net, NetError
from twin.feeds.units import conversion
from twin.model.observed import DOMAINS, OBSERVED, UNKNOWN, observed_for
from twin.model.sensor import Datastream, Station

PAGES = 10_000
"""A service that has more than so many pages goes round in a circle."""
PAGE = 1000
"""Observations that we ask for at once; a service may give fewer."""
Area = tuple[float, float, float, float]
"""West, south, east, north. [deg]"""
_REFUSED = frozenset({400, 404, 500, 501})
"""What services answer to a question that is in the standard and not in them."""


class SensorThings:
    """One service. Remembers what it could not answer, so as not to ask it again.

    url: its root, as https://host/v1.1. feed: goes before every id.
    """

    def __init__(self, net: Net, url: str, feed: str) -> None:
        self._net, self.url, self._feed = net, url.rstrip("/"), feed
        self._keys: dict[str, str] = {}
        self._within = self._array = True
        self._order = "phenomenonTime"

    def datastreams(self, area: Area | None = None) -> list[Datastream]:
        """The Datastreams of all Things in the area; all of the service without one. Raises NetError.

        Things without a Location are left out where an area is asked for.
        """
        expand = "Locations,Datastreams($expand=ObservedProperty)"
        wanted = {"$expand": expand, "$top": "100"}
        if area is not None and self._within:
            west, south, east, north = area
            ring = f"{west} {south},{east} {south},{east} {north},{west} {north},{west} {south}"
            within = f"st_within(Locations/location,geography'POLYGON(({ring}))')"
            try:
                return self._things({**wanted, "$filter": within}, area)
            except NetError as error:
                if error.status not in _REFUSED:
                    raise
                self._within = False  # then we look ourselves
        return self._things(wanted, area)

    def observations(
        self, stream: str, since: float = -math.inf, until: float = math.inf
    ) -> Iterator[list[Reading]]:
        """Pages of readings of a Datastream with since < phenomenonTime <= until. Raises NetError.

        In order of time where the service can; see `orders`.
        """
        bounds = [
            *([f"phenomenonTime gt {stamp_of(since)}"] if math.isfinite(since) else []),
            *([f"phenomenonTime le {stamp_of(until)}"] if math.isfinite(until) else []),
        ]
        asked = {"$select": "phenomenonTime,resultTime,result", "$top": str(PAGE)}
        if bounds:
            asked["$filter"] = " and ".join(bounds)
        address = f"{self.url}/Datastreams({self.key(stream)})/Observations"
        first = self._first(address, asked)
        for page in self._pages(address, first):
            yield [_reading(stream, row) for row in rows_of(page)]

    def key(self, stream: str) -> str:
        """The id of a Datastream as it stands in addresses and MQTT topics: a number, or a quoted text."""
        own = stream.partition("/")[2]
        return self._keys.get(stream) or (own if own.isdecimal() else "'" + own.replace("'", "''") + "'")

    def topic(self, stream: str) -> str:
        """The MQTT topic of new Observations of a Datastream."""
        version = self.url.rpartition("/")[2]
        return f"{version}/Datastreams({self.key(stream)})/Observations"

    def _first(self, address: str, asked: Mapping[str, str]) -> Any:
        """The first page, asked for as well as the service can."""
        while True:
            order = {"$orderby": f"{self._order} asc"} if self._order else {}
            form = {"$resultFormat": "dataArray"} if self._array else {}
            try:
                return self._net.json(address, {**asked, **order, **form})
            except NetError as error:
                if error.status not in _REFUSED:
                    raise
                if self._array and error.status != 500:
                    self._array = False
                elif self._order:
                    # some fail on intervals in phenomenonTime
                    self._order = "resultTime" if self._order == "phenomenonTime" else ""
                elif self._array:
                    self._array = False
                else:
                    raise

    def _things(self, asked: Mapping[str, str], area: Area | None) -> list[Datastream]:
        first = self._net.json(f"{self.url}/Things", asked)
        found = []
        for page in self._pages(f"{self.url}/Things", first):
            for thing in _listed(page):
                found += self._of_thing(thing, area)
        return found

    def _of_thing(self, thing: Mapping[str, Any], area: Area | None) -> list[Datastream]:
        streams = _listed(thing, "Datastreams")
        rest = thing.get("Datastreams@iot.nextLink")
        if isinstance(rest, str):
            address = f"{self.url}/Things"
            follow = self._own(rest, address)
            streams += [s for page in self._pages(address, self._net.json(follow)) for s in _listed(page)]
        station = _station(thing, streams, self._feed)
        if area is not None and not _inside(station, area):
            return []
        return [self._stream(stream, station) for stream in streams if "@iot.id" in stream]

    def _stream(self, stream: Mapping[str, Any], station: Station) -> Datastream:
        own = str(stream["@iot.id"])
        name = f"{self._feed}/{own}"
        link = re.search(r"/Datastreams\((.+)\)$", str(stream.get("@iot.selfLink") or ""))
        if link:
            self._keys[name] = link[1]
        observed_property = _tree(stream.get("ObservedProperty"))
        unit = _tree(stream.get("unitOfMeasurement"))
        source_unit = _text(unit.get("symbol")) or _text(unit.get("name"))
        source_name = _text(observed_property.get("name"))
        observed = _observed(
            (source_name, _text(observed_property.get("definition")), _text(stream.get("name"))), source_unit
        )
        return Datastream(
            name,
            station,
            observed,
            OBSERVED[observed].unit if observed != UNKNOWN.id else source_unit,
            _text(stream.get("name")),
            _interval(_tree(stream.get("properties"))),
            source_name,
            source_unit,
        )

    def _pages(self, address: str, first: Any) -> Iterator[Any]:
        """The page and all that follow, each address once."""
        page, seen = first, set[str]()
        while True:
            yield page
            link = page.get("@iot.nextLink") if isinstance(page, Mapping) else None
            if not isinstance(link, str) or not link:
                return
            follow = self._own(link, address)
            if follow in seen or len(seen) >= PAGES:
                raise NetError(address, "its pages have no end", "Tell its owner: @iot.nextLink comes back.")
            seen.add(follow)
            page = self._net.json(follow)

    def _own(self, link: str, address: str) -> str:
        """The next page on the host that we were given; what else stands in a link is not gone to.

        Services behind a gate often write the name they have inside.
        """
        target, base = urlsplit(urljoin(address, link)), urlsplit(self.url)
        if not target.path.startswith(base.path):
            raise NetError(address, "its next page is on another service", "Check the address.")
        return urlunsplit((base.scheme, base.netloc, target.path, target.query, ""))


def rows_of(page: Any) -> Iterator[Mapping[str, Any]]:
    """The Observations of an answer, be it a list or a dataArray."""
    for entry in _listed(page):
        if "dataArray" not in entry:
            yield entry
            continue
        names = entry.get("components")
        for row in entry["dataArray"] if isinstance(entry["dataArray"], list) else ():
            if isinstance(names, list) and isinstance(row, list) and len(row) == len(names):
                yield dict(zip(names, row, strict=True))


def _reading(stream: str, row: Mapping[str, Any]) -> Reading:
    time = moment(row.get("phenomenonTime"))
    return Reading(stream, time if math.isfinite(time) else moment(row.get("resultTime")), row.get("result"))


def reading_of(stream: str, observation: Any) -> Reading | None:
    """What an Observation says that came over MQTT; None where it is none."""
    return _reading(stream, observation) if isinstance(observation, Mapping) else None


def _station(thing: Mapping[str, Any], streams: list[Mapping[str, Any]], feed: str) -> Station:
    longitude = latitude = height = math.nan
    places = [_tree(place.get("location")) for place in _listed(thing, "Locations")]
    places += [_tree(stream.get("observedArea")) for stream in streams]
    for place in places:
        longitude, latitude, height = position(place)
        if math.isfinite(longitude):
            break
    domain = _text(_tree(thing.get("properties")).get("domain"))
    return Station(
        f"{feed}/{thing.get('@iot.id', '')}",
        _text(thing.get("name")) or _text(thing.get("description")),
        longitude,
        latitude,
        height,
        domain if domain in DOMAINS else "",
    )


def position(geometry: Mapping[str, Any]) -> tuple[float, float, float]:
    """Longitude, latitude [deg] and NaN of a GeoJSON geometry or Feature; of an area its middle.

    Heights in GeoJSON are above the ellipsoid, and nobody means that.
    """
    if geometry.get("type") == "Feature":
        geometry = _tree(geometry.get("geometry"))
    corners: list[tuple[float, float]] = []
    queue: list[Any] = [geometry.get("coordinates")]
    while queue and len(corners) < 10_000:
        value = queue.pop()
        if not isinstance(value, list):
            continue
        if len(value) >= 2 and all(isinstance(n, int | float) for n in value[:2]):
            corners.append((float(value[0]), float(value[1])))
        else:
            queue += value
    corners = [(x, y) for x, y in corners if abs(x) <= 180 and abs(y) <= 90]
    if not corners:
        return math.nan, math.nan, math.nan
    west, east = min(x for x, _ in corners), max(x for x, _ in corners)
    south, north = min(y for _, y in corners), max(y for _, y in corners)
    return (west + east) / 2, (south + north) / 2, math.nan


def _observed(names: Sequence[str], unit: str) -> str:
    """What is meant by the first name whose unit fits; some services mix up the properties of a Thing."""
    meant = [observed for observed in (observed_for(name) for name in names) if observed != UNKNOWN.id]
    fitting = [observed for observed in meant if conversion(unit, OBSERVED[observed].unit) is not None]
    return (*fitting, *meant, UNKNOWN.id)[0]


def _inside(station: Station, area: Area) -> bool:
    west, south, east, north = area
    return west <= station.longitude <= east and south <= station.latitude <= north


def _interval(properties: Mapping[str, Any]) -> float:
    """The nominal interval where the properties of a Datastream say one. [s]"""
    for name in ("interval", "nominalInterval", "samplingInterval", "intendedTimeSpacing"):
        value = properties.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1e9:
            return float(value)
    return math.nan


def _listed(tree: Any, name: str = "value") -> list[Mapping[str, Any]]:
    found = tree.get(name) if isinstance(tree, Mapping) else None
    return [entry for entry in found if isinstance(entry, Mapping)] if isinstance(found, list) else []


def _tree(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ""
