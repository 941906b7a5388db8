"""Reads a CityGML file in pieces that end between its members, and scans them in turn or side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from twin.formats import citygml_scan as scan
from twin.formats.attribute_texts import KINDS, PART
from twin.formats.citygml_grammar import DoubtError, Grammar, Registry
from twin.formats.safe_xml import SAFE, Source

Numbers = NDArray[np.int64]
CHUNK = 8 << 20
"""Read at a time. [byte]"""
PADDING = 64
ROOM = {
    **dict.fromkeys((scan.CORNERS, scan.PLACES), 1 << 19),
    **dict.fromkeys((scan.POLYGONS, scan.RINGS, scan.LINKS, scan.ENTRIES, scan.IDS), 1 << 14),
}
"""For how many rows of each kind there is room at first."""
ENDS = (b"ObjectMember>", b"featureMember>", b"appearanceMember>")
QUOTED = rb"\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')"
ROOT = re.compile(
    rb"(?:\xef\xbb\xbf)?(<\?xml\s(?:[^?>]|\?(?!>))*\?>)?(?:\s|<!--(?:[^-]|-(?!-))*-->)*"
    rb"(<([A-Za-z_][\w.:-]*)(?:\s+[A-Za-z_][\w.:-]*" + QUOTED + rb")*\s*>)"
)
ENCODING = re.compile(rb"encoding\s*=\s*[\"']([^\"']*)")


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before the first member."""

    name: bytes
    """Of the root element, with its prefix."""
    namespaces: dict[str | None, str]
    start_tag: bytes
    """On one line."""
    end: int
    """Where the root's start tag ends."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some bytes of the file, whole members."""

    data: bytearray
    """With zeros behind."""
    length: int
    base: int
    """Where it begins in the file."""
    done: float
    """How much of the file was read then: 0 to 1."""
    last: bool


@dataclass(frozen=True, slots=True)
class Rows:
    """What a scan found; columns as in `citygml_scan`."""

    piece: Piece
    tables: dict[int, NDArray[Any]]
    """By what their rows are: `citygml_scan.OBJECTS` …"""


def head(data: bytes) -> Head:
    """The start of the root element. Raises DoubtError where it is not plain UTF-8."""
    found = ROOT.match(data)
    if found is None:
        raise DoubtError
    encoding = ENCODING.search(found[1] or b"")
    if encoding and encoding[1].lower() != b"utf-8":
        raise DoubtError
    try:
        element = etree.fromstring(data[: found.end()] + b"</" + found[3] + b">", etree.XMLParser(**SAFE))
    except etree.XMLSyntaxError as error:
        raise DoubtError from error
    one_line = re.sub(rb"\s+", b" ", found[2])
    return Head(found[3], dict(element.nsmap), one_line, found.end())


def pieces(path: Path, *, size: int = CHUNK) -> Iterator[Piece]:
    """The file in pieces, each but the last ending with a member."""
    base, rest = 0, b""
    with Source(path) as source:
        ended = False
        while not ended:
            data, count, cut = bytearray(len(rest) + size + PADDING), len(rest), -1
            data[:count] = rest
            while cut < 0 and not ended:
                if count + PADDING == len(data):  # a member that is longer than the piece
                    data += bytes(len(data))
                read = source.fill(memoryview(data)[count : len(data) - PADDING])
                ended = not read
                count += read
                if ended or count + PADDING == len(data):
                    cut = count if ended else _cut(data, count)
            rest = bytes(data[cut:count])
            data[cut:count] = bytes(count - cut)
            yield Piece(data, cut, base, source.done, ended)
            base += cut


def _cut(data: bytearray, end: int) -> int:
    """Where the last whole member ends, or -1."""
    for pattern in ENDS:
        stop = end
        while (found := data.rfind(pattern, 0, stop)) >= 0:
            begin = data.rfind(b"<", 0, found)
            if data[begin : begin + 2] == b"</" and b">" not in data[begin:found]:
                return found + len(pattern)
            stop = found
    return -1


class Scanner:
    """Scans pieces one after the other; its buffers and what it learnt serve for all of them."""

    def __init__(self, registry: Registry, begin: Head) -> None:
        self.grammar = Grammar(registry, begin.namespaces, begin.name)
        self.state = np.zeros(scan.STATE, dtype=np.int64)
        self._srs = np.zeros((scan.MOST_WORDS, 4), dtype=np.int64)
        self._srs_pool = np.zeros(1 << 13, dtype=np.uint8)
        self._units = np.zeros((scan.MOST_WORDS, 2), dtype=np.int64)
        self._unit_pool = np.zeros(1 << 13, dtype=np.uint8)
        self._stack = np.zeros((256, 12), dtype=np.int64)
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
        self._stack[1, scan.S_OBJECT] = -1
        while True:
            reason = self._go_on(data, piece.length)
            if reason in (scan.DONE, scan.END):
                break
            if reason == scan.NEW_NODE:
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
        return self._taken(piece)

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

    def _taken(self, piece: Piece) -> Rows:
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
        return Rows(piece, tables)

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


@dataclass(frozen=True, slots=True)
class Scan:
    """A file that is being scanned."""

    head: Head
    scanners: list[Scanner]
    rows: Iterator[Rows]
    """Piece by piece, in the order of the file."""


def scan_file(path: Path, registry: Registry, *, threads: int = 1, size: int = CHUNK) -> Scan:
    """Begin to scan a file. This and the rows raise DoubtError where it may be ill-formed."""
    stream = pieces(path, size=size)
    first = next(stream)
    begin = head(bytes(first.data[: min(first.length, 1 << 20)]))
    scanners = [Scanner(registry, begin) for _ in range(threads)]
    rows = _in_turn(first, begin.end, stream, scanners[0])
    if threads > 1:
        rows = _side_by_side(first, begin.end, stream, scanners)
    return Scan(begin, scanners, rows)


def _in_turn(first: Piece, begin: int, stream: Iterator[Piece], scanner: Scanner) -> Iterator[Rows]:
    yield scanner.scan(first, begin)
    for piece in stream:
        yield scanner.scan(piece, 0)


def _side_by_side(
    first: Piece, begin: int, stream: Iterator[Piece], scanners: list[Scanner]
) -> Iterator[Rows]:
    free = list(scanners)

    def work(piece: Piece, start: int) -> Rows:
        scanner = free.pop()
        try:
            return scanner.scan(piece, start)
        finally:
            free.append(scanner)

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
