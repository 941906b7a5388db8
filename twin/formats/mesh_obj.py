"""Reads Wavefront OBJ with its materials, object by object."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from twin.errors import DataError
from twin.formats.mesh_nearby import Nearby
from twin.formats.mesh_parts import Builder, Paint, Parts, Picture, Thing

LARGEST_LIBRARY = 4 << 20
"""Of materials. [byte]"""
STEP = 1 << 16
"""Lines between two signs of life."""
SILENT = {b"vn", b"s", b"mg", b"o", b"g", b"usemtl", b"mtllib", b"vp"}
"""Statements that are used, or say nothing about faces."""


class _Reader:
    """What was read so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.builder = Builder("OBJ")
        self.nearby = Nearby(path, self.builder.skips)
        self.points: list[float] = []
        self.places: list[float] = []
        self.corners: list[int] = []
        self.place_of: list[int] = []
        self.lengths: list[int] = []
        self.things: list[int] = []
        self.paints: list[int] = []
        self.rows: dict[tuple[str, str], int] = {}
        self.materials: dict[str, int] = {}
        self.object = self.group = ""
        self.thing = self.paint = -1

    def statement(self, words: list[bytes], line: int) -> None:
        """Takes up one line."""
        key = words[0]
        if key == b"v":
            self.points += _three(words)
        elif key == b"f":
            self.face(words[1:], line)
        elif key == b"vt":
            self.places += [*_numbers(words[1:3]), 0.0][:2]
        elif key in (b"o", b"g"):
            name = b" ".join(words[1:]).decode("utf-8", errors="replace")
            self.object, self.group = (name, "") if key == b"o" else (self.object, name)
            self.thing = -1
        elif key == b"usemtl":
            name = b" ".join(words[1:]).decode("utf-8", errors="replace")
            self.paint = self.materials.get(name, -1)
            if self.paint < 0:
                self.builder.skips.at(f"line {line}", f"material {name!r}", "no material file describes it")
        elif key == b"mtllib":
            self.library(b" ".join(words[1:]).decode("utf-8", errors="replace"), line)
        elif key not in SILENT:
            what = (
                "point or line" if key in (b"p", b"l") else f"statement {key.decode(errors='replace')[:20]!r}"
            )
            self.builder.skips.at(f"line {line}", what, "only faces are read")

    def face(self, words: list[bytes], line: int) -> None:
        """Corners count from 1, or back from the last where they are negative."""
        if self.thing < 0:
            self.thing = self.row()
        count, places = len(self.points) // 3, len(self.places) // 2
        corners, place_of = [], []
        for word in words:
            first, _, rest = word.partition(b"/")
            second = rest.partition(b"/")[0]
            try:
                corner = int(first)
                place = int(second) if second else 0
            except ValueError:
                self.builder.skips.at(f"line {line}", "face", "a corner is no number")
                return
            corners.append(corner - 1 if corner > 0 else count + corner if corner else -1)
            place_of.append(place - 1 if place > 0 else places + place if place else -1)
        if len(corners) < 3 or min(corners) < 0 or max(corners) > 2**31:
            why = "it has less than 3 corners" if len(corners) < 3 else "a corner is not in the file"
            self.builder.skips.at(f"line {line}", "face", why)
            return
        self.corners += corners
        self.place_of += place_of
        self.lengths.append(len(corners))
        self.things.append(self.thing)
        self.paints.append(self.paint)

    def row(self) -> int:
        """The object that faces belong to from here on."""
        key = (self.object, self.group)
        if key not in self.rows:
            attributes = {"object": self.object} if self.object and self.group else {}
            name = self.group or self.object or self.path.stem
            self.rows[key] = self.builder.thing(Thing(name, attributes=attributes))
        return self.rows[key]

    def library(self, names: str, line: int) -> None:
        """Materials of one file, or of several with spaces between their names."""
        found = self.nearby.find(names, f"line {line}", "material file")
        if found is None:
            return
        if found.stat().st_size > LARGEST_LIBRARY:
            self.builder.skips.at(f"line {line}", "material file", "it is too large")
            return
        name = ""
        for text in found.read_text(encoding="utf-8", errors="replace").splitlines():
            words = text.split()
            if words[:1] == ["newmtl"] and len(words) > 1:
                name = " ".join(words[1:])
                self.materials[name] = len(self.builder.paints)
                self.builder.paints.append(Paint(name))
            elif words and name:
                self.material(self.materials[name], words, f"{found.name}: {name}")

    def material(self, row: int, words: list[str], where: str) -> None:
        """One line of a material."""
        from dataclasses import replace

        paint = self.builder.paints[row]
        try:
            if words[0] == "Kd" and len(words) >= 4:
                red, green, blue = (min(max(float(word), 0.0), 1.0) for word in words[1:4])
                paint = replace(paint, diffuse=(red, green, blue))
            elif words[0] in ("d", "Tr") and len(words) >= 2:
                value = min(max(float(words[-1]), 0.0), 1.0)
                paint = replace(paint, transparency=1.0 - value if words[0] == "d" else value)
            elif words[0] == "map_Kd" and len(words) >= 2:
                # options stand before the name, which is the rest of the line where there are none
                name = words[-1] if words[1].startswith("-") else " ".join(words[1:])
                found = self.nearby.find(name, where, "texture")
                if found is not None:
                    self.builder.pictures.append(Picture(str(found)))
                    paint = replace(paint, picture=len(self.builder.pictures) - 1)
        except ValueError:
            self.builder.skips.at(where, f"material property {words[0]}", "it is no number")
        self.builder.paints[row] = paint


