"""Remembers which objects of a city stand as they do in the city it was made of.

What was worked out for those need not be worked out again.
"""

from __future__ import annotations

from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from twin.model.city import City, roots, with_parts


@dataclass(frozen=True, eq=False, slots=True)
class Origin:
    """What a city was made of."""

    whole: City
    row: NDArray[np.int32]
    """(k,), the row of each object in the whole; -1 where it is not there, or has another shape."""


def origin(city: City) -> Origin | None:
    """What a city was made of; None where nobody has said so."""
    return _ORIGINS.get(city)


def trace(city: City, whole: City, gone: NDArray[np.bool_], reshaped: NDArray[np.bool_]) -> None:
    """Says that a city is a whole without what is gone, with other shapes for some, then with what is new.

    gone, reshaped: (k,), objects of the whole. A building counts as another one when any part of it is.
    """
    if city is whole or city in _ORIGINS:
        return
    gone = with_parts(whole, gone)
    first = roots(whole)
    touched = np.zeros(len(gone), dtype=bool)
    touched[first[gone | reshaped]] = True
    rows = np.flatnonzero(~gone)
    same = np.where(touched[first[rows]], -1, rows)
    new = np.full(len(city.object_id) - len(rows), -1)
    _ORIGINS[city] = Origin(whole, np.concatenate([same, new]).astype(np.int32))


_ORIGINS: WeakKeyDictionary[City, Origin] = WeakKeyDictionary()
