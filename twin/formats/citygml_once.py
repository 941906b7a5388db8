"""Chooses what to show of objects that are given more than once."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from twin.formats.citygml_objects import Object, Polygon
from twin.formats.report import Skips

HIDDEN = 9
"""An LoD that nothing has."""


def choose(things: Sequence[Object], first: int, numbers: array[float], skips: Skips) -> None:
    """Of the objects of one member, keep the polygons that show each thing once.

    Each object keeps its highest LoD with surfaces; none where that is LoD0 or
    LoD1 and all of its parts have a higher one. A polygon
    of a lower LoD stays where the chosen LoD links to it. What is left out is counted in `skips`.

    things: the objects; first: the row of the first one; numbers: the coordinates of the file.
    """
    best = [max((polygon.lod for polygon in thing.polygons), default=-1) for thing in things]
    parts: dict[int, list[int]] = {}
    for thing, lod in zip(things, best, strict=True):
        if thing.type.endswith("Part") and thing.parent >= first:
            parts.setdefault(thing.parent - first, []).append(lod)
    # a footprint or block around finer parts would hide them; from LoD2 on it is a body of its own
    shown = [HIDDEN if lod < min(2, *parts.get(k, [lod])) else lod for k, lod in enumerate(best)]
    linked = {
        link.target.rpartition("#")[2]
        for thing, lod in zip(things, shown, strict=True)
        for link in thing.links
        if link.lod == lod
    }
    for thing, lod in zip(things, shown, strict=True):
        kept = []
        for polygon in thing.polygons:
            if polygon.lod == lod or (polygon.surface.id and polygon.surface.id in linked):
                kept.append(polygon)
            else:
                what = f"LoD{polygon.lod} surface"
                skips.add(what, "shown in a higher LoD", line=thing.line, gml_id=thing.id)
        thing.polygons = _without_doubles(kept, thing, numbers, skips)


def _without_doubles(
    polygons: list[Polygon], thing: Object, numbers: array[float], skips: Skips
) -> list[Polygon]:
    """Leave out what is written out twice, as in a solid and again as its boundary surfaces."""
    if all(p.type for p in polygons) or len({p.property for p in polygons}) < 2:
        return polygons
    seen: dict[frozenset[tuple[float, ...]], int] = {}
    kept = []
    # surfaces with a semantic type first, because they say more
    for polygon in sorted(polygons, key=lambda p: p.type == 0):
        start, stop = polygon.surface.rings[0]
        flat = numbers[start:stop]
        corners = frozenset(zip(flat[::3], flat[1::3], flat[2::3], strict=True))
        if seen.setdefault(corners, polygon.property) != polygon.property and polygon.type == 0:
            skips.add("surface given twice", "shown once", line=thing.line, gml_id=thing.id)
        else:
            kept.append(polygon)
    return kept
