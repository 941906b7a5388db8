"""What is being drawn: corners one after the other, with typed lengths, and what they make."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Literal

import shapely
from shapely import LineString, MultiPoint, Polygon, affinity
from shapely.geometry.base import BaseGeometry

from twin.model.place import Place
from twin.scene.snapping import Flat

Geometry = BaseGeometry
Shape = Literal["polygon", "rectangle", "box", "line", "stroke", "points"]
NO_AREA, NO_LINE, NO_POINTS = Polygon(), LineString(), MultiPoint()
"""What stands for a shape that is not drawn yet."""
EMPTY: Mapping[Shape, BaseGeometry] = MappingProxyType(
    {
        **{"polygon": NO_AREA, "rectangle": NO_AREA, "box": NO_AREA},
        **{"line": NO_LINE, "stroke": NO_LINE, "points": NO_POINTS},
    }
)
FEWEST = {"polygon": 3, "rectangle": 3, "box": 2, "line": 2, "stroke": 2, "points": 1}
"""Corners that a shape needs."""
SAME = 0.05
"""Corners so near are one. [m]"""
TYPED = frozenset("0123456789.,;-@< ")
"""What a length, a direction or a place is typed with."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Corners in local metres, and what was typed for the next one."""

    shape: Shape
    corners: tuple[Flat, ...] = ()
    typed: str = ""

    @property
    def enough(self) -> bool:
        """Whether it can be ended."""
        return len(self.corners) >= FEWEST[self.shape]

    @property
    def full(self) -> bool:
        """Whether it ends by itself: a rectangle has no fourth click, a box and a stroke no third."""
        return self.shape in ("rectangle", "box", "stroke") and len(self.corners) >= FEWEST[self.shape]


def clicked(drawing: Drawing, at: Flat) -> Drawing:
    """With one more corner, unless it is where the last one is."""
    if drawing.corners and math.dist(at, drawing.corners[-1]) < SAME:
        return replace(drawing, typed="")
    return replace(drawing, corners=(*drawing.corners, at), typed="")


def back(drawing: Drawing) -> Drawing:
    """Without what was done last: a typed sign, or else a corner."""
    if drawing.typed:
        return replace(drawing, typed=drawing.typed[:-1])
    return replace(drawing, corners=drawing.corners[:-1])


def typing(drawing: Drawing, sign: str) -> Drawing:
    """With one more sign of a length or a place; others are not taken."""
    if sign not in TYPED or (sign == " " and not drawing.typed):
        return drawing
    return replace(drawing, typed=drawing.typed + sign)


def aimed(drawing: Drawing, at: Flat | None, place: Place) -> Flat | None:
    """Where the next corner is while the mouse is at a place: as far as typed, or at the typed place.

    `12.5` is a length in the direction of the mouse; `12.5<90` one in a direction, clockwise from north;
    `@3;4` is so far east and north of the last corner; `25496900;6673200` is a place in the CRS of the
    project. None where the mouse is nowhere and what is typed says too little. [m]
    """
    last = drawing.corners[-1] if drawing.corners else None
    if "<" in drawing.typed:
        return _turned(drawing.typed, last) or at
    numbers = _numbers(drawing.typed)
    if len(numbers) == 2:
        x, y = numbers
        if not drawing.typed.lstrip().startswith("@"):
            return x - place.origin[0], y - place.origin[1]
        start = last or at
        return (start[0] + x, start[1] + y) if start is not None else None
    if len(numbers) == 1 and last is not None and numbers[0] > 0 and at is not None:
        if drawing.shape == "rectangle" and len(drawing.corners) == 2:
            return _beside(drawing.corners[0], drawing.corners[1], at, numbers[0])
        away = math.dist(last, at)
        if away > 0:
            part = numbers[0] / away
            return last[0] + part * (at[0] - last[0]), last[1] + part * (at[1] - last[1])
    return at


def _turned(typed: str, last: Flat | None) -> Flat | None:
    """Where a typed length and direction lead; None as long as one of them is missing."""
    away, turn = (_numbers(part)[:1] for part in typed.split("<", 1))
    if last is None or not away or not turn:
        return None
    angle = math.radians(turn[0])
    return last[0] + away[0] * math.sin(angle), last[1] + away[0] * math.cos(angle)


def outline(drawing: Drawing, at: Flat | None = None) -> tuple[Flat, ...]:
    """The corners as they would be with one more; a rectangle has four as soon as it has a side."""
    corners = drawing.corners if at is None else clicked(drawing, at).corners
    if drawing.shape == "box" and len(corners) > 1:
        (west, south), (east, north) = corners[:2]
        return (west, south), (east, south), (east, north), (west, north)
    if drawing.shape != "rectangle" or len(corners) < 3:
        return corners
    a, b, c = corners[:3]
    across = _across(a, b, c)
    return a, b, (b[0] + across[0], b[1] + across[1]), (a[0] + across[0], a[1] + across[1])


