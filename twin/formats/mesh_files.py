"""Reads any mesh in the process that `worker` starts."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from twin.formats import mesh_parts
from twin.formats.mesh_parts import Arrays

READERS = {
    **dict.fromkeys((".stl", ".ply", ".off"), "twin.formats.mesh_plain"),
    **dict.fromkeys((".glb", ".gltf"), "twin.formats.mesh_gltf"),
    ".obj": "twin.formats.mesh_obj",
    ".dae": "twin.formats.mesh_dae",
}
"""The module that reads each ending."""


def read(
    path: Path, _options: dict[str, Any], progress: Callable[[float], None]
) -> tuple[Arrays, dict[str, Any]]:
    """The parts of a mesh, packed. Raises DataError."""
    parts = import_module(READERS[path.suffix.lower()]).read(path, progress)
    return mesh_parts.pack(parts)
