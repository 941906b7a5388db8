"""Reads a CityGML file in pieces that end between its members, and gives back what stands where in it."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.citygml_grammar import DoubtError
from twin.formats.safe_xml import SAFE, Source

CHUNK = 8 << 20
"""Read at a time. [byte]"""
PADDING = 64
LINE_END = 10
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


class Text:
    """The text of a file that was read before: of a plain one read once more, of a packed one kept."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._kept: list[bytes] | None = None
        self._status: os.stat_result | None = None
        self._bases: list[int] = []
        self._lengths: list[int] = []
        self._lines: list[int] = []
        self._ends: tuple[int, NDArray[np.intp]] = (-1, np.zeros(0, np.intp))
        """A piece, and where its lines end."""

    def begin(self, source: Source) -> None:
        """Take note of the file that is read."""
        self._status = source.status
        if source.packed:
            self._kept = []

    def add(self, piece: Piece) -> None:
        """Take note of a piece; they come in the order of the file."""
        self._bases.append(piece.base)
        self._lengths.append(piece.length)
        if self._kept is not None:
            self._kept.append(bytes(memoryview(piece.data)[: piece.length]))

    def get(self, start: int, end: int) -> bytes:
        """What stands there; it must lie in one piece. Raises DataError where the file is not as it was."""
        if self._kept is not None:
            k = bisect_right(self._bases, start) - 1
            base = self._bases[k]
            return self._kept[k][start - base : end - base]
        try:
            with self._path.open("rb") as file:
                status, was = os.fstat(file.fileno()), self._status
                if was is None or _told(status) != _told(was):
                    raise DataError(self._path, "", "was changed while it was read", "Open it again.")
                file.seek(start)
                return file.read(end - start)
        except OSError as error:
            raise DataError(self._path, "", f"cannot be read: {error.strerror or error}") from error

    def count_lines(self, ends: Sequence[int]) -> None:
        """Take note of how many lines end in each piece."""
        self._lines = [0, *accumulate(ends)]

    def line(self, place: int) -> int:
        """The line of a place, from 1 on."""
        k = bisect_right(self._bases, place) - 1
        base = self._bases[k]
        if k != self._ends[0]:
            data = np.frombuffer(self.get(base, base + self._lengths[k]), np.uint8)
            self._ends = k, np.flatnonzero(data == LINE_END)
        return self._lines[k] + int(np.searchsorted(self._ends[1], place - base)) + 1


def _told(status: os.stat_result) -> tuple[int, int, int]:
    """What tells a file from another, and from itself changed."""
    return status.st_ino, status.st_size, status.st_mtime_ns


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


class Room:
    """Room for pieces, used again, because new memory takes longer to come by than what is read into it."""

    def __init__(self) -> None:
        self._free: list[bytearray] = []

    def take(self, size: int) -> bytearray:
        """So many bytes or more, of any value."""
        while self._free:
            data = self._free.pop()
            if len(data) >= size:
                return data
        return bytearray(size)

    def give_back(self, data: bytearray) -> None:
        """Nobody looks at these any more."""
        self._free.append(data)


def pieces(path: Path, text: Text, room: Room, *, size: int = CHUNK) -> Iterator[Piece]:
    """The file in pieces, each but the last ending with a member; their data may be given back to `room`."""
    base, rest = 0, b""
    with Source(path) as source:
        text.begin(source)
        if not source.packed:
            size = min(size, source.status.st_size + 1)  # one more, where the end is found
        ended = False
        while not ended:
            data, count, cut = room.take(len(rest) + size + PADDING), len(rest), -1
            data[:count] = rest
            while cut < 0 and not ended:
                if count + PADDING == len(data):  # a member that is longer than the piece
                    data = data + bytes(len(data))
                read = source.fill(memoryview(data)[count : len(data) - PADDING])
                ended = not read
                count += read
                if ended or count + PADDING == len(data):
                    cut = count if ended else _cut(data, count)
            rest = bytes(memoryview(data)[cut:count])
            data[cut : cut + PADDING] = bytes(PADDING)
            piece = Piece(data, cut, base, source.done, ended)
            text.add(piece)
            yield piece
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
