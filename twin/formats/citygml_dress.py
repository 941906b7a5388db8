"""Puts pictures and colours on the surfaces that a scan of CityGML found."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from twin.formats import citygml_scan as scan
from twin.formats import picture_path
from twin.formats.citygml_grammar import DoubtError
from twin.formats.citygml_looks import Look, Looks
from twin.formats.citygml_pieces import Head
from twin.formats.citygml_rows import Links, Scanned
from twin.formats.citygml_walk import Walked, parser
from twin.formats.gml import LOCAL, gml_id
from twin.formats.report import Skips
from twin.model.appearance import Image, Material

Numbers = NDArray[np.int64]
BACK = ("appearance of a back", "backs of surfaces look like their fronts")
NOWHERE = ("target of an appearance", "the file has no such surface")


@dataclass(slots=True)
class Dress:
    """What surfaces wear, by the rows of the scan; -1: nothing."""

    images: list[Image] = field(default_factory=list)
    materials: list[Material] = field(default_factory=list)
    image: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    material: NDArray[np.int32] = field(default_factory=lambda: np.zeros(0, np.int32))
    coordinates: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 2), np.float32))
    """Of each corner (n, 2)."""
    notices: list[str] = field(default_factory=list)


def put_on(scanned: Scanned, led: Links, walked: Walked, head: Head, folder: Path, skips: Skips) -> Dress:
    """What the scanned surfaces wear; what is left out is counted.

    Raises DoubtError where several themes, or several pictures for one surface, have to be told apart.
    """
    polygons = len(scanned[scan.POLYGONS])
    dress = Dress(
        image=np.full(polygons, -1, np.int32),
        material=np.full(polygons, -1, np.int32),
        coordinates=np.full((len(scanned[scan.CORNERS]) // 3, 2), np.nan, dtype=np.float32),
    )
    looks = scanned[scan.LOOKS]
    kept = np.flatnonzero(~led.slow[scanned.member_of(scan.LOOKS)])
    themes = {look.theme for look in walked.walker.looks.found}
    themes |= {theme for theme, _, _ in walked.walker.looks.linked}
    fronts = kept[looks[kept, scan.K_LOOK] & scan.A_BACK == 0]
    themes |= _themes(scanned, looks[fronts])
    if len(themes) > 1:
        raise DoubtError
    if not len(kept):
        return dress
    wardrobe = _Wardrobe(scanned, head, folder, dress, skips)
    _, first, which = np.unique(looks[kept, scan.K_CONTENT], return_index=True, return_inverse=True)
    counts = np.bincount(which)
    aims = looks[kept, scan.K_AIM_END] - looks[kept, scan.K_AIM]
    backs = looks[kept, scan.K_LOOK] & scan.A_BACK != 0
    lost_aims = np.bincount(which, np.maximum(aims, 1)).astype(int)
    rows = np.full(len(first), -1, dtype=np.int64)
    for k in np.argsort(first).tolist():
        row, alike = kept[first[k]], int(lost_aims[k] if backs[first[k]] else counts[k])
        rows[k] = wardrobe.row(looks[row], alike)
    row_of_look = np.full(len(looks), -1, dtype=np.int64)
    row_of_look[kept] = rows[which]
    look_of_aim = np.repeat(np.arange(len(looks)), looks[:, scan.K_AIM_END] - looks[:, scan.K_AIM])
    _count_lost(scanned, led.lost[row_of_look[look_of_aim[led.lost]] >= 0], skips)
    row = row_of_look[look_of_aim[led.aim]]
    is_picture = looks[look_of_aim[led.aim], scan.K_LOOK] & scan.A_PICTURE != 0
    colours = np.flatnonzero((row >= 0) & ~is_picture)[::-1]
    dress.material[led.polygon[colours]] = row[colours]  # the first one stays
    _pictures(scanned, dress, led, np.flatnonzero((row >= 0) & is_picture), row)
    return dress


def _themes(scanned: Scanned, looks: Numbers) -> set[str]:
    spans = looks[:, [scan.K_THEME, scan.K_THEME_END]]
    spans = spans[np.diff(spans[:, 0], prepend=-2) != 0]  # those of one appearance follow each other
    return {scanned.text(start, end).decode().strip() if start >= 0 else "" for start, end in spans.tolist()}


def _count_lost(scanned: Scanned, lost: Numbers, skips: Skips) -> None:
    if not len(lost):
        return
    start = int(scanned[scan.AIMS][lost[0], scan.A_START])
    text = scanned.text(start, start + 4096)
    name = text[text.index(b"#") + 1 :].split(b"<")[0].split(b'"')[0].split(b"'")[0].decode().strip()
    skips.add(*NOWHERE, line=scanned.line(start), gml_id=name, count=len(lost))


def _pictures(scanned: Scanned, dress: Dress, led: Links, pairs: Numbers, row: Numbers) -> None:
    if not len(pairs):
        return
    polygon = led.polygon[pairs]
    if (np.bincount(polygon) > 1).any():
        raise DoubtError
    aims, rings = scanned[scan.AIMS], scanned[scan.RINGS]
    corners = len(scanned[scan.CORNERS])
    fits = scan.put_on(
        aims[:, scan.A_TEXTURE],
        aims[:, scan.A_TEXTURE_END],
        led.aim[pairs],
        polygon,
        scanned[scan.TEXTURES],
        np.append(scanned[scan.POLYGONS][:, scan.P_RING], len(rings)),
        rings,
        np.append(rings[1:, scan.R_START], corners),
        scanned[scan.PLACES],
        dress.coordinates,
    )
    if not fits.all():
        raise DoubtError
    dress.image[polygon] = row[pairs]


class _Wardrobe:
    """Knows each picture and colour once."""

    def __init__(self, scanned: Scanned, head: Head, folder: Path, dress: Dress, skips: Skips) -> None:
        self._scanned = scanned
        self._parse = parser(head)
        self._folder = folder
        self._dress = dress
        self._skips = skips
        self._rows: dict[Image | Material, int] = {}

    def row(self, look: Numbers, alike: int) -> int:
        """The row of the picture or colour that a look and those like it put on; -1: none."""
        start, end = int(look[scan.K_BEGIN]), int(look[scan.K_END])
        line = self._scanned.line(start)
        (element,) = self._parse(self._scanned.text(start, end), line)
        own_id = gml_id(element)
        if look[scan.K_LOOK] & scan.A_BACK:
            self._skips.add(*BACK, line=line, gml_id=own_id, count=alike)
            return -1
        for aim in [child for child in element if LOCAL[child.tag] == "target"]:
            element.remove(aim)
        skips = Skips()
        looks = Looks(skips)
        looks.take(element, "")
        for item in skips.all():
            self._skips.at(item.first, item.what, item.why, item.count * alike)
        if not looks.found:
            raise DoubtError
        return self._known(looks.found[0], alike)

    def _known(self, look: Look, alike: int) -> int:
        if look.material:
            return self._numbered(look.material, self._dress.materials)
        path, why = picture_path.find(self._folder, look.picture)
        if path is None and "%" in look.picture:
            path, why = picture_path.find(self._folder, unquote(look.picture))
        if path is None:
            self._skips.at(f"line {look.line}, {look.picture[:80]}", "picture", why, alike)
            return -1
        return self._numbered(Image(path, look.wrap, look.border), self._dress.images)

    def _numbered(self, thing: Image | Material, rows: list[Image] | list[Material]) -> int:
        if thing not in self._rows:
            self._rows[thing] = len(rows)
            rows.append(thing)  # type: ignore[arg-type]  # the list is that of its kind
        return self._rows[thing]
