"""Tells what of a city a format cannot hold."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from math import isinf

import numpy as np
from numpy.typing import NDArray

from twin.formats.citygml_write_classes import GENERIC
from twin.model import lod
from twin.model.city import City
from twin.model.table import Table, Value, present

STRUCTURE = frozenset({"type", "parent", "children"})
"""What the members of surfaces in CityJSON are that are no attributes."""
NOWHERE = "thematic surfaces were left out, because they have no polygons"
FIRST_TYPED = 2
"""The first LoD of CityGML 2.0 in which surfaces have a semantic type."""


def of_citygml(
    city: City, written: NDArray[np.bool_], bare: NDArray[np.bool_], kinds: Sequence[str]
) -> tuple[str, ...]:
    """What CityGML 2.0 does not say of a city, one sentence each.

    written: (s,), the surfaces that are written. bare: (s,), those that stand in no thematic surface. kinds:
    as what each object is written.
    """
    left = int((~written).sum())
    low = int((written & (city.surface_type > 0) & (city.surface_lod < FIRST_TYPED)).sum())
    silent = 0 if city.faces is None else int((bare & (city.faces.of_surface >= 0)).sum())
    generic = sum(
        kind == GENERIC != str(own) for kind, own in zip(kinds, city.object_type.tolist(), strict=True)
    )
    tables = _tables(city)
    truths = sum(isinstance(value, bool) for value in _objects(tables))
    nameless = sum(present(table.columns[""]) for table in tables if "" in table.columns)
    said = (
        (left, "surfaces were left out: LoDs are whole there, and a finer one of the same number is written"),
        (low, "surfaces below LoD2 lost their semantic type"),
        (silent, "surfaces lost their attributes, because nothing can stand there that has some"),
        (_empty(city, written), NOWHERE),
        (generic, "objects became GenericCityObjects, which keep their class as gen:class"),
        (truths, "truth values became text"),
        (nameless, "attributes have no name there, and no reader finds them"),
    )
    return _told("CityGML 2.0", said)


def of_cityjson(city: City) -> tuple[str, ...]:
    """What CityJSON does not say of a city, one sentence each."""
    count = 0
    if city.faces is not None:
        columns = city.faces.attributes.columns
        count = sum(present(columns[name]) for name in STRUCTURE if name in columns)
    tables = _tables(city)
    endless = sum(isinstance(value, float) and isinf(value) for value in _objects(tables))
    endless += sum(
        int(np.isinf(column).sum())
        for table in tables
        for column in table.columns.values()
        if column.dtype.kind == "f"
    )
    everything = np.ones(len(city.surface_object), dtype=bool)
    said = (
        (endless, "numbers without end became text"),
        (count, "attributes of surfaces got a _, because their names mean something"),
        (_empty(city, everything), NOWHERE),
    )
    return _told("CityJSON", said)


def _tables(city: City) -> tuple[Table, ...]:
    return (city.attributes, *([city.faces.attributes] if city.faces else []))


def _objects(tables: Sequence[Table]) -> Iterator[Value]:
    """The values in columns that hold more than numbers."""
    columns = chain.from_iterable(table.columns.values() for table in tables)
    return chain.from_iterable(column.tolist() for column in columns if column.dtype == object)


def _empty(city: City, written: NDArray[np.bool_]) -> int:
    """How many faces have no polygon that is written, and no opening that has one."""
    if city.faces is None:
        return 0
    there = np.zeros(len(city.faces.parent), dtype=bool)
    there[city.faces.of_surface[written & (city.faces.of_surface >= 0)]] = True
    # openings may be cut into openings, but not deeply
    while True:
        above = city.faces.parent[there & (city.faces.parent >= 0)]
        if there[above].all():
            return int((~there).sum())
        there[above] = True


def of_mesh(city: City, name: str) -> tuple[str, ...]:
    """What a mesh does not say of a city, one sentence each."""
    left = len(city.surface_object) - len(lod.shown(city).surface_object)
    return _told(name, ((left, "surfaces of other levels of detail than the shown were left out"),))


def _told(name: str, said: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(f"{name}: {count} {what}." for count, what in said if count)
