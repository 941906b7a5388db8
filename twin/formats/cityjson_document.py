"""Takes CityJSON and CityJSONSeq files apart into documents, whose members are still text."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import machine_code, strict_json
from twin.formats.report import Skips

LIMIT = 2**30
"""Largest document; a sequence may hold many. [byte]"""
FIRST = 2**16
"""A first line is looked for in so much. [byte]"""
SEARCHED = 2**22
"""So much is searched at a time. [byte]"""
SMALL, LARGE = 16 * 2**20, 256 * 2**20
"""Files that are read in the time to load the machine code, and to make it. [byte]"""
LONG = 4 * 2**20
"""Files that are read in half a second without machine code. [byte]"""
REMEDY = "Write it as CityJSONSeq, or in tiles."
KNOWN = ("1.0", "1.1", "2.0")
OLDEST = 0.8
"""Versions from here to 1.0 differ only in little things."""
MEMBERS = frozenset(
    (
        *("type", "version", "CityObjects", "vertices", "transform", "metadata", "extensions", "appearance"),
        *("geometry-templates", "id"),
    )
)
NOTHING = msgspec.Raw()
"""Of a member that is not there."""
Raws = dict[str, msgspec.Raw]
FEATURE = "CityJSONFeature"
TYPES = ("CityJSON", FEATURE)
SIGNS = (b'"CityObjects"', b'"CityJSON"', b'"CityJSONFeature"')

_Vertices = list[tuple[float, float, float]]
T = TypeVar("T")


class Key:
    """An id that equals no other, so that none is lost where a file repeats one."""

    __slots__ = ("id",)

    def __init__(self, id: str) -> None:
        self.id = id


class Transform(msgspec.Struct):
    """What makes metres of the numbers of the vertices: times scale, plus translate."""

    scale: tuple[float, float, float] = (1.0, 1.0, 1.0)
    translate: tuple[float, float, float] = (0.0, 0.0, 0.0)


class Templates(msgspec.Struct):
    """Geometries that are placed many times."""

    templates: list[msgspec.Raw] = []
    vertices: _Vertices = msgspec.field(default=[], name="vertices-templates")


class _Root(msgspec.Struct):
    type: Any = None
    CityObjects: msgspec.Raw = NOTHING


_raws = msgspec.json.Decoder(Raws)
_maybe_raws = msgspec.json.Decoder(Raws | None)
_objects = msgspec.json.Decoder(dict[Key, msgspec.Raw] | None, dec_hook=lambda kind, text: kind(text))
_any = msgspec.json.Decoder(Any)
_vertices = msgspec.json.Decoder(_Vertices | None)
_transform = msgspec.json.Decoder(Transform | None)
_templates = msgspec.json.Decoder(Templates | None)
_root = msgspec.json.Decoder(_Root)


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON document: a whole file, or one line of a sequence."""

    path: Path
    members: Mapping[str, msgspec.Raw]
    type: str
    line: int
    """0: the first."""

    def at(self, member: str) -> str:
        """Where a member stands, in words."""
        return f"line {self.line}, {member}" if self.line else member

    def objects(self) -> Iterator[tuple[str, msgspec.Raw]]:
        """The city objects and their ids, also those that repeat one. Raises DataError, as all below."""
        return ((key.id, raw) for key, raw in (self._read("CityObjects", _objects) or {}).items())

    def templates(self) -> Templates:
        """Of geometries; empty where there are none."""
        return self._read("geometry-templates", _templates) or Templates()

    def transform(self) -> Transform | None:
        """None: the vertices are metres."""
        return self._read("transform", _transform)

    def vertices(self, transform: Transform, *, large: bool) -> NDArray[np.float64]:
        """In the CRS of the file: (n, 3). large: whether machine code is worth it."""
        return placed(self._numbers(large), transform)

    def _numbers(self, large: bool) -> NDArray[np.float64]:
        if large and "vertices" in self.members:
            from twin.formats import cityjson_scan

            raw = memoryview(self.members["vertices"])
            numbers, good = cityjson_scan.vertices(np.frombuffer(raw, dtype=np.uint8))
            if good:
                return numbers
        listed = self._read("vertices", _vertices) or ()
        return np.array(listed, dtype=np.float64).reshape(-1, 3)

    def appearance(self) -> Raws:
        """The members of its appearance; empty where there is none."""
        return self._read("appearance", _maybe_raws) or {}

    def version(self) -> str:
        """As `2.0`; empty where it says none."""
        said = self._read("version", _any)
        return str(said) if isinstance(said, str | int | float) else ""

    def crs(self) -> str:
        """What the metadata name as the CRS; empty: nothing."""
        metadata: Any = self._read("metadata", _any)
        if not isinstance(metadata, dict):
            return ""
        said = metadata.get("referenceSystem") or metadata.get("crs")
        if isinstance(said, dict):  # before version 1.0
            said = said.get("epsg")
        return f"EPSG:{said}" if isinstance(said, int) else said if isinstance(said, str) else ""

    def count_unread(self, skips: Skips) -> list[str]:
        """Count what else there is; returns the names of extensions."""
        for name in self.members.keys() - MEMBERS:
            why = "it is of an extension" if name.startswith("+") else "CityJSON does not have it"
            skips.at(self.at(name), f"member {name}", why)
        extensions = self._read("extensions", _any)
        return sorted(extensions) if isinstance(extensions, dict) else []

    def _read(self, member: str, decoder: msgspec.json.Decoder[T]) -> T | None:
        raw = self.members.get(member)
        return None if raw is None else strict_json.decode(raw, decoder, self.path, at=self.at(member))


