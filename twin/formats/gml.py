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
ORIENTED = frozenset({"OrientableSurface", "TexturedSurface"})
CONTAINERS = frozenset(
    (
        *("MultiSurface", "CompositeSurface", "MultiSolid", "CompositeSolid", "Solid", "Shell", "Surface"),
        *("PolyhedralSurface", "TriangulatedSurface", "Tin", "MultiGeometry", "GeometricComplex"),
    )
)
HOLES = frozenset({"interior", "innerBoundaryIs"})
SIDES = HOLES | {"exterior", "outerBoundaryIs"}
RINGS = frozenset({"LinearRing", "Ring"})
HOLE = "interior ring"
CURVED = frozenset(
    {"Arc", "ArcString", "Circle", "CircleByCenterPoint", "ArcByCenterPoint", "Bezier", "BSpline"}
)
LEFT_OUT = {
    **dict.fromkeys(("Point", "MultiPoint"), "points are not read"),
    **dict.fromkeys(
        ("LineString", "Curve", "MultiCurve", "CompositeCurve", "OrientableCurve", "LinearRing"),
        "curves are not read",
    ),
    **dict.fromkeys(("RectifiedGridCoverage", "Grid", "RectifiedGrid"), "grids are not read"),
    "controlPoint": "only the triangles of a net are read",
    "appearance": "textures of CityGML 0.4 are not read",
}
"""Geometries and parts of them, and why they are not read."""
FARTHEST = 1e9
"""No map has coordinates beyond this."""


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
    turned: bool = False
    """Whether its corners run against the order in which they are written."""
    of: Surface | None = None
    """The surface that this one is the back of."""
    image: int = -1
    """Its picture, counted through the file."""
    material: int = -1


@dataclass(frozen=True, slots=True)
class Target:
    """A surface, or a group of them, that a geometry only points to."""

    href: str
    turned: bool
    line: int


Found = list[Surface | Target]


