"""Holds all that was scanned of a CityGML file, and finds out which of its members stand for themselves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.formats import citygml_scan as scan
from twin.formats.citygml_chunks import WORDS, Rows
from twin.formats.citygml_pieces import Text

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
REFERENCE = re.compile(rb"[\"'>]\s*#([^\"'<>\s]+)")
NAMED = re.compile(rb"\bid\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
ROWS = {
    scan.OBJECTS: {scan.O_PARENT: scan.OBJECTS},
    scan.POLYGONS: {scan.P_OBJECT: scan.OBJECTS, scan.P_RING: scan.RINGS, scan.P_FACE: scan.FACES},
    scan.RINGS: {scan.R_START: scan.CORNERS},
    scan.LINKS: {scan.L_OBJECT: scan.OBJECTS, scan.L_FACE: scan.FACES},
    scan.ENTRIES: {scan.E_OBJECT: scan.OBJECTS, scan.E_FACE: scan.FACES},
    scan.FACES: {scan.F_PARENT: scan.FACES},
    scan.SKIPS: {scan.K_OBJECT: scan.OBJECTS},
    scan.IDS: {
        **dict.fromkeys((scan.I_POLYGON, scan.I_POLYGON_END), scan.POLYGONS),
        **dict.fromkeys((scan.I_LINK, scan.I_LINK_END), scan.LINKS),
    },
    scan.LOOKS: dict.fromkeys((scan.K_AIM, scan.K_AIM_END), scan.AIMS),
    scan.AIMS: dict.fromkeys((scan.A_TEXTURE, scan.A_TEXTURE_END), scan.TEXTURES),
    scan.TEXTURES: dict.fromkeys((scan.T_START, scan.T_END), scan.PLACES),
    scan.MEMBERS: {
        scan.M_BEFORE + k: scan.COUNTS + k for k in range(scan.COUNTED) if scan.COUNTS + k != scan.HARD
    },
}
"""Columns that are rows of another table."""


class Scanned:
    """Every piece of a file in one: tables by what their rows are, places counted through the file."""

    def __init__(
        self, found: list[Rows], text: Text, progress: Callable[[float], None] = lambda _: None
    ) -> None:
        """found: in the order of the file; emptied, so that nothing is there twice."""
        self._text = text
        text.count_lines([rows.lines for rows in found])
        kinds = list(found[0].tables)
        offsets = dict.fromkeys(kinds, 0)
        word = 0
        for k, rows in enumerate(found):
            for kind, table in rows.tables.items():
                for column, of in ROWS.get(kind, {}).items():
                    if offsets[of]:
                        # no parent stays none
                        table[:, column] += np.where(table[:, column] >= 0, offsets[of], 0)
                for column in WORDS.get(kind, ()):
                    table[:, column] += word
            for kind, table in rows.tables.items():
                offsets[kind] += len(table)
            word += len(rows.words)
            progress(0.5 * k / len(found))
        self.words = np.concatenate([rows.words for rows in found])
        """What `Rows` says, of the whole file."""
        self.tables: dict[int, NDArray[Any]] = {}
        for k, kind in enumerate(kinds):
            self.tables[kind] = np.concatenate([rows.tables.pop(kind) for rows in found])
            progress(0.5 + 0.5 * k / len(kinds))
        found.clear()

    def __getitem__(self, kind: int) -> NDArray[Any]:
        return self.tables[kind]

    def member_of(self, kind: int) -> Numbers:
        """The member of each row."""
        begins = self[scan.MEMBERS][:, scan.M_BEFORE + kind - scan.COUNTS]
        return np.repeat(np.arange(len(begins)), np.diff(begins, append=len(self[kind])))

    def text(self, start: int, end: int) -> bytes:
        """Some text of the file; it must lie in one member."""
        return self._text.get(start, end)

    def line(self, place: int) -> int:
        """The line of a place, from 1 on."""
        return self._text.line(place)

    def word(self, start: int, end: int) -> str:
        """One of the words."""
        return self.words[start:end].tobytes().decode()

    def gathered(self, starts: Numbers, ends: Numbers) -> tuple[NDArray[np.uint8], Numbers]:
        """Some of the words laid end to end, and where each begins and the one before ends."""
        limits = np.concatenate([[0], np.cumsum(ends - starts)])
        text = np.empty(int(limits[-1]), dtype=np.uint8)
        scan.gather(self.words, starts, ends, text, limits)
        return text, limits


@dataclass(frozen=True, slots=True)
class Links:
    """What links and appearances lead to, in the members that stand for themselves."""

    slow: Mask
    """Members that have to be walked through."""
    resolved: int
    aim: Numbers
    """Aims of appearances, and the polygon of each; an aim has several where it is a group."""
    polygon: Numbers
    lost: Numbers
    """Aims that lead nowhere."""
    lost_links: Numbers


class Names:
    """Finds what has a gml:id, among members that were scanned."""

    def __init__(self, scanned: Scanned) -> None:
        ids = scanned[scan.IDS]
        self._shapes = np.flatnonzero(ids[:, scan.I_KIND] != scan.A_FACE)
        order = np.argsort(ids[self._shapes, scan.I_HASH], kind="stable")
        self._shapes = self._shapes[order]
        self._hashes = ids[self._shapes, scan.I_HASH]
        same = np.flatnonzero(self._hashes[1:] == self._hashes[:-1])
        self.repeated = np.concatenate([self._shapes[same], self._shapes[same + 1]])

    def find(self, hashes: Numbers) -> Numbers:
        """The row of each, or -1."""
        if not len(self._hashes):
            return np.full(len(hashes), -1)
        at = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        return np.where(self._hashes[at] == hashes, self._shapes[at], -1)


def links(scanned: Scanned, progress: Callable[[float], None] = lambda _: None) -> Links:
    """Which members can be taken as they were scanned, and what their links lead to.

    A member cannot where something in it leads to another thing than a surface of the same object in the same
    LoD, where something in it has the gml:id of something else, or where one that cannot leads to it.
    """
    ids, polygons, rows = scanned[scan.IDS], scanned[scan.POLYGONS], scanned[scan.LINKS]
    aims = scanned[scan.AIMS]
    slow = scanned[scan.MEMBERS][:, scan.M_SLOW] != 0
    names = Names(scanned)
    progress(0.3)
    member_of_id = scanned.member_of(scan.IDS)
    slow[member_of_id[names.repeated]] = True
    ring_ids = np.sort(scanned[scan.RINGS][:, scan.R_ID]) if len(scanned[scan.TEXTURES]) else np.zeros(0)
    if (ring_ids[1:] == ring_ids[:-1])[ring_ids[1:] != 0].any():
        slow[:] = True
    target = names.find(rows[:, scan.L_TARGET])
    member_of_link = scanned.member_of(scan.LINKS)
    slow[member_of_link[(target >= 0) & ~_plain(target, rows, ids, polygons)]] = True
    progress(0.5)
    found = names.find(aims[:, scan.A_TARGET])
    grouped = (
        (found >= 0) & (ids[found, scan.I_LINK_END] > ids[found, scan.I_LINK]) if len(ids) else found > 0
    )
    member_of_aim = scanned.member_of(scan.AIMS)
    slow[member_of_aim[grouped]] = True
    # what leads nowhere might lead to a member that is walked through
    leading = _Leading(
        np.concatenate([found, target]),
        np.concatenate([aims[:, scan.A_TARGET], rows[:, scan.L_TARGET]]),
        np.concatenate([member_of_aim, member_of_link]),
    )
    progress(0.7)
    _spread(slow, scanned, names, leading, member_of_id, progress)
    progress(0.9)
    kept = np.flatnonzero((found >= 0) & ~slow[member_of_aim])
    begins, ends = ids[found[kept], scan.I_POLYGON], ids[found[kept], scan.I_POLYGON_END]
    counts = ends - begins
    shift = np.repeat(begins - (np.cumsum(counts) - counts), counts)
    return Links(
        slow=slow,
        resolved=int((~slow[member_of_link] & (target >= 0)).sum()),
        aim=np.repeat(kept, counts),
        polygon=np.arange(len(shift)) + shift,
        lost=np.flatnonzero((found < 0) & ~slow[member_of_aim]),
        lost_links=np.flatnonzero((target < 0) & ~slow[member_of_link]),
    )


def _plain(target: Numbers, rows: Numbers, ids: Numbers, polygons: Numbers) -> Mask:
    """Whether links lead to surfaces that the same object has in the same LoD anyway."""
    plain = target >= 0
    if not len(polygons) or not len(ids):
        return np.zeros_like(plain)
    target = np.maximum(target, 0)
    begins, ends = ids[target, scan.I_POLYGON], ids[target, scan.I_POLYGON_END]
    plain &= (ends > begins) & (ids[target, scan.I_LINK] == ids[target, scan.I_LINK_END])
    first = polygons[np.minimum(begins, len(polygons) - 1)]
    plain &= (first[:, scan.P_OBJECT] == rows[:, scan.L_OBJECT]) & (
        first[:, scan.P_LOD] == rows[:, scan.L_LOD]
    )
    # a link that knows a type or a face would give it
    typed = (rows[:, scan.L_KIND] == 0) | (first[:, scan.P_KIND] != 0)
    return np.asarray(plain & typed & ((rows[:, scan.L_FACE] < 0) | (first[:, scan.P_FACE] >= 0)))


@dataclass(frozen=True, slots=True)
class _Leading:
    """All aims and links."""

    found: Numbers
    """The row of what it leads to, or -1."""
    hashes: Numbers
    member: Numbers


def _spread(
    slow: Mask,
    scanned: Scanned,
    names: Names,
    leading: _Leading,
    member_of_id: Numbers,
    progress: Callable[[float], None],
) -> None:
    """Mark what a marked member leads to, and what leads to it."""
    ids, found, member = scanned[scan.IDS], leading.found, leading.member
    faces = np.flatnonzero(ids[:, scan.I_KIND] == scan.A_FACE)
    faces = faces[np.argsort(ids[faces, scan.I_HASH], kind="stable")]
    face_hashes = ids[faces, scan.I_HASH]
    rings = scanned[scan.RINGS][:, scan.R_ID]
    member_of_ring = scanned.member_of(scan.RINGS)
    ring_order = None
    done = np.zeros_like(slow)
    own: set[int] = set()
    while True:
        waiting = np.flatnonzero(slow & ~done)
        if not len(waiting):
            lost = np.flatnonzero(~slow[member] & (found < 0))
            lost = lost[np.isin(leading.hashes[lost], np.array(list(own), dtype=np.int64))]
            leads = np.flatnonzero(~slow[member] & (found >= 0))
            leads = leads[slow[member_of_id[found[leads]]]]
            if not len(lost) and not len(leads):
                return
            slow[member[lost]] = True
            slow[member[leads]] = True
            continue
        done[waiting] = True
        wanted: set[int] = set()
        for start, end in scanned[scan.MEMBERS][waiting][:, [scan.M_START, scan.M_END]].tolist():
            progress(0.7)
            text = scanned.text(start, end)
            wanted.update(_hashes(REFERENCE.findall(text)))
            named = set(_hashes(a or b for a, b in NAMED.findall(text)))
            own |= named
            wanted |= named  # an id stands for one thing
        hashes = np.array(list(wanted), dtype=np.int64)
        row = names.find(hashes)
        slow[member_of_id[row[row >= 0]]] = True
        if len(faces) and len(hashes):
            at = np.minimum(np.searchsorted(face_hashes, hashes), len(faces) - 1)
            slow[member_of_id[faces[at[face_hashes[at] == hashes]]]] = True
        if len(rings) and len(hashes):
            if ring_order is None:
                ring_order = np.argsort(rings, kind="stable")
            at = np.minimum(np.searchsorted(rings, hashes, sorter=ring_order), len(rings) - 1)
            hit = ring_order[at]
            slow[member_of_ring[hit[rings[hit] == hashes]]] = True


def _hashes(words: Iterable[bytes]) -> Iterator[int]:
    for word in words:
        yield int(scan.hash_of(np.frombuffer(word, np.uint8)))
