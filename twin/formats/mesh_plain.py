"""Reads STL, PLY and OFF by trimesh, whose counts are checked against the size of the file beforehand."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from twin.errors import DataError
from twin.formats.mesh_parts import Builder, Parts, Thing

HEAD = 1 << 16
"""Headers end within so many bytes."""
REMEDY = "Copy it again, or export it again."
PLY_SIZES = {
    **dict.fromkeys(("char", "uchar", "int8", "uint8"), 1),
    **dict.fromkeys(("short", "ushort", "int16", "uint16"), 2),
    **dict.fromkeys(("int", "uint", "float", "int32", "uint32", "float32"), 4),
    **dict.fromkeys(("double", "float64"), 8),
}
"""Of its types. [byte]"""


def read(path: Path, progress: Callable[[float], None]) -> Parts:
    """The objects in the file, each solid of an STL by itself. Raises DataError."""
    import trimesh
    from trimesh.points import PointCloud
    from trimesh.scene import Scene

    kind = path.suffix.lower()[1:]
    CHECKS[kind](path)
    progress(0.1)
    with path.open("rb") as file:
        # no resolver: these formats name no other files that we want
        found: Any = trimesh.load(file, file_type=kind, process=False, skip_materials=True)
    progress(0.8)
    builder = Builder(kind.upper())
    meshes = found.geometry if isinstance(found, Scene) else {path.stem: found}
    for name, mesh in meshes.items():
        if isinstance(mesh, PointCloud) or not hasattr(mesh, "faces"):
            builder.skips.at(str(name), "point", "it is part of no face", len(mesh.vertices))
            continue
        row = builder.thing(Thing(str(name) or path.stem))
        builder.triangles(row, mesh.vertices, mesh.faces, where=str(name))
        _count_colours(mesh, builder, str(name))
    return builder.parts()


def _count_colours(mesh: Any, builder: Builder, name: str) -> None:
    kind = mesh.visual.kind if mesh.visual is not None and mesh.visual.defined else None
    if kind in ("vertex", "face"):
        count = len(mesh.vertices if kind == "vertex" else mesh.faces)
        builder.skips.at(name, f"colour of a {kind}", "only colours of materials are kept", count)


def _check_stl(path: Path) -> None:
    size = path.stat().st_size
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise DataError(path, "", "is empty", REMEDY)
    count = int.from_bytes(head[80:84], "little")
    if len(head) >= 84 and size == 84 + 50 * count:
        return
    # a text begins so, and holds no zeros
    if head.lstrip()[:5].lower() == b"solid" and b"\0" not in head:
        with path.open("rb") as file:
            file.seek(max(size - 4096, 0))
            if b"endsolid" not in file.read().lower():
                raise DataError(path, "last line", "it ends before its endsolid", REMEDY)
        return
    fits = max(size - 84, 0) // 50
    raise DataError(path, "byte 80", f"says {count:,} triangles, and its size is that of {fits:,}", REMEDY)


def _check_ply(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head.startswith(b"ply"):
        raise DataError(path, "line 1", "does not begin with ply" if head else "is empty", REMEDY)
    end = re.search(rb"end_header[ \t]*\r?\n", head)
    if end is None:
        raise DataError(path, "", f"has no end_header in its first {HEAD >> 10} kB", REMEDY)
    text = head[: end.end()].decode("ascii", errors="replace")
    binary = "format binary" in text
    least = 0
    for element in re.finditer(r"^element\s+(\S+)\s+(\S+)\s*$((?:\s*(?:property|comment).*$)*)", text, re.M):
        try:
            count = int(element[2])
        except ValueError:
            count = -1
        if count < 0:
            raise DataError(path, "header", f"says {element[2]!r} of {element[1]}", REMEDY)
        row = 0
        for words in (line.split() for line in element[3].splitlines()):
            if words[:1] == ["property"]:
                sized = words[2] if words[1] == "list" and len(words) > 2 else words[1]
                # an ASCII value takes a digit and what parts it from the next
                row += PLY_SIZES.get(sized, 1) if binary else 2
        least += count * row
    there = path.stat().st_size - end.end()
    # the last line may lack its end
    if least > there + 1:
        raise DataError(path, "header", f"says {least:,} bytes or more follow, and {there:,} do", REMEDY)


def _check_off(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(HEAD)
    text = re.sub(rb"#[^\n]*", b"", head)
    found = re.match(rb"\s*C?(?:ST)?N?OFF\s+(\d+)\s+(\d+)", text)
    if found is None:
        raise DataError(
            path, "line 1", "does not begin with OFF and two counts" if head else "is empty", REMEDY
        )
    vertices, faces = int(found[1]), int(found[2])
    # three numbers or indices a line, each with what parts it from the next
    least, there = 6 * vertices + 6 * faces, path.stat().st_size
    if least > there + 1:
        problem = f"says {vertices:,} vertices and {faces:,} faces, more than its {there:,} bytes can hold"
        raise DataError(path, "line 1", problem, REMEDY)
    lines = _lines(path) - (2 if b"\n" in found[0].strip() else 1)
    if lines < vertices + faces:
        problem = f"says {vertices:,} vertices and {faces:,} faces, and has {lines:,} lines for them"
        raise DataError(path, "line 1", problem, REMEDY)


def _lines(path: Path) -> int:
    """How many lines hold something."""
    content = np.fromfile(path, dtype=np.uint8)
    ink = ~np.isin(content, (9, 10, 13, 32))
    ends = np.flatnonzero(content == 10)
    marks = np.concatenate([[0], np.cumsum(ink)])
    per_line = np.diff(marks[np.concatenate([[0], ends, [len(content)]])])
    return int((per_line > 0).sum())


CHECKS = {"stl": _check_stl, "ply": _check_ply, "off": _check_off}
