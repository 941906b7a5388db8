"""Reads KML and KMZ: placemarks with their folders and extended data, as layers of one kind each."""

from __future__ import annotations

import math
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, cast

import numpy as np
import shapely
from lxml import etree
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry

from twin.errors import DataError
from twin.formats import safe_xml
from twin.formats.vector_raw import DEGREES, KINDS, LARGEST, Raw, columns_of
from twin.model.table import Value

RATIO = 200
"""No KML shrinks more than this when it is packed; what does is a bomb."""
ELSEWHERE = {
    "NetworkLink": "links to other files, which are not followed",
    "GroundOverlay": "pictures on the ground",
    "ScreenOverlay": "pictures on the screen",
    "PhotoOverlay": "photographs",
    "Model": "models",
    "MultiTrack": "tracks of several pieces",
}
"""What is not read, and how it is called."""
Row = tuple[BaseGeometry, dict[str, Value]]


def layers(path: Path) -> tuple[str, ...]:
    """The kinds of geometries in a file. Raises DataError."""
    rows, _ = _placemarks(path)
    return tuple(_names(path, rows))


def read(path: Path, layer: str, _crs: str) -> Raw:
    """The placemarks of one kind; what is not read is counted. KML is always in longitude and latitude.

    Raises DataError.
    """
    rows, left_out = _placemarks(path)
    kind = _names(path, rows)[layer]
    chosen = [(i, row) for i, row in enumerate(rows, start=1) if _kind(row[0]) == kind]
    geometry = np.empty(len(chosen), dtype=object)
    geometry[:] = [shape for _, (shape, _) in chosen]
    numbers = np.array([i for i, _ in chosen], dtype=np.int64)
    notices = tuple(f"{count} × {what} left out" for what, count in sorted(left_out.items()))
    return Raw(layer, DEGREES, numbers, geometry, columns_of(row for _, (_, row) in chosen), notices)


def _names(path: Path, rows: list[Row]) -> dict[str, int]:
    """The layers of a file by the dimension of what is in them."""
    kinds = sorted({_kind(shape) for shape, _ in rows})
    return {path.stem: kinds[0]} if len(kinds) == 1 else {KINDS[kind]: kind for kind in kinds}


def _kind(shape: BaseGeometry) -> int:
    return int(shapely.get_dimensions(shape))


def _placemarks(path: Path) -> tuple[list[Row], Counter[str]]:
    left_out: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="twin-") as folder:
        document = path if path.suffix.lower() == ".kml" else _unpacked(path, Path(folder), left_out)
        _, name, line = safe_xml.root(document)
        if name != "kml":
            problem = f"the root element is {name}, not kml"
            raise DataError(path, f"line {line}", problem, "Export it as KML.")
        with safe_xml.Source(document) as source:
            try:
                tree = etree.parse(cast("IO[bytes]", source), etree.XMLParser(**safe_xml.SAFE)).getroot()
            except etree.XMLSyntaxError as error:
                raise safe_xml.broken(path, error) from error
    rows: list[Row] = []
    for element in tree.iter(etree.Element):
        what = _local(element)
        if what in ELSEWHERE:
            left_out[ELSEWHERE[what]] += 1
        if what != "Placemark":
            continue
        by_kind: dict[int, list[BaseGeometry]] = {}
        for shape in _shapes(element, left_out):
            by_kind.setdefault(_kind(shape), []).append(shape)
        if not by_kind:
            left_out["placemarks without geometry"] += 1
        values = _values(element)
        rows += [(_joined(shapes), values) for shapes in by_kind.values()]
    return rows, left_out


