"""Puts the surfaces with semantics of scanned and of walked members of a CityGML file in one order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.formats import citygml_scan as scan
from twin.formats.attribute_texts import filled
from twin.formats.citygml_city import has_values
from twin.formats.citygml_grammar import Registry
from twin.formats.citygml_rows import Links, Scanned
from twin.formats.citygml_walk import Walked
from twin.model import faces
from twin.model.faces import Faces
from twin.model.table import Table, Value

Numbers = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Ordered:
    """Those of which anything is known, as they follow each other in the file."""

    scanned: NDArray[np.int32]
    """The row of each one that was scanned, -1: nothing is known of it."""
    walked: NDArray[np.int32]
    """The row of each one that was walked through."""
    type: NDArray[np.uint8]
    parent: NDArray[np.int32]
    entries: Numbers
    """Their attributes as they were scanned, with the rows here."""
    values: Mapping[int, Mapping[str, Value]]
    """By row, what was read already."""

    def of(self, polygons: Numbers, walked: Numbers, table: Table) -> Faces | None:
        """The faces. polygons, walked: the face of each surface."""
        if not len(self.parent):
            return None
        rows = np.concatenate([faces.rows_at(self.scanned, polygons), faces.rows_at(self.walked, walked)])
        return Faces(rows, self.type, self.parent, table)


def ordered(scanned: Scanned, led: Links, walked: Walked, entries: Numbers, registry: Registry) -> Ordered:
    """All of them. entries: the attributes of those that were scanned, by their rows in the scan."""
    table, found = scanned[scan.FACES], walked.walker.faces
    member = scanned.member_of(scan.FACES)
    own = np.flatnonzero(~led.slow[member])
    order = np.argsort(np.concatenate([member[own], walked.face_members]), kind="stable")
    place = np.empty(len(order), np.int32)
    place[order] = np.arange(len(order), dtype=np.int32)
    at = np.full(len(table), -1, np.int32)
    at[own] = place[: len(own)]
    there = place[len(own) :]
    parents = np.array([face.parent for face in found], dtype=np.int64)
    parent = np.full(len(order), -1, np.int32)
    parent[at[own]] = faces.rows_at(at, table[own, scan.F_PARENT])
    parent[there] = faces.rows_at(there, parents)
    kind = np.zeros(len(order), np.uint8)
    kind[at[own]] = table[own, scan.F_KIND]
    kind[there] = [face.type for face in found]
    said = np.zeros(len(order), dtype=bool)
    kinds = np.array([kind for _, kind in registry.keys], dtype=np.uint8)
    said[at[entries[filled(entries[:, scan.E_FLAGS], kinds[entries[:, scan.E_KEY]]), scan.E_FACE]]] = True
    said[there] = [has_values(face) for face in found]
    rows = faces.kept(parent, said)
    mine, those = faces.rows_at(rows, at), faces.rows_at(rows, there)
    entries = entries.copy()
    entries[:, scan.E_OBJECT] = mine[entries[:, scan.E_FACE]]
    return Ordered(
        scanned=mine,
        walked=those,
        type=kind[rows >= 0],
        parent=faces.moved(rows, parent),
        entries=entries[entries[:, scan.E_OBJECT] >= 0],
        values={row: face.attributes for row, face in zip(those.tolist(), found, strict=True) if row >= 0},
    )
