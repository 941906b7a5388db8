"""Reads the surfaces in GML geometries, of GML 3.1 and 3.2 alike."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from math import isfinite

from lxml import etree

from twin.formats.report import Skips
from twin.formats.safe_xml import line_of

IDS = ("{http://www.opengis.net/gml}id", "{http://www.opengis.net/gml/3.2}id")
HREF = "{http://www.w3.org/1999/xlink}href"
POLYGONS = frozenset({"Polygon", "PolygonPatch", "Rectangle"})
TRIANGLES = frozenset({"Triangle"})
CONTAINERS = frozenset(
    (
        *("MultiSurface", "CompositeSurface", "MultiSolid", "CompositeSolid", "Solid", "Shell", "Surface"),
        *("PolyhedralSurface", "TriangulatedSurface", "Tin", "MultiGeometry", "GeometricComplex"),
    )
)
SIDES = frozenset({"exterior", "interior", "outerBoundaryIs", "innerBoundaryIs"})
CURVED = frozenset(
    {"Arc", "ArcString", "Circle", "CircleByCenterPoint", "ArcByCenterPoint", "Bezier", "BSpline"}
)


class _LocalNames(dict[str, str]):
    """Tag to name without namespace, worked out once a tag."""

    def __missing__(self, tag: str) -> str:
        self[tag] = name = tag.rpartition("}")[2]
        return name


LOCAL = _LocalNames()


def gml_id(element: etree._Element) -> str:
    """The gml:id of an element; empty where it has none."""
    return element.get(IDS[0]) or element.get(IDS[1]) or ""


class Malformed(ValueError):
    """A ring that cannot be used; the text says why."""


@dataclass(slots=True)
class Surface:
    """One polygon or triangle."""

    rings: list[tuple[int, int]]
    """Each ring as the span of its numbers in `Geometries.numbers`, exterior first."""
    id: str
    is_triangle: bool


class Geometries:
    """All coordinates of a file, and the surfaces that use them."""

    def __init__(self, skips: Skips) -> None:
        self.numbers = array("d")
        """Three a corner, in the order of the file; rings do not repeat their first corner."""
        self.names: dict[str, int] = {}
        """Each srsName, and how often it was met."""
        self.ids: set[str] = set()
        self.flat = 0
        """Rings without heights."""
        self._skips = skips

    def surfaces(self, geometry: etree._Element, owner: str) -> tuple[list[Surface], list[str]]:
        """The surfaces in a geometry, and the ids of those it only points to.

        owner: gml:id to name where something has to be left out.
        """
        found: list[Surface] = []
        links: list[str] = []
        self._collect(geometry, owner, False, 3, found, links)
        return found, links

    def note(self, element: etree._Element) -> None:
        """Remember the srsName of an element, where it has one."""
        name = element.get("srsName")
        if name:
            self.names[name] = self.names.get(name, 0) + 1

    def _collect(
        self,
        element: etree._Element,
        owner: str,
        turned: bool,
        dimension: int,
        found: list[Surface],
        links: list[str],
    ) -> None:
        name = LOCAL[element.tag]
        if element.attrib:
            own_id = gml_id(element)
            if own_id:
                self.ids.add(own_id)
            self.note(element)
            dimension = dimension_of(element, dimension)
        else:
            own_id = ""
        if name in POLYGONS or name in TRIANGLES:
            surface = self._polygon(element, owner, turned, dimension, own_id)
            if surface:
                found.append(surface)
            return
        if name == "OrientableSurface":
            turned ^= element.get("orientation") == "-"
        elif name not in CONTAINERS:
            why = "implicit geometry is not read" if name == "ImplicitGeometry" else "not a surface"
            self._skips.add(name, why, line=line_of(element), gml_id=own_id or owner)
            return
        for member in element:
            if len(member):
                for inner in member:
                    self._collect(inner, owner, turned, dimension, found, links)
            else:
                href = member.get(HREF)
                if href:
                    links.append(href)

    def _polygon(
        self, element: etree._Element, owner: str, turned: bool, dimension: int, own_id: str
    ) -> Surface | None:
        name = LOCAL[element.tag]
        rings: list[tuple[int, int]] = []
        for side in element:
            if LOCAL[side.tag] not in SIDES:
                continue
            for ring in side:
                try:
                    rings.append(self._ring(ring, turned, dimension))
                except Malformed as error:
                    what = "interior ring" if rings else name
                    self._skips.add(what, str(error), line=line_of(ring), gml_id=own_id or owner)
                    if not rings:
                        return None
        if not rings:
            self._skips.add(name, "it has no ring", line=line_of(element), gml_id=own_id or owner)
            return None
        return Surface(rings, own_id, name in TRIANGLES)

    def _ring(self, ring: etree._Element, turned: bool, dimension: int) -> tuple[int, int]:
        corners: list[tuple[float, ...]] = []
        for element, size in _positions(ring, dimension):
            part = _corners(element, size)
            self.flat += size == 2
            # curves that make up a ring share their ends
            corners.extend(part[1:] if corners and part and part[0] == corners[-1] else part)
        while len(corners) > 1 and corners[-1] == corners[0]:
            corners.pop()
        if len(set(corners)) < 3:
            raise Malformed("a ring needs 3 different corners")
        if turned:
            corners.reverse()
        start = len(self.numbers)
        self.numbers.extend(chain.from_iterable(corners))
        return start, len(self.numbers)


def dimension_of(element: etree._Element, otherwise: int) -> int:
    """What srsDimension says: 2 or 3."""
    said = element.get("srsDimension")
    return otherwise if said not in ("2", "3") else int(said)


def _positions(ring: etree._Element, dimension: int) -> Iterator[tuple[etree._Element, int]]:
    """The elements that hold the positions of a ring, each with its dimension."""
    dimension = dimension_of(ring, dimension)
    for element in ring.iter():
        name = LOCAL[element.tag]
        if name in ("posList", "pos"):
            yield element, dimension_of(element, dimension)
        elif name == "coordinates":
            first = (element.text or "").split(None, 1)
            yield element, 2 if first and first[0].count(element.get("cs", ",")) == 1 else 3
        elif name in CURVED:
            raise Malformed("curved edges are not read")


def _corners(element: etree._Element, size: int) -> list[tuple[float, ...]]:
    text = element.text or ""
    if LOCAL[element.tag] == "coordinates":
        text = text.replace(element.get("cs", ","), " ")
    try:
        # Python would read 1_000
        numbers = list(map(float, (text.replace("_", "?") if "_" in text else text).split()))
    except ValueError as error:
        raise Malformed("a coordinate is not a number") from error
    if not isfinite(sum(numbers)):
        raise Malformed("a coordinate is not finite")
    if len(numbers) % size:
        raise Malformed(f"the count of numbers is no multiple of {size}")
    if size == 2:
        return [(x, y, 0.0) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    return list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))
