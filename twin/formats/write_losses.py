"""Tells what of a city a format cannot hold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from twin.formats.citygml_write_classes import GENERIC
from twin.model import lod
from twin.model.city import City

FIRST_TYPED = 2
"""The first LoD of CityGML 2.0 in which surfaces have a semantic type."""


def of_citygml(city: City, written: NDArray[np.bool_], kinds: Sequence[str]) -> tuple[str, ...]:
    """What CityGML 2.0 does not say of a city, one sentence each.

    written: (s,), the surfaces that are written. kinds: as what each object is written.
    """
    left = int((~written).sum())
    bare = int((written & (city.surface_type > 0) & (city.surface_lod < FIRST_TYPED)).sum())
    generic = sum(
        kind == GENERIC != str(own) for kind, own in zip(kinds, city.object_type.tolist(), strict=True)
    )
    truths = sum(
        isinstance(value, bool)
        for column in city.attributes.columns.values()
        if column.dtype == object
        for value in column.tolist()
    )
    said = (
        (left, "surfaces were left out: LoDs are whole there, and a finer one of the same number is written"),
        (bare, "surfaces below LoD2 lost their semantic type"),
        (generic, "objects became GenericCityObjects, which keep their class as gen:class"),
        (truths, "truth values became text"),
    )
    return _told("CityGML 2.0", said)


def of_mesh(city: City, name: str) -> tuple[str, ...]:
    """What a mesh does not say of a city, one sentence each."""
    left = len(city.surface_object) - len(lod.shown(city).surface_object)
    return _told(name, ((left, "surfaces of other levels of detail than the shown were left out"),))


def _told(name: str, said: Sequence[tuple[int, str]]) -> tuple[str, ...]:
    return tuple(f"{name}: {count} {what}." for count, what in said if count)
