"""Writes a city as CityJSON 2.0, or as a sequence of CityJSON features."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.formats import write_pictures
from twin.formats.atomic import replace_file
from twin.formats.cityjson_objects import NAMES, TYPES
from twin.formats.cityjson_write_looks import Look
from twin.formats.cityjson_write_semantics import plain, semantics_of
from twin.formats.write_losses import of_cityjson
from twin.formats.write_shapes import Shapes, sentence
from twin.model.city import City

VERSION = "2.0"
THEME = "visual"
FROM_CITYGML = {name: said for said, name in NAMES.items()}
"""Types that CityJSON calls otherwise."""


def write(city: City, path: Path, *, title: str = "", attribution: str = "") -> tuple[str, ...]:
    """Write `city` to `path` as one CityJSON 2.0 text, in national coordinates; returns what got lost.

    They are rounded to mm, or to less where a ring would lose its corners. title and attribution (owners and
    licences) become the title of the metadata. Pictures are copied into a folder beside the file. The same
    city gives the same bytes; the file is there whole or not at all. Each object has one MultiSurface in each
    LoD. Classes that CityJSON does not have are written with a `+`, as those of extensions.
    Raises DataError: the file or a picture of it cannot be written.
    """
    document = _Document(city, path)
    rows = range(len(city.object_id))
    content = {**document.head(title, attribution), **document.body(rows)}
    replace_file(path, msgspec.json.encode(content) + b"\n")
    return of_cityjson(city)


def write_sequence(city: City, path: Path, *, title: str = "", attribution: str = "") -> tuple[str, ...]:
    """Write `city` as a CityJSONSeq: a line for each object that is no part, with its parts.

    Takes, means and raises the same as `write`.
    """
    document = _Document(city, path)
    head = {**document.head(title, attribution), "CityObjects": {}, "vertices": []}
    lines = [msgspec.json.encode(head)]
    for row in np.flatnonzero(city.object_parent < 0).tolist():
        feature = {"type": "CityJSONFeature", "id": str(city.object_id[row])}
        lines.append(msgspec.json.encode({**feature, **document.body(document.shapes.with_parts(row))}))
    replace_file(path, b"\n".join([*lines, b""]))
    return of_cityjson(city)


class _Document:
    def __init__(self, city: City, path: Path) -> None:
        self.city = city
        self.shapes = Shapes(city)
        self.ids = [str(id) for id in city.object_id]
        low = self.shapes.national.min(axis=0) if len(city.vertices) else np.array(city.place.origin)
        self.translate = np.floor(low)
        self.scale = float(f"1e-{self.shapes.digits}")
        self.whole = np.rint((self.shapes.national - self.translate) / self.scale).astype(np.int64)
        self.number = np.zeros(len(city.vertices), dtype=np.int64)
        """Of each vertex, among those of the objects that are being written."""
        look = city.appearance
        used = sorted(set(look.surface_image[look.surface_image >= 0].tolist())) if look else []
        copied = write_pictures.copy([look.images[row] for row in used], path) if look else []
        self.pictures = dict(zip(used, copied, strict=True))

    def head(self, title: str, attribution: str) -> dict[str, Any]:
        metadata: dict[str, Any] = {}
        if len(self.city.vertices):
            national = self.shapes.national
            metadata["geographicalExtent"] = [*national.min(axis=0).tolist(), *national.max(axis=0).tolist()]
        code = self.city.place.crs.rpartition(":")[2]
        if code:
            metadata["referenceSystem"] = f"https://www.opengis.net/def/crs/EPSG/0/{code}"
        if title or attribution:
            metadata["title"] = sentence(title, attribution)
        return {
            "type": "CityJSON",
            "version": VERSION,
            "transform": {"scale": [self.scale] * 3, "translate": self.translate.tolist()},
            "metadata": metadata,
        }

    def body(self, rows: Sequence[int]) -> dict[str, Any]:
        """The objects of these rows with vertices and an appearance of their own."""
        corners = np.concatenate([np.zeros(0, np.int64), *self._spans(rows)])
        vertices, number = np.unique(self.whole[corners], axis=0, return_inverse=True)
        self.number[corners] = number.reshape(-1)
        look = Look(self.city, self.pictures)
        objects = {self.ids[row]: self._object(row, look) for row in rows}
        body: dict[str, Any] = {"CityObjects": objects, "vertices": vertices.tolist()}
        appearance = look.listed()
        return {**body, "appearance": appearance} if appearance else body

    def _spans(self, rows: Sequence[int]) -> Iterator[NDArray[np.int64]]:
        """The vertices of each object."""
        for row in rows:
            surfaces = self.shapes.surfaces(row)
            begin, end = (int(self.shapes.surface_rings[at]) for at in (surfaces.start, surfaces.stop))
            yield np.arange(self.city.ring_starts[begin], self.city.ring_starts[end])

    def _object(self, row: int, look: Look) -> dict[str, Any]:
        kind = str(self.city.object_type[row])
        known = kind in TYPES and NAMES.get(kind, kind) == kind
        found: dict[str, Any] = {"type": FROM_CITYGML.get(kind, kind if known else f"+{kind}")}
        values = {name: plain(value) for name, value in self.city.attributes.row(row).items()}
        if values:
            found["attributes"] = values
        parent = int(self.city.object_parent[row])
        if parent >= 0:
            found["parents"] = [self.ids[parent]]
        if row in self.shapes.children:
            found["children"] = [self.ids[child] for child in self.shapes.children[row]]
        geometry = list(self._geometries(row, look))
        if geometry:
            found["geometry"] = geometry
        return found

    def _geometries(self, row: int, look: Look) -> Iterator[dict[str, Any]]:
        by_lod: dict[float, list[int]] = {}
        for surface in self.shapes.surfaces(row):
            by_lod.setdefault(float(self.city.surface_lod[surface]), []).append(surface)
        for lod, surfaces in by_lod.items():
            rings = [self.shapes.rings(surface) for surface in surfaces]
            boundaries = [[self.number[slice(*ring)].tolist() for ring in polygon] for polygon in rings]
            geometry: dict[str, Any] = {"type": "MultiSurface", "lod": f"{lod:g}", "boundaries": boundaries}
            semantics = semantics_of(self.city, surfaces)
            if semantics:
                geometry["semantics"] = semantics
            materials, textures = look.materials(surfaces), look.textures(surfaces, rings)
            if materials:
                geometry["material"] = {THEME: {"values": materials}}
            if textures:
                geometry["texture"] = {THEME: {"values": textures}}
            yield geometry
