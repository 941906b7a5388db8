"""Reads which semantic type and which surface with semantics each polygon of a CityJSON geometry has."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.formats.cityjson_attributes import add_attributes
from twin.formats.cityjson_faces import faces_of
from twin.formats.cityjson_geometries import Geometries
from twin.formats.cityjson_said import Said, names_of
from twin.formats.cityjson_values import MISFIT, Misfit, flat
from twin.formats.report import Skips
from twin.formats.write_losses import STRUCTURE
from twin.model import faces
from twin.model.city import SURFACE_TYPES
from twin.model.faces import Faces
from twin.model.table import Value

NAMELESS = "+Surface"
"""A surface without a type of which something is known."""
KINDS = {
    **{name: index for index, name in enumerate(SURFACE_TYPES)},
    "WaterGroundSurface": SURFACE_TYPES.index("GroundSurface"),
    "WaterClosureSurface": SURFACE_TYPES.index("ClosureSurface"),
    "TransportationMarking": 0,
    "TransportationHole": 0,
    NAMELESS: 0,
}
LOST_PARENT = "parent of a surface", "the geometry has no such surface"
Where = Callable[[int], str]


class _Semantics(msgspec.Struct):
    surfaces: list[dict[str, Any]]
    values: Any = None


_semantics = msgspec.json.Decoder(_Semantics)


@dataclass(slots=True)
class _Own:
    """The surfaces of one geometry."""

    kinds: bytes
    """Of its polygons."""
    of: list[int] = field(default_factory=list)
    """The surface of each polygon, or -1; empty: none has one."""
    types: list[int] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    attributes: list[dict[str, Value]] = field(default_factory=list)


def semantics_of(
    geometries: Geometries,
    depths: NDArray[np.int64],
    counts: NDArray[np.int64],
    where: Where,
    skips: Skips,
) -> tuple[NDArray[np.uint8], Faces | None, dict[str, int]]:
    """An index into SURFACE_TYPES for each polygon, in the order of the boundaries, what else is known of
    them, and how many surfaces have each attribute.

    depths: how deep the vertex numbers of each geometry lie. counts: its polygons. where: where it stands.
    """
    texts = geometries.semantics
    total = int(counts.sum())
    kinds, of = np.zeros(total, dtype=np.uint8), np.full(total, -1, dtype=np.int32)
    listed = np.zeros(len(texts), dtype=np.int32)
    said, types, parents = Said(), np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.int32)
    left = list(range(len(texts)))
    if texts.large:
        from twin.formats import cityjson_scan

        words = [name.encode() for name in KINDS]
        text, ends = texts.joined()
        kinds, of, listed, types, parents, which, places, odd = cityjson_scan.semantics(
            *(text, ends, depths - 2, counts),
            np.frombuffer(b"".join(words), dtype=np.uint8),
            np.cumsum([len(word) for word in words]),
            np.array(list(KINDS.values()), dtype=np.uint8),
        )
        said = Said.gathered(text, which, places, *names_of(text, places))
        left = np.flatnonzero(odd).tolist()
    polygons = np.cumsum(counts)
    own: dict[int, _Own] = {}
    for row in left:
        text_of = texts[row]
        if text_of != b"null" and counts[row]:
            own[row] = _read(
                geometries, row, text_of, int(depths[row]), int(counts[row]), f"{where(row)}.semantics", skips
            )
    if own:
        geometry = [np.repeat(np.arange(len(texts)), listed)]
        more, attributes = [parents], list[dict[str, Value]]()
        for row, found in own.items():
            start, span = len(parents) + len(attributes), slice(polygons[row] - counts[row], polygons[row])
            kinds[span] = np.frombuffer(found.kinds, dtype=np.uint8)
            if found.of:
                mine = np.array(found.of, dtype=np.int32)
                of[span] = np.where(mine >= 0, mine + start, -1)
            up = np.array(found.parents, dtype=np.int32)
            more.append(np.where(up >= 0, up + start, -1).astype(np.int32))
            geometry.append(np.full(len(found.parents), row))
            attributes += found.attributes
            types = np.append(types, np.array(found.types, dtype=np.uint8))
        said = said.with_rows(len(parents), attributes)
        # as they follow each other in the file
        order = np.argsort(np.concatenate(geometry), kind="stable")
        new = np.empty(len(order), dtype=np.int32)
        new[order] = np.arange(len(order), dtype=np.int32)
        of = faces.rows_at(new, of)
        types, parents = types[order], faces.rows_at(new, np.concatenate(more))[order]
        said = said.moved(new)
    return kinds, *faces_of(of, types, parents, said, skips)


def _read(
    geometries: Geometries, row: int, text: bytes, depth: int, count: int, where: str, skips: Skips
) -> _Own:
    try:
        semantics = _semantics.decode(text)
        values = flat(semantics.values, geometries.boundaries[row], depth, count)
        used = set(values)  # TypeError for lists in it
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        skips.at(where, "semantics", f"they cannot be used: {error}")
        return _Own(bytes(count))
    except (Misfit, TypeError):
        skips.at(where, "semantics", MISFIT)
        return _Own(bytes(count))
    said = [str(surface.get("type")) for surface in semantics.surfaces]
    meaning: dict[int | None, int] = {number: KINDS.get(kind, 0) for number, kind in enumerate(said)}
    meaning[None] = 0
    for kind in said:
        if kind not in KINDS:
            skips.at(where, f"semantic type {kind}", "the surface is shown without it")
    if not used <= meaning.keys():
        gone = sum(value not in meaning for value in values)
        skips.at(where, "semantics", "the file has no such surface", gone)
    each = enumerate(semantics.surfaces)
    rows: dict[int | None, int] = {number: number for number in range(len(said))}
    return _Own(
        kinds=bytes(meaning.get(value, 0) for value in values),
        of=[rows.get(value, -1) for value in values],
        types=[KINDS.get(kind, 0) for kind in said],
        parents=[_parent(surface, k, len(said), where, skips) for k, surface in each],
        attributes=[_attributes(surface, where, skips) for surface in semantics.surfaces],
    )


def _parent(surface: dict[str, Any], own: int, count: int, where: str, skips: Skips) -> int:
    parent = surface.get("parent")
    if parent is None:
        return -1
    if type(parent) is int and 0 <= parent < count and parent != own:
        return parent
    skips.at(where, *LOST_PARENT)
    return -1


def _attributes(surface: dict[str, Any], where: str, skips: Skips) -> dict[str, Value]:
    found: dict[str, Value] = {}
    tree = {name: value for name, value in surface.items() if name not in STRUCTURE}
    add_attributes(found, tree, lambda name, why: skips.at(where, f"attribute {name} of a surface", why))
    return found
