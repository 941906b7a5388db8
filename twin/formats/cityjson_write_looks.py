"""Writes materials, textures and their coordinates as CityJSON lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from twin.formats.write_shapes import shortest
from twin.model.appearance import Image, Material
from twin.model.city import City

KINDS = {".jpg": "JPG", ".jpeg": "JPG"}
"""What CityJSON calls pictures; all others are PNG to it."""


class Look:
    """Lists what the surfaces of a document need, as they come."""

    def __init__(self, city: City, pictures: Mapping[int, str]) -> None:
        self.look = city.appearance
        self.pictures = pictures
        """How the file names each picture."""
        self._materials: dict[int, int] = {}
        self._images: dict[int, int] = {}
        self._places: dict[tuple[float, float], int] = {}

    def materials(self, surfaces: Sequence[int]) -> list[int | None]:
        """Of each surface; empty where none has one."""
        if self.look is None:
            return []
        rows = self.look.surface_material[list(surfaces)].tolist()
        if max(rows) < 0:
            return []
        return [None if row < 0 else self._materials.setdefault(row, len(self._materials)) for row in rows]

    def textures(
        self, surfaces: Sequence[int], rings: Sequence[Sequence[tuple[int, int]]]
    ) -> list[list[list[int | None]]]:
        """Picture and places in it, for each ring of each surface; empty where none has one."""
        if self.look is None or (self.look.surface_image[list(surfaces)] < 0).all():
            return []
        return [
            [self._ring(int(self.look.surface_image[surface]), begin, end) for begin, end in polygon]
            for surface, polygon in zip(surfaces, rings, strict=True)
        ]

    def _ring(self, image: int, begin: int, end: int) -> list[int | None]:
        assert self.look is not None
        places = self.look.coordinates[begin:end]
        if image < 0 or not np.isfinite(places).all():
            return [None]
        numbers = [
            self._places.setdefault((place[0], place[1]), len(self._places))
            for place in (shortest(pair) for pair in places)
        ]
        return [self._images.setdefault(image, len(self._images)), *numbers]

    def listed(self) -> dict[str, Any]:
        """The appearance of the document; empty where nothing needs one."""
        if self.look is None or not (self._materials or self._images):
            return {}
        found: dict[str, Any] = {}
        if self._materials:
            found["materials"] = [_material(self.look.materials[row]) for row in self._materials]
        if self._images:
            found["textures"] = [_texture(self.look.images[row], self.pictures[row]) for row in self._images]
            found["vertices-texture"] = [list(place) for place in self._places]
        return found


def _material(material: Material) -> dict[str, Any]:
    return {
        "name": material.name,
        "diffuseColor": list(material.diffuse),
        "transparency": material.transparency,
    }


def _texture(image: Image, name: str) -> dict[str, Any]:
    return {
        "type": KINDS.get(image.path.suffix.lower(), "PNG"),
        "image": name,
        "wrapMode": image.wrap,
        "borderColor": list(image.border),
    }
