"""Reads which picture and material each polygon of a CityJSON file has."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.formats import cityjson_textures, cityjson_values
from twin.formats.cityjson_boundaries import Boundaries
from twin.formats.cityjson_geometries import NULL, Columns, Geometries
from twin.formats.cityjson_looks import BROKEN
from twin.formats.cityjson_rings import Polygons
from twin.formats.cityjson_said import names_of
from twin.formats.cityjson_texts import Texts
from twin.formats.cityjson_values import MISFIT, NOTHING
from twin.formats.report import Skips
from twin.model.appearance import Appearance

OTHER = "another theme is shown"
UNLISTED = "the file lists no such one"
Where = Callable[[int], str]
"""Where a geometry stands."""


class _Theme(msgspec.Struct):
    value: Any = None
    values: msgspec.Raw = NULL


class _Said(NamedTuple):
    """What the geometries say in one theme."""

    rows: array[int]
    """The geometries."""
    values: Texts
    """Of each."""
    ones: dict[int, Any]
    """The value that all polygons of a geometry have, by its place among the rows."""


_themes = msgspec.json.Decoder(dict[str, _Theme | None])


def appearance(
    geometries: Geometries,
    columns: Columns,
    boundaries: Boundaries,
    polygons: Polygons,
    where: Where,
    skips: Skips,
) -> Appearance | None:
    """Of these polygons, in the theme that the file prefers or says most in; None: none of them has any."""
    looks = geometries.looks
    counts = np.bincount(boundaries.polygon_geometry, minlength=len(columns.object))
    said = _chosen("texture", geometries.textures, geometries.texture_rows, looks.texture_theme, where, skips)
    image, coordinates = cityjson_textures.textures(
        geometries,
        columns,
        boundaries,
        polygons,
        np.array(said.rows, dtype=np.int64),
        said.values,
        where,
        skips,
    )
    said = _chosen("material", geometries.materials, geometries.material_rows, looks.theme, where, skips)
    material = _materials(said, geometries, columns, counts, where, skips)[polygons.polygon]
    if not (image >= 0).any() and not (material >= 0).any():
        return None
    return Appearance(looks.images, looks.materials, image, material, coordinates)


def _chosen(
    what: str, texts: Texts, rows: Sequence[int], preferred: str, where: Where, skips: Skips
) -> _Said:
    """The members of one theme; the others are counted."""
    found = _only(texts, rows)
    if found is None:
        found = _each(what, texts, rows, where, skips)
    if not found:
        return _Said(array("q"), Texts(large=texts.large), {})
    name = preferred if preferred in found else ""
    if name not in found:
        # a comma for almost every value
        sizes = {key: sum(text.count(b",") + 1 for text in found[key].values) for key in sorted(found)}
        name = max(sizes, key=lambda key: sizes[key]) if len(found) > 1 else next(iter(found))
    for other in found.keys() - {name}:
        of = found[other].rows
        skips.at(f"{where(of[0])}.{what}", f"{what} of the theme {other}", OTHER, len(of))
    return found[name]


def _only(texts: Texts, rows: Sequence[int]) -> dict[str, _Said] | None:
    """What is said, by theme, where each text has only one; None: it may have more, or is not large."""
    if not texts.large or not len(texts):
        return None
    from twin.formats import cityjson_scan

    text, ends = texts.joined()
    places, good = cityjson_scan.themes(text, ends)
    if not good:
        return None
    there = np.flatnonzero(places[:, 1])
    places = places[there]
    names, theme = names_of(text, places)
    found = {}
    for number, name in enumerate(names):
        which = np.flatnonzero(theme == number)
        said = _Said(array("q", [rows[row] for row in there[which].tolist()]), Texts(large=True), {})
        said.values.take(text, places[which, 2], places[which, 3])
        found[name] = said
    return found


def _each(what: str, texts: Texts, rows: Sequence[int], where: Where, skips: Skips) -> dict[str, _Said]:
    """What is said, by theme."""
    found: dict[str, _Said] = {}
    for row, text in zip(rows, texts, strict=True):
        if text == b"null":
            continue
        try:
            themes = _themes.decode(text)
        except BROKEN:
            skips.at(f"{where(row)}.{what}", what, "it is no object of themes")
            continue
        for name, theme in themes.items():
            if theme is not None:
                said = found.setdefault(name, _Said(array("q"), Texts(large=texts.large), {}))
                if theme.value is not None:
                    said.ones[len(said.rows)] = theme.value
                said.rows.append(row)
                said.values.add(theme.values)
    return found


def _materials(
    said: _Said,
    geometries: Geometries,
    columns: Columns,
    counts: NDArray[np.int64],
    where: Where,
    skips: Skips,
) -> NDArray[np.int32]:
    """A row of the materials, or NOTHING, for each polygon of the boundaries."""
    found = np.full(int(counts.sum()), NOTHING, dtype=np.int64)
    starts = np.cumsum(counts) - counts
    listed = np.ones(len(said.rows), dtype=bool)
    for k, value in said.ones.items():
        row = said.rows[k]
        listed[k] = False
        if type(value) is int and 0 <= value < 2**31:
            found[starts[row] : starts[row] + counts[row]] = value
        else:
            skips.at(f"{where(row)}.material", "material", "its value is no whole number")
    values = said.values if listed.all() else said.values.only(np.flatnonzero(listed))
    rows = np.array(said.rows, dtype=np.int64)[listed]
    flat, misfit = cityjson_values.numbers(
        values, geometries.boundaries, rows, columns.depth[rows], counts[rows]
    )
    for row in rows[misfit].tolist():
        if counts[row]:
            skips.at(f"{where(row)}.material", "material", MISFIT)
    found[np.repeat(starts[rows], counts[rows]) + _steps(counts[rows])] = flat
    look = np.repeat(columns.look, counts)
    return _meant(
        found,
        look,
        [look.materials for look in geometries.looks.all],
        np.repeat(np.arange(len(counts)), counts),
        where,
        skips,
    )


def _meant(
    numbers: NDArray[np.int64],
    look: NDArray[np.int64],
    tables: list[NDArray[np.int32]],
    geometry: NDArray[np.int64],
    where: Where,
    skips: Skips,
) -> NDArray[np.int32]:
    """What the numbers of materials mean; those that mean nothing are counted."""
    sizes = np.array([*(len(table) for table in tables), 0])
    base = np.cumsum(sizes) - sizes
    table = np.concatenate([*tables, [NOTHING]]).astype(np.int32)
    known = (numbers >= 0) & (numbers < sizes[look])
    for row, count in Counter(geometry[(numbers >= 0) & ~known].tolist()).items():
        skips.at(f"{where(row)}.material", "material", UNLISTED, count)
    return np.asarray(table[np.where(known, numbers + base[look], -1)])


def _steps(counts: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 to n - 1 for each count, end to end."""
    return np.arange(int(counts.sum())) - np.repeat(np.cumsum(counts) - counts, counts)
