"""Knows where an IFC model stands: by its map conversion, or by the longitude and latitude of its site."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from twin.formats.crs_names import CODE
from twin.formats.mesh_parts import Parts
from twin.formats.mesh_place import GEOGRAPHIC

EQUATOR, FLATNESS = 6_378_137.0, 1 / 298.257223563
"""Of WGS 84 (EPSG:7030). [m]"""
FITS = (0.9, 1.1)
"""A map scale in metres is close to one."""
OLD_CONVERSION, OLD_CRS = "epset_mapconversion", "epset_projectedcrs"
"""The property sets that IFC 2x3 says the same with."""


@dataclass(frozen=True, slots=True)
class _Map:
    east: float
    north: float
    height: float
    along: tuple[float, float]
    """Where the x axis of the model points: east, north."""
    scale: float | None
    crs: str


def put_on_map(model: Any, parts: Parts) -> Parts:
    """The parts in the coordinates their model names; as they are where it names none."""
    found = _conversion(model)
    if found is not None:
        return _mapped(model, parts, found)
    return _by_site(model, parts) or parts


def _conversion(model: Any) -> _Map | None:
    for conversion in _all(model, "IfcMapConversion"):
        crs = conversion.TargetCRS
        return _Map(
            _number(conversion.Eastings),
            _number(conversion.Northings),
            _number(conversion.OrthogonalHeight),
            (_number(conversion.XAxisAbscissa, 1.0), _number(conversion.XAxisOrdinate)),
            _number(conversion.Scale, 0.0) or None,
            str(getattr(crs, "Name", "") or ""),
        )
    import ifcopenshell.util.element as of

    for element in (*_all(model, "IfcSite"), *_all(model, "IfcProject")):
        sets = {name.lower(): values for name, values in of.get_psets(element).items()}
        if OLD_CONVERSION in sets:
            values: Mapping[str, Any] = sets[OLD_CONVERSION]
            return _Map(
                _number(values.get("Eastings")),
                _number(values.get("Northings")),
                _number(values.get("OrthogonalHeight")),
                (_number(values.get("XAxisAbscissa"), 1.0), _number(values.get("XAxisOrdinate"))),
                _number(values.get("Scale"), 0.0) or None,
                str(sets.get(OLD_CRS, {}).get("Name") or ""),
            )
    return None


def _mapped(model: Any, parts: Parts, found: _Map) -> Parts:
    import ifcopenshell.util.unit

    notices = list(parts.notices)
    unit = float(ifcopenshell.util.unit.calculate_unit_scale(model))
    scale = 1.0
    if found.scale is not None:
        # the kernel gives metres, and the conversion starts from the unit of the project
        scale = found.scale / unit
        if not FITS[0] < scale < FITS[1]:
            notices.append(
                f"Its map scale {found.scale:g} does not fit its unit of {unit:g} m; it was taken as metres."
            )
            scale = 1.0
    length = math.hypot(*found.along)
    east, north = (found.along[0] / length, found.along[1] / length) if length > 0 else (1.0, 0.0)
    x, y, z = scale * parts.points.T
    points = np.column_stack(
        [found.east + east * x - north * y, found.north + north * x + east * y, found.height + z]
    )
    code = CODE.search(found.crs)
    if code is None:
        named = f"names the CRS {found.crs!r}, which is no EPSG code" if found.crs else "names no CRS"
        notices.append(f"Its map conversion {named}. Say it with --crs, as in --crs EPSG:3879.")
        return replace(parts, points=points, notices=notices)
    return replace(parts, points=points, notices=notices, crs=f"EPSG:{code[1]}", said="IfcMapConversion")


def _by_site(model: Any, parts: Parts) -> Parts | None:
    import ifcopenshell.util.placement
    import ifcopenshell.util.unit

    for site in _all(model, "IfcSite"):
        latitude, longitude = _angle(site.RefLatitude), _angle(site.RefLongitude)
        if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
            continue
        unit = float(ifcopenshell.util.unit.calculate_unit_scale(model))
        zero = np.zeros(3)
        if site.ObjectPlacement is not None:
            zero = ifcopenshell.util.placement.get_local_placement(site.ObjectPlacement)[:3, 3] * unit
        x, y, z = (parts.points - zero).T
        toward = _true_north(model)
        east, north = x * toward[1] - y * toward[0], x * toward[0] + y * toward[1]
        sine = math.sin(math.radians(latitude))
        square = FLATNESS * (2 - FLATNESS)
        across = EQUATOR / math.sqrt(1 - square * sine**2)
        along = across * (1 - square) / (1 - square * sine**2)
        points = np.column_stack(
            [
                longitude + np.degrees(east / (across * math.cos(math.radians(latitude)))),
                latitude + np.degrees(north / along),
                _number(site.RefElevation) * unit + z,
            ]
        )
        said = f"It stands where its IfcSite says, at {latitude:.6f}, {longitude:.6f}."
        return replace(parts, points=points, notices=[*parts.notices, said], crs=GEOGRAPHIC, said="IfcSite")
    return None


def _true_north(model: Any) -> tuple[float, float]:
    """The direction of north in the axes of the model."""
    for context in _all(model, "IfcGeometricRepresentationContext"):
        north = getattr(context, "TrueNorth", None)
        if north is not None and len(north.DirectionRatios) >= 2:
            x, y = (float(v) for v in north.DirectionRatios[:2])
            length = math.hypot(x, y)
            if length > 0:
                return x / length, y / length
    return 0.0, 1.0


def _angle(parts: Any) -> float | None:
    """Degrees, minutes, seconds and millionths as one number. [deg]"""
    if not parts or len(parts) < 3:
        return None
    found = sum(float(part) / size for part, size in zip(parts, (1, 60, 3600, 3600e6), strict=False))
    return found if math.isfinite(found) and abs(found) <= 180 else None


def _number(value: Any, default: float = 0.0) -> float:
    if value is None:
        return default
    found = float(getattr(value, "wrappedValue", value))
    return found if math.isfinite(found) else default


def _all(model: Any, name: str) -> list[Any]:
    try:
        return list(model.by_type(name))
    except RuntimeError:  # older schemas do not have it
        return []
