"""Reads the nested lists of vertex numbers of many geometries at once, from their text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BLANKS = b" \t\r\n"
ALLOWED = b"[]0123456789," + BLANKS
BARE = bytes.maketrans(b"[],", b"   ")
OPEN, NINE = ord("["), ord("9")


@dataclass(frozen=True, eq=False, slots=True)
class Boundaries:
    """Polygons with rings of vertex numbers."""

    numbers: NDArray[np.int64]
    """(n,), the corners of all rings, laid end to end."""
    ring_length: NDArray[np.int64]
    """(r,)"""
    ring_polygon: NDArray[np.int64]
    """(r,), not falling; a polygon may have none."""
    polygon_geometry: NDArray[np.int64]
    """(p,), not falling."""
    wrong: NDArray[np.bool_]
    """(g,), geometries that are not nested as deeply as they should be; they have no polygons here."""


def is_boundaries(text: bytes) -> bool:
    """Whether JSON text holds only lists and whole numbers."""
    return text.startswith(b"[") and not text.translate(None, ALLOWED)


def split(texts: Sequence[bytes], depths: Sequence[int]) -> Boundaries:
    """The polygons of geometries.

    texts: valid JSON that `is_boundaries`. depths: how deep the lists of vertex numbers lie in each: 3 for a
    MultiSurface, 4 for a Solid, 5 for a MultiSolid.
    """
    text = b"".join(texts).translate(None, BLANKS)
    letters = np.frombuffer(text, dtype=np.uint8)
    # wraps around, so that all that is no digit is large
    digit = letters - np.uint8(ord("0")) < 10
    starts = np.flatnonzero(digit[1:] & ~digit[:-1]) + 1

    # every bracket with its level within, its geometry, and the numbers up to the next bracket
    at = np.flatnonzero(letters > NINE)
    opening = letters[at] == OPEN
    level = np.cumsum(np.where(opening, 1, -1))
    ended = level == 0
    geometry = np.cumsum(ended) - ended
    following = np.diff(np.searchsorted(starts, at), append=len(starts))
    depth = np.asarray(depths, dtype=np.int64)[geometry]
    ring = opening & (level == depth)
    wrong = np.zeros(len(texts), dtype=bool)
    wrong[geometry[(opening & (level > depth)) | ((following > 0) & ~ring)]] = True
    if wrong.any():
        rest = split([b"[]" if bad else text for text, bad in zip(texts, wrong, strict=True)], depths)
        return Boundaries(rest.numbers, rest.ring_length, rest.ring_polygon, rest.polygon_geometry, wrong)

    polygon = opening & (level == depth - 1)
    return Boundaries(
        # beyond 2^63 it stays at the largest number, which is out of range too
        numbers=np.fromstring(text.translate(BARE), dtype=np.int64, sep=" ")[: len(starts)],
        ring_length=following[ring],
        ring_polygon=(np.cumsum(polygon) - 1)[ring],
        polygon_geometry=geometry[polygon],
        wrong=wrong,
    )
