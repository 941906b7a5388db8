"""Writes a city in the format that the ending of the file chooses."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from twin.errors import DataError
from twin.formats import citygml_write, cityjson_write, dxf_write, glb_write, obj_write, tiles3d_write
from twin.formats.write_losses import of_mesh
from twin.model.city import City

WRITERS: dict[str, Callable[..., tuple[str, ...] | None]] = {
    ".jsonl": cityjson_write.write_sequence,
    ".json": cityjson_write.write,
    ".gml": citygml_write.write,
    ".glb": glb_write.write,
    ".obj": obj_write.write,
    ".dxf": dxf_write.write,
}
"""By the ending; also those of .city.json and .city.jsonl."""
ENDINGS = {
    ".city.json": "CityJSON 2.0",
    ".city.jsonl": "CityJSON sequence (CityJSONSeq)",
    ".gml": "CityGML 2.0",
    ".glb": "glTF (GLB)",
    ".obj": "Wavefront OBJ",
    ".tileset.json": "3D Tiles 1.1",
    ".dxf": "DXF footprints",
}
"""What to offer, and its name."""
TILESET = "tileset.json"
"""The end of a name that asks for 3D Tiles."""
MESHES = (".glb", ".obj")


def write(city: City, path: Path, *, attribution: str, title: str = "") -> tuple[str, ...]:
    """Write `city` to `path`, with pictures beside it or in it; returns what the format cannot hold.

    attribution: owners and licences of what the city was made of, in one line; it goes into the file.
    title: what the file shows. The file is there whole or not at all. Raises DataError: an ending that is
    none of ENDINGS, text that the format cannot hold, a picture that is gone, a folder that takes no files.
    """
    if path.name.lower().endswith(TILESET):
        told = tiles3d_write.write(city, path, title=title, attribution=attribution)
        return (*of_mesh(city, ENDINGS[f".{TILESET}"]), *told)
    writer = WRITERS.get(path.suffix.lower())
    if writer is None or path.name.lower().endswith(".twin.json"):
        remedy = f"Choose a name that ends in {', '.join(ENDINGS)}."
        raise DataError(path, "", "does not end as a city model does", remedy)
    lost = writer(city, path, title=title, attribution=attribution)
    if path.suffix.lower() in MESHES:
        return of_mesh(city, ENDINGS[path.suffix.lower()])
    return lost or ()
