"""Reads the tiles of a 3D tileset: batched models (b3dm), composites, and plain glTF."""

from __future__ import annotations

import itertools
import json
import struct
import zlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats.mesh_gltf import Walk
from twin.formats.mesh_gltf_file import MAGIC, WIDTHS, Fault, Gltf
from twin.formats.mesh_gltf_tables import MOST_FEATURES, Column, Table
from twin.formats.mesh_nearby import Nearby
from twin.formats.mesh_parts import Builder

COMPONENTS = {
    **{"BYTE": "<i1", "UNSIGNED_BYTE": "<u1", "SHORT": "<i2", "UNSIGNED_SHORT": "<u2"},
    **{"INT": "<i4", "UNSIGNED_INT": "<u4", "FLOAT": "<f4", "DOUBLE": "<f8"},
}
UPRIGHT = np.array([[1.0, 0, 0, 0], [0, 0, -1, 0], [0, 1, 0, 0], [0, 0, 0, 1]])
"""glTF has y up, tiles z."""
UNREAD = {b"i3dm": "it places copies of a model", b"pnts": "it holds points", b"vctr": "it holds vectors"}
"""Kinds of tiles that are counted."""
LARGEST = 1 << 30
"""A tile is for looking at a part; such a one is something else. [byte]"""
UNPACKED = 256 << 20
"""What a packed tile may unpack to. [byte]"""
DEEPEST = 8
"""Composites within composites."""
Matrix = NDArray[np.float64]


