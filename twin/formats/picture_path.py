"""Finds the pictures that a city file names, and never looks outside of the folder of the file."""

from __future__ import annotations

from pathlib import Path, PurePosixPath, PureWindowsPath

CUSTOMARY = "appearances"
"""Where pictures often lie although the file says that they lie beside it."""
OUTSIDE = "its picture is not in the folder of the file"
MISSING = "its picture is not there"


def find(folder: Path, said: str) -> tuple[Path | None, str]:
    """The picture, absolute, or why there is none.

    folder: of the city file. said: as the city file names it.
    """
    plain = PurePosixPath(said.replace("\\", "/"))
    windows = PureWindowsPath(said)
    if "\0" in said or "://" in said or windows.drive or plain.is_absolute() or ".." in plain.parts:
        return None, OUTSIDE
    root = folder.resolve()
    for place in (root, root / CUSTOMARY):
        try:
            path = (place / plain).resolve()
            there = path.is_file()
        except (OSError, RuntimeError):  # a name that is too long, or links in a circle
            continue
        if there:
            return (path, "") if path.is_relative_to(root) else (None, OUTSIDE)
    return None, MISSING
