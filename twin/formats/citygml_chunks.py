"""Scans the pieces of a CityGML file in turn or side by side."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.formats import citygml_scan as scan
from twin.formats.attribute_texts import KINDS, PART
from twin.formats.citygml_grammar import DoubtError, Grammar, Registry
from twin.formats.citygml_pieces import CHUNK, PADDING, Head, Piece, Room, Text, head, pieces

Numbers = NDArray[np.int64]
ROOM = {
    **dict.fromkeys((scan.CORNERS, scan.PLACES), 1 << 19),
    **dict.fromkeys((scan.POLYGONS, scan.RINGS, scan.LINKS, scan.ENTRIES, scan.IDS), 1 << 14),
}
"""For how many rows of each kind there is room at first."""
PLACES = {
    scan.OBJECTS: (scan.O_START,),
    scan.LINKS: (scan.L_START,),
    scan.ENTRIES: (scan.E_ORDER,),
    scan.SKIPS: (scan.K_START, scan.K_ID, scan.K_ID_END),
    scan.LOOKS: (scan.K_THEME, scan.K_THEME_END, scan.K_BEGIN, scan.K_END),
    scan.AIMS: (scan.A_START,),
    scan.MEMBERS: (scan.M_START, scan.M_END),
}
"""Columns that are places in the text."""
WORDS = {scan.OBJECTS: (scan.O_ID, scan.O_ID_END), scan.ENTRIES: (scan.E_START, scan.E_END)}
"""Columns that are places in the words."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a scan found; columns as in `citygml_scan`."""

    done: float
    """How much of the file was read then: 0 to 1."""
    tables: dict[int, NDArray[Any]]
    """By what their rows are: `citygml_scan.OBJECTS` …; places are counted through the file."""
    words: NDArray[np.uint8]
    """The ids of objects and the texts of attributes, laid end to end; their columns are places in it."""
    lines: int
    """How many end in it."""


