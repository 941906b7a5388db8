"""Reads the appearances of CityGML: pictures, colours, and the surfaces they are put on."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from twin.formats.gml import HREF, LOCAL, gml_id
from twin.formats.report import Skips
from twin.formats.safe_xml import line_of
from twin.model.appearance import WRAPS, Material

PICTURES = ("ParameterizedTexture", "GeoreferencedTexture")
MATERIAL = "X3DMaterial"
SHINE = frozenset({"ambientIntensity", "emissiveColor", "specularColor", "shininess", "isSmooth"})


@dataclass(frozen=True, eq=False, slots=True)
class Aim:
    """Something that a picture or colour is put on."""

    href: str
    line: int
    rings: tuple[tuple[str, NDArray[np.float32]], ...] = ()
    """Links to rings, and where in the picture their corners lie: (n, 2)."""
    matrix: NDArray[np.float64] | None = None
    """(3, 4), from coordinates of the file to places in the picture."""


@dataclass(frozen=True, eq=False, slots=True)
class Look:
    """A picture or colour with all that it is put on."""

    theme: str
    id: str
    line: int
    aims: tuple[Aim, ...]
    material: Material | None = None
    picture: str = ""
    """As the file names it."""
    wrap: str = "none"
    border: tuple[float, float, float, float] = (0.0, 0.0, 0.0, 0.0)
    world_file: bool = True
    """Whether a file beside the picture may say where it lies."""
    orientation: NDArray[np.float64] | None = None
    """(2, 2), from coordinates less `reference` to places in the picture."""
    reference: tuple[float, float] | None = None
    on_ground: bool = False
    """Whether it is laid on what lies below it, as an aerial picture."""


@dataclass(slots=True)
class Looks:
    """Gathers the appearances of a file."""

    skips: Skips
    found: list[Look] = field(default_factory=list)
    linked: list[tuple[str, str, int]] = field(default_factory=list)
    """Theme, link and line of what an appearance takes from another one."""

    def add(self, appearance: etree._Element) -> None:
        """Gather what one Appearance says."""
        theme = (appearance.findtext("{*}theme") or "").strip()
        for member in appearance:
            if LOCAL[member.tag] not in ("surfaceDataMember", "surfaceData"):
                continue
            if not len(member) and member.get(HREF):
                self.linked.append((theme, member.get(HREF, ""), line_of(member)))
            for data in member:
                self.take(data, theme)

    def take(self, element: etree._Element, theme: str) -> None:
        """Gather one picture or colour."""
        kind, own_id, line = LOCAL[element.tag], gml_id(element), line_of(element)
        if kind != MATERIAL and kind not in PICTURES:
            self.skips.add(kind, "it is no picture or colour that is read", line=line, gml_id=own_id)
            return
        says = {LOCAL[child.tag]: (child.text or "").strip() for child in element if not len(child)}
        aims = self._aims(element, own_id)
        if says.get("isFront") in ("false", "0"):
            why = "backs of surfaces look like their fronts"
            self.skips.add("appearance of a back", why, line=line, gml_id=own_id, count=max(len(aims), 1))
            return
        try:
            if kind == MATERIAL:
                self.found.append(
                    Look(theme, own_id, line, aims, material=self._material(says, own_id, line))
                )
            else:
                self.found.append(self._picture(element, says, theme, aims))
        except ValueError as error:
            self.skips.add(kind, str(error), line=line, gml_id=own_id)

    def _material(self, says: dict[str, str], own_id: str, line: int) -> Material:
        for _ in SHINE & says.keys():
            self.skips.add("shine of a material", "only colours are kept", line=line, gml_id=own_id)
        red, green, blue = shares(says.get("diffuseColor", "0.8 0.8 0.8"), 3)
        return Material(
            says.get("name", "") or own_id, (red, green, blue), shares(says.get("transparency", "0"), 1)[0]
        )

    def _picture(
        self, element: etree._Element, says: dict[str, str], theme: str, aims: tuple[Aim, ...]
    ) -> Look:
        wrap = says.get("wrapMode", "none")
        border = shares(says.get("borderColor", "0 0 0 0"), 3, 4)
        reference = None
        for position in element.iterfind("{*}referencePoint//{*}pos"):
            east, north, *_ = numbers(position.text or "", 2, 3)
            reference = east, north
        orientation = says.get("orientation")
        return Look(
            theme,
            gml_id(element),
            line_of(element),
            aims,
            picture=says.get("imageURI", ""),
            wrap=wrap if wrap in WRAPS else "none",
            border=(border[0], border[1], border[2], border[3] if len(border) == 4 else 1.0),
            world_file=says.get("preferWorldFile", "true") not in ("false", "0"),
            orientation=np.array(numbers(orientation, 4)).reshape(2, 2) if orientation else None,
            reference=reference,
            on_ground=LOCAL[element.tag] == "GeoreferencedTexture",
        )

    def _aims(self, element: etree._Element, own_id: str) -> tuple[Aim, ...]:
        found = []
        for child in element:
            name = LOCAL[child.tag]
            # CityGML 3 puts an object between the texture and what it is put on
            inside = child if name == "target" else child.find("{*}TextureAssociation")
            if inside is None or name not in ("target", "textureParameterization"):
                continue
            said = inside.get("uri") or inside.text or ""
            if name == "textureParameterization":
                target = inside.find("{*}target")
                said = "" if target is None else target.get(HREF) or target.text or ""
            try:
                rings, matrix = _parameters(inside)
            except ValueError as error:
                self.skips.add("texture coordinates", str(error), line=line_of(child), gml_id=own_id)
                continue
            found.append(Aim((inside.get(HREF) or said).strip(), line_of(child), rings, matrix))
        return tuple(found)


def numbers(text: str, *counts: int) -> list[float]:
    """That many finite numbers. Raises ValueError for anything else."""
    try:
        found = [float(word) for word in text.split()]
    except ValueError as error:
        raise ValueError(f"{text[:20]!r} is not made of numbers") from error
    if len(found) not in counts or not np.isfinite(found).all():
        raise ValueError(f"it has {len(found)} numbers instead of {counts[0]}")
    return found


def shares(text: str, *counts: int) -> list[float]:
    """That many numbers between 0 and 1; what lies outside is put on the edge. Raises ValueError."""
    return [min(max(number, 0.0), 1.0) for number in numbers(text, *counts)]


def _parameters(
    element: etree._Element,
) -> tuple[tuple[tuple[str, NDArray[np.float32]], ...], NDArray[np.float64] | None]:
    """The coordinates of rings, or the matrix that makes them."""
    rings, names, matrix = [], [], None
    for part in element.iter():
        name = LOCAL[part.tag]
        if name == "textureCoordinates":
            flat = [float(word) for word in (part.text or "").split()]
            if len(flat) % 2 or not np.isfinite(flat).all() or any(abs(number) > 1e9 for number in flat):
                raise ValueError("they are no pairs of numbers")
            rings.append((part.get("ring", ""), np.array(flat, dtype=np.float32).reshape(-1, 2)))
        elif name == "ring":
            names.append((part.get(HREF) or part.text or "").strip())
        elif name == "worldToTexture":
            matrix = np.array(numbers(part.text or "", 12)).reshape(3, 4)
    if names and len(names) == len(rings):
        rings = [(ring, pairs) for ring, (_, pairs) in zip(names, rings, strict=True)]
    return tuple(rings), matrix
