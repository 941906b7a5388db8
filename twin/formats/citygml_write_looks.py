"""Writes the pictures and colours of surfaces as the appearance of a CityGML 2.0 file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from twin.formats import write_pictures
from twin.formats.write_shapes import Shapes, shortest
from twin.model.city import City
from twin.model.faces import ids_of

THEME = "visual"
KINDS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
"""MIME types of pictures; all others are PNG."""

Text = Callable[[str], str]
"""Makes text fit for XML."""


class Looks:
    """What the surfaces of a city look like, and the ids by which that is said."""

    def __init__(self, city: City, path: Path, written: NDArray[np.bool_]) -> None:
        """written: (s,), the surfaces that are in the file."""
        none = np.full(len(city.surface_object), -1, dtype=np.int32)
        look = city.appearance
        self.shapes = Shapes(city)
        self.look = look
        self.image = none if look is None else np.where(written, look.surface_image, -1)
        self.material = none if look is None else np.where(written, look.surface_material, -1)
        self.any = bool((self.image >= 0).any() or (self.material >= 0).any())
        used = np.unique(self.image[self.image >= 0]).tolist()
        copied = write_pictures.copy([look.images[row] for row in used], path) if look else []
        self.pictures: dict[int, str] = dict(zip(used, copied, strict=True))
        self._stem = "surface"
        taken = [*city.object_id, *(ids_of(city.faces) if city.faces else ())]
        while self.any and any(str(id).startswith(self._stem) for id in taken):
            self._stem += "_"

    def has(self, surface: int) -> bool:
        """Whether a surface has a picture or colour."""
        return bool(self.image[surface] >= 0 or self.material[surface] >= 0)

    def id_of(self, surface: int) -> str:
        """The gml:id of its polygon."""
        return f"{self._stem}{surface}"

    def ring_of(self, surface: int, number: int) -> str:
        """The gml:id of one of its rings; empty where it needs none."""
        return f"{self.id_of(surface)}-{number}" if self.image[surface] >= 0 else ""

    def members(self, text: Text) -> Iterator[str]:
        """All of them, after the objects."""
        if self.look is None or not self.any:
            return
        yield "<app:appearanceMember><app:Appearance>"
        yield f"<app:theme>{THEME}</app:theme>"
        for row, name in self.pictures.items():
            yield "<app:surfaceDataMember><app:ParameterizedTexture>"
            yield from self._picture(row, text(name))
            yield "</app:ParameterizedTexture></app:surfaceDataMember>"
        for row in np.unique(self.material[self.material >= 0]).tolist():
            material = self.look.materials[row]
            yield "<app:surfaceDataMember><app:X3DMaterial>"
            if material.name:
                yield f"<gml:name>{text(material.name)}</gml:name>"
            yield f"<app:diffuseColor>{_shares(material.diffuse)}</app:diffuseColor>"
            yield f"<app:transparency>{material.transparency!r}</app:transparency>"
            for surface in np.flatnonzero(self.material == row).tolist():
                yield f"<app:target>#{self.id_of(surface)}</app:target>"
            yield "</app:X3DMaterial></app:surfaceDataMember>"
        yield "</app:Appearance></app:appearanceMember>"

    def _picture(self, row: int, name: str) -> Iterator[str]:
        assert self.look is not None
        image = self.look.images[row]
        yield f"<app:imageURI>{name}</app:imageURI>"
        yield f"<app:mimeType>{KINDS.get(image.path.suffix.lower(), 'image/png')}</app:mimeType>"
        yield f"<app:wrapMode>{image.wrap}</app:wrapMode>"
        yield f"<app:borderColor>{_shares(image.border)}</app:borderColor>"
        for surface in np.flatnonzero(self.image == row).tolist():
            yield f'<app:target uri="#{self.id_of(surface)}"><app:TexCoordList>'
            for number, (begin, end) in enumerate(self.shapes.rings(surface)):
                places = self.look.coordinates[begin:end]
                if not np.isfinite(places).all():
                    continue
                numbers = " ".join(map(repr, shortest(np.append(places, places[:1]))))
                ring = self.ring_of(surface, number)
                yield f'<app:textureCoordinates ring="#{ring}">{numbers}</app:textureCoordinates>'
            yield "</app:TexCoordList></app:target>"


def _shares(values: tuple[float, ...]) -> str:
    return " ".join(repr(float(value)) for value in values)
