"""Reads Wavefront OBJ with its materials, object by object."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import mesh_obj_bulk
from twin.formats.mesh_nearby import Nearby
from twin.formats.mesh_parts import Builder, Paint, Parts, Picture, Thing

LARGEST_LIBRARY = 4 << 20
"""Of materials. [byte]"""
CHUNK = 4 << 20
"""So much of the text is read at a time. [byte]"""
LONGEST = 1 << 20
"""Line; text has no such lines. [byte]"""
FEW = 8
"""Fewer like lines are read one by one."""
MOST_POINTS = 2**31
"""No file has more."""
SILENT = {b"vn", b"s", b"mg", b"o", b"g", b"usemtl", b"mtllib", b"vp"}
"""Statements that are used, or say nothing about faces."""


class _Reader:
    """What was read so far."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.builder = Builder("OBJ")
        self.nearby = Nearby(path, self.builder.skips)
        self.points: list[NDArray[np.float64]] = []
        self.places: list[NDArray[np.float64]] = []
        self.count = self.place_count = 0
        """Points and places in pictures so far."""
        self.corners: list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]] = []
        """Corners, their places, and how many of them each face has."""
        self.owners: list[tuple[int, int, int]] = []
        """Object and paint of so many faces."""
        self.pieces: list[bytes] = []
        self.begun = 0
        """The first words of a line that goes on, and its number."""
        self.rows: dict[tuple[str, str], int] = {}
        self.materials: dict[str, int] = {}
        self.object = self.group = ""
        self.thing = self.paint = -1

    def run(self, key: bytes, lines: list[bytes]) -> bool:
        """Takes up many lines of one kind at once; False: they have to be read one by one."""
        text = b"".join(lines)
        if self.pieces or b"#" in text or b"\\" in text or b"\0" in text:
            return False
        if key == b"v ":
            points = mesh_obj_bulk.numbers(lines, b"v", 7, 3)
            if points is not None:
                self.points.append(points)
                self.count += len(points)
            return points is not None
        if key == b"vt":
            places = mesh_obj_bulk.numbers(lines, b"vt", 3, 2)
            if places is not None:
                self.places.append(places)
                self.place_count += len(places)
            return places is not None
        if key != b"f ":
            return key == b"vn"
        faces = mesh_obj_bulk.faces(lines)
        if faces is not None:
            self.thing = self.row() if self.thing < 0 else self.thing
            corners = _from_zero(faces.corners, self.count)
            self.corners.append((corners, _from_zero(faces.places, self.place_count), faces.lengths))
            self.owners.append((self.thing, self.paint, len(faces.lengths)))
        return faces is not None

    def line(self, text: bytes, number: int) -> None:
        """Takes up one line, which may go on in the next."""
        if b"\0" in text:
            raise DataError(self.path, f"line {number}", "holds bytes that are no text", "Export it again.")
        content = text.split(b"#", 1)[0].split()
        self.begun = self.begun or number
        if content and content[-1].endswith(b"\\"):
            self.pieces += [*content[:-1], content[-1][:-1]]
            return
        words = [word for word in (*self.pieces, *content) if word]
        if words:
            self.statement(words, self.begun)
        self.begun, self.pieces = 0, []

    def last(self) -> None:
        """After the last line."""
        if self.pieces:
            self.statement([word for word in self.pieces if word], self.begun)

    def statement(self, words: list[bytes], line: int) -> None:
        """Takes up one line."""
        key = words[0]
        if key == b"v":
            self.points.append(np.array([_three(words)]))
            self.count += 1
        elif key == b"f":
            self.face(words[1:], line)
        elif key == b"vt":
            self.places.append(np.array([[*_numbers(words[1:3]), 0.0, 0.0][:2]]))
            self.place_count += 1
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
            corners.append(corner)
            place_of.append(place)
        far = any(abs(corner) > MOST_POINTS for corner in (*corners, *place_of))
        if len(corners) < 3 or far:
            why = "a corner is not in the file" if far else "it has less than 3 corners"
            self.builder.skips.at(f"line {line}", "face", why)
            return
        found = np.array([corners, place_of], dtype=np.int64)
        rows = _from_zero(found[0], self.count), _from_zero(found[1], self.place_count)
        self.corners.append((*rows, np.array([len(corners)])))
        self.owners.append((self.thing, self.paint, 1))

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
    done, number = 0, 0
    with path.open("rb") as file:
        for lines in _lines(file):
            done += sum(map(len, lines))
            if len(lines[-1]) > LONGEST:
                problem = f"is longer than {LONGEST >> 20} MB"
                raise DataError(path, f"line {number + len(lines)}", problem, "Export it again.")
            progress(0.9 * done / size)
            _chunk(reader, lines, number)
            number += len(lines)
    reader.last()
    _take_up(reader)
    return reader.builder.parts()


def _lines(file: BinaryIO) -> Iterator[list[bytes]]:
    """Some lines after the other; only the last of them may be longer than LONGEST, and cut."""
    while text := file.read(CHUNK):
        if not text.endswith(b"\n"):
            text += file.readline(LONGEST)
        yield io.BytesIO(text).readlines()


def _chunk(reader: _Reader, lines: list[bytes], before: int) -> None:
    """Takes up some lines, runs of like ones at once. before: lines that were read already."""
    begin = 0
    while begin < len(lines):
        key = lines[begin][:2]
        end = begin + 1
        while end < len(lines) and lines[end][:2] == key:
            end += 1
        if end - begin < FEW or not reader.run(key, lines[begin:end]):
            for number in range(begin, end):
                reader.line(lines[number], before + number + 1)
        begin = end


def _take_up(reader: _Reader) -> None:
    if not reader.corners:
        return
    corners, place_of, lengths = (np.concatenate(column) for column in zip(*reader.corners, strict=True))
    points = np.concatenate(reader.points) if reader.points else np.zeros((0, 3))
    coordinates = None
    if reader.places:
        places = np.concatenate(reader.places).astype(np.float32)
        there = (place_of >= 0) & (place_of < len(places))
        coordinates = np.full((len(place_of), 2), np.nan, np.float32)
        coordinates[there] = places[place_of[there]]
    things, paints, counts = np.array(reader.owners, dtype=np.int32).T
    reader.builder.faces(
        np.repeat(things, counts),
        points,
        corners,
        lengths,
        where=reader.path.name,
        paint=np.repeat(paints, counts),
        coordinates=coordinates,
    )


def _from_zero(numbers: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Rows of numbers that count from 1, or back from the last so far; -1 of those that mean nothing."""
    return np.where(numbers > 0, numbers - 1, np.where(numbers < 0, np.maximum(count + numbers, -1), -1))


def _three(words: list[bytes]) -> list[float]:
    numbers = _numbers(words[1:4])
    return numbers if len(numbers) == 3 else [float("nan")] * 3


def _numbers(words: list[bytes]) -> list[float]:
    try:
        return [float(word) for word in words]
    except ValueError:
        return [float("nan")] * len(words)