def read(path: Path, progress: Callable[[float], None]) -> Parts:
    """The objects and groups of the file. Raises DataError."""
    reader = _Reader(path)
    size = max(path.stat().st_size, 1)
    if path.stat().st_size == 0:
        raise DataError(path, "", "is empty", "Copy or download it again.")
    done = 0
    with path.open("rb") as file:
        begun, pieces = 1, []
        for number, text in enumerate(file, 1):
            done += len(text)
            if b"\0" in text:
                raise DataError(path, f"line {number}", "holds bytes that are no text", "Export it again.")
            content = text.split(b"#", 1)[0].split() if b"#" in text else text.split()
            if number % STEP == 0:
                progress(0.9 * done / size)
            if content and content[-1].endswith(b"\\"):  # goes on in the next line
                pieces += [*content[:-1], content[-1][:-1]]
                continue
            words = [word for word in (*pieces, *content) if word] if pieces else content
            if words:
                reader.statement(words, begun)
            begun, pieces = number + 1, []
    _take_up(reader)
    return reader.builder.parts()


def _take_up(reader: _Reader) -> None:
    if not reader.lengths:
        return
    coordinates = None
    if reader.places:
        place = np.array(reader.place_of, dtype=np.int64)
        places = np.array(reader.places, dtype=np.float32).reshape(-1, 2)
        there = (place >= 0) & (place < len(places))
        coordinates = np.full((len(place), 2), np.nan, np.float32)
        coordinates[there] = places[place[there]]
    reader.builder.faces(
        np.array(reader.things, dtype=np.int32),
        np.array(reader.points).reshape(-1, 3),
        np.array(reader.corners, dtype=np.int64),
        np.array(reader.lengths, dtype=np.int64),
        where=reader.path.name,
        paint=np.array(reader.paints, dtype=np.int32),
        coordinates=coordinates,
    )


def _three(words: list[bytes]) -> list[float]:
    numbers = _numbers(words[1:4])
    return numbers if len(numbers) == 3 else [float("nan")] * 3


def _numbers(words: list[bytes]) -> list[float]:
    try:
        return [float(word) for word in words]
    except ValueError:
        return [float("nan")] * len(words)
