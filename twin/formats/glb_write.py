"""Writes a city as binary glTF 2.0 (GLB): one node and mesh an object, with its attributes."""

from __future__ import annotations

import io
import math
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin import __version__
from twin.errors import DataError
from twin.formats import write_pictures
from twin.formats.atomic import replace_file
from twin.formats.write_shapes import Shapes
from twin.model import lod
from twin.model.appearance import Image, Material
from twin.model.city import SURFACE_TYPES, City

MAGIC, GLTF_VERSION, JSON_CHUNK, BINARY_CHUNK = 0x46546C67, 2, 0x4E4F534A, 0x004E4942
FLOAT, UNSIGNED_INT = 5126, 5125
VERTICES, INDICES = 34962, 34963
REPEAT, MIRROR, CLAMP = 10497, 33648, 33071
WRAPS = {"wrap": REPEAT, "mirror": MIRROR}
"""All others go on with what is at the edge."""
COLOURS = {
    "RoofSurface": (0.60, 0.29, 0.24),
    "WallSurface": (0.87, 0.85, 0.80),
    "GroundSurface": (0.55, 0.53, 0.50),
    "WaterSurface": (0.38, 0.56, 0.68),
    "Window": (0.52, 0.62, 0.68),
    "Door": (0.45, 0.33, 0.24),
    "TrafficArea": (0.50, 0.50, 0.52),
}
"""Of surfaces that have no look of their own, in linear light."""
PLAIN = (0.78, 0.77, 0.74)
PNG, JPEG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
LARGEST = 2**32 - 1
"""A file. [byte]"""

Key = tuple[str, int]
"""What a part of a mesh looks like: `image`, `material` or `type`, and its row."""


def write(city: City, path: Path, *, title: str = "", attribution: str = "") -> None:
    """Write what is shown of `city` to `path`: y up, -z north, in metres from the origin of its place.

    `extras` of each node hold the class and the attributes of its object; parts are children of what they are
    a part of. `asset.extras` hold CRS and origin, `asset.copyright` the attribution (owners and licences).
    Pictures lie inside the file. The same city gives the same bytes; the file is there whole or not at all.
    Raises DataError: the file cannot be written, a picture cannot be read, it all is more than 4 GB.
    """
    replace_file(path, Writer(lod.shown(city), path).content(title, attribution))


