"""Gathers the geometries of CityJSON objects, still as text, with the vertices and templates they use."""

from __future__ import annotations

from array import array
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.formats import strict_json
from twin.formats.cityjson_document import Document, Templates, Transform, placed
from twin.formats.cityjson_features import Features
from twin.formats.cityjson_looks import Looks
from twin.formats.cityjson_texts import Texts
from twin.formats.cityjson_usual import Usual
from twin.formats.report import Skips

DEPTHS = {"MultiSurface": 3, "CompositeSurface": 3, "Solid": 4, "MultiSolid": 5, "CompositeSolid": 5}
"""Geometries that are read, and how deep the vertex numbers lie in their boundaries."""
LEFT_OUT = {"MultiPoint": "points are not read", "MultiLineString": "curves are not read"}
INSTANCE = "GeometryInstance"
MOST_PLACED = 2**24
"""Text of the templates of all instances together. [byte]"""
NO_LOD = -1.0
WIDTH = 7
"""Whole numbers that are known of a geometry."""
NULL = msgspec.Raw(b"null")
Where = Callable[[int], str]
"""Where a geometry stands, by its number in its object."""


class GeometryText(msgspec.Struct):
    """A geometry as it stands in the file."""

    type: Any = None
    lod: Any = None
    boundaries: msgspec.Raw = NULL
    semantics: msgspec.Raw = NULL
    material: msgspec.Raw = NULL
    texture: msgspec.Raw = NULL
    template: Any = None
    matrix: Any = msgspec.field(default=None, name="transformationMatrix")


_any = msgspec.json.Decoder(Any)
_geometry = msgspec.json.Decoder(GeometryText)


@dataclass(frozen=True, eq=False, slots=True)
class Columns:
    """What is known of geometries, the surfaces of an object in one level of detail: (g,) each."""

    object: NDArray[np.int64]
    number: NDArray[np.int64]
    """Which geometry of its object it is."""
    depth: NDArray[np.int64]
    """How deep the vertex numbers lie in its boundaries."""
    base: NDArray[np.int64]
    """The vertex that its number 0 means."""
    limit: NDArray[np.int64]
    """How many vertices it may use."""
    placement: NDArray[np.int64]
    """A row of the matrices, or -1."""
    look: NDArray[np.int64]
    """The appearance that its materials and textures are of, or -1."""
    lod: NDArray[np.float64]
    """As 2.2; NO_LOD: it says none."""


