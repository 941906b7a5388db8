"""Walks through those members of a CityGML file that a scan of its bytes does not understand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from twin.formats import citygml_scan as scan
from twin.formats.citygml_appearance import Dressed, dress
from twin.formats.citygml_grammar import DoubtError
from twin.formats.citygml_links import Followed, Follower, follow
from twin.formats.citygml_objects import Object, Walker
from twin.formats.citygml_once import choose
from twin.formats.citygml_pieces import Head
from twin.formats.citygml_rows import Scanned
from twin.formats.report import Skips
from twin.formats.safe_xml import SAFE


@dataclass(frozen=True, slots=True)
class Walked:
    """What the walk through some members gave."""

    walker: Walker
    members: NDArray[np.int64]
    """The member of each object."""
    face_members: NDArray[np.int64]
    """The member of each surface with semantics."""
    followed: Followed
    follower: Follower
    dressed: Dressed
    skips: Skips

    @property
    def things(self) -> list[Object]:
        """The objects."""
        return self.walker.objects


def walk(
    scanned: Scanned,
    slow: NDArray[np.bool_],
    head: Head,
    folder: Path,
    progress: Callable[[float], None] = lambda _: None,
) -> Walked:
    """Walk through the marked members. Raises DoubtError for broken XML, TooMany."""
    skips = Skips()
    walker = Walker(skips)
    members: list[int] = []
    face_members: list[int] = []
    parse = parser(head)
    which = np.flatnonzero(slow)
    spans = scanned[scan.MEMBERS][which][:, [scan.M_START, scan.M_END]].tolist()
    for member, (start, end) in zip(which.tolist(), spans, strict=True):
        for element in parse(scanned.text(start, end), scanned.line(start)):
            walker.member(element)
        members.extend([member] * (len(walker.objects) - len(members)))
        face_members.extend([member] * (len(walker.faces) - len(face_members)))
        progress(0.8 * end / spans[-1][1])
    follower = Follower(walker.geometries, skips)
    followed = follow(walker.objects, walker.named, follower, skips)
    progress(0.9)
    choose(walker.objects, 0, walker.geometries.numbers, skips)
    dressed = dress(walker.looks, follower, walker.geometries, folder, skips)
    of, of_face = (np.array(found, dtype=np.int64) for found in (members, face_members))
    return Walked(walker, of, of_face, followed, follower, dressed, skips)


def parser(head: Head) -> Callable[[bytes, int], Iterator[etree._Element]]:
    """Makes elements of some bytes that begin at a line, in the namespaces of the file's root."""
    line = [0]

    class Placed(etree.ElementBase):
        """Knows its line in the file, not only in its piece of it."""

        @property
        def sourceline(self) -> int:  # type: ignore[override]  # it is only read
            """The line."""
            own: Any = super().sourceline
            return int(own or 1) + line[0]

    options: dict[str, Any] = dict(SAFE)
    reader = etree.XMLParser(**options)
    reader.set_element_class_lookup(etree.ElementDefaultClassLookup(element=Placed))

    def parse(text: bytes, at: int) -> Iterator[etree._Element]:
        line[0] = at - 1
        try:
            root = etree.fromstring(head.start_tag + text + b"</" + head.name + b">", reader)
        except etree.XMLSyntaxError as error:
            raise DoubtError from error
        yield from root

    return parse
