"""Knows the colour of each object of a city, and how bright each corner of it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from twin.model.city import City, heights
from twin.model.parts import marked, wholes
from twin.model.table import number_of
from twin.render.outline import ROOF, WALL, surface_kinds
from twin.render.textured import looks
from twin.scene.colours import (
    ABSENT,
    ADDED,
    CLASS_COLOURS,
    GREEN_COLOURS,
    GROUND_COLOURS,
    SELECTED,
    Classes,
    class_colours,
    number_colours,
    rgb,
)
from twin.scene.items import HEIGHT, Buildings, Colouring

LAND = "LandUse"
"""Ground that was heaped up or dug out has the colour of its surface."""
PLAIN = np.array([243, 240, 234])
UNKNOWN = np.array([round(255 * part) for part in rgb(ABSENT)])
"""Objects that lack the attribute they are coloured by."""
EDGE = 0.62
"""How bright an edge is, compared with the face it runs along."""
FOOT_COLOUR = (44, 42, 50)
"""Of the darkness at the feet of walls."""
FOOT = 7.0
"""Walls darken towards the street over this height, as the sky is hidden there. [m]"""
FOOT_SHADE = 0.86
"""How bright a wall is at the street, compared with what it is above FOOT."""
ON_ROOF, ELSEWHERE = 1.02, 0.965
"""How bright a face is, by its kind."""
KEPT = 16
"""So many columns of a city are sorted once only."""


def object_colours(city: City, colouring: Colouring | None) -> NDArray[np.uint8]:
    """The colour of every object: (k, 3). A part that lacks the attribute takes that of its whole.

    Overlays colour buildings and whatever has the attribute; ground, water and green keep their own colours.
    """
    plain, built = _plain(city)
    if colouring is None:
        return plain
    values, place = _values(city, colouring.column)
    if isinstance(colouring.scale, Classes):
        known = np.array([value is not None for value in values], dtype=bool)[place]
        found = class_colours(colouring.scale, values)[place]
    else:
        numbers = np.array([number_of(value) for value in values], dtype=float)[place]
        if colouring.column == HEIGHT:
            numbers = np.where(np.isnan(numbers) & built, _heights(city), numbers)
        known = np.isfinite(numbers)
        found = number_colours(colouring.scale, numbers)
    found[built & ~known] = UNKNOWN
    return np.where((built | known)[:, None], found, plain)


@dataclass(frozen=True, eq=False, slots=True)
class Mark:
    """Objects whose colour is mixed with another."""

    objects: NDArray[np.bool_]
    """(k,)"""
    rest: float
    """How much of their own colour is left, 0-1."""
    mixed: NDArray[np.float64]
    """What is added: (3,), 0-255."""

    def among(self, objects: NDArray[np.intp]) -> Mark:
        """The same for some of the objects, in their order."""
        return Mark(self.objects[objects], self.rest, self.mixed)


def marks(item: Buildings) -> list[Mark]:
    """What is new or clicked."""
    wanted = ((item.marked, 0.35, 0.65, ADDED), (item.chosen, 0.45, 0.55, SELECTED))
    return [
        Mark(marked(item.city, ids), rest, share * 255 * np.array(rgb(colour)))
        for ids, rest, share, colour in wanted
        if ids
    ]


def with_marks(
    colours: NDArray[np.float64], found: Sequence[Mark], owner: NDArray[np.integer] | None = None
) -> NDArray[np.float64]:
    """Colours (n, 3) with marks in them. owner: the object of each, (n,); None: they are the objects."""
    for mark in found:
        mine = mark.objects if owner is None else mark.objects[owner]
        colours[mine] = mark.rest * colours[mine] + mark.mixed
    return colours


def shown_colours(item: Buildings) -> NDArray[np.float64]:
    """The colour of every object with what is new or clicked: (k, 3), 0-255."""
    return with_marks(object_colours(item.city, item.colouring).astype(np.float64), marks(item))


def brightness(city: City) -> NDArray[np.float64]:
    """How bright each vertex is, by the kind of its surface and its height above the street: (n,)."""
    kind = surface_kinds(city)[np.repeat(city.ring_surface, np.diff(city.ring_starts))]
    factor = np.where(kind == ROOF, ON_ROOF, ELSEWHERE)
    wall = kind == WALL
    factor[wall] *= FOOT_SHADE + (1.0 - FOOT_SHADE) * np.clip(city.vertices[wall, 2] / FOOT, 0.0, 1.0)
    return factor


def vertex_colours(item: Buildings) -> NDArray[np.uint8]:
    """The colour of every vertex, by kind of surface and height above the street: (n, 3); (n, 4) with glass.

    It is that of its object or, where the appearance of the city is shown, of its surface.
    """
    city, found = item.city, looks(item)
    surface = np.repeat(city.ring_surface, np.diff(city.ring_starts))
    own = object_colours(city, item.colouring if found is None else None)
    colours = own[city.surface_object].astype(np.float64)
    if found is not None:
        colours = np.where(np.isnan(found.colour), colours, found.colour)
    if item.colouring is None:
        for surfaces, green in greens(city):
            colours[surfaces] = green
    colours = with_marks(colours, marks(item), city.surface_object)
    bright = np.ones(len(surface)) if item.even else brightness(city)
    shaded = np.clip(colours[surface] * bright[:, None], 0, 255)
    if found is not None and (found.alpha < 1.0).any():
        shaded = np.column_stack([shaded, 255.0 * found.alpha[surface]])
    return np.asarray(shaded, dtype=np.uint8)


@lru_cache(maxsize=KEPT)
def greens(city: City) -> tuple[tuple[NDArray[np.intp], NDArray[np.float64]], ...]:
    """Which roofs and walls are grown over, as attributes of buildings say, and their colour, 0-255."""
    found = []
    for name, kind in (("green_roof", ROOF), ("green_wall", WALL)):
        values, place = _values(city, name)
        for row, value in enumerate(values.tolist()):
            if value in GREEN_COLOURS:
                mine = (place == row)[city.surface_object] & (surface_kinds(city) == kind)
                found.append((np.flatnonzero(mine), 255 * np.array(rgb(GREEN_COLOURS[value]))))
    return tuple(found)


def forget() -> None:
    """Lets go of what was worked out."""
    for work in (_plain, _values, _heights, greens):
        work.cache_clear()


@lru_cache(maxsize=KEPT)
def _plain(city: City) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """The colours of the classes, and which objects are buildings or parts of them."""
    kinds = city.object_type.tolist()
    rows = {name: row for row, name in enumerate(dict.fromkeys(kinds))}
    names, place = np.array(list(rows), dtype=object), np.array([rows[name] for name in kinds], dtype=np.intp)
    colours = class_colours(Classes(tuple(CLASS_COLOURS.items())), names, other=PLAIN)
    built = np.array([str(name).startswith("Building") for name in names], dtype=bool)
    found = colours[place]
    surface = city.attributes.columns.get("surface")
    if surface is not None and LAND in rows:
        land = np.flatnonzero(place == rows[LAND])
        known = [row for row in land.tolist() if surface[row] in GROUND_COLOURS]
        found[known] = class_colours(
            Classes(tuple(GROUND_COLOURS.items())), np.asarray(surface[known], dtype=object)
        )
    return found, built[place]


@lru_cache(maxsize=KEPT)
def _values(city: City, name: str) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """The different values of an attribute, None among them, and which of them each object has."""
    column = city.attributes.columns.get(name)
    if column is None:
        return np.array([None], dtype=object), np.zeros(len(city.object_id), dtype=np.intp)
    found: list[object]
    if column.dtype == object:
        found = column.tolist()
        absent = np.array([value is None or value != value for value in found], dtype=bool)
    else:
        absent = np.isnan(column) if column.dtype.kind == "f" else np.zeros(len(column), dtype=bool)
        numbers, number_place = np.unique(column, return_inverse=True)
    # what a part lacks its whole may have
    source = np.where(absent, wholes(city), np.arange(len(column)))
    if column.dtype == object:
        values, place = _different([None if gone else v for v, gone in zip(found, absent, strict=True)])
        return values, place[source]
    values = np.array([*numbers.tolist(), None], dtype=object)
    return values, np.where(absent, len(numbers), number_place.reshape(-1))[source]


@lru_cache(maxsize=KEPT)
def _heights(city: City) -> NDArray[np.float64]:
    return heights(city)


def _different(values: list[object]) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Each value once, and which of them each was: True and 1 are not the same."""
    rows: dict[tuple[type, object], int] = {}
    place = [rows.setdefault((type(value), value), len(rows)) for value in values]
    names = np.empty(len(rows), dtype=object)
    names[:] = [value for _, value in rows]
    return names, np.array(place, dtype=np.intp)
