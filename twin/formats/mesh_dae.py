"""Reads COLLADA (DAE): one object for each node with a shape, with its materials, unit and axis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import safe_xml
from twin.formats.mesh_dae_numbers import LAID_OUT, STEPS, Element, Fault, Matrix, floats, ints, whole
from twin.formats.mesh_nearby import Nearby
from twin.formats.mesh_parts import Builder, Paint, Parts, Picture, Thing
from twin.formats.report import Skips

FACES = ("triangles", "polylist", "polygons", "tristrips", "trifans")
OTHERS = ("lines", "linestrips")
MOST_PLACED = 500_000
"""Nodes; one that is placed in many others counts each time."""
UP = {"X_UP": "", "Y_UP": "y", "Z_UP": "z"}


@dataclass(frozen=True, slots=True)
class _Faces:
    """One group of faces of a geometry."""

    points: Matrix
    corners: NDArray[np.int64]
    lengths: NDArray[np.int64]
    coordinates: NDArray[np.float32] | None
    material: str
    where: str


def read(path: Path, progress: Callable[[float], None]) -> Parts:
    """All objects of the scene. Raises DataError."""
    _, name, line = safe_xml.root(path)
    if name != "COLLADA":
        raise DataError(path, f"line {line}", f"the root element is {name}, not COLLADA", "Open a .dae file.")
    # long texts are numbers here; entities are refused above, and the process has its limits
    parser = etree.XMLParser(**{**safe_xml.SAFE, "huge_tree": True})
    try:
        root = etree.parse(str(path), parser).getroot()
    except etree.XMLSyntaxError as error:
        raise safe_xml.broken(path, error) from error
    progress(0.5)
    document = _Document(root, path)
    document.scene()
    return document.builder.parts()


class _Document:
    """One file on its way into a builder."""

    def __init__(self, root: Element, path: Path) -> None:
        self.root, self.path = root, path
        self.builder = Builder(f"COLLADA {root.get('version') or '?'}")
        self.skips: Skips = self.builder.skips
        self.nearby = Nearby(path, self.skips)
        self.ids = {e.get("id"): e for e in root.iter() if isinstance(e.tag, str) and e.get("id")}
        self.geometries: dict[str, list[_Faces]] = {}
        self.paints: dict[str, int] = {}
        self.placed = 0
        self.asset()

    def asset(self) -> None:
        """Unit and axis."""
        unit = self.root.find("{*}asset/{*}unit")
        try:
            self.builder.unit = float(unit.get("meter", "1")) if unit is not None else 1.0
        except ValueError:
            self.builder.unit = None
        if self.builder.unit is not None and not 1e-6 < self.builder.unit < 1e6:
            self.builder.unit = None
        said = (self.root.findtext("{*}asset/{*}up_axis") or "Y_UP").strip()
        self.builder.up = UP.get(said, "")
        if not self.builder.up:
            self.builder.notices.append(f"Its axis {said} is not known.")

    def scene(self) -> None:
        """All nodes of the scene that is shown, or of the first."""
        instance = self.root.find("{*}scene/{*}instance_visual_scene")
        scenes = self.root.findall("{*}library_visual_scenes/{*}visual_scene")
        chosen = self.ids.get((instance.get("url") or "").lstrip("#")) if instance is not None else None
        if chosen is None:
            chosen = scenes[0] if scenes else None
        if chosen is None:
            raise DataError(self.path, "", "has no visual_scene", "Export it again.")
        if len(scenes) > 1:
            self.skips.at(_at(scenes[1]), "scene", "another one is shown", len(scenes) - 1)
        for animations in self.root.findall("{*}library_animations"):
            self.skips.at(_at(animations), "animation", "things are shown at rest", len(animations))
        count = sum(self.count(node, {}) for node in chosen.findall("{*}node"))
        if count > MOST_PLACED:
            raise DataError(self.path, _at(chosen), f"places {count:,} nodes in one another", "Simplify it.")
        for node, matrix, parent in self.nodes(chosen):
            self.node(node, matrix, parent)

    def nodes(self, scene: Element) -> Iterator[tuple[Element, Matrix, list[int]]]:
        """Every node as often as it is placed, with the row of the object above, which the caller may set."""
        waiting: list[tuple[Element, Matrix, list[int], tuple[Element, ...]]] = [
            (node, np.eye(4), [-1], ()) for node in reversed(scene.findall("{*}node"))
        ]
        while waiting:
            node, above, owner, line = waiting.pop()
            self.placed += 1
            if node in line:
                self.skips.at(_at(node), "node", "it is placed within itself")
                continue
            matrix = above @ self.matrix(node)
            mine = list(owner)
            yield node, matrix, mine
            below = node.findall("{*}node")
            for instance in node.findall("{*}instance_node"):
                found = self.target(instance)
                if found is None:
                    self.skips.at(_at(instance), "node", "it is not in the file")
                else:
                    below.append(found)
                    self.builder.placed += 1
            waiting += [(child, matrix, mine, (*line, node)) for child in reversed(below)]

    def target(self, instance: Element) -> Element | None:
        """What an instance places."""
        return self.ids.get((instance.get("url") or "").lstrip("#"))

    def count(self, node: Element, known: dict[Element, int]) -> int:
        """How many nodes are placed by one, itself included, without placing them."""
        if node not in known:
            known[node] = 0  # where it comes around to itself
            targets = (self.target(instance) for instance in node.findall("{*}instance_node"))
            below = [*node.findall("{*}node"), *(target for target in targets if target is not None)]
            known[node] = 1 + sum(self.count(child, known) for child in below)
        return known[node]

    def matrix(self, node: Element) -> Matrix:
        """From a node to the one above: the product of what stands in it, in its order."""
        found = np.eye(4)
        for child in node:
            step = STEPS.get(_local(child))
            if step is None:
                if _local(child) in ("lookat", "skew"):
                    self.skips.at(_at(child), f"transformation {_local(child)}", "it is not known")
                continue
            try:
                found = found @ step(floats(child.text))
            except (Fault, ValueError, IndexError):
                self.skips.at(_at(child), f"transformation {_local(child)}", "its numbers are wrong")
        return found

    def node(self, node: Element, matrix: Matrix, owner: list[int]) -> None:
        """The shapes of one node; `owner` becomes its object."""
        for instance in node.findall("{*}instance_controller"):
            self.skips.at(_at(instance), "skin", "things that bend are not read")
        instances = node.findall("{*}instance_geometry")
        if not instances:
            return
        if not np.isfinite(matrix).all():
            self.skips.at(_at(node), "node", "its matrix is too large")
            return
        name = node.get("name") or node.get("id") or f"node-{self.placed}"
        owner[0] = self.builder.thing(Thing(name, parent=owner[0]))
        for instance in instances:
            url = (instance.get("url") or "").lstrip("#")
            geometry = self.ids.get(url)
            if geometry is None or _local(geometry) != "geometry":
                self.skips.at(_at(instance), "geometry", "it is not in the file")
                continue
            if url in self.geometries:
                self.builder.placed += 1
            else:
                self.geometries[url] = list(self.faces(geometry))
            bound = {
                link.get("symbol"): (link.get("target") or "").lstrip("#")
                for link in instance.iter("{*}instance_material")
            }
            for faces in self.geometries[url]:
                points = faces.points @ matrix[:3, :3].T + matrix[:3, 3]
                self.builder.faces(
                    owner[0],
                    points,
                    faces.corners,
                    faces.lengths,
                    where=faces.where,
                    paint=self.paint(bound.get(faces.material, faces.material)),
                    coordinates=faces.coordinates,
                )

    def faces(self, geometry: Element) -> Iterator[_Faces]:
        """The groups of faces of a geometry; what is wrong is counted."""
        mesh = geometry.find("{*}mesh")
        if mesh is None:
            self.skips.at(_at(geometry), "geometry", "it is no mesh")
            return
        for group in mesh:
            kind = _local(group)
            if kind in OTHERS:
                self.skips.at(_at(group), "lines", "only faces are read")
            elif kind in FACES:
                try:
                    yield self.group(mesh, group, kind)
                except (Fault, ValueError, OverflowError) as error:
                    why = str(error) if isinstance(error, Fault) else "its numbers are wrong"
                    self.skips.at(_at(group), f"group of {kind}", why)

    def group(self, mesh: Element, group: Element, kind: str) -> _Faces:
        inputs = [(i.get("semantic"), whole(i.get("offset"), 0), i) for i in group.findall("{*}input")]
        step = 1 + max((offset for _, offset, _ in inputs), default=0)
        vertex = next(((offset, i) for semantic, offset, i in inputs if semantic == "VERTEX"), None)
        if vertex is None or step > 64 or min(offset for _, offset, _ in inputs) < 0:
            raise Fault("it does not say where its corners are")
        points = self.source(self.positions(vertex[1]), 3)
        runs = [ints(p.text) for p in group.findall("{*}p")]
        holes = len(group.findall("{*}ph"))
        if holes:
            self.skips.at(_at(group), "polygon with holes", "such polygons are not read", holes)
        rows = [run[: len(run) // step * step].reshape(-1, step) for run in runs]
        table, lengths = LAID_OUT[kind](group, rows, step)
        coordinates = None
        place = next(((offset, i) for semantic, offset, i in inputs if semantic == "TEXCOORD"), None)
        if place is not None:
            known = self.source(self.ids.get((place[1].get("source") or "").lstrip("#")), 2)
            index = table[:, place[0]]
            inside = (index >= 0) & (index < len(known))
            coordinates = np.full((len(index), 2), np.nan, np.float32)
            coordinates[inside] = known[index[inside]]
        return _Faces(
            points, table[:, vertex[0]], lengths, coordinates, group.get("material") or "", _at(group)
        )

    def positions(self, entry: Element) -> Element | None:
        vertices = self.ids.get((entry.get("source") or "").lstrip("#"))
        if vertices is None:
            return None
        for one in vertices.findall("{*}input"):
            if one.get("semantic") == "POSITION":
                return self.ids.get((one.get("source") or "").lstrip("#"))
        return None

    def source(self, source: Element | None, width: int) -> Matrix:
        """The first columns of a source of numbers: (n, width)."""
        array = source.find("{*}float_array") if source is not None else None
        if source is None or array is None:
            raise Fault("its numbers are not in the file")
        accessor = source.find("{*}technique_common/{*}accessor")
        stride = whole(accessor.get("stride"), width) if accessor is not None else width
        offset = whole(accessor.get("offset"), 0) if accessor is not None else 0
        if not width <= stride <= 64 or offset < 0:
            raise Fault("its numbers have no right stride")
        numbers = floats(array.text)[offset:]
        return numbers[: len(numbers) // stride * stride].reshape(-1, stride)[:, :width]

    def paint(self, material: str) -> int:
        """The row of a material, by its id; -1: there is none."""
        if material not in self.paints:
            self.paints[material] = self.make_paint(material)
        return self.paints[material]

    def make_paint(self, identity: str) -> int:
        material = self.ids.get(identity)
        link = material.find("{*}instance_effect") if material is not None else None
        effect = self.ids.get((link.get("url") or "").lstrip("#")) if link is not None else None
        if material is None or effect is None:
            return -1
        diffuse = effect.find(".//{*}technique/*/{*}diffuse")
        colour, picture = (0.8, 0.8, 0.8), -1
        if diffuse is not None:
            text = diffuse.findtext("{*}color")
            try:
                red, green, blue = (min(max(float(word), 0.0), 1.0) for word in (text or "").split()[:3])
                colour = (red, green, blue)
            except ValueError:
                colour = (0.8, 0.8, 0.8)
            texture = diffuse.find("{*}texture")
            if texture is not None:
                picture = self.picture(effect, texture.get("texture") or "")
        name = material.get("name") or identity
        self.builder.paints.append(Paint(name, colour, 0.0, picture))
        return len(self.builder.paints) - 1

    def picture(self, effect: Element, name: str) -> int:
        """By way of sampler and surface to an image, or at once."""
        params = {param.get("sid"): param for param in effect.iter("{*}newparam")}
        for _ in range(2):
            param = params.get(name)
            if param is None:
                break
            name = (param.findtext(".//{*}source") or param.findtext(".//{*}init_from") or "").strip() or name
        image = self.ids.get(name)
        text = image.findtext(".//{*}init_from") if image is not None else None
        if image is None or text is None:
            self.skips.at(_at(effect), "texture", "its image is not in the file")
            return -1
        found = self.nearby.find(text.strip(), _at(image), "texture")
        if found is None:
            return -1
        self.builder.pictures.append(Picture(str(found)))
        return len(self.builder.pictures) - 1


def _local(element: Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _at(element: Element) -> str:
    return f"line {safe_xml.line_of(element)}"
