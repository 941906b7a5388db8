"""Reads what has certain tags in an OpenStreetMap extract as a layer, as `amenity=bench` or `building`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from twin.errors import DataError
from twin.formats.osm import check, reading
from twin.formats.vector_raw import DEGREES, Raw, columns_of, of_one_kind

USUAL = (
    *("building", "highway=residential|service|tertiary|secondary|primary|living_street|unclassified"),
    *("highway=footway|path|pedestrian|steps|cycleway", "railway=rail|tram|subway|light_rail"),
    *("natural=tree", "highway=street_lamp", "amenity=bench", "highway=crossing", "highway=bus_stop"),
    *("railway=station|tram_stop|subway_entrance", "natural=water", "leisure=park|garden|playground"),
    *("landuse=grass|forest|meadow", "shop", "amenity"),
)
"""Filters that are offered where an extract has something of them."""
AREAS = ("building", "landuse", "leisure", "natural", "amenity", "shop", "building:part", "place", "area")
"""A closed way with one of these keys is an area; with others it is a line that ends where it began."""
MOST_KEYS = 40
"""Columns; rarer keys are left out."""

Filter = tuple[tuple[str, frozenset[str]], ...]
"""Keys and the values that are wanted of each, empty: any; one that fits is enough."""


def layers(path: Path) -> tuple[str, ...]:
    """The usual filters that something in an extract passes. Raises DataError."""
    return _offered(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _offered(path: Path, _changed: int) -> tuple[str, ...]:
    wanted = {text: parse(path, text) for text in USUAL}
    keys = {key for each in wanted.values() for key, _ in each}
    seen: Counter[tuple[str, str]] = Counter()
    for element in _tagged(path, keys):
        seen.update((tag.k, tag.v) for tag in element.tags if tag.k in keys)
    return tuple(
        text
        for text, each in wanted.items()
        if any(key == k and (not values or v in values) for key, values in each for k, v in seen)
    )


def parse(path: Path, text: str) -> Filter:
    """A filter as it is written: `key`, `key=value`, `key=one|other`, several with commas between.

    Raises DataError.
    """
    found = []
    for term in text.split(","):
        key, equals, values = (part.strip() for part in term.partition("="))
        chosen = frozenset(value.strip() for value in values.split("|") if value.strip())
        if not key or " " in key or (equals and not chosen):
            raise DataError(
                path, text, "is no filter of tags", "Write it as amenity=bench, or highway=path|steps."
            )
        found.append((key, chosen if values != "*" else frozenset()))
    return tuple(found)


def read(path: Path, layer: str, _crs: str) -> Raw:
    """All that passes a filter, of the commonest kind of geometry. Raises DataError."""
    import osmium

    wanted = parse(path, layer)
    rows: list[dict[str, str]] = []
    shapes: list[Any] = []
    broken = 0
    factory = osmium.geom.WKBFactory()
    with reading(path):
        for element in _tagged(path, {key for key, _ in wanted}, areas=True):
            tags = {tag.k: tag.v for tag in element.tags}
            if not any(key in tags and (not v or tags[key] in v) for key, v in wanted):
                continue
            is_way = element.is_way()
            if is_way and element.is_closed() and _is_area(tags):
                continue  # it comes again as an area
            if element.is_area() and element.from_way() and not _is_area(tags):
                continue
            try:
                wkb = _made(factory, element, is_way)
            except (RuntimeError, osmium.InvalidLocationError):
                broken += 1
                continue
            if wkb is None:
                continue
            shapes.append(shapely.from_wkb(bytes.fromhex(wkb)))
            kind = "node" if element.is_node() else "way" if is_way or element.from_way() else "relation"
            number = element.orig_id() if element.is_area() else element.id
            rows.append({"id": f"osm-{kind}-{number}", **{k: v for k, v in tags.items() if k != "id"}})
    notices = [f"{broken} elements left out: they leave the extract"] if broken else []
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    geometry, kept = of_one_kind(geometry, "elements", notices)
    count = Counter(key for row in rows for key in row)
    common = {key for key, _ in count.most_common(MOST_KEYS)} | {"id"}
    if len(count) > len(common):
        notices.append(f"{len(count) - len(common)} rare keys left out")
    fields = columns_of({k: v for k, v in rows[i].items() if k in common} for i in kept.tolist())
    return Raw(layer, DEGREES, kept.astype(np.int64) + 1, geometry, fields, tuple(notices))


def _made(factory: Any, element: Any, is_way: bool) -> str | None:
    if element.is_node():
        return str(factory.create_point(element))
    if is_way:
        return str(factory.create_linestring(element))
    return str(factory.create_multipolygon(element)) if element.is_area() else None


def _is_area(tags: dict[str, str]) -> bool:
    return tags.get("area") != "no" and any(key in tags for key in AREAS) and "highway" not in tags


def _tagged(path: Path, keys: set[str], *, areas: bool = False) -> Iterator[Any]:
    import osmium

    check(path)
    with reading(path):
        processor = osmium.FileProcessor(str(path))
        if areas:
            processor = processor.with_areas(osmium.filter.KeyFilter(*keys))
        yield from processor.with_filter(osmium.filter.KeyFilter(*keys))
