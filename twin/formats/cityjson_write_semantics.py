"""Writes which semantic type the polygons of a CityJSON geometry have, and what is known of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from twin.formats.cityjson_semantics import NAMELESS
from twin.formats.write_losses import STRUCTURE
from twin.model.city import SURFACE_TYPES, City
from twin.model.table import Value


def semantics_of(city: City, surfaces: Sequence[int]) -> dict[str, Any]:
    """The semantics of a geometry of these surfaces; empty: they have none.

    Each face is a surface of its own; those of which only the type is known are one for each type.
    """
    kinds = city.surface_type[list(surfaces)].tolist()
    of = [-1] * len(kinds) if city.faces is None else city.faces.of_surface[list(surfaces)].tolist()
    types: dict[tuple[int, int], str] = {
        (face, kind): SURFACE_TYPES[kind] if kind else NAMELESS
        for kind, face in sorted(zip(kinds, of, strict=True))
        if kind or face >= 0
    }
    if not types:
        return {}
    faces = city.faces
    rows: dict[int, tuple[int, int]] = {face: (face, kind) for face, kind in types if face >= 0}
    for face in list(rows) if faces is not None else ():
        assert faces is not None
        parent = int(faces.parent[face])
        while parent >= 0 and parent not in rows:
            rows[parent] = (parent, -1)  # it has no polygon here
            kind = int(faces.type[parent])
            types[rows[parent]] = SURFACE_TYPES[kind] if kind else NAMELESS
            parent = int(faces.parent[parent])
    numbers = {key: number for number, key in enumerate(types)}
    listed: list[dict[str, Any]] = [{"type": name} for name in types.values()]
    for (face, _), number in numbers.items():
        if faces is None or face < 0:
            continue
        for name, value in faces.attributes.row(face).items():
            listed[number][f"{name}_" if name in STRUCTURE else name] = plain(value)
        parent = int(faces.parent[face])
        if parent >= 0:
            above = numbers[rows[parent]]
            listed[number]["parent"] = above
            listed[above].setdefault("children", []).append(number)
    values = [numbers.get((face, kind)) for kind, face in zip(kinds, of, strict=True)]
    return {"surfaces": listed, "values": values}


def plain(value: Value) -> Value:
    """JSON has no infinity."""
    return str(value) if isinstance(value, float) and not math.isfinite(value) else value
