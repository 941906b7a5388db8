"""Knows the files that hold models which seldom say where they stand, by name and by how they begin."""

from __future__ import annotations

from pathlib import Path

MESHES = (".obj", ".ply", ".stl", ".off", ".glb", ".gltf", ".dae")
IFC = (".ifc",)
TILES = (".b3dm", ".cmpt")
"""Single tiles of a tileset."""
TILESET = "tileset.json"
MODEL_SUFFIXES = (*MESHES, *IFC, *TILES, TILESET)
CLOUDS = (".las", ".laz")
_SIGNS = (b'"root"', b'"asset"', b'"geometricError"')
_HEAD = 1 << 16
"""The signs of a tileset stand within so many bytes."""


def is_tileset(path: Path) -> bool:
    """Whether a JSON file is the head of a 3D tileset."""
    if path.name.lower() == TILESET:
        return True
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(_HEAD)
    return all(sign in head for sign in _SIGNS)