def _unpacked(path: Path, folder: Path, left_out: Counter[str]) -> Path:
    """The document in an archive, which is the first KML at its top, or anywhere."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = [info for info in archive.infolist() if info.filename.lower().endswith(".kml")]
            found.sort(key=lambda info: "/" in info.filename)
            if not found:
                raise DataError(path, "", "holds no KML", "Export it as KML.")
            if len(found) > 1:
                left_out["further documents of the archive"] += len(found) - 1
            first = found[0]
            if first.file_size > LARGEST or first.file_size > RATIO * max(first.compress_size, 1024):
                raise DataError(path, first.filename, "is too large when unpacked", "Unpack it yourself.")
            out = folder / "doc.kml"
            out.write_bytes(archive.read(first))
            return out
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise DataError(path, "", f"is no readable archive: {error}", "Download it again.") from error


def _shapes(placemark: etree._Element, left_out: Counter[str]) -> Iterator[BaseGeometry]:
    for element in placemark.iter(etree.Element):
        what = _local(element)
        if what == "LinearRing" and element.getparent() is not placemark:
            continue
        make = _MAKE.get(what)
        if make is None:
            continue
        shape = make(element)
        if shape is None:
            left_out[f"{what} elements with broken coordinates"] += 1
        else:
            yield shape


def _point(element: etree._Element) -> BaseGeometry | None:
    places = _coordinates(_child(element, "coordinates"))
    return Point(places[0]) if places else None


def _line(element: etree._Element) -> BaseGeometry | None:
    places = _coordinates(_child(element, "coordinates"))
    return LineString(places) if places and len(places) > 1 else None


def _polygon(element: etree._Element) -> BaseGeometry | None:
    rings: dict[str, list[list[tuple[float, float]]]] = {"outerBoundaryIs": [], "innerBoundaryIs": []}
    for side in element:
        for ring in side.iter("{*}coordinates") if _local(side) in rings else ():
            places = _coordinates(ring)
            if not places or len(places) < 3:
                return None
            rings[_local(side)].append(places)
    outer = rings["outerBoundaryIs"]
    return Polygon(outer[0], rings["innerBoundaryIs"]) if outer else None


def _track(element: etree._Element) -> BaseGeometry | None:
    places = [_place(each.text, " ") for each in element if _local(each) == "coord"]
    known = [place for place in places if place is not None]
    return LineString(known) if len(known) > 1 and len(known) == len(places) else None


_MAKE: dict[str, Callable[[etree._Element], BaseGeometry | None]] = {
    "Point": _point,
    "LineString": _line,
    "LinearRing": _line,
    "Polygon": _polygon,
    "Track": _track,
}


def _coordinates(element: etree._Element | None) -> list[tuple[float, float]] | None:
    """Longitudes and latitudes; None where a number is broken or none is there."""
    if element is None or not element.text:
        return None
    places = [_place(each, ",") for each in element.text.split()]
    known = [place for place in places if place is not None]
    return known if known and len(known) == len(places) else None


def _place(text: str | None, separator: str) -> tuple[float, float] | None:
    try:
        first, second = (float(part) for part in (text or "").split(separator)[:2])
    except ValueError:
        return None
    return (first, second) if math.isfinite(first) and math.isfinite(second) else None


def _joined(shapes: list[BaseGeometry]) -> BaseGeometry:
    if len(shapes) == 1:
        return shapes[0]
    made: Any = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[_kind(shapes[0])]
    found: BaseGeometry = made(shapes)
    return found


def _values(placemark: etree._Element) -> dict[str, Value]:
    """Name, folder and extended data of a placemark; numbers where a schema is not needed to see them."""
    found: dict[str, Value] = {}
    for name in ("name", "description"):
        child = _child(placemark, name)
        if child is not None and (child.text or "").strip():
            found[name] = (child.text or "").strip()
    parent = placemark.getparent()
    title = _child(parent, "name") if parent is not None and _local(parent) == "Folder" else None
    if title is not None and title.text:
        found["folder"] = title.text.strip()
    for element in placemark.iter("{*}Data", "{*}SimpleData"):
        name = element.get("name", "")
        holder = _child(element, "value") if _local(element) == "Data" else element
        text = (holder.text or "").strip() if holder is not None else ""
        if name and text:
            found[name] = _number(text)
    return found


def _number(text: str) -> Value:
    if text[:1] == "0" and text[1:2].isdigit():
        return text  # a code
    for kind in (int, float):
        try:
            value = kind(text)
        except ValueError:
            continue
        return value if abs(value) < 1e15 else text
    return text


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if _local(child) == name), None)


def _local(element: etree._Element) -> str:
    return str(element.tag).rpartition("}")[2]
