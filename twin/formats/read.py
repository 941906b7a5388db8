"""Knows what any file is, by its name and by how it begins."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from twin.errors import DataError
from twin.formats import sources

Kind = Literal["project", "city", "vector", "raster", "scenarios", "points", "terrain"]
PROJECT = ".twin.json"
XML = (".gml", ".xml", ".citygml")
PACKED = ".gz"
TILESET = "tileset.json"


def kind_of(path: Path) -> Kind:
    """What a file or folder is to the program.

    XML is looked into, packed or not, because many formats share its endings. Raises DataError for what is
    not read.
    """
    name = path.name.lower()
    if name.endswith(PROJECT):
        return "project"
    if name.endswith((*XML, PACKED)) and not path.is_dir():
        return _kind_of_xml(path)
    return sources.kind_of(path)


def entry_of(path: Path) -> Path:
    """The tileset.json that a folder of 3D Tiles begins with, or the only folder in it; else the path."""
    if not path.is_dir():
        return path
    if (first := path / TILESET).is_file():
        return first
    deeper = [found for found in path.glob(f"*/{TILESET}") if found.is_file()]
    return deeper[0] if len(deeper) == 1 else path


def _kind_of_xml(path: Path) -> Kind:
    from twin.formats import safe_xml

    namespace, name, line = safe_xml.root(path)
    if name == "CityModel" and "citygml" in namespace:
        return "city"
    problem = f"the root element is {name}, not the CityModel of CityGML"
    raise DataError(path, f"line {line}", problem, "Export it as CityGML, GeoPackage or GeoJSON.")
