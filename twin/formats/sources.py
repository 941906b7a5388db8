"""Knows what a file is by its name and first words, and what a source in it is called."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from twin.errors import DataError
from twin.formats import geotiff, scenario_file, strict_json, vector
from twin.formats.cityjson_document import is_cityjson
from twin.formats.edit_json import KINDS
from twin.formats.model_suffixes import CLOUDS, MODEL_SUFFIXES, is_tileset

Kind = Literal["city", "vector", "raster", "scenarios", "points", "terrain"]
"""A file is found to be a terrain only where it is added as one."""
CITY_SUFFIXES = (".gml", ".xml", ".citygml")


def kind_of(path: Path) -> Kind:
    """What a file or folder can be to a project. Raises DataError for an unknown format.

    A GeoJSON file is a scenario when its first feature is an edit, or when it includes others; JSON of
    another kind may be a city.
    """
    suffix = path.suffix.lower()
    if suffix == ".gz":  # city models alone may come packed
        suffix = Path(path.stem).suffix.lower() if Path(path.stem).suffix.lower() in CITY_SUFFIXES else suffix
    if path.is_dir():
        return "scenarios"
    if suffix in (*CITY_SUFFIXES, *MODEL_SUFFIXES, ".jsonl") or is_tileset(path):
        return "city"
    if suffix == ".json" and path.is_file() and is_cityjson(path):
        return "city"
    if suffix in (*geotiff.SUFFIXES, *CLOUDS):
        return "points" if suffix in CLOUDS else "raster"
    if suffix in scenario_file.SUFFIXES and path.is_file() and _is_scenario(path):
        return "scenarios"
    if suffix in vector.SUFFIXES:
        return "vector"
    models = (*MODEL_SUFFIXES, *CLOUDS)
    known = (*CITY_SUFFIXES, ".jsonl", *models, *geotiff.SUFFIXES, *vector.SUFFIXES)
    raise DataError(path, "", "is of a format that is not read", f"Use one of {', '.join(known)}.")


def id_for(path: Path, layer: str | None, taken: Iterable[str]) -> str:
    """A free id for a source: the file's name, and after a colon the layer in a file of several."""
    stem = re.sub(r"[^\w.-]+", "-", path.name.split(".")[0]).strip("-").lower() or "source"
    used = set(taken)
    for number in range(1, len(used) + 2):
        name = stem if number == 1 else f"{stem}-{number}"
        name = name if layer is None else f"{name}:{layer}"
        if name not in used:
            return name
    raise AssertionError("one of n + 1 names is not among n")


def layer_in(source_id: str) -> str:
    """The layer that `id_for` wrote into an id; empty when there is none."""
    return source_id.partition(":")[2]


def _is_scenario(path: Path) -> bool:
    if path.stat().st_size > strict_json.LIMIT:
        return False
    tree = strict_json.read(path)
    if not isinstance(tree, dict) or tree.get("type") != "FeatureCollection":
        return False
    if tree.get("includes"):
        return True
    features = tree.get("features")
    first = features[0] if isinstance(features, list) and features else {}
    properties = first.get("properties") if isinstance(first, dict) else {}
    return isinstance(properties, dict) and properties.get("edit") in KINDS
