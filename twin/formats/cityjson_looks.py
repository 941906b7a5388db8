"""Reads the pictures, materials and texture coordinates that CityJSON documents list."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.formats import picture_path
from twin.formats.cityjson_document import Document
from twin.formats.report import Skips
from twin.model.appearance import WRAPS, Image, Material

KEPT = {"name", "diffuseColor", "transparency"}
"""Of a material."""
BROKEN = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)
UNREAD = "materials have a colour and a transparency"

_list = msgspec.json.Decoder(list[Any])
_coordinates = msgspec.json.Decoder(list[tuple[float, float]])


class Look(NamedTuple):
    """What the numbers in the materials and textures of a document mean."""

    materials: NDArray[np.int32]
    """Rows of `Looks.materials`, or -1."""
    images: NDArray[np.int32]
    """Rows of `Looks.images`, or -1."""
    base: int
    """The row of `Looks.coordinates` that its number 0 means."""
    limit: int
    """How many of them it may use."""


class Looks:
    """Takes documents one by one."""

    def __init__(self, skips: Skips) -> None:
        self.all: list[Look] = []
        self.coordinates: list[NDArray[np.float32]] = []
        """(n, 2) each."""
        self.theme = ""
        """Of materials, as the file prefers it."""
        self.texture_theme = ""
        """Of textures, as the file prefers it."""
        self._images: dict[Image, int] = {}
        self._materials: dict[Material, int] = {}
        self._end = 0
        self._skips = skips

    @property
    def images(self) -> tuple[Image, ...]:
        """Those of all documents."""
        return tuple(self._images)

    @property
    def materials(self) -> tuple[Material, ...]:
        """Those of all documents."""
        return tuple(self._materials)

    def begin(self, document: Document) -> int:
        """The look of a document: its own, otherwise that of the first one, -1 where there is none."""
        members = document.appearance()
        if not members:
            return 0 if self.all else -1
        at = document.at("appearance")
        self.theme = self.theme or _text(members.get("default-theme-material"))
        self.texture_theme = self.texture_theme or _text(members.get("default-theme-texture"))
        materials = [
            self._material(said, f"{at}.materials[{row}]")
            for row, said in enumerate(self._listed(members, "materials", at))
        ]
        images = [
            self._image(document, said, f"{at}.textures[{row}]")
            for row, said in enumerate(self._listed(members, "textures", at))
        ]
        coordinates = self._coordinates(members, at)
        look = Look(
            np.array(materials, dtype=np.int32),
            np.array(images, dtype=np.int32),
            self._end,
            len(coordinates),
        )
        self.coordinates.append(coordinates)
        self._end += len(coordinates)
        self.all.append(look)
        return len(self.all) - 1

    def _listed(self, members: dict[str, msgspec.Raw], name: str, at: str) -> list[Any]:
        if name not in members:
            return []
        try:
            return _list.decode(members[name])
        except BROKEN as error:
            self._skips.at(f"{at}.{name}", name, f"they cannot be used: {error}")
            return []

    def _coordinates(self, members: dict[str, msgspec.Raw], at: str) -> NDArray[np.float32]:
        name = "vertices-texture"
        if name not in members:
            return np.zeros((0, 2), np.float32)
        try:
            pairs = _coordinates.decode(members[name])
        except BROKEN as error:
            self._skips.at(f"{at}.{name}", "texture coordinates", f"they cannot be used: {error}")
            return np.zeros((0, 2), np.float32)
        with np.errstate(over="ignore"):
            found = np.array(pairs, dtype=np.float64).astype(np.float32).reshape(-1, 2)
        found[~np.isfinite(found).all(axis=1)] = np.nan
        return found

    def _material(self, said: Any, where: str) -> int:
        if not isinstance(said, dict):
            self._skips.at(where, "material", "it is no object")
            return -1
        for name in said.keys() - KEPT:
            self._skips.at(where, f"{name} of a material", UNREAD)
        diffuse = _shares(said.get("diffuseColor"), 3)
        transparency = _shares([said.get("transparency", 0.0)], 1)
        if diffuse is None and said.get("diffuseColor") is not None:
            self._skips.at(where, "diffuseColor of a material", "it is not three numbers from 0 to 1")
        usual = Material()
        material = Material(
            _text(said.get("name")),
            (diffuse[0], diffuse[1], diffuse[2]) if diffuse else usual.diffuse,
            transparency[0] if transparency else usual.transparency,
        )
        return self._materials.setdefault(material, len(self._materials))

    def _image(self, document: Document, said: Any, where: str) -> int:
        name = said.get("image") if isinstance(said, dict) else None
        if not isinstance(name, str) or not name:
            self._skips.at(where, "texture", "it names no picture")
            return -1
        path, why = picture_path.find(document.path.parent, name)
        if path is None:
            self._skips.at(where, "texture", why)
            return -1
        wrap = said.get("wrapMode")
        border = _shares(said.get("borderColor"), 4) or _shares(said.get("borderColor"), 3)
        image = Image(
            path,
            wrap if wrap in WRAPS else Image(path).wrap,
            (border[0], border[1], border[2], border[3] if len(border) == 4 else 1.0)
            if border
            else Image(path).border,
        )
        return self._images.setdefault(image, len(self._images))


def _shares(value: Any, count: int) -> list[float] | None:
    """So many numbers from 0 to 1; None where it is something else."""
    if not isinstance(value, list) or len(value) != count:
        return None
    good = all(type(number) in (int, float) and 0 <= number <= 1 for number in value)
    return [float(number) for number in value] if good else None


def _text(value: Any) -> str:
    if isinstance(value, msgspec.Raw):
        try:
            value = msgspec.json.decode(value)
        except BROKEN:
            return ""
    return value if isinstance(value, str) else ""
