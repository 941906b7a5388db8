"""Makes solids stand: none too thin, none hidden in a tower, none hanging in the air."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import shapely

from twin.analysis import osm_heights as heights
from twin.analysis.osm_thing import LEAST_AREA, LEVEL, PODIUM, Solid, Thing


def settle(everything: Sequence[Thing], notes: Counter[str]) -> None:
    """Drop solids without thickness, lower towers to their domes, set down what hangs in the air."""
    owners = [thing for whole in everything for thing in (whole, *whole.parts)]
    for thing in owners:
        kept = [
            s
            for s in thing.solids
            if s.span.top - s.span.base > heights.LEAST and s.footprint.area > LEAST_AREA
        ]
        notes["solids left out: thinner than 5 cm or smaller than 1 m²"] += len(thing.solids) - len(kept)
        thing.solids = kept
    tree, rows = _index(owners)
    for thing in owners:
        for k, solid in enumerate(thing.solids):
            for other in _touching(solid, tree, rows):
                crown = other.span
                hidden = crown.roof != "flat" and solid.span.roof == "flat" and crown.top <= solid.span.top
                overlap = solid.footprint.intersection(other.footprint).area
                if (
                    hidden
                    and solid.span.base < crown.base < solid.span.top
                    and overlap > 0.4 * solid.footprint.area
                ):
                    thing.solids[k] = replace(solid, span=replace(solid.span, top=crown.base))
                    notes["towers lowered to where the dome on them starts"] += 1
    while True:
        tree, rows = _index(owners)
        lowered = 0
        for thing in owners:
            for k, solid in enumerate(thing.solids):
                if solid.canopy or solid.span.base <= PODIUM or _held(solid, _touching(solid, tree, rows)):
                    continue
                beneath = [
                    o.span.top
                    for o in _touching(solid, tree, rows)
                    if o.span.top < solid.span.base
                    and o.footprint.intersection(solid.footprint).area > 0.2 * solid.footprint.area
                ]
                base = max(beneath, default=0.0)
                thing.solids[k] = replace(solid, span=replace(solid.span, base=base))
                lowered += 1
                notes[f"hanging in the air, set down: {thing.feature.id}"] += 1
        if not lowered:
            break


def _index(owners: Sequence[Thing]) -> tuple[shapely.STRtree, list[Solid]]:
    rows = [solid for thing in owners for solid in thing.solids]
    return shapely.STRtree([solid.footprint for solid in rows]), rows


def _touching(solid: Solid, tree: shapely.STRtree, rows: Sequence[Solid]) -> list[Solid]:
    near = sorted(tree.query(solid.footprint, "dwithin", distance=0.3).tolist())
    return [rows[i] for i in near if rows[i] is not solid and not rows[i].canopy]


def _held(solid: Solid, neighbours: Sequence[Solid]) -> bool:
    """Whether something beneath carries it, or a neighbour holds it at its side."""
    for other in neighbours:
        overlap = other.footprint.intersection(solid.footprint).area
        if other.span.base < solid.span.base and overlap > 0.2 * solid.footprint.area:
            if abs(other.span.top - solid.span.base) < LEVEL or other.span.top > solid.span.base:
                return True
        elif min(other.span.top, solid.span.top) - max(other.span.base, solid.span.base) > 1.0:
            return True
    return False