def add_tile(
    builder: Builder, path: Path, nearby: Nearby, matrix: Matrix, *, name: str, turned: Matrix = UPRIGHT
) -> None:
    """Brings the content of one tile into the builder; what cannot be read is counted.

    matrix: of the tile. name: of the tile, for the report. turned: from the axes of glTF to those of tiles.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise Fault(f"it is larger than {LARGEST >> 20} MB")
        data = _unpacked(path.read_bytes())
        _add(builder, path, nearby, matrix, data, name, turned, 0)
    except Fault as fault:
        builder.skips.at(name, "tile", str(fault))
    except DataError as error:
        builder.skips.at(" ".join((name, error.place)).strip(), "tile", error.problem)
    except OSError as error:
        builder.skips.at(name, "tile", f"it cannot be read: {error.strerror or error}")


def _add(
    builder: Builder,
    path: Path,
    nearby: Nearby,
    matrix: Matrix,
    data: bytes,
    name: str,
    turned: Matrix,
    level: int,
) -> None:
    magic = data[:4]
    if magic == b"b3dm":
        _batched(builder, path, nearby, matrix, data, name, turned)
    elif magic == b"cmpt" and level < DEEPEST:
        for number, inner in enumerate(_inner(data)):
            place = f"{name} ({number + 1})"
            try:
                _add(builder, path, nearby, matrix, inner, place, turned, level + 1)
            except Fault as fault:
                builder.skips.at(place, "tile", str(fault))
    elif magic == MAGIC or data.lstrip()[:1] == b"{":
        _model(builder, path, nearby, matrix, data, name, turned, None)
    elif magic in UNREAD:
        builder.skips.at(name, f"tile {magic.decode()}", UNREAD[magic])
    else:
        raise Fault("it is empty" if not data else f"its kind {magic!r} is not known")


def _model(
    builder: Builder,
    path: Path,
    nearby: Nearby,
    matrix: Matrix,
    data: bytes,
    name: str,
    turned: Matrix,
    batches: Table | None,
) -> None:
    gltf = Gltf(path, data, nearby, base=path.parent)
    centre = (gltf.tree.extensions.get("CESIUM_RTC") or {}).get("center")
    Walk(gltf, builder, batches=batches, name=name).add(matrix @ _moved(centre) @ turned)


def _batched(
    builder: Builder, path: Path, nearby: Nearby, matrix: Matrix, data: bytes, name: str, turned: Matrix
) -> None:
    if len(data) < 28:
        raise Fault("it ends within its header")
    version, length, *sizes = struct.unpack_from("<6I", data, 4)
    if version != 1:
        raise Fault(f"its version {version} is not known")
    if length > len(data) or 28 + sum(sizes) > length:
        raise Fault(f"it says it has {max(length, 28 + sum(sizes)):,} bytes, and has {len(data):,}")
    ends = np.cumsum([28, *sizes]).tolist()
    feature_text, feature_bytes, batch_text, batch_bytes = (
        data[begin:end] for begin, end in itertools.pairwise(ends)
    )
    features = _tree(feature_text, "feature table")
    count = features.get("BATCH_LENGTH", 0)
    if not isinstance(count, int) or not 0 <= count <= MOST_FEATURES:
        raise Fault(f"its BATCH_LENGTH is {count!r}")
    batches = _table(builder, _tree(batch_text, "batch table"), batch_bytes, count, name) if count else None
    centre = features.get("RTC_CENTER")
    if isinstance(centre, dict):
        centre = _column(centre | {"componentType": "FLOAT", "type": "SCALAR"}, feature_bytes, 3)
    _model(builder, path, nearby, matrix @ _moved(centre), data[ends[-1] : length], name, turned, batches)


def _inner(data: bytes) -> list[bytes]:
    if len(data) < 16:
        raise Fault("it ends within its header")
    found, at = [], 16
    for _ in range(struct.unpack_from("<I", data, 12)[0]):
        if at + 12 > len(data):
            raise Fault("it has fewer tiles than it says")
        size = struct.unpack_from("<I", data, at + 8)[0]
        if size < 12 or at + size > len(data):
            raise Fault("a tile in it does not fit")
        found.append(data[at : at + size])
        at += size
    return found


def _table(builder: Builder, tree: dict[str, Any], data: bytes, count: int, name: str) -> Table:
    columns: dict[str, Column] = {}
    for key, values in tree.items():
        if key in ("extensions", "extras", "HIERARCHY"):
            builder.skips.at(name, f"{key} of a batch table", "only plain columns are read")
            continue
        try:
            columns[key] = _values(values, data, count)
        except Fault as fault:
            builder.skips.at(f"{name}: {key}", "attribute", str(fault), count)
    return Table(count, columns)


def _values(values: Any, data: bytes, count: int) -> Column:
    if isinstance(values, dict):
        return _column(values, data, count)
    if not isinstance(values, list):
        raise Fault("its values are no list")
    return [_plain(value) for value in values[:count]]


def _plain(value: Any) -> str | float | int | bool | None:
    if isinstance(value, list | dict):
        return json.dumps(value)
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**63:
        return str(value)
    return value if isinstance(value, str | int | float) else None


def _column(place: dict[str, Any], data: bytes, count: int) -> Column:
    kind, width = COMPONENTS.get(str(place.get("componentType"))), WIDTHS.get(str(place.get("type")))
    begin = place.get("byteOffset")
    if kind is None or width is None or not isinstance(begin, int) or begin < 0:
        raise Fault("it does not say rightly where its values are")
    if begin + np.dtype(kind).itemsize * width * count > len(data):
        raise Fault("its values are cut off")
    found = np.frombuffer(data, kind, count * width, begin).astype(object).reshape(count, width)
    if width == 1:
        return [None if value != value else value for value in found[:, 0].tolist()]
    return ["; ".join(str(value) for value in row) for row in found.tolist()]


def _tree(text: bytes, what: str) -> dict[str, Any]:
    try:
        found = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError) as error:
        raise Fault(f"its {what} is not JSON") from error
    if not isinstance(found, dict):
        raise Fault(f"its {what} is no object")
    return found


def _moved(centre: Any) -> Matrix:
    found = np.eye(4)
    if centre is not None:
        try:
            found[:3, 3] = np.array(centre, dtype=np.float64).reshape(3)
        except (ValueError, TypeError) as error:
            raise Fault("its centre is no point") from error
    return found


def _unpacked(data: bytes) -> bytes:
    """The bytes of a tile that servers would pack on their way. Raises Fault for bombs."""
    if data[:2] != b"\x1f\x8b":
        return data
    stream = zlib.decompressobj(wbits=31)
    try:
        found = stream.decompress(data, UNPACKED)
    except zlib.error as error:
        raise Fault(f"its gzip data is broken: {error}") from error
    if stream.unconsumed_tail or not stream.eof:
        raise Fault("its gzip data is cut off, or unpacks to too much")
    return found
