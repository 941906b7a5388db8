"""What reading a city model found, and what it left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

LOOKS = ("appearance", "colour", "diffuseColor", "material", "picture", "texture", "given twice")
"""Words in the kinds of what was left out without which no shape and no fact is missing."""


def is_looks(kind: str) -> bool:
    """Whether a kind of what was left out concerns only how things look."""
    return any(word in kind for word in LOOKS)


@dataclass(frozen=True, slots=True)
class Skipped:
    """One kind of thing that was not read."""

    what: str
    why: str
    count: int
    first: str
    """Where the first one stands: line and gml:id, or a JSON path."""


@dataclass(frozen=True, slots=True)
class Report:
    """What came of one file. Everything in the file is either counted here or under `skipped`."""

    path: str
    """As it was given."""
    format: str
    """As `CityGML 2.0`."""
    seconds: float
    """Reading took. [s]"""
    crs: str
    """Of the file, as `EPSG:code`; empty: unknown."""
    crs_source: str
    """What decided it, in words, with the order of the axes."""
    extent: tuple[float, float, float, float, float, float] | None
    """West, south, low, east, north, high in `extent_crs`. [m]"""
    objects: Mapping[str, int]
    """Objects by class."""
    surfaces: Mapping[str, int]
    """Polygons and patches by semantic type."""
    polygons: int
    interior_rings: int
    triangles: int
    """What all surfaces were cut into, those of all levels of detail."""
    lods: Mapping[str, int]
    """Surfaces by level of detail, as `2` or `2.2`."""
    attributes: Mapping[str, int]
    """Objects that have each attribute."""
    surface_attributes: Mapping[str, int] = field(default_factory=dict)
    """Thematic surfaces that have each attribute."""
    extent_crs: str = ""
    """That of the file where it is in metres, else the one that the city was carried into."""
    patches: int = 0
    """Surfaces that are triangles in the file itself and no polygons: `gml:Triangle`, faces of a mesh."""
    textures: int = 0
    """Surfaces with a picture on them."""
    implicit_geometries: int = 0
    """Shapes that were placed by a matrix: CityGML's implicit geometries, CityJSON's templates."""
    xlinks: Mapping[str, int] = field(default_factory=lambda: {"resolved": 0, "unresolved": 0})
    """Links to geometries, by whether the file has what they lead to."""
    peak_memory: int = 0
    """The most memory that the process has held so far. [byte]"""
    skipped: tuple[Skipped, ...] = ()
    notices: tuple[str, ...] = ()
    """What was estimated or looks wrong, one sentence each."""

    @property
    def name(self) -> str:
        """Of the file, without folders."""
        return Path(self.path).name

    def as_json(self) -> dict[str, Any]:
        """Only dicts, lists, text and numbers; the version of the format by itself."""
        found = asdict(self)
        form, _, version = self.format.rpartition(" ")
        numbered = bool(form) and version[:1].isdigit()
        found["format"], found["version"] = (form, version) if numbered else (self.format, "")
        found["extent"] = None if self.extent is None else list(self.extent)
        found["skipped"] = [asdict(item) for item in self.skipped]
        found["notices"] = list(self.notices)
        return found


def from_json(data: Mapping[str, Any]) -> Report:
    """The Report that `as_json` was made of."""
    extent = data["extent"]
    fields = {
        **{name: value for name, value in data.items() if name != "version"},
        "format": f"{data['format']} {data['version']}".strip(),
        "extent": None if extent is None else tuple(extent),
        "skipped": tuple(Skipped(**item) for item in data["skipped"]),
        "notices": tuple(data["notices"]),
    }
    return Report(**fields)


class Skips:
    """Counts what is left out while a file is being read."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[int, str]] = {}

    def add(self, what: str, why: str, *, line: int | None, gml_id: str, count: int = 1) -> None:
        """Count one more of `what`."""
        where = ", ".join([f"line {line}"] * (line is not None) + [f"gml:id {gml_id}"] * bool(gml_id))
        self.at(where, what, why, count)

    def at(self, where: str, what: str, why: str, count: int = 1) -> None:
        """Count more of `what`; the first place is kept, in words of the format."""
        before, first = self._found.get((what, why), (0, ""))
        self._found[what, why] = before + count, first or where

    def all(self) -> tuple[Skipped, ...]:
        """The most frequent first."""
        ranked = sorted(self._found.items(), key=lambda item: (-item[1][0], item[0]))
        return tuple(Skipped(what, why, n, first) for (what, why), (n, first) in ranked)
