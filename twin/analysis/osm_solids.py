"""Sorts buildings, their parts and canopies into solids that neither overlap twice nor hang in the air."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import shapely
from shapely import Polygon
from shapely.geometry.base import BaseGeometry

from twin.analysis import osm_heights as heights
from twin.analysis import osm_standing as standing
from twin.analysis.osm_heights import Span
from twin.analysis.osm_thing import (
    LEAST_AREA,
    LEVEL,
    PODIUM,
    Solid,
    Thing,
    is_building,
    is_canopy,
    underground,
)
from twin.model.osm import Extract, Feature

COVERED = 0.9
"""An outline is not drawn itself when its parts cover more than this share of it."""
SUPPORTED = 0.5
"""A part rests on what is beneath it when this share of it does."""
APART = 3.0
"""A building is detached when the next one is farther than this. [m]"""
SLIVER = 0.3
"""Leftovers narrower than twice this are no piece of a building. [m]"""


def things(extract: Extract, notes: Counter[str]) -> list[Thing]:
    """Every building above the ground that touches the area, in the order of the ids."""
    found = [f for f in extract.areas if is_building(f.tags) and f.geometry.intersects(extract.area)]
    everywhere = sum(is_building(f.tags) for f in extract.areas)
    notes["buildings wholly outside the area"] += everywhere - len(found)
    above = [f for f in found if not underground(f.tags)]
    notes["buildings left out: under the ground"] += len(found) - len(above)
    canopies = [f for f in above if is_canopy(f.tags)]
    parts = [f for f in above if "building:part" in f.tags and not is_canopy(f.tags)]
    rest = [f for f in above if "building:part" not in f.tags and not is_canopy(f.tags)]
    buildings = _once(rest, notes)
    wholes, inside = _nested(buildings)
    notes["buildings inside a larger one, made its parts"] += len(inside)
    made = {f.id: Thing(f) for f in wholes}
    tree = shapely.STRtree([f.geometry for f in wholes])
    for feature in [*parts, *inside]:
        shares = [
            (feature.geometry.intersection(wholes[i].geometry).area / max(feature.geometry.area, 1e-9), i)
            for i in tree.query(feature.geometry, "intersects")
        ]
        share, owner = max(shares, default=(0.0, -1))
        if share > SUPPORTED:
            made[wholes[owner].id].parts.append(Thing(feature))
        else:
            notes["parts without a building, made buildings"] += 1
            made[feature.id] = Thing(feature)
    for thing in made.values():
        near = tree.query(thing.feature.geometry, "dwithin", distance=APART)
        _raise(thing, len(near) < 2, notes)
    for feature in canopies:
        made[feature.id] = Thing(feature, [Solid(feature.geometry, heights.canopy(feature.tags), True)])
    everything = sorted(made.values(), key=lambda t: _order(t.feature.id))
    standing.settle(everything, notes)
    return [t for t in everything if t.solids or any(p.solids for p in t.parts)]


def _order(osm_id: str) -> tuple[str, int]:
    _, kind, number = osm_id.split("-")
    return kind, int(number)


def _once(features: Sequence[Feature], notes: Counter[str]) -> list[Feature]:
    """Without the second of two outlines of one building: the relation stays, with the tags of both."""
    ranked = sorted(features, key=lambda f: ("relation" not in f.id, -len(f.tags), _order(f.id)))
    tree = shapely.STRtree([f.geometry for f in ranked])
    gone: set[int] = set()
    for i in range(len(ranked)):
        first = ranked[i]
        for j in sorted(tree.query(first.geometry, "intersects").tolist()):
            if j <= i or i in gone or j in gone:
                continue
            second = ranked[j]
            both = first.geometry.intersection(second.geometry).area
            # a relation's outer way has the same outline and no courtyards
            filled = shapely.union_all([Polygon(p.exterior) for p in shapely.get_parts(first.geometry)])
            same = both / first.geometry.union(second.geometry).area > COVERED or (
                filled.symmetric_difference(second.geometry).area < 0.01 * filled.area
            )
            if same:
                gone.add(j)
                tags = {**second.tags, **first.tags, "building": _say(first, second)}
                ranked[i] = replace(first, tags=tags)
                notes["buildings mapped twice, drawn once"] += 1
    return [f for i, f in enumerate(ranked) if i not in gone]


def _say(first: Feature, second: Feature) -> str:
    kind = first.tags["building"]
    return second.tags["building"] if kind == "yes" else kind


def _nested(features: Sequence[Feature]) -> tuple[list[Feature], list[Feature]]:
    """The buildings, and those of them that lie inside another."""
    tree = shapely.STRtree([f.geometry for f in features])
    inside = []
    for i, feature in enumerate(features):
        for j in tree.query(feature.geometry, "intersects"):
            larger = features[j].geometry
            if j != i and larger.area > feature.geometry.area:
                share = feature.geometry.intersection(larger).area / feature.geometry.area
                if share > 0.95:
                    inside.append(feature)
                    break
    left_out = {f.id for f in inside}
    return [f for f in features if f.id not in left_out], inside


def _raise(thing: Thing, detached: bool, notes: Counter[str]) -> None:
    """Give a building and its parts their solids.

    Mappers here tag an outline with the storeys of its lowest body and let parts start on top of it, so
    an outline is drawn under parts that start at its top, and is cut out for parts that stand on the
    ground or start lower than its top (those are bridges and passages).
    """
    feature = thing.feature
    outline = feature.geometry
    own = heights.span(feature.tags, area=outline.area, detached=detached)
    spans = [heights.span(p.feature.tags, area=p.feature.geometry.area) for p in thing.parts]
    shapes = [p.feature.geometry for p in thing.parts]
    for i, (span, part) in enumerate(zip(spans, thing.parts, strict=True)):
        if span.source.startswith("default"):
            carries = any(
                other.base > PODIUM and shapes[i].intersection(shape).area > SUPPORTED * shape.area
                for other, shape in zip(spans, shapes, strict=True)
            )
            whole = heights.span(part.feature.tags, area=shapes[i].area, building=own)
            spans[i] = whole if carries or whole.top >= span.top else span
    tagged = "tag" in own.source
    unsupported = [
        span.base
        for i, span in enumerate(spans)
        if span.base > PODIUM and _resting(shapes[i], span.base, i, spans, shapes) < SUPPORTED
    ]
    if unsupported and not tagged:
        own = replace(own, top=min(unsupported), source="up to where its parts start", roof="flat")
    podium = [s for s, x in zip(shapes, spans, strict=True) if x.base > PODIUM and x.base >= own.top - PODIUM]
    low = [
        s
        for s, x in zip(shapes, spans, strict=True)
        if (x.base <= PODIUM or x.base < own.top - PODIUM) and x.top > own.base + LEVEL
    ]
    covered = shapely.union_all(shapes).intersection(outline).area / outline.area if shapes else 0.0
    if covered <= COVERED or podium:
        body = _tidy(outline.difference(shapely.union_all(low))) if low else outline
        if not body.is_empty:
            flush = [x.base for x in spans if x.base > PODIUM and abs(x.base - own.top) < PODIUM]
            if podium and flush and own.roof == "flat":
                own = replace(own, top=min(flush))
            thing.solids.append(Solid(body, own))
            notes["outlines drawn where no part covers them"] += bool(shapes)
    else:
        notes["outlines not drawn because their parts cover them"] += 1
    for part, span, shape in zip(thing.parts, spans, shapes, strict=True):
        part.solids.append(Solid(shape, span))


def _resting(
    shape: BaseGeometry, base: float, row: int, spans: Sequence[Span], shapes: Sequence[BaseGeometry]
) -> float:
    """The share of a part that other parts carry."""
    beneath = [
        other
        for i, (span, other) in enumerate(zip(spans, shapes, strict=True))
        if i != row and span.base < base and span.top >= base - PODIUM
    ]
    return float(shape.intersection(shapely.union_all(beneath)).area / shape.area) if beneath else 0.0


def _tidy(shape: BaseGeometry) -> BaseGeometry:
    """Without slivers."""
    opened = shape.buffer(-SLIVER, join_style="mitre").buffer(SLIVER * 1.01, join_style="mitre")
    kept = [
        p
        for p in shapely.get_parts(shape.intersection(opened))
        if p.geom_type == "Polygon" and p.area > LEAST_AREA
    ]
    return shapely.MultiPolygon(kept) if len(kept) > 1 else (kept[0] if kept else Polygon())
