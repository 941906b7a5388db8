"""Sums up what was read of a CityJSON file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from twin.formats import cityjson_once, memory
from twin.formats.cityjson_geometries import NO_LOD, Columns
from twin.formats.cityjson_rings import Polygons
from twin.formats.georeference import Located
from twin.formats.report import Report, Skips
from twin.model.appearance import Appearance
from twin.model.box import box
from twin.model.city import SURFACE_TYPES, City
from twin.model.faces import Faces

TERRAIN = "TINRelief"
Extent = tuple[float, float, float, float, float, float]
"""West, south, low, east, north, high."""


class Shapes(NamedTuple):
    """The polygons of all LoDs."""

    polygons: Polygons
    columns: Columns
    """Of the geometries."""
    kinds: NDArray[np.uint8]
    """(p,), their semantic types."""
    seen: NDArray[np.bool_]
    """(p,), what is shown by default."""
    look: Appearance | None
    faces: Faces | None
    said: dict[str, int]
    """Thematic surfaces that have each attribute."""


def extent_of(located: Located) -> Extent | None:
    """In the CRS of the place."""
    if not len(located.points):
        return None
    corners = np.concatenate(box(located.points)) + np.tile(located.place.origin, 2)
    west, south, low, east, north, high = corners.tolist()
    return west, south, low, east, north, high


def report_of(
    path: Path,
    form: str,
    seconds: float,
    city: City,
    attributes: dict[str, int],
    shapes: Shapes,
    located: Located,
    extent: Extent | None,
    skips: Skips,
    notices: list[str],
) -> Report:
    """The report.

    form: the format in words. attributes: how many objects have each. extent: of the city, in the CRS of its
    place.
    """
    polygons, columns = shapes.polygons, shapes.columns
    lengths = np.diff(city.ring_starts)
    rings = np.bincount(city.ring_surface, minlength=len(city.surface_object))
    terrain = (city.object_type == TERRAIN)[city.surface_object]
    triangular = int((terrain & (rings == 1) & (lengths[polygons.exterior] == 3)).sum())
    levels, counts = np.unique(columns.lod[polygons.geometry], return_counts=True)
    lods = dict(zip(map(cityjson_once.label, levels.tolist()), counts.tolist(), strict=True))
    if NO_LOD in levels:
        notices.append(f"{lods[cityjson_once.label(NO_LOD)]} surfaces do not say their LoD.")
    surfaces = np.bincount(city.surface_type, minlength=len(SURFACE_TYPES)).tolist()
    return Report(
        path=str(path),
        format=form,
        seconds=seconds,
        peak_memory=memory.peak(),
        crs=located.crs,
        crs_source=located.decided_by,
        extent=extent,
        objects=dict(Counter(city.object_type.tolist())),
        surfaces={name: count for name, count in zip(SURFACE_TYPES, surfaces, strict=True) if count},
        polygons=len(city.surface_object) - triangular,
        interior_rings=len(city.ring_surface) - len(city.surface_object),
        patches=triangular,
        triangles=len(city.triangles),
        extent_crs=city.place.crs,
        lods=lods,
        attributes=attributes,
        textures=0 if city.appearance is None else int((city.appearance.surface_image >= 0).sum()),
        implicit_geometries=int((columns.placement >= 0).sum()),
        surface_attributes=shapes.said,
        skipped=skips.all(),
        notices=(*located.notices, *notices),
    )
