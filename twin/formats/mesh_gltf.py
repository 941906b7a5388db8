"""Reads the scene of a glTF: one object for each node with a shape, or for each feature of its tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.formats.cityjson_attributes import add_attributes
from twin.formats.mesh_gltf_file import Fault, Gltf, item
from twin.formats.mesh_gltf_tables import Table, feature_ids, name_of, tables, whole
from twin.formats.mesh_gltf_tree import Mesh, Node, Primitive
from twin.formats.mesh_nearby import Nearby
from twin.formats.mesh_parts import Builder, Paint, Parts, Picture, Thing
from twin.model.table import Value

DRACO = "KHR_draco_mesh_compression"
INSTANCES = "EXT_mesh_gpu_instancing"
MODES = {0: "points", 1: "lines", 2: "lines", 3: "lines"}
"""Primitives that are no triangles."""
STRIP, FAN = 5, 6
MOST_NODES = 2_000_000
BATCH = "_BATCHID"
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Owner:
    """The object that a node's faces belong to."""

    row: int
    """Of the nearest object above, or -1."""
    matrix: Matrix
    """From the node to the scene."""


def read(path: Path, progress: Callable[[float], None]) -> Parts:
    """All objects of a .glb or .gltf, in metres with y up, as the standard says. Raises DataError."""
    builder = Builder("glTF 2.0" if path.suffix.lower() == ".gltf" else "GLB 2.0")
    builder.unit, builder.up = 1.0, "y"
    gltf = Gltf(path, path.read_bytes(), Nearby(path, builder.skips))
    progress(0.2)
    Walk(gltf, builder).add(np.eye(4), lambda done: progress(0.2 + 0.7 * done))
    return builder.parts()


