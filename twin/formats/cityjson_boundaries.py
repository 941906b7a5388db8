"""Reads the nested lists of vertex numbers of many geometries at once, from their text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.formats.cityjson_texts import Texts

BLANKS = b" \t\r\n"
ALLOWED = b"[]0123456789," + BLANKS
BARE = bytes.maketrans(b"[],", b"   ")
OPEN, NINE = ord("["), ord("9")
LARGEST = 2**31 - 1
"""Larger numbers become this one, which no vertex has."""
NESTED, FOREIGN = 1, 2


@dataclass(frozen=True, eq=False, slots=True)
class Boundaries:
    """Polygons with rings of vertex numbers."""

    numbers: NDArray[np.int32]
    """(n,), the corners of all rings, laid end to end."""
    ring_length: NDArray[np.int32]
    """(r,)"""
    ring_polygon: NDArray[np.int32]
    """(r,), not falling; a polygon may have none."""
    polygon_geometry: NDArray[np.int32]
    """(p,), not falling."""
    wrong: NDArray[np.uint8]
    """(g,), NESTED: not as deeply as it should be, FOREIGN: no lists of whole numbers, or 0. The wrong ones
    have no polygons here."""


def split(texts: Texts, depths: NDArray[np.int64]) -> Boundaries:
    """The polygons of geometries.

    texts: valid JSON. depths: how deep the lists of vertex numbers lie in each: 3 for a MultiSurface, 4 for a
    Solid, 5 for a MultiSolid.
    """
    if texts.large:
        from twin.formats import cityjson_scan

        return Boundaries(*cityjson_scan.boundaries(*texts.joined(), depths))
    wrong = np.zeros(len(texts), dtype=np.uint8)
    listed = list(texts)
    for row, text in enumerate(listed):
        if not text.startswith(b"[") or text.translate(None, ALLOWED):
            wrong[row] = FOREIGN
            listed[row] = b"[]"
    return _split(listed, depths, wrong)


def _split(texts: list[bytes], depths: NDArray[np.int64], wrong: NDArray[np.uint8]) -> Boundaries:
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
    depth = depths[geometry]
    ring = opening & (level == depth)
    bad = np.unique(geometry[(opening & (level > depth)) | ((following > 0) & ~ring)])
    if len(bad):
        wrong[bad] = NESTED
        return _split([b"[]" if row else text for text, row in zip(texts, wrong, strict=True)], depths, wrong)

    polygon = opening & (level == depth - 1)
    numbers = np.fromstring(text.translate(BARE), dtype=np.int64, sep=" ")[: len(starts)]
    return Boundaries(
        numbers=numbers.clip(max=LARGEST).astype(np.int32),
        ring_length=following[ring].astype(np.int32),
        ring_polygon=(np.cumsum(polygon) - 1)[ring].astype(np.int32),
        polygon_geometry=geometry[polygon].astype(np.int32),
        wrong=wrong,
    )
