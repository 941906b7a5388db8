"""Reads the city models of a station area, file by file, in this process or on other machines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from twin.analysis import area_parts
from twin.formats import cache
from twin.formats.tile_wise import in_order
from twin.model.city import City
from twin.model.place import Place
from twin.model.station_area import Area


@dataclass(frozen=True, eq=False, slots=True)
class CityPart:
    """What one file holds of the area."""

    city: City
    notes: Counter[str]
    """What was left out, and how often."""


def parts(
    paths: Sequence[Path],
    place: Place,
    area: Area,
    progress: Callable[[float], None],
    executor: Executor | None = None,
) -> Iterator[CityPart]:
    """What each file holds of the area, in the order of the files. Raises DataError.

    progress: told the share of each file that is read, or after each that others read; may raise to give up.
    """
    if executor is None:
        yield from (part_of(path, place, area, progress) for path in paths)
        return
    for part in in_order(executor, part_of, ((path, place, area) for path in paths)):
        progress(1.0)
        yield part


def part_of(
    path: Path, place: Place, area: Area, progress: Callable[[float], None] = lambda _share: None
) -> CityPart:
    """What a file holds of the area. Raises DataError."""
    found, report = cache.city(path, place, progress)
    notes: Counter[str] = Counter()
    for notice in report.notices:
        notes[f"{path.name}: {notice}"] += 1
    for item in report.skipped:
        notes[f"{path.name}: {item.what} left out: {item.why}"] += item.count
    city = area_parts.within(found, area, place)
    notes[f"{path.name}: objects outside the area"] += len(found.object_id) - len(city.object_id)
    return CityPart(city, notes)
