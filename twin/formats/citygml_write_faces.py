"""Sorts the surfaces of an object into the boundary surfaces and openings that CityGML 2.0 writes."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from twin.formats.citygml_write_classes import OPENINGS
from twin.model.city import SURFACE_TYPES, City

WALL = "WallSurface"
"""What an opening is cut into that nothing else is known of."""
Typed = Iterable[tuple[int, str, int]]
"""Surfaces, each with its type and LoD."""


@dataclass(slots=True)
class Opening:
    """A window or door."""

    name: str
    face: int
    """Its row among the faces of the city, or -1."""
    surfaces: dict[int, list[int]] = field(default_factory=dict)
    """By LoD."""


@dataclass(slots=True)
class Boundary:
    """A wall, a roof …, and what is cut into it."""

    name: str
    face: int
    surfaces: dict[int, list[int]] = field(default_factory=dict)
    openings: list[Opening] = field(default_factory=list)


def boundaries(city: City, surfaces: Typed, names: Collection[str]) -> list[Boundary]:
    """The boundary surfaces of these, in their order. names: the types of those that may hold openings.

    Surfaces of one face stand together; of those without a face, neighbours of one type and LoD do.
    Openings are cut into the face that they are known to be of, otherwise into what stands before them.
    """
    found: list[Boundary] = []
    holders: dict[tuple[int, str], Boundary] = {}
    cut: dict[tuple[int, str], Opening] = {}
    before: Boundary | None = None
    last: tuple[str, int] | None = None
    """Type and LoD of the neighbour, where that has no face."""

    def holder(face: int, name: str) -> Boundary:
        if face < 0:
            found.append(Boundary(name, face))
            return found[-1]
        if (face, name) not in holders:
            found.append(Boundary(name, face))
            holders[face, name] = found[-1]
        return holders[face, name]

    for surface, name, lod in surfaces:
        face = -1 if city.faces is None else int(city.faces.of_surface[surface])
        if name not in OPENINGS:
            if face >= 0 or before is None or last != (name, lod):
                before = holder(face, name)
            before.surfaces.setdefault(lod, []).append(surface)
            last = (name, lod) if face < 0 else None
            continue
        parent = int(city.faces.parent[face]) if city.faces is not None and face >= 0 else -1
        if parent >= 0:
            before, last = holder(parent, _name(city, parent, names)), None
        elif before is None or before.face >= 0:
            before = holder(-1, WALL)
        opening = cut.get((face, name)) if face >= 0 else None
        if opening is None:
            opening = Opening(name, face)
            before.openings.append(opening)
        if face >= 0:
            cut[face, name] = opening
        opening.surfaces.setdefault(lod, []).append(surface)
        last = None
    return found


def _name(city: City, face: int, names: Collection[str]) -> str:
    """The type of a face that holds openings."""
    assert city.faces is not None
    name = SURFACE_TYPES[int(city.faces.type[face])]
    return name if name in names else WALL
