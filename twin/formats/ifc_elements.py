"""Reads building elements out of IFC by its geometry kernel, in the process that `worker` starts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

from twin.errors import DataError
from twin.formats import mesh_parts
from twin.formats.ifc_place import put_on_map
from twin.formats.mesh_parts import Arrays, Builder, Paint, Thing
from twin.model.table import Value

NOT_SHOWN = {
    "IfcOpeningElement": "",
    "IfcSpace": "rooms are air; their walls are shown",
    "IfcSpatialZone": "zones are air",
    "IfcVirtualElement": "it is not there",
    "IfcAnnotation": "notes are not shown",
    "IfcGrid": "axes are not shown",
}
"""What has a shape that nobody sees, and why it is left out; openings are cut out of walls instead."""
STRUCTURE = ("IfcSite", "IfcFacility", "IfcBuilding", "IfcBuildingStorey", "IfcFacilityPart")
CLASSES = {"IfcBuilding": "Building"}
"""Those that other formats have too."""
SURFACES = {"IfcWindow": "Window", "IfcDoor": "Door"}
LONGEST = 64
"""Members of a list that is kept as text."""


def read(
    path: Path, options: dict[str, Any], progress: Callable[[float], None]
) -> tuple[Arrays, dict[str, Any]]:
    """The parts of an IFC file, packed. options: `own`: leave it in its own axes. Raises DataError."""
    import ifcopenshell

    _check(path)
    try:
        model = ifcopenshell.open(str(path))
    except (OSError, RuntimeError, ValueError, ifcopenshell.Error) as error:
        problem = f"cannot be read as IFC: {' '.join(str(error).split())[:200] or type(error).__name__}"
        raise DataError(path, "", problem, "Export it again as IFC 4 or IFC 2x3.") from error
    progress(0.2)
    builder = Builder(f"IFC {model.schema_identifier.removeprefix('IFC')}")
    builder.unit, builder.up = 1.0, "z"
    elements = _Elements(model, builder)
    elements.structure()
    elements.shapes(lambda done: progress(0.2 + 0.7 * done))
    elements.count_unshown()
    parts = builder.parts()
    if not options.get("own"):
        parts = put_on_map(model, parts)
    return mesh_parts.pack(parts)


class _Elements:
    """The elements of a model on their way into a builder."""

    def __init__(self, model: Any, builder: Builder) -> None:
        self.model, self.builder = model, builder
        self.rows: dict[int, int] = {}
        """By the number of the instance."""
        self.paints: dict[str, int] = {}
        self.met: set[int] = set()

    def structure(self) -> None:
        """Buildings and storeys, which have no shape, from above."""
        for name in STRUCTURE:
            for element in self._all(name):
                self.row(element)

    def _all(self, name: str) -> list[Any]:
        try:
            return list(self.model.by_type(name))
        except RuntimeError:  # older schemas do not have it
            return []

    def row(self, element: Any) -> int:
        """The row of an element, and of what it is part of."""
        line = [element]
        while (above := _above(line[-1])) is not None and above.id() not in self.rows and above not in line:
            line.append(above)
        for each in reversed(line):
            if each.id() not in self.rows:
                above = _above(each)
                parent = self.rows.get(above.id(), -1) if above is not None else -1
                kind = each.is_a()
                thing = Thing(each.GlobalId, CLASSES.get(kind, kind), parent, self.attributes(each))
                self.rows[each.id()] = self.builder.thing(thing)
        return self.rows[element.id()]

    def attributes(self, element: Any) -> dict[str, Value]:
        """What is said of an element, and the property sets as `Pset.property`."""
        import ifcopenshell.util.element as of

        found: dict[str, Value] = {}
        for name in ("Name", "LongName", "Description", "ObjectType", "Tag", "PredefinedType", "Elevation"):
            value = getattr(element, name, None)
            if value is not None and value != "":
                found[name] = _plain(value)
        storey: Any = of.get_container(element)
        if storey is not None and storey.is_a("IfcBuildingStorey"):
            found["storey"] = storey.Name or storey.GlobalId
        for group, values in of.get_psets(element).items():
            for name, value in values.items():
                if name != "id" and value is not None:
                    found[f"{group}.{name}"] = _plain(value)
        return found

    def shapes(self, progress: Callable[[float], None]) -> None:
        """The triangles of all elements that one can see, openings cut out."""
        for shape, done in self._kernel():
            progress(done)
            element: Any = self.model.by_id(shape.id)
            self.met.add(shape.id)
            geometry = shape.geometry
            points = np.array(geometry.verts, dtype=np.float64).reshape(-1, 3)
            triangles = np.array(geometry.faces, dtype=np.int64).reshape(-1, 3)
            where = f"#{shape.id} {element.is_a()}"
            if not len(triangles):
                self.builder.skips.at(where, "shape", "the geometry kernel made no faces of it")
                continue
            paints = np.array([*(self.paint(material) for material in geometry.materials), -1])
            of_each = np.array(geometry.material_ids, dtype=np.int64)
            if len(of_each) != len(triangles):
                of_each = np.full(len(triangles), -1)
            of_each[(of_each < 0) | (of_each >= len(paints) - 1)] = -1
            kind = SURFACES.get(element.is_a(), "Surface")
            self.builder.triangles(
                self.row(element), points, triangles, where=where, paint=paints[of_each], type=kind
            )

    def _kernel(self) -> Iterator[tuple[Any, float]]:
        import ifcopenshell.geom

        kernel: Any = ifcopenshell.geom
        settings = kernel.settings()
        settings.set("use-world-coords", True)
        settings.set("use-material-names", True)
        settings.set("apply-default-materials", False)
        hidden = [element for name in NOT_SHOWN for element in self._all(name)]
        options = {"exclude": hidden} if hidden else {}
        every = kernel.iterator(settings, self.model, 1, **options)
        if not every.initialize():
            return
        while True:
            yield every.get(), every.progress() / 100
            if not every.next():
                return

    def paint(self, material: Any) -> int:
        """The row of a surface style."""
        colour = material.diffuse
        red, green, blue = (min(max(float(c), 0.0), 1.0) for c in (colour.r(), colour.g(), colour.b()))
        clear = float(material.transparency) if material.has_transparency() else 0.0
        clear = min(max(clear, 0.0), 1.0) if clear == clear else 0.0
        paint = Paint(str(material.name), (red, green, blue), clear)
        if repr(paint) not in self.paints:
            self.builder.paints.append(paint)
            self.paints[repr(paint)] = len(self.builder.paints) - 1
        return self.paints[repr(paint)]

    def count_unshown(self) -> None:
        """Elements whose shape is not seen, or could not be worked out, are still objects."""
        for element in self._all("IfcProduct"):
            kind = element.is_a()
            if getattr(element, "Representation", None) is None or element.id() in self.met:
                if element.is_a("IfcElement") and not element.is_a("IfcOpeningElement"):
                    self.row(element)
                continue
            hidden = next((name for name in NOT_SHOWN if element.is_a(name)), None)
            why = NOT_SHOWN[hidden] if hidden else "the geometry kernel cannot work it out"
            if why:
                self.builder.skips.at(f"#{element.id()}", f"shape of {kind}", why)
            if not hidden:
                self.row(element)


def _above(element: Any) -> Any:
    """What an element is part of, up to its building."""
    import ifcopenshell.util.element as of

    if element.is_a("IfcBuilding") or element.is_a("IfcSite"):
        return None
    above: Any = of.get_aggregate(element) or of.get_container(element, should_get_direct=True)
    if above is None:
        above = of.get_container(element)
    hidden = above is None or above.is_a("IfcProject") or above.is_a("IfcSite") or above.is_a("IfcSpace")
    return None if hidden else above


def _plain(value: Any) -> Value:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if -(2**63) <= value < 2**63 else str(value)
    if isinstance(value, float):
        return value
    if isinstance(value, tuple | list):
        shown = "; ".join(str(_plain(member)) for member in value[:LONGEST])
        return f"{shown}; …" if len(value) > LONGEST else shown
    inner = getattr(value, "wrappedValue", None)
    return _plain(inner) if inner is not None else str(value)


def _check(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(4096)
        file.seek(max(path.stat().st_size - 4096, 0))
        tail = file.read()
    if not head.strip():
        raise DataError(path, "", "is empty", "Copy or download it again.")
    if head[:2] == b"PK":
        raise DataError(path, "", "is a packed file", "Unpack it, and open the .ifc inside.")
    if b"ISO-10303-21" not in head:
        raise DataError(path, "line 1", "does not begin with ISO-10303-21", "Export it again as IFC.")
    if b"END-ISO-10303-21" not in tail:
        raise DataError(path, "last line", "it ends before END-ISO-10303-21", "Copy or download it again.")
