"""Lays many small CityJSON features end to end, so that they can be worked on at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from twin.formats import cityjson_usual
from twin.formats.cityjson_document import Document
from twin.formats.cityjson_usual import TYPE, Usual, alike, usual_in

BARE = frozenset(("type", "id", "CityObjects", "vertices"))
"""Members of features that say nothing but what they are."""
SAID = ("CityObjects", "vertices")
SIGNS = tuple(b"{}[]")
"""With which both begin and end."""
MANY = 2**23
"""Features are worked on as soon as they are so much text. [byte]"""


@dataclass(frozen=True, eq=False, slots=True)
class Features:
    """Usual features and odd ones, in the order of the file."""

    documents: Sequence[Document]
    found: Usual
    """The objects of all of them."""
    ends: NDArray[np.int64]
    """(d,), where the objects of each feature end among those of all."""
    odd: NDArray[np.bool_]
    """(d,), which are better read one by one."""
    numbers: NDArray[np.float64]
    """(v, 3), of the vertices of all."""
    vertex_ends: NDArray[np.int64]
    """(d,), where those of each feature end."""

    def runs(self) -> Iterator[tuple[slice, bool]]:
        """All features in order, and whether they have many objects and are usual ones."""
        for run in alike(self.odd):
            objects = self.objects_of(run)
            yield run, objects.stop - objects.start >= cityjson_usual.FEW and not self.odd[run.start]

    def objects_of(self, run: slice) -> slice:
        """The objects of a run of features."""
        return _span(self.ends, run)

    def vertices_of(self, run: slice) -> NDArray[np.float64]:
        """The numbers of the vertices of a run."""
        return self.numbers[_span(self.vertex_ends, run)]


def is_bare(document: Document) -> bool:
    """Whether a document is a feature that can be worked on with others."""
    members = document.members
    if not document.line or not members.keys() <= BARE:
        return False
    objects, vertices = (memoryview(members[name]) if name in members else b"." for name in SAID)
    return (objects[0], objects[-1], vertices[0], vertices[-1]) == SIGNS


def size(document: Document) -> int:
    """Of what is said of objects. [byte]"""
    return memoryview(document.members["CityObjects"]).nbytes


def features(
    documents: Sequence[Document], types: Collection[str], depths: Mapping[str, int]
) -> Features | None:
    """Bare documents together; None: they are better read one by one."""
    from twin.formats import cityjson_scan

    objects = [bytes(document.members["CityObjects"])[1:-1] for document in documents]
    vertices = [bytes(document.members["vertices"])[1:-1] for document in documents]
    found = usual_in(b"{" + _listed(objects) + b"}", types, depths)
    if found is None:
        return None
    text = np.frombuffer(b"[" + _listed(vertices) + b"]", dtype=np.uint8)
    numbers, good = cityjson_scan.vertices(text)
    vertex_ends = np.cumsum([part.count(b"[") for part in vertices])
    if not good or vertex_ends[-1] != len(numbers):
        return None
    # a comma after each that is not empty
    starts = 1 + np.cumsum([len(part) + 1 if part.strip() else 0 for part in objects])
    ends = np.searchsorted(found.things[:, 0], starts)
    feature = np.searchsorted(ends, np.flatnonzero(found.things[:, TYPE] < 0), side="right")
    odd = np.zeros(len(documents), dtype=bool)
    odd[feature] = True
    return Features(documents, found, ends, odd, numbers, vertex_ends)


def _span(ends: NDArray[np.int64], run: slice) -> slice:
    return slice(int(ends[run.start - 1]) if run.start else 0, int(ends[run.stop - 1]))


def _listed(parts: Sequence[bytes]) -> bytes:
    """The members of lists or objects as those of one."""
    return b",".join(part for part in parts if part.strip())
