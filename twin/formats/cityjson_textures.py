"""Reads which picture lies on each polygon of a CityJSON file, and where each corner lies in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.formats.cityjson_boundaries import Boundaries, split
from twin.formats.cityjson_geometries import Columns, Geometries
from twin.formats.cityjson_rings import Polygons
from twin.formats.cityjson_texts import Texts
from twin.formats.cityjson_values import MISFIT, NOTHING, Misfit, along
from twin.formats.report import Skips

UNLISTED = "the file lists no such one"
_any = msgspec.json.Decoder(Any)


def textures(
    geometries: Geometries,
    columns: Columns,
    boundaries: Boundaries,
    polygons: Polygons,
    rows: NDArray[np.int64],
    values: Texts,
    where: Callable[[int], str],
    skips: Skips,
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """The picture of each polygon, or NOTHING, and where in it each corner lies: (n, 2), NaN: nowhere.

    rows: the geometries that have textures. values: what they say. where: where a geometry stands.
    """
    image = np.full(len(polygons.geometry), NOTHING, dtype=np.int32)
    # takes no memory as long as there is nothing in it
    coordinates = np.broadcast_to(np.float32(np.nan), (len(polygons.vertex), 2))
    looks = geometries.looks
    if not len(rows) or not looks.all:
        return image, coordinates
    first, numbers, misfit = _rings(geometries, columns, boundaries, rows, values)
    for row in misfit:
        skips.at(f"{where(row)}.texture", "texture", MISFIT)

    # the rings that have one, and all its numbers: that of the picture, then that of each corner
    geometry = polygons.geometry[polygons.ring_polygon]
    begin, end = first[polygons.ring], first[polygons.ring + 1]
    look = columns.look[geometry]
    has = (end > begin) & (look >= 0)
    long = boundaries.ring_length[polygons.ring] + 1 == end - begin
    _count(geometry[has & ~long], MISFIT, where, skips)
    has &= long
    ring = np.flatnonzero(has)
    sizes = np.array([len(found.images) for found in looks.all])
    base = np.cumsum(sizes) - sizes
    pictures = np.append(np.concatenate([found.images for found in looks.all]), NOTHING)
    number = numbers[begin[ring]]
    listed = number < sizes[look[ring]]
    _count(geometry[ring[~listed]], UNLISTED, where, skips)
    of_ring = pictures[np.where(listed, number + base[look[ring]], -1)]
    exterior = np.diff(polygons.ring_polygon[ring], prepend=-1) != 0
    exterior &= np.isin(ring, polygons.exterior)
    image[polygons.ring_polygon[ring[exterior]]] = of_ring[exterior]

    # only where there is a picture
    ring = ring[image[polygons.ring_polygon[ring]] >= 0]
    lengths = np.diff(polygons.ring_starts)[ring]
    corner = np.repeat(polygons.ring_starts[ring] - np.cumsum(lengths) + lengths, lengths)
    corner += np.arange(len(corner), dtype=corner.dtype)
    starts = np.cumsum(boundaries.ring_length) - boundaries.ring_length
    step = polygons.corner[corner] - np.repeat(starts[polygons.ring[ring]], lengths)
    number = numbers[np.repeat(begin[ring], lengths) + 1 + step]
    limit = np.array([found.limit for found in looks.all])[look[ring]]
    known = number < np.repeat(limit, lengths)
    _count(geometry[np.unique(np.repeat(ring, lengths)[~known])], UNLISTED, where, skips)
    of_look = np.array([found.base for found in looks.all])[look[ring]]
    table = np.concatenate([*looks.coordinates, np.full((1, 2), np.nan, dtype=np.float32)])
    coordinates = coordinates.copy()
    coordinates[corner] = table[np.where(known, number + np.repeat(of_look, lengths), -1)]
    return image, coordinates


def _rings(
    geometries: Geometries,
    columns: Columns,
    boundaries: Boundaries,
    rows: NDArray[np.int64],
    values: Texts,
) -> tuple[NDArray[np.int64], NDArray[np.int32], list[int]]:
    """Where the numbers of each ring of the boundaries begin: (r + 1,), the numbers, and who does not fit."""
    texts = Texts(large=geometries.textures.large)
    for text in values:
        texts.add(text.replace(b"null", b""))
    found = split(texts, columns.depth[rows])
    rings, expected = _rings_of(found, len(rows)), _rings_of(boundaries, len(columns.object))[rows]
    lengths = np.zeros(len(boundaries.ring_length), dtype=np.int64)
    numbers: list[NDArray[np.int32]] = [found.numbers]
    source = np.zeros(len(lengths), dtype=np.int64)
    first_ring = np.cumsum(_rings_of(boundaries, len(columns.object)))
    begin = np.cumsum(found.ring_length) - found.ring_length
    there, size = np.cumsum(rings) - rings, len(found.numbers)
    misfit = []
    for k, row in enumerate(rows.tolist()):
        here = slice(int(first_ring[row] - expected[k]), int(first_ring[row]))
        if rings[k] == expected[k] and not found.wrong[k]:
            those = slice(int(there[k]), int(there[k] + rings[k]))
            lengths[here], source[here] = found.ring_length[those], begin[those]
            continue
        try:
            listed = _listed(values[k], geometries.boundaries[row], int(columns.depth[row]))
            if len(listed) != expected[k]:
                raise Misfit
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, Misfit, TypeError):
            misfit += [row] * bool(expected[k])
            continue
        lengths[here] = [len(ring) for ring in listed]
        source[here] = size + np.cumsum(lengths[here]) - lengths[here]
        numbers.append(np.array([number for ring in listed for number in ring], dtype=np.int32))
        size += len(numbers[-1])
    first = np.concatenate([[0], np.cumsum(lengths)])
    everything = np.concatenate(numbers)
    taken = np.arange(int(lengths.sum())) + np.repeat(source - first[:-1], lengths)
    return first, everything[taken], misfit


def _listed(text: bytes, boundaries: bytes, depth: int) -> list[list[int]]:
    """The numbers of each ring, where a null stands for a whole surface or shell. Raises Misfit."""
    found = along(_any.decode(boundaries), _any.decode(text), depth, last=2)
    rings = [[] if ring is None or ring == [None] else ring for ring in found]
    whole = all(type(number) is int and 0 <= number < 2**31 for ring in rings for number in ring)
    if not whole:
        raise Misfit
    return rings


def _rings_of(boundaries: Boundaries, count: int) -> NDArray[np.int64]:
    """How many rings each geometry has."""
    return np.bincount(boundaries.polygon_geometry[boundaries.ring_polygon], minlength=count)


def _count(geometry: NDArray[np.int32], why: str, where: Callable[[int], str], skips: Skips) -> None:
    for row, count in Counter(geometry.tolist()).items():
        skips.at(f"{where(row)}.texture", "texture", why, count)
