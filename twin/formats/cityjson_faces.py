"""Keeps the surfaces with semantics of which CityJSON says anything."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from twin.formats import rare_attributes
from twin.formats.cityjson_said import Said
from twin.formats.report import Skips
from twin.model import faces
from twin.model.faces import Faces

DEEPEST = 8
"""Openings in openings; what goes on is a circle."""
CIRCLE = "parent of a surface", "it is a part of itself"


def faces_of(
    of: NDArray[np.int32], types: NDArray[np.uint8], parents: NDArray[np.int32], said: Said, skips: Skips
) -> tuple[Faces | None, dict[str, int]]:
    """The faces of which anything is known, and how many have each attribute. of: that of each polygon."""
    parents = _without_circles(parents, skips)
    known = np.zeros(len(parents), dtype=bool)
    known[said.rows[said.present()]] = True
    known[[row for row, held in said.held.items() if any(v is not None for v in held.values())]] = True
    rows = faces.kept(parents, known)
    stay = faces.moved(rows, parents)
    if not len(stay):
        return None, {}
    counts = said.counts()
    said = said.only(rows)
    if not rare_attributes.are_few(len(counts), len(stay)):
        names = sorted(counts, key=lambda name: (-counts[name], name))
        rare = names[rare_attributes.most(len(stay)) :]
        what, lost = f"{rare_attributes.WHAT} of a surface", sum(counts.pop(name) for name in rare)
        skips.at("semantics", what, rare_attributes.WHY, lost)
        said = said.without(rare)
    return Faces(faces.rows_at(rows, of), types[rows >= 0], stay, said.table(len(stay))), counts


def _without_circles(parents: NDArray[np.int32], skips: Skips) -> NDArray[np.int32]:
    above = np.flatnonzero(parents >= 0)
    up = parents[above]
    for _ in range(DEEPEST):
        up = np.where(up >= 0, parents[up], -1)
    endless = above[up >= 0]
    if not len(endless):
        return parents
    skips.at("semantics", *CIRCLE, len(endless))
    found = parents.copy()
    found[endless] = -1
    return found
