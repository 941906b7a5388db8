"""Shapes with names on their way out of a reader's process: arrays, and words as JSON has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from twin.formats.report import Skipped, Skips
from twin.model.city import SURFACE_TYPES
from twin.model.table import Value

FARTHEST = 1e9
"""No model reaches further; what does is damaged. In the unit of the file."""
MOST_CORNERS = 150_000_000
"""Of all faces together."""
OBJECT = "GenericCityObject"
"""The class of what does not say its own."""
Arrays = dict[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture on surfaces: in a file, or in the bytes of the model itself."""

    path: str = ""
    """Absolute; empty: in `data`."""
    data: bytes = b""


@dataclass(frozen=True, slots=True)
class Paint:
    """How faces look."""

    name: str = ""
    diffuse: tuple[float, float, float] = (0.8, 0.8, 0.8)
    transparency: float = 0.0
    picture: int = -1
    """A row of the pictures, or -1."""


@dataclass(frozen=True, slots=True)
class Thing:
    """One object of the model."""

    id: str
    type: str = OBJECT
    parent: int = -1
    attributes: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, slots=True)
class Parts:
    """All that a reader found in a model."""

    points: NDArray[np.float64]
    """(n, 3), in the unit and axes of the file, or in `crs`."""
    corners: NDArray[np.int64]
    """(c,), the rows of `points` of all faces, end to end."""
    face_starts: NDArray[np.int64]
    """(f + 1,), where each face begins in `corners`."""
    face_thing: NDArray[np.int32]
    """(f,), not falling."""
    face_paint: NDArray[np.int32]
    """(f,), a row of `paints`, or -1."""
    face_type: NDArray[np.uint8]
    """(f,), an index into SURFACE_TYPES."""
    coordinates: NDArray[np.float32]
    """(c, 2), where each corner lies in its picture, rightwards and up; NaN: nowhere. Or none at all."""
    things: Sequence[Thing]
    paints: Sequence[Paint]
    pictures: Sequence[Picture]
    format: str
    crs: str
    """`EPSG:code` of the points, z up; empty: they are in units and axes of the file."""
    said: str
    """What said so."""
    unit: float | None
    """[m]; None: the file does not say."""
    up: str
    """`y`, `z`, or empty: the file does not say."""
    placed: int
    """Shapes that were put down more than once."""
    skipped: Sequence[Skipped]
    notices: Sequence[str]


