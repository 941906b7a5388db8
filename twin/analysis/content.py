"""Says of what a city or layer consists, so that two can be compared thing by thing."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.analysis.build import Built
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.table import Column, Table

ODD = np.uint64(0x9E3779B97F4A7C15)
"""Spreads numbers over 64 bits (Knuth 1998, 6.4: the golden ratio)."""
STRIDE = np.uint64(0xD1B54A32D192ED03)
"""Odd too, and far from multiples of the other."""


def shapes(city: City) -> NDArray[np.uint64]:
    """A number for the geometry of each object: surfaces with type and LoD, rings and corners: (k,).

    Equal geometry gives equal numbers; 64 bits make it very unlikely that other geometry does.
    """
    count = len(city.object_id)
    ring_object = city.surface_object[city.ring_surface]
    lengths = np.diff(city.ring_starts)
    owner = np.repeat(ring_object, lengths)
    corners = np.ascontiguousarray(city.vertices).view(np.uint64).reshape(-1, 3)
    axes = np.arange(1, 4, dtype=np.uint64) * ODD
    words = _mixed((corners * axes).sum(axis=1, dtype=np.uint64) + _step(owner, count))
    found = _summed(words, owner, count)
    # a ring that opens a surface differs from a hole
    opens = np.diff(city.ring_surface, prepend=-1).astype(np.uint64)
    found += _summed(
        _mixed(lengths.astype(np.uint64) * ODD + opens + _step(ring_object, count)), ring_object, count
    )
    kinds = city.surface_type.astype(np.uint64) * ODD + np.asarray(city.surface_lod).view(np.uint64)
    found += _summed(_mixed(kinds + _step(city.surface_object, count)), city.surface_object, count)
    return found


def fingerprint(built: Built) -> str:
    """SHA-256 of all that a scenario consists of; the order of objects and features does not matter."""
    city = built.city
    numbers = shapes(city)
    things = [
        repr(
            (
                str(city.object_id[row]),
                str(city.object_type[row]),
                str(city.object_id[parent]) if parent >= 0 else "",
                int(numbers[row]),
                _known(city.attributes.row(row)),
            )
        )
        for row, parent in enumerate(city.object_parent.tolist())
    ]
    for layer in built.layers:
        if len(layer.geometry):
            features = shapely.to_wkb(layer.geometry)
            things += [
                repr((layer.id, features[row], _known(layer.table.row(row)))) for row in range(len(features))
            ]
    digest = hashlib.sha256()
    for thing in sorted(things):
        digest.update(thing.encode())
    return digest.hexdigest()


def differing(
    first: Table, second: Table, rows: tuple[NDArray[np.intp], NDArray[np.intp]]
) -> dict[str, NDArray[np.bool_]]:
    """In which of the paired rows each attribute differs; attributes that differ nowhere are left out."""
    found = {}
    for name in dict.fromkeys([*first.columns, *second.columns]):
        one, other = (
            _cells(table.columns.get(name), of) for table, of in zip((first, second), rows, strict=True)
        )
        different = np.array([a != b for a, b in zip(one, other, strict=True)], dtype=bool)
        if different.any():
            found[name] = different
    return found


def paired(first: Sequence[str], second: Sequence[str]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """The rows of what both have, in the order of the second."""
    places = {name: row for row, name in enumerate(first)}
    pairs = [(places[name], row) for row, name in enumerate(second) if name in places]
    both = np.array(pairs, dtype=np.intp).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def ids_of(layer: Layer) -> list[str]:
    """The id of each feature, its number where it has none."""
    column = layer.table.columns.get("id")
    names = [None] * len(layer.geometry) if column is None else column.tolist()
    return [str(name) if name not in (None, "") else f"#{row + 1}" for row, name in enumerate(names)]


def _cells(column: Column | None, rows: NDArray[np.intp]) -> list[object]:
    """Values, None where absent, so that an attribute that nobody has equals one that is not there."""
    if column is None:
        return [None] * len(rows)
    return [None if value != value else value for value in column[rows].tolist()]  # NaN is absent


def _known(row: Mapping[str, object]) -> list[tuple[str, object]]:
    """What is known, by name; 16 and 16.0 are one number, as columns hold either."""
    found = ((name, float(value) if type(value) is int else value) for name, value in row.items())
    return sorted(found, key=_by_name)


def _by_name(item: tuple[str, object]) -> str:
    return item[0]


def _step(owner: NDArray[np.integer], count: int) -> NDArray[np.uint64]:
    """The number of each thing within its object, as objects move when others go."""
    before = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=count))])
    return np.asarray((np.arange(len(owner)) - before[owner]).astype(np.uint64) * STRIDE)


def _mixed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    words = (words ^ (words >> np.uint64(32))) * ODD
    return np.asarray((words ^ (words >> np.uint64(29))) * ODD)


def _summed(words: NDArray[np.uint64], owner: NDArray[np.integer], count: int) -> NDArray[np.uint64]:
    found = np.zeros(count, dtype=np.uint64)
    np.add.at(found, owner, words)
    return found
