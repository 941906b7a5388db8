"""Turns the solids of buildings into a city."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon

from twin.analysis import osm_heights as heights
from twin.analysis import osm_roofs as roofs
from twin.analysis import osm_uses as uses
from twin.analysis.osm_thing import Solid, Thing
from twin.model import city as city_
from twin.model.city import City, CityObject, Polygon3D
from twin.model.place import Place
from twin.model.table import Value


def city(things: Sequence[Thing], place: Place, notes: Counter[str]) -> City:
    """All buildings, parts and canopies with their attributes, in local metres."""
    objects: list[CityObject] = []
    for thing in things:
        row = len(objects)
        objects.append(_object(thing, "Building", -1, place, notes))
        objects.extend(
            _object(part, "BuildingPart", row, place, notes) for part in thing.parts if part.solids
        )
    return city_.from_objects(place, objects)


def _object(thing: Thing, kind: str, parent: int, place: Place, notes: Counter[str]) -> CityObject:
    polygons: list[Polygon3D] = []
    for solid in thing.solids:
        polygons.extend(_shell(solid, place, notes))
    attributes = {**uses.attributes(thing.feature.tags), **_measures(thing)}
    notes[f"height: {attributes['height_source']}"] += 1
    return CityObject(thing.feature.id, kind, parent, attributes, polygons)


def _shell(solid: Solid, place: Place, notes: Counter[str]) -> Sequence[Polygon3D]:
    span = solid.span
    if span.roof in (*roofs.PROFILES, "dome"):
        notes[f"roofs drawn with facets: {span.roof}"] += 1
    elif span.roof != "flat":
        notes[f"roofs drawn with planes: {span.roof}"] += 1
    footprint = shapely.transform(solid.footprint, lambda xy: xy - np.array(place.origin[:2]))
    if not isinstance(footprint, Polygon | MultiPolygon):
        raise TypeError(f"a footprint is made of polygons, this one is a {footprint.geom_type}")
    flat = span.roof == "flat"
    return roofs.solid(
        footprint,
        base=round(span.base, 3),
        top=round(span.top, 3),
        roof=span.roof,
        rise=span.rise,
        direction=_direction(solid),
        lod=1 if flat else 2,
    )


def _direction(solid: Solid) -> float | None:
    """Where a slope faces, when the tags say more than that the ridge follows the long side. [deg]"""
    if solid.span.direction is not None or not solid.span.across:
        return solid.span.direction
    corners = shapely.get_coordinates(shapely.oriented_envelope(solid.footprint))
    sides = np.diff(corners[:3], axis=0)
    east, north = sides[np.hypot(*sides.T).argmax()]
    return math.degrees(math.atan2(east, north)) % 360


def _measures(thing: Thing) -> Mapping[str, Value]:
    drawn = [*thing.solids, *(s for part in thing.parts for s in part.solids)]
    highest = max(drawn, key=lambda s: s.span.top)
    found: dict[str, Value] = {
        "measuredHeight": round(highest.span.top, 2),
        "height_source": highest.span.source if thing.solids else "its parts",
        "roof": highest.span.roof,
    }
    lowest = min(s.span.base for s in drawn)
    if lowest > 0:
        found["base"] = round(lowest, 2)
    storeys = heights.metres(thing.feature.tags.get("building:levels"))
    if storeys is not None:
        found["storeysAboveGround"] = int(storeys)
    if thing.feature.cut:
        found["outline"] = "cut at the edge of the extract"
    return found
