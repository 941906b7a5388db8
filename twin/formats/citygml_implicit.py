"""Reads implicit geometries of CityGML: one shape, placed many times by a matrix."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from twin.formats.gml import HREF, LOCAL, Found, Geometries, Target
from twin.formats.report import Skips
from twin.formats.safe_xml import line_of

WHAT = "ImplicitGeometry"
SHAPES = ("relativeGMLGeometry", "relativeGeometry")
"""Of CityGML 1 and 2, and of 3."""


@dataclass(frozen=True, eq=False, slots=True)
class Implicit:
    """One placing of a shape."""

    type: int
    """An index into SURFACE_TYPES."""
    lod: int
    matrix: NDArray[np.float64]
    """(3, 4), from the axes of the shape to metres east, north and up of `point`."""
    point: tuple[float, float, float]
    """As it stands in the file."""
    shape: Found
    line: int
    property: int
    face: int = -1
    """The row of the surface with semantics that it is."""


def implicit(
    element: etree._Element,
    kind: int,
    lod: int,
    where: int,
    geometries: Geometries,
    skips: Skips,
    owner: str,
    face: int = -1,
) -> Implicit | None:
    """What an ImplicitGeometry says; None where nothing can be shown of it, which is counted.

    kind, lod, where and face become the type, lod, property and face. owner: gml:id to name where something
    is left out.
    A matrix without a reference point moves the shape to where the matrix says.
    """
    line = line_of(element)
    geometries.note(element)
    shape: Found = []
    for name in SHAPES:
        for holder in element.iterfind(f"{{*}}{name}"):
            if holder.get(HREF) and not len(holder):
                shape.append(Target(holder.get(HREF, ""), turned=False, line=line))
            for geometry in holder:
                shape.extend(geometries.surfaces(geometry, owner))
    library = element.findtext("{*}libraryObject")
    if library is not None:
        why = "files with shapes are not read" if not shape else "the shape in the file itself is shown"
        skips.add("libraryObject", why, line=line, gml_id=owner)
    if not shape:
        if library is None:
            skips.add(WHAT, "it has no surfaces", line=line, gml_id=owner)
        return None
    try:
        matrix = _matrix(element)
        point = _point(element, geometries)
    except ValueError as error:
        skips.add(WHAT, str(error), line=line, gml_id=owner)
        for lost in shape:
            if not isinstance(lost, Target):
                what = "Triangle" if lost.is_triangle else "Polygon"
                skips.add(what, f"in {WHAT}: {error}", line=line, gml_id=owner)
        return None
    if point is None:
        point = tuple(matrix[:, 3].tolist())
        matrix = np.column_stack([matrix[:, :3], np.zeros(3)])
    return Implicit(kind, lod, matrix, point, shape, line, where, face)


def _matrix(element: etree._Element) -> NDArray[np.float64]:
    text = element.findtext("{*}transformationMatrix")
    if text is None:
        return np.eye(4)[:3]
    numbers = _numbers(text)
    if len(numbers) != 16 or not numbers[15]:
        raise ValueError("its matrix is not 16 numbers")
    matrix = np.array(numbers).reshape(4, 4)
    return np.asarray((matrix / matrix[3, 3])[:3])


def _point(element: etree._Element, geometries: Geometries) -> tuple[float, float, float] | None:
    holder = element.find("{*}referencePoint")
    if holder is None:
        return None
    for inner in holder.iter():
        if inner.get("srsName"):
            geometries.note(inner)
        if LOCAL[inner.tag] in ("pos", "coordinates"):
            numbers = _numbers((inner.text or "").replace(",", " "))
            if len(numbers) == 3:
                return numbers[0], numbers[1], numbers[2]
    raise ValueError("its reference point is not 3 numbers")


def _numbers(text: str) -> list[float]:
    try:
        numbers = [float(word) for word in text.split()]
    except ValueError as error:
        raise ValueError("it has words where numbers belong") from error
    if not np.isfinite(numbers).all() or any(abs(number) > 1e9 for number in numbers):
        raise ValueError("it has numbers beyond any map")
    return numbers
