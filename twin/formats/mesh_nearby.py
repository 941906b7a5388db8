"""Finds the files that a model names, only beside it or below: never an address, never another folder."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from twin.formats.report import Skips

ALONE = (".stl", ".ply", ".off", ".ifc", ".ifczip", ".b3dm")
"""Endings of models that name no other files."""
DEEPEST, MOST_FILES = 3, 5_000
"""How far below a model, and among how many, files that it may name are looked for."""
ENDINGS = (
    *(".mtl", ".bin", ".png", ".jpg", ".jpeg", ".bmp", ".tga", ".webp"),
    *(".glb", ".gltf", ".b3dm", ".i3dm", ".cmpt", ".pnts", ".json"),
)
"""Of the files that models are made of."""


class Nearby:
    """The files beside a model."""

    def __init__(self, path: Path, skips: Skips) -> None:
        self.folder = path.parent.resolve()
        self._skips = skips

    def find(self, name: str, where: str, what: str, *, base: Path | None = None) -> Path | None:
        """The file of that name; None, and counted, where it may not be read or is not there.

        name: as the model writes it. where, what: for the report. base: the folder it is relative to, if not
        that of the model.
        """
        found = self.locate(name, base)
        if isinstance(found, str):
            self._skips.at(where, what, found)
            return None
        return found

    def locate(self, name: str, base: Path | None = None) -> Path | str:
        """The file of that name, or why it is not read."""
        if re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", name) or name.startswith(("//", "\\\\")):
            return "it is an address or names a disk; only files beside the model are read"
        plain = unquote(name.partition("?")[0]).replace("\\", "/")
        try:
            path = ((base or self.folder) / PurePosixPath(plain)).resolve()
            inside = path.is_relative_to(self.folder)
            there = inside and path.is_file()
        except (OSError, ValueError, RuntimeError):  # too long, a zero byte, a circle of links
            return "its name is no path"
        if not inside:
            return "it lies outside of the folder of the model"
        return path if there else "the file is missing"


def beside(path: Path) -> list[tuple[str, int, int]]:
    """Name, size [byte] and time of change of the files that a model may be made of, beside it and below.

    Where these are too many to look at, the list is another one each time.
    """
    if path.suffix.lower() in ALONE:
        return []
    found: list[tuple[str, int, int]] = []
    looked_at = 0
    for folder, folders, names in os.walk(path.parent):
        below = Path(folder).relative_to(path.parent)
        folders[:] = sorted(folders) if len(below.parts) < DEEPEST else []
        looked_at += len(names) + len(folders)
        if looked_at > MOST_FILES:
            return [("", 0, time.time_ns())]
        for name in sorted(names):
            if name.lower().endswith(ENDINGS) and (below.parts or name != path.name):
                try:
                    status = (Path(folder) / name).stat()
                except OSError:  # a link to nowhere, or to itself
                    continue
                found.append((str(below / name), status.st_size, status.st_mtime_ns))
    return found
