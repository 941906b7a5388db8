"""Finds the usual objects in the text of large CityJSON documents, all at once."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.formats.cityjson_document import Document
from twin.formats.cityjson_said import Said, names_of

LARGE = 2**20
"""Texts in a sequence are worth it from this size on. [byte]"""
FEW = 64
"""So many usual objects in a row are worth it."""
COMMA = np.frombuffer(b",", dtype=np.uint8)
OPEN = ord("{")
ASCII = 128
TYPE, GEOMETRIES, LINKS, ATTRIBUTES = 4, 5, 6, 7
"""Columns of things."""

_id = msgspec.json.Decoder(str)
_ids = msgspec.json.Decoder(list[str])


@dataclass(frozen=True, eq=False, slots=True)
class Usual:
    """The objects of a document; all but the odd ones as places in its text."""

    text: NDArray[np.uint8]
    types: tuple[str, ...]
    """All that objects may have."""
    things: NDArray[np.int64]
    """(n, 8), where id and value begin and end, the type (-1: an odd one), and where its geometries, links
    and attributes end among those of all."""
    geometries: NDArray[np.int64]
    """(g, 10), the number in its object, the depth of its vertex numbers, and where boundaries, semantics,
    material and texture begin and end (0: not there)."""
    lods: NDArray[np.float64]
    """(g,)"""
    links: NDArray[np.int64]
    """(l, 3), where the id begins and ends, and whether it is that of a child."""
    said: NDArray[np.int64]
    """(a,), the object of each attribute."""
    places: NDArray[np.int64]
    """(a, 4), where name and value begin and end."""
    names: tuple[str, ...]
    name: NDArray[np.int64]
    """(a,), which of the names each attribute has."""

    def runs(self) -> Iterator[tuple[slice, bool]]:
        """All objects in order, and whether they are many usual ones."""
        odd = self.things[:, TYPE] < 0
        for run in alike(odd):
            yield run, run.stop - run.start >= FEW and not odd[run.start]

    def one(self, row: int) -> tuple[str, msgspec.Raw]:
        """The id of an object, and what it is."""
        begin, end, value, after = self.things[row, :4].tolist()
        text = self.text.data
        return _id.decode(text[begin:end]), msgspec.Raw(bytes(text[value:after]))

    def ids(self, run: slice) -> list[str]:
        """Those of a run of usual objects."""
        return self._strings(self.things[run])

    def kinds(self, run: slice) -> list[str]:
        """The types of a run."""
        return [self.types[code] for code in self.things[run, TYPE].tolist()]

    def links_of(self, run: slice) -> Iterator[tuple[int, str, bool]]:
        """The links of a run: which object of it, the id, and whether that is a child."""
        part = self._part(LINKS, run)
        counts = np.diff(self.things[run, LINKS], prepend=part.start)
        of = np.repeat(np.arange(len(counts)), counts)
        links = self.links[part]
        return zip(of.tolist(), self._strings(links), links[:, 2].tolist(), strict=True)

    def attributes_of(self, run: slice, row: int) -> Said:
        """The attributes of a run, the first object of which is in a row."""
        part = self._part(ATTRIBUTES, run)
        rows = (self.said[part] - run.start + row).astype(np.int32)
        return Said.gathered(self.text, rows, self.places[part], self.names, self.name[part])

    def geometries_of(self, run: slice) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Which object of a run each geometry is of, its row of `geometries`, and its LoD."""
        part = self._part(GEOMETRIES, run)
        counts = np.diff(self.things[run, GEOMETRIES], prepend=part.start)
        return np.repeat(np.arange(len(counts)), counts), self.geometries[part], self.lods[part]

    def _part(self, column: int, run: slice) -> slice:
        ends = self.things[:, column]
        return slice(int(ends[run.start - 1]) if run.start else 0, int(ends[run.stop - 1]))

    def _strings(self, places: NDArray[np.int64]) -> list[str]:
        """What stands there."""
        from twin.formats import cityjson_scan

        begins, ends = (np.ascontiguousarray(column) for column in places.T[:2])
        text, _ = cityjson_scan.gathered(self.text, begins, ends, COMMA, COMMA[:0])
        return _ids.decode(b"[" + text.tobytes()[:-1] + b"]")


def alike(odd: NDArray[np.bool_]) -> Iterator[slice]:
    """The runs of equal ones."""
    bounds = [0, *(np.flatnonzero(odd[1:] != odd[:-1]) + 1).tolist(), len(odd)]
    return (slice(begin, end) for begin, end in itertools.pairwise(bounds))


def usual(document: Document, types: Collection[str], depths: Mapping[str, int]) -> Usual | None:
    """The objects of a document; None: it is better read one by one.

    types: that objects may have. depths: how deep vertex numbers lie in the geometries that they may have.
    """
    raw = document.members.get("CityObjects")
    if raw is None or (document.line and memoryview(raw).nbytes < LARGE):
        return None
    return usual_in(memoryview(raw), types, depths)


def usual_in(objects: memoryview | bytes, types: Collection[str], depths: Mapping[str, int]) -> Usual | None:
    """The same of the text of all objects, which has to be valid JSON but for its letters."""
    text = np.frombuffer(objects, dtype=np.uint8)
    if text[0] != OPEN or not _is_utf8(text):
        return None
    from twin.formats import cityjson_scan

    levels = np.array(list(depths.values()), dtype=np.int64)
    found = cityjson_scan.objects(text, *_laid(types), *_laid(depths), levels)
    names, name = names_of(text, found[-1])
    if not len(found[0]) or len({*names}) < len(names):  # some are written in two ways
        return None
    return Usual(text, tuple(types), *found, names, name)


def _laid(words: Collection[str]) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """Words end to end, and where each ends."""
    written = [word.encode() for word in words]
    return np.frombuffer(b"".join(written), dtype=np.uint8), np.cumsum([len(word) for word in written])


def _is_utf8(text: NDArray[np.uint8]) -> bool:
    if text.max() < ASCII:
        return True
    try:
        str(text.data, "utf-8")
    except UnicodeDecodeError:
        return False
    return True
