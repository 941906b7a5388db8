"""Puts the pictures and colours of a CityGML file on its surfaces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from twin.formats import picture_path
from twin.formats.citygml_links import Follower
from twin.formats.citygml_looks import Aim, Look, Looks
from twin.formats.gml import Geometries, Surface
from twin.formats.report import Skips
from twin.formats.world_file import raster_to_picture
from twin.model.appearance import Image, Material


@dataclass(slots=True)
class Dressed:
    """Pictures and colours; which of them a surface has says the `Surface`."""

    images: list[Image] = field(default_factory=list)
    materials: list[Material] = field(default_factory=list)
    coordinates: dict[int, NDArray[np.float32]] = field(default_factory=dict)
    """Where in the picture the corners of a ring lie, (n, 2), by where the numbers of the ring begin."""
    notices: list[str] = field(default_factory=list)


def dress(looks: Looks, follower: Follower, geometries: Geometries, folder: Path, skips: Skips) -> Dressed:
    """Put the pictures and colours of the theme with the most targets on their surfaces.

    folder: that of the file; pictures outside of it are left out. What is left out is counted.
    """
    dressed = Dressed()
    themes = _themes(looks, skips)
    if not themes:
        return dressed
    chosen = max(themes, key=lambda theme: sum(len(look.aims) for look in themes[theme]))
    others = sorted(set(themes) - {chosen})
    for theme in others:
        for look in themes[theme]:
            why = f"of the theme {theme!r}; {chosen!r} is shown"
            skips.add("appearance", why, line=look.line, gml_id=look.id, count=max(len(look.aims), 1))
    if others:
        dressed.notices.append(
            f"Of {len(themes)} themes of appearance {chosen!r} is shown, not {', '.join(map(repr, others))}."
        )
    wardrobe = _Wardrobe(dressed, follower, geometries, folder, skips)
    for look in themes[chosen]:
        wardrobe.put_on(look)
    return dressed


def _themes(looks: Looks, skips: Skips) -> dict[str, list[Look]]:
    themes: dict[str, list[Look]] = {}
    named = {look.id: look for look in looks.found if look.id}
    for look in looks.found:
        themes.setdefault(look.theme, []).append(look)
    for theme, href, line in looks.linked:
        linked = named.get(href.removeprefix("#"))
        if linked is None:
            skips.add("appearance", "it is not in the file", line=line, gml_id=href.removeprefix("#"))
        elif linked.theme != theme:
            themes.setdefault(theme, []).append(linked)
    return themes


@dataclass(slots=True)
class _Wardrobe:
    dressed: Dressed
    follower: Follower
    geometries: Geometries
    folder: Path
    skips: Skips
    rows: dict[Image | Material, int] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)

    def put_on(self, look: Look) -> None:
        if look.material:
            row = self._row(look.material, self.dressed.materials)
            for _, surface, _ in self._surfaces(look):
                if surface.material < 0:
                    surface.material = row
            return
        path, why = picture_path.find(self.folder, look.picture)
        if path is None and "%" in look.picture:
            path, why = picture_path.find(self.folder, unquote(look.picture))
        if path is None:
            self.skips.at(f"line {look.line}, {look.picture[:80]}", "picture", why)
            return
        try:
            matrix = _ground(look, path) if look.on_ground else None
        except ValueError as error:
            self.skips.add("picture", str(error), line=look.line, gml_id=look.id)
            return
        row = self._row(Image(path, look.wrap, look.border), self.dressed.images)
        for aim, surface, owner in self._surfaces(look):
            if surface.image >= 0:
                self.skips.add("picture", "the surface has one already", line=aim.line, gml_id=owner)
                continue
            try:
                found = self._coordinates(aim, surface, matrix if look.on_ground else aim.matrix)
            except ValueError as error:
                self.skips.add("texture coordinates", str(error), line=aim.line, gml_id=owner)
                continue
            surface.image = row
            self.dressed.coordinates.update(found)

    def _row(self, thing: Image | Material, rows: list[Image] | list[Material]) -> int:
        if thing not in self.rows:
            self.rows[thing] = len(rows)
            rows.append(thing)  # type: ignore[arg-type]  # the list is that of its kind
        return self.rows[thing]

    def _surfaces(self, look: Look) -> Iterator[tuple[Aim, Surface, str]]:
        for aim in look.aims:
            surfaces = self.follower.surfaces(aim.href)
            if not surfaces:
                why = "the file has no such surface"
                self.skips.add(
                    "target of an appearance", why, line=aim.line, gml_id=aim.href.removeprefix("#")
                )
            for surface, _ in surfaces:
                yield aim, surface, surface.id

    def _coordinates(
        self, aim: Aim, surface: Surface, matrix: NDArray[np.float64] | None
    ) -> dict[int, NDArray[np.float32]]:
        if matrix is not None:
            return {start: self._projected(start, stop, matrix) for start, stop in surface.rings}
        given = {self.geometries.rings.get(href.removeprefix("#")): pairs for href, pairs in aim.rings}
        found = {}
        for start, stop in surface.rings:
            pairs = given.get((start, stop))
            if pairs is None:
                raise ValueError("a ring has none")
            corners = (stop - start) // 3
            # as often as the first corner is repeated, or not
            if len(pairs) not in (corners, corners + self.geometries.repeats.get(start, 1)):
                raise ValueError("they are not as many as the corners of the ring")
            pairs = pairs[:corners]
            found[start] = pairs[::-1] if surface.turned else pairs
        return found

    def _projected(self, start: int, stop: int, matrix: NDArray[np.float64]) -> NDArray[np.float32]:
        corners = np.array(self.geometries.numbers[start:stop]).reshape(-1, 3)
        places = corners @ matrix[:, :3].T + matrix[:, 3]
        with np.errstate(divide="ignore", invalid="ignore"):
            places = places[:, :2] / places[:, 2:]
        if not np.isfinite(places).all() or np.abs(places).max() > 1e9:
            raise ValueError("the picture does not reach the surface")
        return places.astype(np.float32)


def _ground(look: Look, path: Path) -> NDArray[np.float64]:
    """The matrix that lays a picture on the ground: (3, 4). Raises ValueError."""
    flat = raster_to_picture(path) if look.world_file else None
    if flat is None:
        if look.orientation is None or look.reference is None:
            raise ValueError("nothing says where it lies")
        flat = np.column_stack([look.orientation, -look.orientation @ np.array(look.reference)])
    return np.array([[*flat[0, :2], 0, flat[0, 2]], [*flat[1, :2], 0, flat[1, 2]], [0, 0, 0, 1]])


def columns(
    surfaces: Sequence[Surface], back_of: dict[int, int], dressed: Dressed
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32]]:
    """Picture and material of each surface (s,), and the place of each corner in its picture (n, 2)."""
    fronts = [surface.of or surface for surface in surfaces]
    lengths = [(stop - start) // 3 for surface in surfaces for start, stop in surface.rings]
    coordinates = np.full((sum(lengths), 2), np.nan, dtype=np.float32)
    at = 0
    for surface, front in zip(surfaces, fronts, strict=True):
        for start, stop in surface.rings:
            if front.image >= 0:
                pairs = dressed.coordinates[back_of.get(start, start)]
                coordinates[at : at + len(pairs)] = pairs[::-1] if start in back_of else pairs
            at += (stop - start) // 3
    return (
        np.array([front.image for front in fronts], dtype=np.int32),
        np.array([front.material for front in fronts], dtype=np.int32),
        coordinates,
    )