class Writer:
    """A city on its way into a GLB."""

    def __init__(self, city: City, path: Path) -> None:
        self.city, self.path, self.shapes = city, path, Shapes(city)
        self.accessors: list[dict[str, Any]] = []
        self.meshes: list[dict[str, Any]] = []
        self.materials: list[dict[str, Any]] = []
        self.textures: list[dict[str, Any]] = []
        self.samplers: list[dict[str, Any]] = []
        self.images: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []
        self.blocks: list[bytes] = []
        self.size = 0
        self._material_of: dict[Key, int] = {}
        self.extensions: dict[str, Any] = {}
        self.keys = self._keys()

    def content(self, title: str, attribution: str) -> bytes:
        """The whole file. Raises DataError."""
        nodes, scene = self.nodes()
        tree: dict[str, Any] = {
            "asset": self._asset(title, attribution),
            "scene": 0,
            "scenes": [{"nodes": scene} if scene else {}],
            "nodes": nodes,
            "meshes": self.meshes,
            "materials": self.materials,
            "textures": self.textures,
            "samplers": self.samplers,
            "images": self.images,
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": self.size}] if self.size else [],
            **self.extensions,
        }
        # glTF allows no empty lists
        text = msgspec.json.encode({name: value for name, value in tree.items() if value != []})
        chunks = _chunk(JSON_CHUNK, text, b" ")
        if self.size:
            chunks += _chunk(BINARY_CHUNK, b"".join(self.blocks), b"\0")
        if len(chunks) + 12 > LARGEST:
            raise DataError(self.path, "", "would have more than 4 GB", "Write a part of the city.")
        head = np.array([MAGIC, GLTF_VERSION, len(chunks) + 12], dtype="<u4").tobytes()
        return head + chunks

    def _asset(self, title: str, attribution: str) -> dict[str, Any]:
        place = self.city.place
        extras = {
            "crs": place.crs,
            "origin": list(place.origin),
            "axes": "x east, y up, -z north, in metres from the origin",
            "licence": attribution,
            "title": title,
        }
        asset = {"version": "2.0", "generator": f"twin {__version__}", "extras": extras}
        return {**asset, "copyright": attribution} if attribution else asset

    def nodes(self) -> tuple[list[dict[str, Any]], list[int]]:
        """A node for each object, in their order, and which of them are part of no other."""
        city = self.city
        positions = y_up(city.vertices)
        order = np.lexsort((self.keys, city.surface_object[city.triangle_surface]))
        triangles, keys = city.triangles[order], self.keys[order]
        owners = city.surface_object[city.triangle_surface[order]]
        begin = np.searchsorted(owners, np.arange(len(city.object_id) + 1))
        view = self.view(positions.tobytes(), VERTICES, stride=12) if len(triangles) else -1
        places = self.view(self.places().tobytes(), VERTICES, stride=8) if self.pictured() else -1
        indices = np.empty((len(triangles), 3), dtype="<u4")
        index_view = len(self.views) if len(triangles) else -1
        if len(triangles):
            self.views.append({})  # filled below, because its numbers count from each object
        nodes = []
        for row in range(len(city.object_id)):
            node: dict[str, Any] = {"name": str(city.object_id[row]), "extras": self._extras(row)}
            if row in self.shapes.children:
                node["children"] = self.shapes.children[row]
            first, last = int(begin[row]), int(begin[row + 1])
            if last > first:
                surfaces = self.shapes.surfaces(row)
                rings = self.shapes.surface_rings[[surfaces.start, surfaces.stop]]
                start, stop = city.ring_starts[rings].tolist()
                indices[first:last] = triangles[first:last] - start
                node["mesh"] = len(self.meshes)
                corners = self._corners(view, places, positions[start:stop], start)
                parts = self._parts(keys[first:last], first, corners, index_view)
                self.meshes.append({"name": node["name"], "primitives": parts})
            nodes.append(node)
        if index_view >= 0:
            self.views[index_view] = self._block(indices.tobytes(), INDICES)
        return nodes, np.flatnonzero(city.object_parent < 0).tolist()

    def _corners(self, view: int, places: int, positions: NDArray[np.float32], start: int) -> dict[str, int]:
        """The accessors of the corners of an object."""
        common = {"componentType": FLOAT, "count": len(positions)}
        low, high = positions.min(axis=0), positions.max(axis=0)
        corners = {
            "POSITION": self.accessor(
                {
                    **{"bufferView": view, "byteOffset": start * 12, **common, "type": "VEC3"},
                    **{"min": [float(number) for number in low], "max": [float(number) for number in high]},
                }
            )
        }
        if places >= 0:
            where = {"bufferView": places, "byteOffset": start * 8, **common, "type": "VEC2"}
            corners["TEXCOORD_0"] = self.accessor(where)
        return corners

    def _parts(
        self, keys: NDArray[np.int64], first: int, corners: dict[str, int], view: int
    ) -> list[dict[str, Any]]:
        """The primitives of an object: its triangles, by how they look."""
        ends = np.flatnonzero(np.diff(keys, append=-1)) + 1
        found, begin = [], 0
        for end in ends.tolist():
            indices = {
                **{"bufferView": view, "byteOffset": (first + begin) * 12, "componentType": UNSIGNED_INT},
                **{"count": (end - begin) * 3, "type": "SCALAR"},
            }
            part = {"attributes": corners, "indices": self.accessor(indices)}
            found.append({**part, "material": self.material(int(keys[begin]))})
            begin = end
        return found

    def _extras(self, row: int) -> dict[str, Any]:
        values = {
            name: str(value) if isinstance(value, float) and not math.isfinite(value) else value
            for name, value in self.city.attributes.row(row).items()
        }
        return {"class": str(self.city.object_type[row]), "attributes": values}

    def pictured(self) -> bool:
        """Whether any surface has a picture."""
        look = self.city.appearance
        return look is not None and bool((look.surface_image >= 0).any())

    def places(self) -> NDArray[np.float32]:
        """Where each corner lies in its picture, downwards as glTF has it."""
        assert self.city.appearance is not None
        places = np.nan_to_num(self.city.appearance.coordinates, nan=0.0, posinf=0.0, neginf=0.0)
        return np.column_stack([places[:, 0], 1 - places[:, 1]]).astype("<f4")

    def _keys(self) -> NDArray[np.int64]:
        """What each triangle looks like: types, then images, then materials, counted through."""
        city = self.city
        key = city.surface_type.astype(np.int64)
        look = city.appearance
        if look is not None:
            images = len(SURFACE_TYPES) + look.surface_image.astype(np.int64)
            materials = len(SURFACE_TYPES) + len(look.images) + look.surface_material.astype(np.int64)
            key = np.where(look.surface_material >= 0, materials, key)
            key = np.where(look.surface_image >= 0, images, key)
        return np.asarray(key[city.triangle_surface])

    def material(self, key: int) -> int:
        """The row of what triangles of a key look like, written once."""
        look, types = self.city.appearance, len(SURFACE_TYPES)
        if key < types:
            return self._made(("type", key), _type(key))
        assert look is not None
        if key < types + len(look.images):
            image = look.images[key - types]
            texture = self._texture(image) if ("image", key) not in self._material_of else 0
            made = {
                **{"name": image.path.stem, "doubleSided": True},
                "pbrMetallicRoughness": {"baseColorTexture": {"index": texture}, **MATT},
            }
            return self._made(("image", key), made)
        return self._made(("material", key), _coloured(look.materials[key - types - len(look.images)]))

    def _made(self, key: Key, material: dict[str, Any]) -> int:
        if key not in self._material_of:
            self._material_of[key] = len(self.materials)
            self.materials.append(material)
        return self._material_of[key]

    def _texture(self, image: Image) -> int:
        content = write_pictures.bytes_of(image, self.path)
        if not content.startswith((PNG, JPEG)):
            content = _png(content, image, self.path)
        kind = "image/png" if content.startswith(PNG) else "image/jpeg"
        view = self.view(content, 0)
        self.images.append({"bufferView": view, "mimeType": kind, "name": image.path.name})
        wrap = WRAPS.get(image.wrap, CLAMP)
        sampler = {"wrapS": wrap, "wrapT": wrap}
        if sampler not in self.samplers:
            self.samplers.append(sampler)
        self.textures.append({"source": len(self.images) - 1, "sampler": self.samplers.index(sampler)})
        return len(self.textures) - 1

    def accessor(self, accessor: dict[str, Any]) -> int:
        """Its row."""
        self.accessors.append(accessor)
        return len(self.accessors) - 1

    def view(self, content: bytes, target: int, stride: int = 0) -> int:
        """The row of bytes that are kept. target: VERTICES, INDICES, or 0."""
        view = self._block(content, target)
        self.views.append({**view, "byteStride": stride} if stride else view)
        return len(self.views) - 1

    def _block(self, content: bytes, target: int) -> dict[str, Any]:
        view = {"buffer": 0, "byteOffset": self.size, "byteLength": len(content)}
        padding = -len(content) % 8  # what property tables ask for
        self.blocks += [content, b"\0" * padding]
        self.size += len(content) + padding
        return {**view, "target": target} if target else view


