"""Reads which semantic type each polygon of a CityJSON geometry has."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.formats.cityjson_geometries import Geometries
from twin.formats.cityjson_values import MISFIT, Misfit, flat
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
FURTHER = "attribute of a surface", "only objects keep them"


class _Semantics(msgspec.Struct):
    surfaces: list[dict[str, Any]]
    values: Any = None


_semantics = msgspec.json.Decoder(_Semantics)


def types_of(
    geometries: Geometries,
    depths: NDArray[np.int64],
    counts: NDArray[np.int64],
    where: Callable[[int], str],
    skips: Skips,
) -> NDArray[np.uint8]:
    """An index into SURFACE_TYPES for each polygon, in the order of the boundaries.

    depths: how deep the vertex numbers of each geometry lie. counts: its polygons. where: where it stands.
    """
    texts = geometries.semantics
    kinds = np.zeros(int(counts.sum()), dtype=np.uint8)
    left = list(range(len(texts)))
    if texts.large:
        from twin.formats import cityjson_scan

        words = [name.encode() for name in KINDS]
        kinds, odd, further = cityjson_scan.semantics(
            *texts.joined(),
            depths - 2,
            counts,
            np.frombuffer(b"".join(words), dtype=np.uint8),
            np.cumsum([len(word) for word in words]),
            np.array(list(KINDS.values()), dtype=np.uint8),
        )
        some = np.flatnonzero(further)
        if len(some):  # all at once: only the first place is kept
            skips.at(f"{where(int(some[0]))}.semantics", *FURTHER, int(further.sum()))
        left = np.flatnonzero(odd).tolist()
    ends = np.cumsum(counts)
    for row in left:
        text = texts[row]
        if text != b"null" and counts[row]:
            found = _types(
                geometries, row, text, int(depths[row]), int(counts[row]), f"{where(row)}.semantics", skips
            )
            kinds[ends[row] - counts[row] : ends[row]] = np.frombuffer(found, dtype=np.uint8)
    return kinds


def _types(
    geometries: Geometries, row: int, text: bytes, depth: int, count: int, where: str, skips: Skips
) -> bytes:
    try:
        semantics = _semantics.decode(text)
        values = flat(semantics.values, geometries.boundaries[row], depth, count)
        used = set(values)  # TypeError for lists in it
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        skips.at(where, "semantics", f"they cannot be used: {error}")
        return bytes(count)
    except (Misfit, TypeError):
        skips.at(where, "semantics", MISFIT)
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
            skips.at(where, *FURTHER, further)
    if not used <= meaning.keys():
        gone = sum(value not in meaning for value in values)
        skips.at(where, "semantics", "the file has no such surface", gone)
    return bytes(meaning.get(value, 0) for value in values)
