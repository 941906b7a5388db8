"""Reads XML from strangers: no DOCTYPE, no entities, no network, no bombs."""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar, cast

from lxml import etree

from twin.errors import DataError

SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
RATIO = 50
"""A packed file may unpack to this many times its size; small files to `SMALL` in any case.

Cities unpack to 7 to 20 times their size."""
RATIO_VARIABLE = "TWIN_UNPACK_RATIO"
"""Environment variable that names another one."""
SMALL = 1 << 20
"""[byte]"""
AHEAD = 4 << 20
"""So much more than its share may come out of the beginning of a packed file. [byte]"""
MOST = 2 << 30
"""What any packed file may unpack to. [byte]"""
PROLOG = 1 << 20
"""What may stand before the first element. [byte]"""
_CHUNK = 1 << 15
T = TypeVar("T")


class Source:
    """The bytes of a file, unpacked where it is gzip, up to a limit."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ratio = _ratio(path)
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise DataError(path, "", f"cannot be opened: {error.strerror or error}") from error
        self.status = os.fstat(self._file.fileno())
        """Of the file that is read, whatever has its name by now."""
        self._size = max(self.status.st_size, 1)
        self.packed = self._file.read(2) == b"\x1f\x8b"
        self._file.seek(0)
        self._stream = gzip.GzipFile(fileobj=self._file) if self.packed else self._file
        self.unpacked = 0

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    @property
    def done(self) -> float:
        """How much of the file was read: 0 to 1."""
        return min(self._file.tell() / self._size, 1.0)

    def read(self, size: int = _CHUNK) -> bytes:
        """At most `size` bytes more. Raises DataError for broken gzip and for bombs."""
        data = self._reading(lambda: self._stream.read(size if size > 0 else _CHUNK))
        self._took(len(data))
        return data

    def fill(self, buffer: memoryview) -> int:
        """Read into a buffer: how many bytes, 0 at the end. Raises as `read`."""
        count = self._reading(lambda: self._stream.readinto(buffer))
        self._took(count)
        return count

    def _reading(self, step: Callable[[], T]) -> T:
        try:
            return step()
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise DataError(
                self.path, "", f"the gzip data is broken: {error}", "Copy or download it again."
            ) from error
        except OSError as error:
            raise DataError(self.path, "", f"cannot be read: {error.strerror or error}") from error

    def _took(self, count: int) -> None:
        self.unpacked += count
        if not self.packed:
            return
        whole = max(self._ratio * self._size, SMALL)
        if self.unpacked > min(whole, self._ratio * self._file.tell() + AHEAD):
            limit = f"unpacks to more than {self._ratio:g} times its {self._size >> 10} kB"
            remedy = f"If you trust it, unpack it yourself, or set {RATIO_VARIABLE} to more."
            raise DataError(self.path, "", limit, remedy)
        if self.unpacked > MOST:
            problem = f"unpacks to more than {MOST >> 20} MB"
            raise DataError(self.path, "", problem, "If you trust it, unpack it yourself.")


def _ratio(path: Path) -> float:
    """How many times its size a packed file may unpack to. Raises DataError for what is no number."""
    said = os.environ.get(RATIO_VARIABLE, "")
    try:
        return max(1.0, float(said)) if said else RATIO
    except ValueError as error:
        problem = f"{RATIO_VARIABLE} is {said!r}, which is no number"
        raise DataError(path, "", problem, f"Set it to one, as {RATIO}.") from error


def root(path: Path) -> tuple[str, str, int]:
    """Namespace, local name and line of the first element. Raises DataError, also for a DOCTYPE."""
    parser = etree.XMLPullParser(events=("start",), **SAFE)
    with Source(path) as source:
        try:
            found = None
            while found is None and (chunk := source.read(4096)):
                parser.feed(chunk)
                found = _first(parser)
                if found is None and source.unpacked > PROLOG:
                    raise DataError(path, "", "has no element in its first MB", "Is it XML?")
            if not source.unpacked:
                raise DataError(path, "", "is empty", "Copy or download it again.")
            if found is None:
                parser.close()
                found = _first(parser)
        except etree.XMLSyntaxError as error:
            raise broken(path, error) from error
    if found is None:
        raise DataError(path, "", "has no element", "Is it XML?")
    if found.getroottree().docinfo.internalDTD is not None:
        problem = "document types are not read, because they can hide entities"
        raise DataError(path, "DOCTYPE", problem, "Remove the DOCTYPE line.")
    # not with QName, because it refuses namespaces that parsers let through
    namespace, _, name = str(found.tag).rpartition("}")
    return namespace[1:], name, line_of(found)


def _first(parser: etree.XMLPullParser) -> etree._Element | None:
    for _, element in parser.read_events():
        return cast("etree._Element", element)
    return None


def children(
    path: Path, members: Sequence[str], progress: Callable[[float], None] = lambda _: None
) -> Iterator[etree._Element]:
    """Each child of the root, whole, and emptied before the next one comes; those named `members` first.

    members: local names, of which a file has many; all others wait for the next member or the end. progress:
    called with 0 to 1. Raises DataError for what is not XML.
    """
    root(path)
    with Source(path) as source:
        walk = etree.iterparse(source, events=("end",), tag=[f"{{*}}{m}" for m in members], **SAFE)
        try:
            for _, element in walk:
                parent = element.getparent()
                if parent is None or parent.getparent() is not None:
                    continue
                yield element
                progress(source.done)
                element.clear()
                while parent[0] is not element:
                    if _name(parent[0]) not in members:
                        yield parent[0]
                    del parent[0]
            top: etree._Element = walk.root
        except etree.XMLSyntaxError as error:
            raise broken(path, error) from error
        for element in top:
            if _name(element) not in members:
                yield element


def _name(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]


def line_of(element: etree._Element) -> int:
    """The line where an element begins."""
    line: Any = element.sourceline
    return int(line or 1)


def broken(path: Path, error: etree.XMLSyntaxError) -> DataError:
    """What the parser says, with its line."""
    line = error.lineno or 1
    problem = (error.msg or "cannot be read").partition(", line ")[0]
    return DataError(
        path, f"line {line}", f"is not well-formed XML: {problem}", "Export or download it again."
    )