class Geometries:
    """Takes documents one by one, and the geometries of each."""

    def __init__(self, skips: Skips, *, large: bool) -> None:
        self.boundaries = Texts(large=large)
        """Of each geometry."""
        self.semantics = Texts(large=large)
        """Of each geometry, `null` where there are none."""
        self.materials, self.material_rows = Texts(large=large), array("q")
        """Of geometries that have some, and which these are."""
        self.textures, self.texture_rows = Texts(large=large), array("q")
        """Of geometries that have some, and which these are."""
        self.vertices: list[NDArray[np.float64]] = []
        """(n, 3) each."""
        self.matrices: list[NDArray[np.float64]] = []
        """Turn and shift of templates, (3, 4) each."""
        self.looks = Looks(skips)
        self._rows = array("q")
        """The fields of Columns but the last, row by row."""
        self._lods = array("d")
        self._large = large
        self._skips = skips
        self._transform = Transform()
        self._templates = Templates()
        self._template_base = 0
        self._template_look = -1
        self._read: dict[int, GeometryText] = {}
        self._placed = 0
        self._base = 0
        self._end = 0
        self._look = -1

    def columns(self) -> Columns:
        """All geometries."""
        rows = np.array(self._rows, dtype=np.int64).reshape(-1, WIDTH)
        of, number, depth, base, limit, placement, look = np.ascontiguousarray(rows.T)
        lod = np.array(self._lods, dtype=np.float64)
        return Columns(of, number, depth, base, limit, placement, look, lod)

    def begin(self, document: Document) -> None:
        """Take the vertices of a document, and its templates, which are those of all that follow."""
        self._look = self.looks.begin(document)
        if "geometry-templates" in document.members:
            self._templates = document.templates()
            self._read = {}
            self._template_base = self._end
            self._template_look = self._look
            self._keep(np.array(self._templates.vertices, dtype=np.float64).reshape(-1, 3))
        self._transform = document.transform() or self._transform
        self._base = self._end
        self._keep(document.vertices(self._transform, large=self._large))

    def add(self, geometry: GeometryText, row: int, number: int, where: Where, document: Document) -> None:
        """Take a geometry of the object in a row, or count it where it cannot be used."""
        base, limit, placement, look = self._base, len(self.vertices[-1]), -1, self._look
        shown = geometry
        if geometry.type == INSTANCE:
            matrix = self._matrix(geometry, where(number), document)
            found = self._template(geometry.template, where(number), document) if matrix is not None else None
            if matrix is None or found is None:
                return
            shown, look = found, self._template_look
            base, limit = self._template_base, len(self._templates.vertices)
            placement = len(self.matrices)
            self.matrices.append(matrix)
        kind = shown.type if isinstance(shown.type, str) else ""
        if kind not in DEPTHS:
            why = LEFT_OUT.get(kind, "CityJSON has no such geometry") if kind else "it has no type"
            self._skips.at(where(number), kind or "geometry", why)
            return
        if placement >= 0:
            said = shown.boundaries, shown.semantics, shown.material, shown.texture
            size = sum(memoryview(text).nbytes for text in said)
            if self._placed + size > MOST_PLACED:
                why = "the templates of all instances are too large"
                self._skips.at(where(number), INSTANCE, why)
                return
            self._placed += size
        self.boundaries.add(shown.boundaries)
        self.semantics.add(shown.semantics)
        if shown.material is not NULL:
            self.materials.add(shown.material)
            self.material_rows.append(len(self._lods))
        if shown.texture is not NULL:
            self.textures.add(shown.texture)
            self.texture_rows.append(len(self._lods))
        self._rows.extend((row, number, DEPTHS[kind], base, limit, placement, look))
        self._lods.append(lod_of(shown.lod))

    def begin_features(self, found: Features, run: slice) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Take the vertices of a run of features: of each the base and the limit of its vertex numbers."""
        self._look = self.looks.begin(found.documents[run.start])
        counts = np.diff(found.vertex_ends, prepend=0)[run]
        base = self._end + np.cumsum(counts) - counts
        self._keep(placed(found.vertices_of(run).copy(), self._transform))
        return base, counts

    def take(
        self,
        found: Usual,
        run: slice,
        row: int,
        base: NDArray[np.int64] | None = None,
        limit: NDArray[np.int64] | None = None,
    ) -> None:
        """Take the geometries of a run of usual objects, the first of which is in a row.

        base, limit: of the vertex numbers of each object, (n,); None: those of the document begun last.
        """
        of, rows, lods = found.geometries_of(run)
        self.boundaries.take(found.text, *rows[:, 2:4].T)
        self.semantics.take(found.text, *rows[:, 4:6].T)
        for texts, listed, columns in (
            (self.materials, self.material_rows, rows[:, 6:8]),
            (self.textures, self.texture_rows, rows[:, 8:10]),
        ):
            there = np.flatnonzero(columns[:, 0])
            texts.take(found.text, *columns[there].T)
            listed.frombytes((there + len(self._lods)).tobytes())
        known = np.empty((len(rows), WIDTH), dtype=np.int64)
        known[:, 0], known[:, 1:3] = of + row, rows[:, :2]
        known[:, 3] = self._base if base is None else base[of]
        known[:, 4] = len(self.vertices[-1]) if limit is None else limit[of]
        known[:, 5:] = -1, self._look
        self._rows.frombytes(known.tobytes())
        self._lods.frombytes(lods.tobytes())

    def _keep(self, vertices: NDArray[np.float64]) -> None:
        self.vertices.append(vertices)
        self._end += len(vertices)

    def _template(self, number: Any, where: str, document: Document) -> GeometryText | None:
        listed = self._templates.templates
        if type(number) is not int or not 0 <= number < len(listed):
            self._skips.at(where, INSTANCE, "the file has no such template")
            return None
        if number not in self._read:
            at = f"geometry-templates.templates[{number}]"
            self._read[number] = strict_json.decode(listed[number], _geometry, document.path, at=at)
        return self._read[number]

    def _matrix(self, geometry: GeometryText, where: str, document: Document) -> NDArray[np.float64] | None:
        """Turn and shift of an instance: (3, 4); None where it has none."""
        anchor: Any = strict_json.decode(geometry.boundaries, _any, document.path, at=where)
        vertex = anchor[0] if isinstance(anchor, list) and len(anchor) == 1 else None
        if type(vertex) is not int or not 0 <= vertex < len(self.vertices[-1]):
            self._skips.at(where, INSTANCE, "its boundaries are not one vertex number")
            return None
        numbers = geometry.matrix
        if (
            not isinstance(numbers, list)
            or len(numbers) != 16
            or not all(type(number) in (int, float) and abs(number) < 1e15 for number in numbers)
            or [float(number) for number in numbers[12:]] != [0.0, 0.0, 0.0, 1.0]
        ):
            why = "its matrix is none of 4 × 4 numbers that turns, scales and shifts"
            self._skips.at(where, INSTANCE, why)
            return None
        matrix = np.array(numbers, dtype=np.float64).reshape(4, 4)[:3]
        matrix[:, 3] += self.vertices[-1][vertex]
        return matrix


def lod_of(said: Any) -> float:
    """As 2.2; NO_LOD: it is none."""
    try:
        lod = float(said) if type(said) in (str, int, float) else NO_LOD
    except ValueError:
        return NO_LOD
    return lod if 0 <= lod < 5 else NO_LOD
