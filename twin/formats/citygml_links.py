"""Follows the links of a CityGML file to the surfaces they lead to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from twin.formats.citygml_implicit import Implicit
from twin.formats.citygml_objects import LOD_OF_TARGET, Face, Link, Object, Polygon
from twin.formats.gml import Found, Geometries, Surface
from twin.formats.report import Skips

MOST = 3_000_000
"""Surfaces that links and implicit geometries may make of a file; more are a trap."""


class TooMany(ValueError):
    """Links that make too much of a small file."""


@dataclass(slots=True)
class Followed:
    """What came of all links."""

    resolved: int = 0
    unresolved: int = 0
    placed: list[Implicit] = field(default_factory=list)
    """The implicit geometries that are shown, by `Polygon.placement`."""


class Follower:
    """Knows what every gml:id stands for."""

    def __init__(self, geometries: Geometries, skips: Skips) -> None:
        self._geometries = geometries
        self._skips = skips
        self._left = MOST
        self._backs: dict[int, Surface] = {}
        self.backs: dict[int, int] = {}
        """Where the numbers of a turned ring begin, and where those of the ring it was made of."""

    def surfaces(self, href: str, turned: bool = False) -> list[tuple[Surface, bool]]:
        """The surfaces behind a link, each once, and whether each is turned; none: it leads nowhere."""
        name = href.rpartition("#")[2]
        named = self._geometries.named
        if "#" in href[1:] or name not in named:
            return []
        start = named[name]
        if isinstance(start, Surface):
            # a link to the polygon itself means it as it is written
            return [(start, turned ^ start.turned)]
        return list(self.expanded(start, turned, name))

    def expanded(self, found: Found, turned: bool, name: str = "") -> Iterator[tuple[Surface, bool]]:
        """The surfaces in a list of surfaces and links, each once; name: the gml:id of the list."""
        entered, seen = {name}, set[int]()
        waiting = [(found, 0, turned)]
        while waiting:
            members, k, turn = waiting.pop()
            while k < len(members):
                member = members[k]
                k += 1
                self.spend(1)
                if not isinstance(member, Surface):
                    name = member.href.rpartition("#")[2]
                    inner = self._geometries.named.get(name)
                    if inner is None or (name in entered and not isinstance(inner, Surface)):
                        continue
                    turned_there = turn ^ member.turned
                    if not isinstance(inner, Surface):
                        entered.add(name)
                        waiting.append((members, k, turn))
                        members, k, turn = inner, 0, turned_there
                        continue
                    member, turned_here = inner, turned_there ^ inner.turned
                else:
                    turned_here = turn
                if id(member) not in seen:
                    seen.add(id(member))
                    yield member, turned_here

    def spend(self, count: int) -> None:
        """Take from what a file may make. Raises TooMany."""
        self._left -= count
        if self._left < 0:
            raise TooMany(f"its links make more than {MOST / 1e6:.0f} million surfaces")

    def back(self, surface: Surface) -> Surface:
        """The same surface seen from behind."""
        if surface.of is not None:
            return surface.of
        if id(surface) not in self._backs:
            numbers, rings = self._geometries.numbers, []
            for start, stop in surface.rings:
                begin = len(numbers)
                for corner in range(stop - 3, start - 3, -3):
                    numbers.extend(numbers[corner : corner + 3])
                rings.append((begin, len(numbers)))
                self.backs[begin] = start
            self._backs[id(surface)] = replace(surface, rings=rings, of=surface)
        return self._backs[id(surface)]


def follow(
    things: Sequence[Object],
    faces: Mapping[str, Face],
    follower: Follower,
    skips: Skips,
) -> Followed:
    """Give each object the surfaces it links to, and place the implicit geometries.

    A surface that the object has in the same LoD anyway, as boundary of the solid that links to it, takes
    only the semantic type of the link. Any other becomes a polygon of the object, with its `original`.
    faces: the surfaces with semantics, by gml:id. Raises TooMany.
    """
    counts = Followed()
    found = [
        (row, link, _targets(link, faces, follower))
        for row, thing in enumerate(things)
        for link in thing.links
    ]
    # links that know a type first: the copies of what they lead to then have it
    found.sort(key=lambda item: not item[1].type)
    homes = _homes(things, {id(surface) for _, _, targets in found for surface, _ in targets})
    for row, link, targets in found:
        # shapes that wait for a matrix are nowhere by themselves
        there = [target for target in targets if id(target[0]) in homes]
        for surface, turned in there:
            _give(row, things[row], link, surface, turned, homes, follower)
        _count(bool(there), link.href, link.line, things[row].id, counts, skips)
    for thing in things:
        thing.links = []
        for placing in thing.implicits:
            _place(thing, placing, follower, counts, skips)
        thing.implicits = []
    return counts


Homes = dict[int, list[tuple[int, Polygon]]]


def _targets(link: Link, faces: Mapping[str, Face], follower: Follower) -> list[tuple[Surface, bool]]:
    if link.lod != LOD_OF_TARGET:
        return follower.surfaces(link.href, link.turned)
    face = faces.get(link.href.removeprefix("#"))
    if face is None:
        return []
    own = [(polygon.surface, False) for polygon in face.polygons]
    inner = [inner for inner in face.links if inner.lod != LOD_OF_TARGET]
    return own + [target for link in inner for target in follower.surfaces(link.href, link.turned)]


def _count(led: bool, href: str, line: int, owner: str, counts: Followed, skips: Skips) -> None:
    if led:
        counts.resolved += 1
        return
    counts.unresolved += 1
    outside = bool(href.partition("#")[0])
    why = "it leads out of the file" if outside else "the file has no such surface"
    skips.add("link to a surface", why, line=line, gml_id=owner)


def _homes(things: Sequence[Object], wanted: set[int]) -> Homes:
    """The polygons that show each of the wanted surfaces, with the rows of their objects."""
    homes: Homes = {}
    if wanted:
        for row, thing in enumerate(things):
            for polygon in thing.polygons:
                if id(polygon.surface) in wanted:
                    homes.setdefault(id(polygon.surface), []).append((row, polygon))
    return homes


def _give(
    row: int, thing: Object, link: Link, surface: Surface, turned: bool, homes: Homes, follower: Follower
) -> None:
    at = homes[id(surface)]
    originals = [polygon for _, polygon in at if polygon.original is None]
    lods = {link.lod} if link.lod != LOD_OF_TARGET else {polygon.lod for polygon in originals}
    for lod in sorted(lods):
        own = [polygon for owner, polygon in at if owner == row and polygon.lod == lod]
        for polygon in own:
            polygon.type = polygon.type or link.type
            polygon.face = polygon.face if polygon.face >= 0 else link.face
        if own:
            continue
        follower.spend(1)
        original = next((polygon for polygon in originals if polygon.lod == lod), originals[0])
        polygon = Polygon(
            type=link.type or original.type,
            lod=lod,
            surface=follower.back(surface) if turned else surface,
            property=link.property,
            original=original,
            face=link.face if link.face >= 0 else original.face,
        )
        thing.polygons.append(polygon)
        at.append((row, polygon))


def _place(thing: Object, placing: Implicit, follower: Follower, counts: Followed, skips: Skips) -> None:
    for member in placing.shape:
        if not isinstance(member, Surface):
            led = bool(follower.surfaces(member.href))
            _count(led, member.href, member.line, thing.id, counts, skips)
    row = len(counts.placed)
    for surface, turned in follower.expanded(placing.shape, turned=False):
        shown = follower.back(surface) if turned else surface
        made = Polygon(placing.type, placing.lod, shown, placing.property, placement=row, face=placing.face)
        thing.polygons.append(made)
    if thing.polygons and thing.polygons[-1].placement == row:
        counts.placed.append(placing)
