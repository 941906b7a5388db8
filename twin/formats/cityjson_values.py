"""Lays the nested values of CityJSON geometries flat: one for each polygon, or a list for each ring."""

from __future__ import annotations

from itertools import chain
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.formats.cityjson_texts import Texts

LARGEST = 2**31 - 1
NOTHING = -1
"""Of what has no value."""
MISFIT = "their values do not fit the boundaries"

_any = msgspec.json.Decoder(Any)


class Misfit(ValueError):
    """Values that are not nested as the boundaries are."""


def flat(values: Any, boundaries: bytes, depth: int, count: int) -> list[Any]:
    """A value for each of the `count` polygons of a geometry.

    depth: how deep the vertex numbers lie in its boundaries. Raises Misfit, TypeError.
    """
    found: list[Any]
    try:
        found = values
        for _ in range(depth - 3):
            found = list(chain.from_iterable(found))
        if isinstance(found, list) and len(found) == count:
            return found
    except TypeError:
        pass  # a null may stand for a whole shell or solid
    found = along(_any.decode(boundaries), values, depth)
    if len(found) != count:  # the boundaries were left out
        raise Misfit
    return found


def along(boundaries: Any, values: Any, depth: int, *, last: int = 3) -> list[Any]:
    """The values as they lie along the boundaries; last: 3 for one each polygon, 2 for one each ring.

    Raises Misfit.
    """
    if values is None:
        values = [None] * len(boundaries)
    if not isinstance(values, list) or len(values) != len(boundaries):
        raise Misfit
    if depth == last:
        return list(values)
    inner = zip(boundaries, values, strict=True)
    return [value for part, within in inner for value in along(part, within, depth - 1, last=last)]


def numbers(
    values: Texts,
    boundaries: Texts,
    rows: NDArray[np.int64],
    depths: NDArray[np.int64],
    counts: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """A whole number or NOTHING for each polygon of some geometries, and which of the geometries misfit.

    values: of these geometries. boundaries: of all geometries. rows: which of them these are. depths, counts:
    how deep their vertex numbers lie, and how many polygons they have.
    """
    starts = np.cumsum(counts) - counts
    found = np.full(int(counts.sum()), NOTHING, dtype=np.int64)
    left = list(range(len(rows)))
    misfit = np.zeros(len(rows), dtype=bool)
    if values.large:
        from twin.formats import cityjson_scan

        quick, quick_counts, odd = cityjson_scan.values(*values.joined(), depths - 2)
        good = ~odd & (quick_counts == counts)
        found[np.repeat(good, counts)] = quick[np.repeat(good, quick_counts)]
        left = np.flatnonzero(~good).tolist()
    for k in left:
        try:
            listed = flat(_any.decode(values[k]), boundaries[int(rows[k])], int(depths[k]), int(counts[k]))
            if not all(value is None or (type(value) is int and 0 <= value < LARGEST) for value in listed):
                raise Misfit
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, Misfit, TypeError):
            misfit[k] = True
        else:
            end = starts[k] + counts[k]
            found[starts[k] : end] = [NOTHING if value is None else value for value in listed]
    return found, misfit
