"""Writes a city as Wavefront OBJ with its materials (MTL): one object an object."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import numpy as np

from twin.formats import write_pictures
from twin.formats.atomic import replace_file
from twin.formats.glb_write import COLOURS, PLAIN
from twin.formats.write_shapes import Shapes, sentence, shortest
from twin.model import lod
from twin.model.city import SURFACE_TYPES, City


def write(city: City, path: Path, *, title: str = "", attribution: str = "") -> None:
    """Write what is shown of `city` to `path`: z up, y north, in metres from the origin of its place.

    Comments say CRS, origin and attribution (owners and licences), and before each object its class, what it
    is a part of, and its attributes as JSON. Materials go to a file of the same name that ends in .mtl,
    pictures into a folder beside both. The same city gives the same bytes. Raises DataError: a file cannot be
    written, a picture cannot be read.
    """
    city = lod.shown(city)
    look = city.appearance
    used = sorted(set(look.surface_image[look.surface_image >= 0].tolist())) if look else []
    copied = write_pictures.copy([look.images[row] for row in used], path) if look else []
    library = path.with_suffix(".mtl")
    writer = _Writer(city)
    text = [*writer.head(title, attribution, library.name), *writer.objects()]
    # first what the model needs, so that it is never there without
    replace_file(library, "\n".join(writer.library(dict(zip(used, copied, strict=True)))).encode())
    replace_file(path, "\n".join([*text, ""]).encode())


class _Writer:
    def __init__(self, city: City) -> None:
        self.city, self.shapes = city, Shapes(city)
        self.used: dict[str, tuple[str, int]] = {}
        """Materials by name: what they are made of, and its row."""
        self.places: dict[tuple[float, float], int] = {}
        """Where in a picture, counted from 1."""

    def head(self, title: str, attribution: str, library: str) -> Iterator[str]:
        place = self.city.place
        yield f"# {_line(sentence(title, attribution))}"
        yield f"# CRS {place.crs or 'unknown'}"
        yield "# origin " + " ".join(f"{number:.3f}" for number in place.origin)
        yield "# x east, y north, z up, in metres from the origin"
        yield f"mtllib {library}"

    def objects(self) -> Iterator[str]:
        city = self.city
        begin = np.searchsorted(city.triangle_surface, np.arange(len(city.surface_object) + 1))
        written = 0
        for row, gml_id in enumerate(city.object_id.tolist()):
            parent = int(city.object_parent[row])
            said = {
                "class": str(city.object_type[row]),
                "parent": str(city.object_id[parent]) if parent >= 0 else None,
                "attributes": city.attributes.row(row),
            }
            yield f"# {msgspec.json.encode(said).decode()}"
            yield f"o {_line(str(gml_id))}"
            surfaces = self.shapes.surfaces(row)
            rings = self.shapes.surface_rings[[surfaces.start, surfaces.stop]]
            start, stop = city.ring_starts[rings].tolist()
            for x, y, z in (city.vertices[start:stop] + 0.0).round(3).tolist():
                yield f"v {x:.3f} {y:.3f} {z:.3f}"
            shift, now = written + 1 - start, ""
            written += stop - start
            for surface in surfaces:
                triangles = city.triangles[begin[surface] : begin[surface + 1]]
                if not len(triangles):
                    continue
                name, pictured = self._material(surface)
                places, lines = self._corners(triangles) if pictured else ({}, [])
                yield from lines
                if name != now:
                    now = name
                    yield f"usemtl {name}"
                for corners in triangles.tolist():
                    numbers = (f"{k + shift}/{places[k]}" if places else str(k + shift) for k in corners)
                    yield "f " + " ".join(numbers)

    def _material(self, surface: int) -> tuple[str, bool]:
        """Its name, and whether it is a picture."""
        look = self.city.appearance
        kind, row, name = "type", int(self.city.surface_type[surface]), ""
        if look is not None and look.surface_image[surface] >= 0:
            kind, row = "image", int(look.surface_image[surface])
        elif look is not None and look.surface_material[surface] >= 0:
            kind, row = "material", int(look.surface_material[surface])
        name = SURFACE_TYPES[row] if kind == "type" else f"{kind}{row + 1}"
        self.used[name] = kind, row
        return name, kind == "image"

    def _corners(self, triangles: np.ndarray) -> tuple[dict[int, int], list[str]]:
        """The number of the place of each corner in its picture, and the lines of those that are new."""
        assert self.city.appearance is not None
        found, lines = {}, []
        for corner in np.unique(triangles).tolist():
            places = np.nan_to_num(self.city.appearance.coordinates[corner])
            u, v = shortest(places)
            if (u, v) not in self.places:
                self.places[u, v] = len(self.places) + 1
                lines.append(f"vt {u!r} {v!r}")
            found[corner] = self.places[u, v]
        return found, lines

    def library(self, pictures: dict[int, str]) -> Iterator[str]:
        look = self.city.appearance
        for name, (kind, row) in sorted(self.used.items()):
            colour, solid = COLOURS.get(name, PLAIN) if kind == "type" else (1.0, 1.0, 1.0), 1.0
            if kind == "material" and look is not None:
                colour, solid = look.materials[row].diffuse, 1.0 - look.materials[row].transparency
            yield f"newmtl {name}"
            if kind == "material" and look is not None:
                yield f"# {_line(look.materials[row].name)}"
            yield "Kd " + " ".join(repr(float(share)) for share in colour)
            yield f"d {solid!r}"
            if kind == "image":
                yield f"map_Kd {pictures[row]}"
        yield ""


def _line(text: str) -> str:
    return " ".join(text.split())