class Scanner:
    """Scans pieces one after the other; its buffers and what it learnt serve for all of them."""

    def __init__(self, registry: Registry, begin: Head) -> None:
        self.grammar = Grammar(registry, begin.namespaces, begin.name)
        self.state = np.zeros(scan.STATE, dtype=np.int64)
        self._srs = np.zeros((scan.MOST_WORDS, 4), dtype=np.int64)
        self._srs_pool = np.zeros(1 << 13, dtype=np.uint8)
        self._units = np.zeros((scan.MOST_WORDS, 2), dtype=np.int64)
        self._unit_pool = np.zeros(1 << 13, dtype=np.uint8)
        self._stack = np.zeros((256, scan.S_FACE + 1), dtype=np.int64)
        self._keys = np.zeros((scan.MOST_KEYS, 5), dtype=np.int64)
        self._slots = np.full(scan.MOST_KEYS * 4, -1, dtype=np.int32)
        self._key_pool = np.zeros(1 << 18, dtype=np.uint8)
        self._key_numbers: list[int] = []
        self._rows: list[NDArray[Any]] = [
            np.empty((ROOM.get(scan.COUNTS + k, 1 << 12), width), np.int64)
            if width
            else np.empty(ROOM[scan.COUNTS + k], np.float64)
            for k, width in enumerate(scan.COLUMNS)
        ]

    def names(self) -> dict[str, int]:
        """Each srsName in what was scanned, and how often it was met."""
        found = {}
        for begin, length, kept, pending in self._srs[: self.state[scan.SRS]].tolist():
            found[self._srs_pool[begin : begin + length].tobytes().decode()] = kept + pending
        return found

    def scan(self, piece: Piece, begin: int) -> Rows:
        """The rows of a piece. Raises DoubtError where it may be ill-formed."""
        state, data = self.state, np.frombuffer(piece.data, np.uint8)
        state[scan.COUNTS :] = 0
        state[scan.POS], state[scan.DEPTH], state[scan.MARKED] = begin, 1, 0
        self._stack[1] = 0
        self._stack[1, [scan.S_OBJECT, scan.S_FACE]] = -1
        while True:
            reason = self._go_on(data, piece.length)
            if reason in (scan.DONE, scan.END):
                break
            if reason == scan.NEW_NODE and state[scan.ASK_END] < piece.length:  # else it is cut off
                name = bytes(piece.data[state[scan.ASK_START] : state[scan.ASK_END]])
                self.grammar.add(int(state[scan.ASK_PARENT]), name)
            elif reason == scan.NEW_ATTRIBUTE:
                self.grammar.add_attribute(bytes(piece.data[state[scan.ASK_START] : state[scan.ASK_END]]))
                state[scan.ATTRIBUTES] = self.grammar.attribute_count
            elif reason == scan.GROW:
                self._grow()
            else:
                raise DoubtError
        if (reason == scan.END) != piece.last or piece.data[state[scan.POS] : piece.length].strip():
            raise DoubtError
        return self._taken(piece, data)

    def _go_on(self, data: NDArray[np.uint8], end: int) -> int:
        grammar = self.grammar
        return int(
            scan.scan(
                *(data, end, self.state, self._stack, grammar.nodes, grammar.pool),
                *(grammar.attributes, grammar.attribute_pool),
                *(self._keys, self._slots, self._key_pool),
                *(self._srs, self._srs_pool, self._units, self._unit_pool),
                *self._rows,
            )
        )

    def _grow(self) -> None:
        full = [k for k, rows in enumerate(self._rows) if self.state[scan.COUNTS + k] + 3 > len(rows)]
        # numbers are counted only when a whole list of them fits
        for k in full or [kind - scan.COUNTS for kind in (scan.CORNERS, scan.PLACES, scan.HARD, scan.SKIPS)]:
            rows = self._rows[k]
            larger = np.empty((len(rows) * 2, *rows.shape[1:]), rows.dtype)
            larger[: len(rows)] = rows
            self._rows[k] = larger

    def _taken(self, piece: Piece, data: NDArray[np.uint8]) -> Rows:
        counts = self.state[scan.COUNTS : scan.COUNTS + scan.COUNTED].tolist()
        tables = {
            scan.COUNTS + k: rows[:count].copy()
            for k, (rows, count) in enumerate(zip(self._rows, counts, strict=True))
        }
        for index, start, stop in tables.pop(scan.HARD).tolist():
            kind, at = (scan.CORNERS, index) if index >= 0 else (scan.PLACES, -1 - index)
            tables[kind][at] = float(piece.data[start:stop])
        self._name_keys()
        entries = tables[scan.ENTRIES]
        own = entries[:, scan.E_KEY] < 0
        if own.any():
            numbers = np.array(self._key_numbers, dtype=np.int64)
            entries[own, scan.E_KEY] = numbers[-1 - entries[own, scan.E_KEY]]
        if self.state[scan.UNITS]:
            measured = entries[:, scan.E_FLAGS] & PART == 0
            entries[measured, scan.E_UNIT] = self._unit_numbers()[entries[measured, scan.E_UNIT]]
        words = _words(data, tables)
        _count_through(piece.base, tables)
        return Rows(piece.done, tables, words, int(scan.line_ends(data, piece.length)))

    def _unit_numbers(self) -> Numbers:
        """The numbers of units in the registry, by their numbers here and 0 for none."""
        found = [0]
        for begin, length in self._units[: self.state[scan.UNITS]].tolist():
            unit = self._unit_pool[begin : begin + length].tobytes().decode()
            found.append(self.grammar.registry.unit(unit))
        return np.array(found, dtype=np.int64)

    def _name_keys(self) -> None:
        """Number the generic attributes met since, as all other attributes are numbered."""
        for k in range(len(self._key_numbers), int(self.state[scan.KEYS])):
            _, begin, first, second, kind = self._keys[k].tolist()
            text = self._key_pool[begin : begin + first + second].tobytes()
            name, within = text[first:].decode(), text[:first].decode()
            name = f"{within}.{name}" if within else name
            self._key_numbers.append(self.grammar.registry.key(name, KINDS[kind]))


