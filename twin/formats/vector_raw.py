"""Knows which files become layers without GDAL, and what a reader of ours finds in one."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from twin.errors import DataError
from twin.model.table import Column, Value, column_of

DEGREES = "EPSG:4326"
LARGEST = 512 * 2**20
"""Of files that are read as a whole. [byte]"""
KINDS = ("points", "lines", "polygons")
"""Of geometries, by their dimension."""
OWN = {
    ".kml": "kml",
    ".kmz": "kml",
    ".csv": "csv_points",
    ".tsv": "csv_points",
    ".parquet": "geoparquet",
    ".geoparquet": "geoparquet",
    ".pbf": "osm_layer",
    ".osm": "osm_layer",
    ".zip": "gtfs_layer",
}
"""Ending to the module of `formats` that reads such files."""


@dataclass(frozen=True, eq=False, slots=True)
class Raw:
    """A layer as it is in its file."""

    name: str
    crs: str
    """Of the coordinates, east first; empty: the file does not say it."""
    numbers: NDArray[np.int64]
    """By which its features are named where they have no id of their own."""
    geometry: NDArray[np.object_]
    fields: Mapping[str, Column] = field(default_factory=dict)
    notices: tuple[str, ...] = ()


class Reader(Protocol):
    """What a module of `OWN` has."""

    __name__: str

    @staticmethod
    def layers(path: Path) -> tuple[str, ...]:
        """What can be chosen in a file. Raises DataError."""

    @staticmethod
    def read(path: Path, layer: str, crs: str) -> Raw:
        """One of its layers; crs: what the user says of it, empty: nothing. Raises DataError."""


def reader_of(path: Path) -> Reader | None:
    """The reader of ours for a file; None: GDAL is asked."""
    suffix = path.suffix.lower()
    name = OWN.get(suffix)
    if suffix == ".json" and path.is_file():
        from twin.formats import json_points

        name = "json_points" if json_points.is_rows(path) else None
    if name is None:
        return None
    if not path.is_file() or str(path).startswith("/vsi"):
        raise DataError(path, "", "is missing or no plain file", "Put it back or relink it.")
    if path.stat().st_size > LARGEST and name != "osm_layer":
        raise DataError(path, "", f"is larger than {LARGEST >> 20} MB", "Cut it to the area.")
    reader: Reader = importlib.import_module(f"twin.formats.{name}")  # type: ignore[assignment]  # a module is one
    return reader


def columns_of(rows: Iterable[Mapping[str, Value]]) -> dict[str, Column]:
    """Columns of rows that may lack some values."""
    listed = list(rows)
    names = dict.fromkeys(name for row in listed for name in row)
    return {name: column_of([row.get(name) for row in listed]) for name in names}


def of_one_kind(
    geometry: NDArray[np.object_], what: str, notices: list[str]
) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Geometries of the commonest dimension and their rows; among points, areas stand by their middle."""
    dimension = shapely.get_dimensions(geometry)
    count = np.bincount(dimension[dimension >= 0], minlength=3)
    kind = int(np.argmax(count))
    others = (dimension != kind) & (dimension >= 0)
    if kind == 0 and others.any():
        geometry = geometry.copy()
        geometry[others] = shapely.point_on_surface(geometry[others])
        notices.append(f"{int(others.sum())} {what} with an outline stand as points in their middle")
        others[:] = False
    elif others.any():
        notices.append(f"{int(others.sum())} {what} left out: no {KINDS[kind]}, as most are")
    kept = np.flatnonzero(~others)
    return geometry[kept], kept