def y_up(points: NDArray[np.float64]) -> NDArray[np.float32]:
    """Turned around the axis of eastings, which keeps the sense of turning."""
    turned = np.column_stack([points[:, 0], points[:, 2], -points[:, 1]])
    return (turned + 0.0).astype("<f4")


MATT = {"metallicFactor": 0.0, "roughnessFactor": 1.0}


def _type(kind: int) -> dict[str, Any]:
    name = SURFACE_TYPES[kind]
    colour = [*COLOURS.get(name, PLAIN), 1.0]
    return {"name": name, "doubleSided": True, "pbrMetallicRoughness": {"baseColorFactor": colour, **MATT}}


def _coloured(material: Material) -> dict[str, Any]:
    colour = [*(_linear(share) for share in material.diffuse), 1.0 - material.transparency]
    made = {"name": material.name, "doubleSided": True}
    blend = {"alphaMode": "BLEND"} if material.transparency else {}
    return {**made, **blend, "pbrMetallicRoughness": {"baseColorFactor": colour, **MATT}}


def _linear(share: float) -> float:
    """Light of a share of sRGB, IEC 61966-2-1."""
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def _png(content: bytes, image: Image, path: Path) -> bytes:
    """A picture of another kind as PNG, because glTF knows only two."""
    import PIL.Image

    from twin.formats.texture import FORMATS

    found = io.BytesIO()
    try:
        with PIL.Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            picture.convert("RGBA").save(found, "PNG")
    except (OSError, ValueError, SyntaxError, PIL.Image.DecompressionBombError) as error:
        place = f"picture {image.path.name}"
        raise DataError(
            path, place, f"is no picture that can be read: {error}", write_pictures.REMEDY
        ) from error
    return found.getvalue()


def _chunk(kind: int, content: bytes, filling: bytes) -> bytes:
    content += filling * (-len(content) % 4)
    return np.array([len(content), kind], dtype="<u4").tobytes() + content