class Walk:
    """Brings one document into a builder."""

    def __init__(self, gltf: Gltf, builder: Builder, *, batches: Table | None = None, name: str = "") -> None:
        """batches: the batch table of a tile around the document. name: of the tile, for the report."""
        self._gltf, self._builder, self._name = gltf, builder, name
        self._tables = [batches] if batches is not None else tables(gltf, builder.skips)
        self._batched = batches is not None
        self._features: dict[tuple[int, int], int] = {}
        self._paints: dict[int, int] = {}
        self._pictures: dict[int, int] = {}
        self._meshes: set[int] = set()

    def add(self, matrix: Matrix, progress: Callable[[float], None] = lambda _: None) -> None:
        """All nodes of the scene, carried by `matrix` (4, 4)."""
        skips = self._builder.skips
        tree = self._gltf.tree
        if tree.animations:
            skips.at(self._at("animations"), "animation", "things are shown at rest", len(tree.animations))
        for done, (index, node, owner) in enumerate(self._nodes(matrix)):
            if node.mesh is not None:
                self._shape(index, node, owner)
            if done % 64 == 0:
                progress(min(done / max(len(tree.nodes), 1), 1.0))
        # features without a shape are objects too
        for number, table in enumerate(self._tables):
            for row in range(table.count if table.columns else 0):
                self._feature(number, row, -1)

    def _nodes(self, matrix: Matrix) -> Iterator[tuple[int, Node, Owner]]:
        """Every node once, with the object it belongs to."""
        tree, skips = self._gltf.tree, self._builder.skips
        seen: set[int] = set()
        waiting = [(index, Owner(-1, matrix)) for index in reversed(self._roots())]
        while waiting:
            index, above = waiting.pop()
            where = self._at(f"nodes[{index}]")
            if not 0 <= index < len(tree.nodes):
                skips.at(where, "node", "it is not in the file")
                continue
            if index in seen:
                skips.at(where, "node", "it hangs in the tree twice, or in a circle")
                continue
            seen.add(index)
            node = tree.nodes[index]
            with np.errstate(over="ignore", invalid="ignore"):
                here = above.matrix @ local_matrix(node)
            row = self._row(index, node, above.row)
            owner = Owner(row, here)
            yield index, node, owner
            waiting += [(child, owner) for child in reversed(node.children)]

    def _roots(self) -> list[int]:
        tree = self._gltf.tree
        if tree.scenes:
            chosen = tree.scene if tree.scene is not None and 0 <= tree.scene < len(tree.scenes) else 0
            others = sum(len(scene.nodes) for i, scene in enumerate(tree.scenes) if i != chosen)
            if others:
                self._builder.skips.at(self._at("scenes"), "node", "it is in another scene", others)
            return tree.scenes[chosen].nodes
        below = {child for node in tree.nodes for child in node.children}
        return [index for index in range(len(tree.nodes)) if index not in below]

    def _row(self, index: int, node: Node, above: int) -> int:
        """The object of a node: its own where it has a shape, or something is said of it."""
        if self._batched or (node.mesh is None and not isinstance(node.extras, dict)):
            return above
        attributes: dict[str, Value] = {}
        if isinstance(node.extras, dict):

            def left_out(name: str, why: str) -> None:
                self._builder.skips.at(self._at(f"nodes[{index}].extras.{name}"), "attribute", why)

            add_attributes(attributes, node.extras, left_out)
        meshes = self._gltf.tree.meshes
        mesh = meshes[node.mesh] if node.mesh is not None and 0 <= node.mesh < len(meshes) else Mesh()
        if node.name and mesh.name and mesh.name != node.name:
            attributes.setdefault("mesh", mesh.name)
        return self._builder.thing(
            Thing(node.name or mesh.name or f"node-{index}", "GenericCityObject", above, attributes)
        )

    def _shape(self, index: int, node: Node, owner: Owner) -> None:
        skips, tree = self._builder.skips, self._gltf.tree
        assert node.mesh is not None
        if not 0 <= node.mesh < len(tree.meshes):
            skips.at(self._at(f"nodes[{index}]"), "mesh", "it is not in the file")
            return
        self._builder.placed += node.mesh in self._meshes
        self._meshes.add(node.mesh)
        if INSTANCES in node.extensions:
            skips.at(self._at(f"nodes[{index}]"), "instances of a shape", "only the shape itself is placed")
        if node.skin is not None:
            skips.at(self._at(f"nodes[{index}]"), "skin", "the shape is shown as it was drawn")
        for number, primitive in enumerate(tree.meshes[node.mesh].primitives):
            where = self._at(f"meshes[{node.mesh}].primitives[{number}]")
            try:
                self._primitive(primitive, owner, where)
            except Fault as fault:
                skips.at(where, "shape", str(fault))

    def _primitive(self, primitive: Primitive, owner: Owner, where: str) -> None:
        if primitive.mode in MODES:
            self._builder.skips.at(where, f"shape of {MODES[primitive.mode]}", "only triangles are read")
            return
        if DRACO in primitive.extensions:
            raise Fault("it is packed by Draco, which is not unpacked")
        if primitive.targets:
            self._builder.skips.at(
                where, "morph target", "the shape is shown at rest", len(primitive.targets)
            )
        points = self._gltf.numbers(primitive.attributes.get("POSITION"), 3).astype(np.float64)
        count = len(points)
        triangles = self._triangles(primitive, count)
        if not np.isfinite(owner.matrix).all():
            raise Fault("the matrix of its node is too large")
        with np.errstate(over="ignore", invalid="ignore"):
            points = points @ owner.matrix[:3, :3].T + owner.matrix[:3, 3]
            turned = np.linalg.det(owner.matrix[:3, :3])
        if turned < 0:  # mirrored: faces would look inwards
            triangles = triangles[:, ::-1]
        if "COLOR_0" in primitive.attributes:
            self._builder.skips.at(where, "colour of a vertex", "only colours of materials are kept", count)
        paint, coordinates = self._look(primitive, count, where)
        things = self._things(primitive, count, triangles, owner, where)
        self._builder.triangles(things, points, triangles, where=where, paint=paint, coordinates=coordinates)

    def _triangles(self, primitive: Primitive, count: int) -> NDArray[np.int64]:
        if primitive.indices is None:
            rows = np.arange(count)
        else:
            rows = self._gltf.numbers(primitive.indices, 1)
            if rows.dtype.kind != "u":
                raise Fault("its indices are no whole numbers")
            rows = rows.astype(np.int64)
        if primitive.mode == STRIP:
            found = np.column_stack([rows[:-2], rows[1:-1], rows[2:]])
            found[1::2] = found[1::2, [1, 0, 2]]
            return found
        if primitive.mode == FAN:
            return np.column_stack([np.broadcast_to(rows[:1], max(len(rows) - 2, 0)), rows[1:-1], rows[2:]])
        if primitive.mode != 4:
            raise Fault(f"its mode {primitive.mode} is not known")
        if len(rows) % 3:
            raise Fault(f"its {len(rows)} corners are no triangles")
        return rows.reshape(-1, 3)

    def _things(
        self, primitive: Primitive, count: int, triangles: NDArray[np.int64], owner: Owner, where: str
    ) -> NDArray[np.int32] | int:
        """The object of each triangle: by its feature where it has one, else that of the node."""
        if self._batched:
            index = primitive.attributes.get(BATCH)
            ids = None if index is None else (0, whole(self._gltf.numbers(index, 1), count))
        else:
            ids = feature_ids(self._gltf, primitive, count, self._builder.skips, where)
        if ids is None:
            return self._feature(0, -1, owner.row) if owner.row < 0 else owner.row
        table, features = ids
        inside = np.where((triangles[:, 0] >= 0) & (triangles[:, 0] < count), triangles[:, 0], 0)
        mine = features[inside] if count else np.zeros(0, np.int64)
        names, which = np.unique(mine, return_inverse=True)
        rows = [self._feature(table, int(name), owner.row) for name in names]
        return np.array(rows, dtype=np.int32)[which.reshape(-1)]

    def _feature(self, table: int, number: int, above: int) -> int:
        key = (table, number)
        if key not in self._features:
            there = 0 <= table < len(self._tables)
            row = self._tables[table].row(number) if there and number >= 0 else {}
            stem = self._name or "feature"
            name = name_of(row) or (f"{stem}-{number}" if number >= 0 else stem)
            self._features[key] = self._builder.thing(Thing(name, "GenericCityObject", above, row))
        return self._features[key]

    def _look(
        self, primitive: Primitive, count: int, where: str
    ) -> tuple[int, NDArray[np.floating[Any]] | None]:
        """The paint of a shape, and where its points lie in their picture."""
        tree = self._gltf.tree
        if primitive.material is None or not 0 <= primitive.material < len(tree.materials):
            return -1, None
        reference = tree.materials[primitive.material].pbr_metallic_roughness.base_color_texture
        if primitive.material not in self._paints:
            self._paints[primitive.material] = self._paint(primitive.material)
        row = self._paints[primitive.material]
        if reference is None or self._builder.paints[row].picture < 0:
            return row, None
        try:
            places = self._gltf.numbers(primitive.attributes.get(f"TEXCOORD_{reference.tex_coord}"), 2)
        except Fault as fault:
            self._builder.skips.at(where, "place in a texture", str(fault))
            return row, None
        if len(places) != count:
            self._builder.skips.at(where, "place in a texture", "there is not one for each point")
            return row, None
        # downwards in glTF
        return row, np.column_stack([places[:, 0], 1.0 - places[:, 1]]).astype(np.float32)

    def _paint(self, index: int) -> int:
        material = self._gltf.tree.materials[index]
        red, green, blue, alpha = (
            min(max(v, 0.0), 1.0) for v in material.pbr_metallic_roughness.base_color_factor
        )
        reference = material.pbr_metallic_roughness.base_color_texture
        picture = -1
        if reference is not None:
            try:
                picture = self._picture(reference.index)
            except Fault as fault:
                self._builder.skips.at(self._at(f"materials[{index}]"), "texture", str(fault))
        diffuse = (_encoded(red), _encoded(green), _encoded(blue))
        clear = 1.0 - alpha if material.alpha_mode == "BLEND" else 0.0
        self._builder.paints.append(Paint(material.name, diffuse, clear, picture))
        return len(self._builder.paints) - 1

    def _picture(self, texture: int) -> int:
        tree = self._gltf.tree
        source = item(tree.textures, texture, "texture").source
        if source not in self._pictures:
            image = item(tree.images, source, "image")
            if image.buffer_view is not None:
                picture = Picture(data=bytes(self._gltf.view(image.buffer_view)[0]))
            elif image.uri is None:
                raise Fault("its image is nowhere")
            elif image.uri.startswith("data:"):
                picture = Picture(data=self._gltf.content(image.uri, "its image"))
            else:
                found = self._gltf.file(image.uri)
                if isinstance(found, str):
                    raise Fault(found)
                picture = Picture(str(found))
            self._builder.pictures.append(picture)
            self._pictures[source] = len(self._builder.pictures) - 1
        return self._pictures[source]

    def _at(self, place: str) -> str:
        return f"{self._name}: {place}" if self._name else place


def local_matrix(node: Node) -> Matrix:
    """From a node to the one above: (4, 4)."""
    if node.matrix is not None:
        return np.array(node.matrix).reshape(4, 4).T if len(node.matrix) == 16 else np.eye(4)
    x, y, z, w = node.rotation
    found = np.eye(4)
    with np.errstate(over="ignore", invalid="ignore"):
        turn = np.array(
            [
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
            ]
        )
        found[:3, :3] = turn * np.array(node.scale)
    found[:3, 3] = node.translation
    return found


def _encoded(linear: float) -> float:
    """A share of light as screens have it (sRGB, IEC 61966-2-1)."""
    return 12.92 * linear if linear <= 0.0031308 else min(1.055 * linear ** (1 / 2.4) - 0.055, 1.0)
