"""Walks through local 3D tilesets, and chooses the tiles that show each thing once and finest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from msgspec import Struct, field
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import mesh_parts, strict_json
from twin.formats.mesh_nearby import Nearby
from twin.formats.mesh_parts import Arrays, Builder, Parts
from twin.formats.tiles3d_content import UPRIGHT, add_tile

LARGEST = 256 << 20
"""Of one tileset.json. [byte]"""
MOST_TILES = 200_000
EARTH = (6.3e6, 6.4e6)
"""How far from the middle of the Earth things stand. [m]"""
GEOCENTRIC, GEOGRAPHIC = "EPSG:4978", "EPSG:4979"
TURNS = {"Y": UPRIGHT, "Z": np.eye(4)}
"""By `gltfUpAxis`, which old tilesets may say."""
Matrix = NDArray[np.float64]


class Content(Struct, rename="camel"):
    """What a tile shows; `url` is the old word."""

    uri: str = ""
    url: str = ""


class Tile(Struct, rename="camel"):
    """A part of the world, and finer parts of it."""

    refine: str = ""
    transform: list[float] | None = None
    content: Content | None = None
    contents: list[Content] = field(default_factory=list)
    children: list[Tile] = field(default_factory=list)
    implicit_tiling: Any = None


class Asset(Struct, rename="camel"):
    """What the file says of itself."""

    version: str = ""
    gltf_up_axis: str = "Y"


class Tileset(Struct, rename="camel"):
    """One tileset.json."""

    asset: Asset
    root: Tile
    extensions_required: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """A tile that is to be read."""

    path: Path
    name: str
    matrix: Matrix
    turned: Matrix


_decoder = msgspec.json.Decoder(Tileset)


def read(
    path: Path, _options: dict[str, Any], progress: Callable[[float], None]
) -> tuple[Arrays, dict[str, Any]]:
    """The parts of a tileset, or of a single tile, packed. Raises DataError."""
    builder = Builder("3D Tiles")
    builder.unit, builder.up = 1.0, "z"
    if path.suffix.lower() == ".json":
        walk = _Walk(path, builder)
        walk.tileset(path, np.eye(4), "ADD", ())
        shown = walk.shown
        builder.format = f"3D Tiles {walk.version or '?'}"
        nearby = walk.nearby
    else:
        nearby = Nearby(path, builder.skips)
        shown = [Shown(path, path.name, np.eye(4), UPRIGHT)]
    for done, tile in enumerate(shown):
        progress(0.9 * done / len(shown))
        add_tile(builder, tile.path, nearby, tile.matrix, name=tile.name, turned=tile.turned)
    return mesh_parts.pack(_on_earth(builder))


class _Walk:
    """Collects the tiles to show."""

    def __init__(self, path: Path, builder: Builder) -> None:
        self.path, self.builder = path, builder
        self.nearby = Nearby(path, builder.skips)
        self.shown: list[Shown] = []
        self.version = ""
        self.tiles = 0

    def tileset(self, path: Path, matrix: Matrix, refine: str, within: tuple[Path, ...]) -> bool:
        """All tiles of a file; whether any of them has content. within: the tilesets around it."""
        tree = load(path)
        self.version = self.version or tree.asset.version
        turned = TURNS.get(tree.asset.gltf_up_axis.upper(), UPRIGHT)
        for name in tree.extensions_required:
            self.builder.notices.append(
                f"{path.name} needs the extension {name}, which is read as far as it goes."
            )
        return self.tile(tree.root, path, matrix, refine, turned, (*within, path.resolve()))

    def tile(
        self, tile: Tile, path: Path, above: Matrix, refine: str, turned: Matrix, within: tuple[Path, ...]
    ) -> bool:
        """One tile and those below it; whether there is any content."""
        self.tiles += 1
        if self.tiles > MOST_TILES:
            raise DataError(self.path, "", f"has more than {MOST_TILES:,} tiles", "Cut it to the area.")
        matrix = above
        if tile.transform is not None:
            if len(tile.transform) != 16:
                self.builder.skips.at(path.name, "tile", "its transform has not 16 numbers")
                return False
            matrix = above @ np.array(tile.transform).reshape(4, 4).T
        refine = tile.refine.upper() or refine
        if tile.implicit_tiling is not None:
            self.builder.skips.at(path.name, "implicit tiles", "only tiles that are written out are read")
            return False
        contents = [tile.content] if tile.content is not None else []
        own: list[Shown] = []
        below = False
        for content in (*contents, *tile.contents):
            uri = content.uri or content.url
            found = self.nearby.find(uri, f"{path.name}: {uri}"[:200], "tile", base=path.parent.resolve())
            if found is None:
                continue
            if found.suffix.lower() == ".json":
                below |= self.nested(found, matrix, refine, within)
            else:
                own.append(Shown(found, uri, matrix, turned))
        for child in tile.children:
            below |= self.tile(child, path, matrix, refine, turned, within)
        if below and refine == "REPLACE":
            for coarse in own:
                self.builder.skips.at(coarse.name, "coarse tile", "finer ones are shown")
        else:
            self.shown += own
        return below or bool(own)

    def nested(self, found: Path, matrix: Matrix, refine: str, within: tuple[Path, ...]) -> bool:
        """A tileset in a tile."""
        if found in within:
            self.builder.skips.at(found.name, "tileset", "it is within itself")
            return False
        try:
            return self.tileset(found, matrix, refine, within)
        except DataError as error:
            if error.path == self.path:
                raise
            self.builder.skips.at(f"{found.name}: {error.place}".strip(": "), "tileset", error.problem)
            return False


def load(path: Path) -> Tileset:
    """A tileset.json, checked. Raises DataError."""
    if path.stat().st_size > LARGEST:
        raise DataError(path, "", f"is larger than {LARGEST >> 20} MB", "Cut it into nested tilesets.")
    data = path.read_bytes().removeprefix(strict_json.BOM)
    if not data.strip():
        raise DataError(path, "", "is empty", "Copy it again.")
    return strict_json.decode(data, _decoder, path)


def _on_earth(builder: Builder) -> Parts:
    """The parts in longitude, latitude and height where they stand on the Earth."""
    from dataclasses import replace

    parts = builder.parts()
    if not len(parts.corners):
        return parts
    away = np.linalg.norm(np.median(parts.points[parts.corners], axis=0))
    if not EARTH[0] < away < EARTH[1]:
        return parts
    from pyproj import Transformer

    there = Transformer.from_crs(GEOCENTRIC, GEOGRAPHIC, always_xy=True)
    points = np.column_stack(there.transform(*parts.points.T))
    said = "geocentric tiles, turned to"
    return replace(parts, points=points, crs=GEOGRAPHIC, said=said)