def _words(data: NDArray[np.uint8], tables: dict[int, NDArray[Any]]) -> NDArray[np.uint8]:
    spans = np.concatenate([tables[kind][:, columns] for kind, columns in WORDS.items()])
    starts, ends = spans[:, 0].copy(), np.maximum(spans[:, 0], spans[:, 1])
    limits = np.concatenate([[0], np.cumsum(ends - starts)])
    words = np.empty(int(limits[-1]), dtype=np.uint8)
    scan.gather(data, starts, ends, words, limits)
    first = 0
    for kind, (start, end) in WORDS.items():
        last = first + len(tables[kind])
        tables[kind][:, start], tables[kind][:, end] = limits[first:last], limits[first + 1 : last + 1]
        first = last
    return words


def _count_through(base: int, tables: dict[int, NDArray[Any]]) -> None:
    """Count places from the beginning of the file."""
    for kind, columns in PLACES.items():
        for column in columns:
            tables[kind][:, column] += base
    entries = tables[scan.ENTRIES]
    entries[entries[:, scan.E_FLAGS] & PART != 0, scan.E_UNIT] += base


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that is being scanned."""

    head: Head
    text: Text
    scanners: list[Scanner]
    rows: Iterator[Rows]
    """Piece by piece, in the order of the file."""


def scan_file(path: Path, registry: Registry, *, threads: int = 1, size: int = CHUNK) -> Scan:
    """Begin to scan a file. This and the rows raise DoubtError where it may be ill-formed."""
    text, room = Text(path), Room()
    stream = pieces(path, text, room, size=size)
    first = next(stream)
    begin = head(bytes(memoryview(first.data)[: min(first.length, 1 << 20)]))
    scanners = [Scanner(registry, begin) for _ in range(threads)]
    rows = _in_turn(first, begin.end, stream, scanners[0], room)
    if threads > 1:
        rows = _side_by_side(first, begin.end, stream, scanners, room)
    return Scan(begin, text, scanners, rows)


def _in_turn(
    first: Piece, begin: int, stream: Iterator[Piece], scanner: Scanner, room: Room
) -> Iterator[Rows]:
    yield scanner.scan(first, begin)
    room.give_back(first.data)
    for piece in stream:
        yield scanner.scan(piece, 0)
        room.give_back(piece.data)


def _side_by_side(
    first: Piece, begin: int, stream: Iterator[Piece], scanners: list[Scanner], room: Room
) -> Iterator[Rows]:
    free = list(scanners)

    def work(piece: Piece, start: int) -> Rows:
        scanner = free.pop()
        try:
            return scanner.scan(piece, start)
        finally:
            free.append(scanner)
            room.give_back(piece.data)

    waiting: list[Future[Rows]] = []
    with ThreadPoolExecutor(len(scanners)) as pool:
        try:
            waiting.append(pool.submit(work, first, begin))
            for piece in stream:
                waiting.append(pool.submit(work, piece, 0))
                if len(waiting) > len(scanners) + 1:
                    yield waiting.pop(0).result()
            while waiting:
                yield waiting.pop(0).result()
        finally:
            for future in waiting:
                future.cancel()


def compile_all() -> None:
    """Have the scan compiled, or loaded where it is kept."""
    begin = Head(b"a", {}, b"<a>", 3)
    data = b"<a></a>"
    piece = Piece(bytearray(data + bytes(PADDING)), len(data), 0, 1.0, last=True)
    Scanner(Registry(), begin).scan(piece, begin.end)
    nothing = np.zeros(0, np.int64)
    scan.gather(np.zeros(0, np.uint8), nothing, nothing, np.zeros(0, np.uint8), nothing)
    scan.hash_of(np.zeros(0, np.uint8))