class Builder:
    """Takes up faces object by object; what cannot be drawn is counted instead."""

    def __init__(self, format: str) -> None:
        self.format = format
        self.skips = Skips()
        self.notices: list[str] = []
        self.things: list[Thing] = []
        self.paints: list[Paint] = []
        self.pictures: list[Picture] = []
        self.crs, self.said, self.up = "", "", ""
        self.unit: float | None = None
        self.placed = 0
        self._points: list[NDArray[np.float64]] = []
        self._corners: list[NDArray[np.int64]] = []
        self._lengths: list[NDArray[np.int64]] = []
        self._columns: list[tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.uint8]]] = []
        self._coordinates: list[NDArray[np.float32]] = []
        self._start = self._total = 0

    def thing(self, thing: Thing) -> int:
        """Adds an object; returns its row."""
        self.things.append(thing)
        return len(self.things) - 1

    def triangles(
        self,
        things: ArrayLike,
        points: NDArray[np.float64],
        triangles: NDArray[np.integer],
        *,
        where: str,
        paint: ArrayLike = -1,
        type: str = "Surface",
        coordinates: NDArray[np.floating] | None = None,
    ) -> None:
        """Adds triangles (m, 3) into `points` (n, 3). things, paint: one row, or one for each triangle.

        coordinates: (n, 2), of the points.
        """
        corners = triangles.reshape(-1).astype(np.int64)
        uv = None
        if coordinates is not None and len(coordinates) == len(points):
            inside = (corners >= 0) & (corners < len(points))
            uv = np.asarray(coordinates, dtype=np.float32)[np.where(inside, corners, 0)]
        lengths = np.full(len(corners) // 3, 3, dtype=np.int64)
        self.faces(things, points, corners, lengths, where=where, paint=paint, type=type, coordinates=uv)

    def faces(
        self,
        things: ArrayLike,
        points: NDArray[np.float64],
        corners: NDArray[np.int64],
        lengths: NDArray[np.int64],
        *,
        where: str,
        paint: ArrayLike = -1,
        type: str = "Surface",
        coordinates: NDArray[np.float32] | None = None,
    ) -> None:
        """Adds polygons: `corners` (c,) of all, end to end, and how many each has (f,).

        where: in words of the format, for what is left out. coordinates: (c, 2), of the corners.
        """
        self._total += len(corners)
        if self._total > MOST_CORNERS:
            raise MemoryError
        keep = self._drawable(points, corners, lengths, where)
        if not keep.all():
            each = np.repeat(keep, lengths)
            corners, coordinates = corners[each], None if coordinates is None else coordinates[each]
        count = int(keep.sum())
        if not count:
            return
        rows, paints = (
            np.broadcast_to(np.asarray(column, dtype=np.int32), keep.shape)[keep]
            for column in (things, paint)
        )
        self._points.append(np.asarray(points, dtype=np.float64))
        self._corners.append(corners + self._start)
        self._lengths.append(lengths[keep])
        self._columns.append((rows, paints, np.full(count, SURFACE_TYPES.index(type), np.uint8)))
        nowhere = np.full((len(corners), 2), np.nan, np.float32)
        self._coordinates.append(nowhere if coordinates is None else coordinates)
        self._start += len(points)

    def _drawable(
        self, points: NDArray[np.float64], corners: NDArray[np.int64], lengths: NDArray[np.int64], where: str
    ) -> NDArray[np.bool_]:
        few = lengths < 3
        outside = (corners < 0) | (corners >= len(points))
        with np.errstate(invalid="ignore"):
            odd = ~(np.abs(points) < FARTHEST).all(axis=1)
        lost = np.append(odd, False)[np.where(outside, len(points), corners)]
        face = np.repeat(np.arange(len(lengths)), lengths)
        wrong = [np.zeros(len(lengths), dtype=bool) for _ in range(2)]
        for marked, corner in zip(wrong, (outside, lost), strict=True):
            marked[face[corner]] = True
        wrong[1] &= ~wrong[0]
        for marked, why in (
            (few & ~wrong[0] & ~wrong[1], "it has less than 3 corners"),
            (wrong[0], "a corner is not in the file"),
            (wrong[1], "a coordinate is no number or far too large"),
        ):
            if marked.any():
                self.skips.at(where, "face", why, int(marked.sum()))
        return ~(few | wrong[0] | wrong[1])

    def parts(self) -> Parts:
        """All of it, sorted by object."""
        lengths = np.concatenate([np.zeros(0, np.int64), *self._lengths])
        starts = np.concatenate([[0], np.cumsum(lengths)])
        columns = [
            np.concatenate([np.zeros(0, kind), *(column[i] for column in self._columns)])
            for i, kind in enumerate((np.int32, np.int32, np.uint8))
        ]
        corners = np.concatenate([np.zeros(0, np.int64), *self._corners])
        coordinates = np.concatenate([np.zeros((0, 2), np.float32), *self._coordinates])
        order = np.argsort(columns[0], kind="stable")
        if len(order) and (np.diff(columns[0]) < 0).any():
            begin, lengths = starts[:-1][order], lengths[order]
            starts = np.concatenate([[0], np.cumsum(lengths)])
            every = np.arange(starts[-1]) - np.repeat(starts[:-1] - begin, lengths)
            corners, coordinates = corners[every], coordinates[every]
            columns = [column[order] for column in columns]
        if np.isnan(coordinates).all():
            coordinates = coordinates[:0]
        return Parts(
            points=np.concatenate([np.zeros((0, 3)), *self._points]),
            corners=corners,
            face_starts=starts.astype(np.int64),
            face_thing=columns[0].astype(np.int32),
            face_paint=columns[1].astype(np.int32),
            face_type=columns[2].astype(np.uint8),
            coordinates=coordinates,
            things=self.things,
            paints=self.paints,
            pictures=self.pictures,
            format=self.format,
            crs=self.crs,
            said=self.said,
            unit=self.unit,
            up=self.up,
            placed=self.placed,
            skipped=self.skips.all(),
            notices=self.notices,
        )


ARRAYS = ("points", "corners", "face_starts", "face_thing", "face_paint", "face_type", "coordinates")
WORDS = ("format", "crs", "said", "unit", "up", "placed")


def pack(parts: Parts) -> tuple[Arrays, dict[str, Any]]:
    """Parts as named arrays and JSON words."""
    arrays = {name: getattr(parts, name) for name in ARRAYS}
    for row, picture in enumerate(parts.pictures):
        arrays[f"picture{row}"] = np.frombuffer(picture.data, dtype=np.uint8)
    words: dict[str, Any] = {name: getattr(parts, name) for name in WORDS}
    words["things"] = [[t.id, t.type, t.parent, dict(t.attributes)] for t in parts.things]
    words["paints"] = [[p.name, p.diffuse, p.transparency, p.picture] for p in parts.paints]
    words["pictures"] = [picture.path for picture in parts.pictures]
    words["skipped"] = [[s.what, s.why, s.count, s.first] for s in parts.skipped]
    words["notices"] = list(parts.notices)
    return arrays, words


def unpack(arrays: Mapping[str, NDArray[Any]], words: Mapping[str, Any]) -> Parts:
    """The Parts that `pack` was given."""
    columns: dict[str, Any] = {name: arrays[name] for name in ARRAYS}
    return Parts(
        **columns,
        **{name: words[name] for name in WORDS},
        things=[Thing(*thing) for thing in words["things"]],
        paints=[Paint(name, (d[0], d[1], d[2]), t, row) for name, d, t, row in words["paints"]],
        pictures=[
            Picture(path, arrays[f"picture{row}"].tobytes()) for row, path in enumerate(words["pictures"])
        ],
        skipped=[Skipped(*item) for item in words["skipped"]],
        notices=words["notices"],
    )
