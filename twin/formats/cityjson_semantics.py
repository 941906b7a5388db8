"""Reads which semantic type each polygon of a CityJSON geometry has."""

from __future__ import annotations

from itertools import chain
from typing import Any

import msgspec

from twin.formats.cityjson_geometries import Geometry
from twin.formats.report import Skips
from twin.model.city import SURFACE_TYPES

KINDS = {
    **{name: index for index, name in enumerate(SURFACE_TYPES)},
    "WaterGroundSurface": SURFACE_TYPES.index("GroundSurface"),
    "WaterClosureSurface": SURFACE_TYPES.index("ClosureSurface"),
    "TransportationMarking": 0,
    "TransportationHole": 0,
}
STRUCTURE = frozenset({"type", "parent", "children"})


class _Semantics(msgspec.Struct):
    surfaces: list[dict[str, Any]]
    values: Any = None


_semantics = msgspec.json.Decoder(_Semantics)
_any = msgspec.json.Decoder(Any)


class _Misfit(ValueError):
    """Values that are not nested as the boundaries are."""


def types_of(geometry: Geometry, count: int, skips: Skips) -> bytes:
    """An index into SURFACE_TYPES for each of its `count` polygons, in the order of the boundaries."""
    if bytes(geometry.semantics) == b"null":
        return bytes(count)
    where = f"{geometry.where}.semantics"
    try:
        semantics = _semantics.decode(geometry.semantics)
        values = _flat(semantics.values, geometry, count)
        used = set(values)  # TypeError for lists in it
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        skips.at(where, "semantics", f"they cannot be used: {error}")
        return bytes(count)
    except (_Misfit, TypeError):
        skips.at(where, "semantics", "their values do not fit the boundaries")
        return bytes(count)
    said = [str(surface.get("type")) for surface in semantics.surfaces]
    meaning: dict[int | None, int] = {number: KINDS.get(kind, 0) for number, kind in enumerate(said)}
    meaning[None] = 0
    for kind in said:
        if kind not in KINDS:
            skips.at(where, f"semantic type {kind}", "the surface is shown without it")
    if sum(map(len, semantics.surfaces)) > len(said):
        further = sum(len(surface.keys() - STRUCTURE) for surface in semantics.surfaces)
        if further:
            skips.at(where, "attribute of a surface", "only objects keep them", further)
    if not used <= meaning.keys():
        gone = sum(value not in meaning for value in values)
        skips.at(where, "semantics", "the file has no such surface", gone)
    return bytes(meaning.get(value, 0) for value in values)


def _flat(values: Any, geometry: Geometry, count: int) -> list[Any]:
    """A value for each polygon; TypeError or _Misfit where they do not fit."""
    flat: list[Any]
    try:
        flat = values
        for _ in range(geometry.depth - 3):
            flat = list(chain.from_iterable(flat))
        if isinstance(flat, list) and len(flat) == count:
            return flat
    except TypeError:
        pass  # a null may stand for a whole shell or solid
    return _along(_any.decode(geometry.text), values, geometry.depth)


def _along(boundaries: Any, values: Any, depth: int) -> list[Any]:
    if values is None:
        values = [None] * len(boundaries)
    if not isinstance(values, list) or len(values) != len(boundaries):
        raise _Misfit
    if depth == 3:
        return list(values)
    inner = zip(boundaries, values, strict=True)
    return [value for part, within in inner for value in _along(part, within, depth - 1)]
