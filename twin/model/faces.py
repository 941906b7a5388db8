"""What is known of the surfaces of a city beyond their types: ids, attributes, and what is cut into what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from twin.model import table
from twin.model.table import Table, Value

ID = "gml:id"
"""The attribute that is the id of a face."""


@dataclass(frozen=True, eq=False, slots=True)
class Faces:
    """Thematic surfaces, of one polygon or many: a roof, a wall, a window in it."""

    of_surface: NDArray[np.int32]
    """(s,), the face that each surface of the city is of, or -1: nothing is known but its type."""
    type: NDArray[np.uint8]
    """(f,), an index into SURFACE_TYPES; a face need not have polygons."""
    parent: NDArray[np.int32]
    """(f,), the face that this one is an opening of, or -1."""
    attributes: Table
    """One row a face."""

    def row(self, surface: int) -> dict[str, Value]:
        """What is known of a surface, its ID among it; empty: nothing."""
        face = int(self.of_surface[surface])
        return self.attributes.row(face) if face >= 0 else {}


def ids_of(faces: Faces) -> tuple[str, ...]:
    """All gml:ids there are."""
    column = faces.attributes.columns.get(ID)
    return () if column is None else tuple(str(gml_id) for gml_id in column.tolist() if gml_id is not None)


def present(faces: Faces | None) -> dict[str, int]:
    """How many faces have each attribute."""
    if faces is None:
        return {}
    columns = faces.attributes.columns
    counts = {name: table.present(column) for name, column in columns.items()}
    return {name: count for name, count in counts.items() if count}


def kept(parent: NDArray[np.integer], said: NDArray[np.bool_]) -> NDArray[np.int32]:
    """New rows of faces of which anything is known, -1 for the others: (f,).

    said: (f,), those that have attributes; faces with openings and openings are known to be these.
    """
    known = said | (parent >= 0)
    known[parent[parent >= 0]] = True
    return np.where(known, np.cumsum(known) - 1, -1).astype(np.int32)


def moved(rows: NDArray[np.int32], parent: NDArray[np.integer]) -> NDArray[np.int32]:
    """The parents of the faces that stay, by their new rows. rows: see `kept`."""
    return rows_at(rows, parent[rows >= 0])


def rows_at(rows: NDArray[np.int32], of: NDArray[np.integer]) -> NDArray[np.int32]:
    """What `rows` says of each, and -1 for -1."""
    if not len(rows):
        return np.full(len(of), -1, np.int32)
    return np.where(of >= 0, rows[of], np.int32(-1))


def only(faces: Faces | None, keep: NDArray[np.bool_] | NDArray[np.integer]) -> Faces | None:
    """With the chosen surfaces, by mask or index; all faces stay."""
    return faces and replace(faces, of_surface=faces.of_surface[keep])


def concatenate(first: Faces | None, second: Faces | None, counts: Sequence[int]) -> Faces | None:
    """The faces of two cities one after the other. counts: how many surfaces each has."""
    if first is None and second is None:
        return None
    a, b = (
        faces or Faces(np.full(count, -1, np.int32), np.zeros(0, np.uint8), np.zeros(0, np.int32), Table())
        for faces, count in zip((first, second), counts, strict=True)
    )
    return Faces(
        of_surface=_joined(a.of_surface, b.of_surface, len(a.parent)),
        type=np.concatenate([a.type, b.type]),
        parent=_joined(a.parent, b.parent, len(a.parent)),
        attributes=table.concatenate(a.attributes, b.attributes),
    )


def _joined(first: NDArray[np.int32], second: NDArray[np.int32], shift: int) -> NDArray[np.int32]:
    return np.concatenate([first, np.where(second >= 0, second + np.int32(shift), second)])