def documents(path: Path, progress: Callable[[float], None]) -> Iterator[Document]:
    """All documents of a file: the one it is, or the lines of a sequence.

    progress: called with 0 to 1. Raises DataError: no file, no JSON, no CityJSON, too large.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if not size:
                raise DataError(path, "", "is empty", "Choose another file.")
            line, members = _first(path, file)
            number = 0
            while line:
                if line.strip() or not number:
                    yield _document(path, line, number, members)
                progress(min(file.tell() / size, 1.0))
                members = None
                line = _bounded(path, file.readline(LIMIT + 1))
                number += 1 + (number == 0)
    except OSError as error:
        raise DataError(path, "", f"cannot be opened: {error.strerror or error}") from error


def placed(numbers: NDArray[np.float64], transform: Transform) -> NDArray[np.float64]:
    """The vertices that numbers (n, 3) mean, in the same memory."""
    # what becomes too large here is left out with the rings that use it
    with np.errstate(over="ignore", invalid="ignore"):
        numbers *= np.array(transform.scale)
        numbers += np.array(transform.translate)
    return numbers


def is_large(path: Path) -> bool:
    """Whether a file is so large that machine code is worth it."""
    return machine_code.is_worth_it(path, SMALL, LARGE, machine_code.CITYJSON)


def takes_long(path: Path) -> bool:
    """Whether to read a file takes so long that somebody may want to stop it."""
    return path.is_file() and path.stat().st_size >= LONG


def _first(path: Path, file: BinaryIO) -> tuple[bytes, Raws | None]:
    """The first line and its members where it is a JSON text of its own, otherwise all text.

    The file is left behind it.
    """
    text = file.read(FIRST)
    if _is_other(text):
        raise DataError(path, "line 1", "does not begin with {, as CityJSON does", "Open a CityJSON file.")
    if b"\n" not in text:
        file.seek(0)
        text = _bounded(path, file.read(LIMIT + 1))
    line = text[: text.find(b"\n") + 1] or text
    file.seek(len(line))
    try:
        return line, _raws.decode(line.removeprefix(strict_json.BOM))
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass  # an error in it is found again in all of the text, with its place
    if len(line) < len(text) or file.read(1):
        file.seek(0)
        line = _bounded(path, file.read(LIMIT + 1))
    return line.removeprefix(strict_json.BOM), None


def is_cityjson(path: Path) -> bool:
    """Whether a file says that it is CityJSON, or has city objects as only CityJSON has, broken or not.

    Raises DataError: it cannot be opened.
    """
    try:
        with path.open("rb") as file:
            return _is_cityjson(file)
    except OSError as error:
        raise DataError(path, "", f"cannot be opened: {error.strerror or error}") from error


def _is_cityjson(file: BinaryIO) -> bool:
    beginning = file.read(FIRST)
    if not beginning or _is_other(beginning) or not _has_sign(file):
        return False
    file.seek(0)
    text = file.readline(LIMIT)
    for _ in range(2):
        try:
            root = _root.decode(text.removeprefix(strict_json.BOM))
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            text += file.read(LIMIT - len(text))
            continue
        return root.type in TYPES or root.CityObjects is not NOTHING
    return True


def _has_sign(file: BinaryIO) -> bool:
    """Whether it may be CityJSON: most JSON files are something else, and searching is faster than reading.

    Not in a map of the file, which would end the program where the file is cut meanwhile.
    """
    file.seek(0)
    longest, before = max(map(len, SIGNS)), b""
    while file.tell() < LIMIT and (block := file.read(SEARCHED)):
        block = before + block
        if any(sign in block for sign in SIGNS):
            return True
        before = block[-longest:]
    return False


def _is_other(beginning: bytes) -> bool:
    """Whether a large file begins as nothing does that is worth reading to its end."""
    head = beginning.removeprefix(strict_json.BOM).lstrip()[:1]
    return len(beginning) == FIRST and head not in (b"", b"{")


def _document(path: Path, text: bytes, line: int, members: Raws | None) -> Document:
    if members is None:
        members = strict_json.decode(text, _raws, path, first=line or 1)
    where = f"line {line}" if line else ""
    kind: Any = strict_json.decode(members["type"], _any, path, at=where) if "type" in members else None
    if kind is None and "CityObjects" in members:
        raise DataError(path, where, "does not say its type", 'Add "type": "CityJSON".')
    if kind not in TYPES:
        said = f"is of the type {kind!r}" if isinstance(kind, str) else "has no type"
        raise DataError(path, where, f"{said}, not CityJSON", "Open a CityJSON file.")
    if not line and kind == FEATURE:
        problem = "begins with a CityJSONFeature, so that its transform and CRS are missing"
        raise DataError(path, where, problem, "Put the line of type CityJSON before it.")
    return Document(path, members, kind, line)


def _bounded(path: Path, text: bytes) -> bytes:
    if len(text) > LIMIT:
        raise DataError(path, "", f"is one JSON text of more than {LIMIT / 2**30:g} GB", REMEDY)
    return text