class Geometries:
    """All coordinates of a file, and the surfaces that use them."""

    def __init__(self, skips: Skips) -> None:
        self.numbers = array("d")
        """Three a corner, in the order of the file; rings do not repeat their first corner."""
        self.names: dict[str, int] = {}
        """Each srsName, and how often it was met."""
        self.named: dict[str, Surface | Found] = {}
        """What each gml:id stands for; of several the first."""
        self.rings: dict[str, tuple[int, int]] = {}
        """The span of each ring with a gml:id."""
        self.repeats: dict[int, int] = {}
        """By where a ring begins: how often its first corner is repeated, where that is not once."""
        self.flat = 0
        """Rings without heights."""
        self._skips = skips

    def surfaces(self, geometry: etree._Element, owner: str) -> Found:
        """The surfaces in a geometry, and those it only points to.

        owner: gml:id to name where something has to be left out.
        """
        found: Found = []
        self._collect(geometry, owner, False, 3, found)
        return found

    def leave_out(self, element: etree._Element, what: str, why: str, owner: str) -> None:
        """Count what is not read, and every surface in it."""
        line = line_of(element)
        self._skips.add(what, why, line=line, gml_id=owner)
        for shape, count in shapes(element).items():
            if shape != what:
                self._skips.add(shape, f"in {what}: {why}", line=line, gml_id=owner, count=count)

    def note(self, element: etree._Element) -> None:
        """Remember the srsName of an element, where it has one."""
        name = element.get("srsName")
        if name:
            self.names[name] = self.names.get(name, 0) + 1

    def _collect(
        self, element: etree._Element, owner: str, turned: bool, dimension: int, found: Found
    ) -> None:
        name = LOCAL[element.tag]
        own_id = ""
        if element.attrib:
            own_id = gml_id(element)
            self.note(element)
            dimension = dimension_of(element, dimension)
        if name in POLYGONS or name in TRIANGLES:
            surface = self._polygon(element, owner, turned, dimension, own_id)
            if surface:
                found.append(surface)
                if own_id:
                    self.named.setdefault(own_id, surface)
            return
        if name in ORIENTED:
            turned ^= element.get("orientation") == "-"
        elif name not in CONTAINERS:
            self.leave_out(element, name, LEFT_OUT.get(name, "not a surface"), own_id or owner)
            return
        inside: Found = [] if own_id else found
        for member in element:
            if LOCAL[member.tag] in LEFT_OUT:
                self.leave_out(member, LOCAL[member.tag], LEFT_OUT[LOCAL[member.tag]], own_id or owner)
            elif len(member):
                for inner in member:
                    self._collect(inner, owner, turned, dimension, inside)
            elif member.get(HREF):
                inside.append(Target(member.get(HREF, ""), turned, line_of(member)))
        if own_id:
            self.named.setdefault(own_id, inside)
            found.extend(inside)

    def _polygon(
        self, element: etree._Element, owner: str, turned: bool, dimension: int, own_id: str
    ) -> Surface | None:
        name = LOCAL[element.tag]
        rings: list[tuple[int, int]] = []
        sides = [side for side in element if LOCAL[side.tag] in SIDES]
        if len(sides) > 1:
            sides.sort(key=lambda side: LOCAL[side.tag] in HOLES)
        for side in sides:
            for ring in side:
                try:
                    rings.append(self._ring(ring, turned, dimension))
                except Malformed as error:
                    what = HOLE if rings else name
                    self._skips.add(what, str(error), line=line_of(ring), gml_id=own_id or owner)
                    if not rings:
                        self._lost_holes(element, own_id or owner)
                        return None
        if not rings:
            self._skips.add(name, "it has no ring", line=line_of(element), gml_id=own_id or owner)
            return None
        return Surface(rings, own_id, name in TRIANGLES, turned)

    def _ring(self, ring: etree._Element, turned: bool, dimension: int) -> tuple[int, int]:
        corners: list[tuple[float, ...]] = []
        if ring.attrib:
            self.note(ring)
        for element, size in _positions(ring, dimension):
            if element.attrib:
                self.note(element)
            part = _corners(element, size)
            self.flat += size == 2
            # curves that make up a ring share their ends
            corners.extend(part[1:] if corners and part and part[0] == corners[-1] else part)
        written = len(corners)
        while len(corners) > 1 and corners[-1] == corners[0]:
            corners.pop()
        if len(set(corners)) < 3:
            raise Malformed("a ring needs 3 different corners")
        if turned:
            corners.reverse()
        start = len(self.numbers)
        self.numbers.extend(chain.from_iterable(corners))
        span = start, len(self.numbers)
        if written != len(corners) + 1:
            self.repeats[start] = written - len(corners)
        own_id = gml_id(ring)
        if own_id:
            self.rings.setdefault(own_id, span)
        return span

    def _lost_holes(self, polygon: etree._Element, owner: str) -> None:
        holes = shapes(polygon).get(HOLE, 0)
        if holes:
            why = "its polygon cannot be read"
            self._skips.add(HOLE, why, line=line_of(polygon), gml_id=owner, count=holes)


def shapes(element: etree._Element) -> dict[str, int]:
    """How many polygons, triangles and interior rings an element holds."""
    found: dict[str, int] = {}
    for inner in element.iter():
        name = LOCAL[inner.tag]
        if name in POLYGONS or name in TRIANGLES:
            found[name] = found.get(name, 0) + 1
        elif name in HOLES and len(inner) and LOCAL[inner[0].tag] in RINGS:
            found[HOLE] = found.get(HOLE, 0) + 1
    return found


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
    if numbers and not -FARTHEST < min(numbers) <= max(numbers) < FARTHEST:
        raise Malformed("a coordinate is beyond any map")
    if len(numbers) % size:
        raise Malformed(f"the count of numbers is no multiple of {size}")
    if size == 2:
        return [(x, y, 0.0) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
    return list(zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True))