def made(drawing: Drawing) -> BaseGeometry | None:
    """What was drawn, in local metres; None as long as it is too little, or crosses itself."""
    if not drawing.enough:
        return None
    corners = outline(drawing)
    if drawing.shape == "points":
        return MultiPoint(corners)
    if drawing.shape in ("line", "stroke"):
        return LineString(corners)
    area = Polygon(corners)
    if not area.is_valid or area.area < SAME**2:
        return None
    return shapely.orient_polygons(area)


def with_corner(shape: BaseGeometry, number: int, at: Flat) -> BaseGeometry | None:
    """A shape with one of its corners elsewhere; None when it would cross itself.

    number: into `corners_of`.
    """
    corners = list(corners_of(shape))
    corners[number] = at
    return _remade(shape, corners)


def with_new_corner(shape: BaseGeometry, after: int, at: Flat) -> BaseGeometry | None:
    """A shape with one more corner."""
    corners = list(corners_of(shape))
    corners.insert(after + 1, at)
    return _remade(shape, corners)


def without_corner(shape: BaseGeometry, number: int) -> BaseGeometry | None:
    """A shape with one corner less; None when too little is left."""
    corners = list(corners_of(shape))
    del corners[number]
    kind = "polygon" if isinstance(shape, Polygon) else "line" if isinstance(shape, LineString) else "points"
    return _remade(shape, corners) if len(corners) >= FEWEST[kind] else None


def corners_of(shape: BaseGeometry) -> tuple[Flat, ...]:
    """The corners of a shape, of a polygon those of its exterior, each once."""
    if isinstance(shape, Polygon):
        points = shapely.get_coordinates(shape.exterior)[:-1]
    else:
        points = shapely.get_coordinates(shape)
    return tuple((float(x), float(y)) for x, y in points)


def moved(shape: BaseGeometry, by: Flat, *, turn: float = 0.0, about: Flat | None = None) -> BaseGeometry:
    """A shape elsewhere. by: east and north [m]; turn: clockwise [deg], about its middle unless said."""
    if turn:
        shape = affinity.rotate(shape, -turn, origin=about or _middle(shape))
    return affinity.translate(shape, *by)


def length_of(corners: Sequence[Flat]) -> float:
    """Along all corners. [m]"""
    return math.fsum(math.dist(a, b) for a, b in itertools.pairwise(corners))


def area_of(corners: Sequence[Flat]) -> float:
    """Inside of the corners. [m²]"""
    return float(Polygon(corners).area) if len(corners) > 2 else 0.0


def size_of(shape: BaseGeometry) -> tuple[float, str]:
    """The area of an area, the length of anything else, and its unit."""
    return (float(shape.area), "m²") if isinstance(shape, Polygon) else (float(shape.length), "m")


def direction(start: Flat, end: Flat) -> float:
    """Clockwise from north. [deg]"""
    return math.degrees(math.atan2(end[0] - start[0], end[1] - start[1])) % 360.0


def _remade(shape: BaseGeometry, corners: Sequence[Flat]) -> BaseGeometry | None:
    if isinstance(shape, Polygon):
        holes = [hole.coords for hole in shape.interiors]
        area = Polygon(corners, holes)
        return shapely.orient_polygons(area) if area.is_valid and area.area >= SAME**2 else None
    if isinstance(shape, LineString):
        line = LineString(corners)
        return line if line.length >= SAME else None
    return MultiPoint(corners)


def _numbers(typed: str) -> list[float]:
    """One number or two; a comma is a decimal point unless a point is there."""
    text = typed.strip().lstrip("@").strip()
    parts = [part for part in text.replace(";", " ").split() if part]
    if len(parts) == 1 and parts[0].count(",") == 1 and "." in parts[0]:
        parts = parts[0].split(",")
    try:
        return [float(part.replace(",", ".")) for part in parts[:2]]
    except ValueError:
        return []


def _across(a: Flat, b: Flat, c: Flat) -> Flat:
    """From the side a-b square to the line through c."""
    x, y = b[0] - a[0], b[1] - a[1]
    length = math.hypot(x, y)
    if length == 0:
        return 0.0, 0.0
    far = ((c[0] - b[0]) * -y + (c[1] - b[1]) * x) / length
    return -y / length * far, x / length * far


def _beside(a: Flat, b: Flat, at: Flat, width: float) -> Flat:
    across = _across(a, b, at)
    length = math.hypot(*across)
    if length == 0:
        return at
    return b[0] + across[0] / length * width, b[1] + across[1] / length * width


def _middle(shape: BaseGeometry) -> Flat:
    west, south, east, north = shape.bounds
    return (west + east) / 2, (south + north) / 2
