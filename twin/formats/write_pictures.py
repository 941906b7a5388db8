"""Copies the pictures of a city beside the file that it is written to."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from twin.errors import DataError
from twin.formats.atomic import replace_file
from twin.model.appearance import Image

LARGEST = 512 * 2**20
"""A picture. [byte]"""
REMEDY = "Put it back, or write the file without textures."


def bytes_of(image: Image, path: Path) -> bytes:
    """The picture as it lies on the disk. path: of the file that is written. Raises DataError."""
    try:
        if image.path.stat().st_size > LARGEST:
            raise DataError(
                path, f"picture {image.path.name}", f"has more than {LARGEST // 2**20} MB", REMEDY
            )
        return image.path.read_bytes()
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
        raise DataError(path, f"picture {image.path.name}", problem, REMEDY) from error


def copy(images: Sequence[Image], path: Path) -> list[str]:
    """Copy pictures into a folder beside a file that is written; their paths as the file should name them.

    The folder is named after the file, so that no two files share one. Raises DataError.
    """
    folder = path.parent / f"{path.name.partition('.')[0]}_pictures"
    names: dict[str, Path] = {}
    found = []
    for image in images:
        name, number = image.path.name, 1
        while names.setdefault(name.lower(), image.path) != image.path:
            number += 1
            name = f"{image.path.stem}-{number}{image.path.suffix}"
        target = folder / name
        if target.resolve() != image.path:
            content = bytes_of(image, path)
            try:
                folder.mkdir(exist_ok=True)
            except OSError as error:
                problem = f"cannot be made: {error.strerror or error}"
                raise DataError(folder, "", problem, "Write the file to another folder.") from error
            replace_file(target, content)
        found.append(f"{folder.name}/{name}")
    return found
