"""Takes glTF 2.0 and GLB apart: its tree with types, and numbers out of its buffers, all of it checked."""

from __future__ import annotations

import base64
import binascii
import struct
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import strict_json
from twin.formats.mesh_gltf_tree import Sparse, Tree
from twin.formats.mesh_nearby import Nearby

MAGIC = b"glTF"
JSON_CHUNK, BINARY_CHUNK = 0x4E4F534A, 0x004E4942
COMPONENTS = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
MOST_ZEROS = 1 << 22
"""Numbers that an accessor without a buffer may stand for."""
MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
REMEDY = "Copy it again, or export it again."


class Fault(Exception):
    """Something in the file that cannot be used; the rest may be."""


_decoder = msgspec.json.Decoder(Tree)


class Gltf:
    """One glTF document and its buffers."""

    def __init__(self, path: Path, data: bytes, nearby: Nearby, *, base: Path | None = None) -> None:
        """data: a GLB, or the JSON text of a .gltf. Raises DataError, naming `path`."""
        self._nearby, self._base = nearby, base or path.parent.resolve()
        self._loaded: dict[int, bytes | Fault] = {}
        text, self._binary = _chunks(path, data) if data[:4] == MAGIC else (data, None)
        if not text.strip():
            raise DataError(path, "", "is empty", REMEDY)
        tree = strict_json.decode(text.removeprefix(strict_json.BOM), _decoder, path)
        if not tree.asset.version.startswith("2"):
            raise DataError(
                path,
                "asset.version",
                f"is {tree.asset.version!r}; only glTF 2 is read",
                "Convert it to glTF 2.",
            )
        self.tree = tree

    def view(self, index: int | None) -> tuple[memoryview, int | None]:
        """The bytes of a view, and its stride. Raises Fault."""
        view = item(self.tree.buffer_views, index, "bufferView")
        if any(name in view.extensions for name in MESHOPT):
            raise Fault("it is packed by meshopt, which is not unpacked")
        data = self._buffer(view.buffer)
        if view.byte_offset < 0 or view.byte_length < 0 or view.byte_offset + view.byte_length > len(data):
            raise Fault(f"bufferView {index} reaches beyond its buffer")
        return memoryview(data)[view.byte_offset : view.byte_offset + view.byte_length], view.byte_stride

    def numbers(self, index: int | None, width: int) -> NDArray[Any]:
        """The values of an accessor: (n, width), or (n,) for width 1; integers that stand for 0-1 as such.

        Raises Fault.
        """
        accessor = item(self.tree.accessors, index, "accessor")
        if WIDTHS.get(accessor.type) != width or accessor.component_type not in COMPONENTS:
            raise Fault(f"accessor {index} is of type {accessor.type}, {accessor.component_type}")
        count = accessor.count
        if count < 0 or accessor.byte_offset < 0:
            raise Fault(f"accessor {index} has {count} values")
        kind = np.dtype(COMPONENTS[accessor.component_type])
        if accessor.buffer_view is None:
            if count * width > MOST_ZEROS:
                raise Fault(f"accessor {index} has {count} values of nothing")
            values = np.zeros((count, width), kind)
        else:
            values = self._values(accessor.buffer_view, accessor.byte_offset, kind, count, width)
        if accessor.sparse is not None:
            values = self._sparse(accessor.sparse, values, kind, width)
        if accessor.normalized and kind.kind != "f":
            values = np.maximum(values.astype(np.float64) / np.iinfo(kind).max, -1.0)
        return values if width > 1 else values[:, 0]

    def _values(self, view: int, offset: int, kind: np.dtype[Any], count: int, width: int) -> NDArray[Any]:
        data, stride = self.view(view)
        row = kind.itemsize * width
        step = stride or row
        if step < row or (count and offset + (count - 1) * step + row > len(data)):
            raise Fault(f"its {count} values reach beyond bufferView {view}")
        if not count:
            return np.zeros((0, width), kind)
        found = np.ndarray((count, width), kind, data, offset, (step, kind.itemsize))
        return np.array(found)

    def _sparse(self, sparse: Sparse, values: NDArray[Any], kind: np.dtype[Any], width: int) -> NDArray[Any]:
        if sparse.indices.component_type not in (5121, 5123, 5125):
            raise Fault("its sparse indices are no whole numbers")
        whole = np.dtype(COMPONENTS[sparse.indices.component_type])
        places, news = sparse.indices, sparse.values
        if min(sparse.count, places.byte_offset, news.byte_offset) < 0:
            raise Fault("its sparse count is negative")
        rows = self._values(places.buffer_view, places.byte_offset, whole, sparse.count, 1)[:, 0]
        changed = self._values(news.buffer_view, news.byte_offset, kind, sparse.count, width)
        if len(rows) and int(rows.max()) >= len(values):
            raise Fault("a sparse index is not in it")
        values[rows] = changed
        return values

    def _buffer(self, index: int) -> bytes:
        if index not in self._loaded:
            try:
                self._loaded[index] = self._load(index)
            except Fault as fault:
                self._loaded[index] = fault
        found = self._loaded[index]
        if isinstance(found, Fault):
            raise found
        return found

    def _load(self, index: int) -> bytes:
        buffer = item(self.tree.buffers, index, "buffer")
        if buffer.uri is None:
            if self._binary is None or index:
                raise Fault(f"buffer {index} is nowhere")
            return self._binary
        return self.content(buffer.uri, f"buffer {index}")

    def content(self, uri: str, what: str) -> bytes:
        """The bytes of a `data:` address, or of a file beside. Raises Fault."""
        if uri.startswith("data:"):
            head, comma, body = uri.partition(",")
            if not comma or not head.endswith(";base64"):
                raise Fault(f"{what} is no base64")
            try:
                return base64.b64decode(body, validate=True)
            except (binascii.Error, ValueError) as error:
                raise Fault(f"{what} is broken base64") from error
        found = self._nearby.locate(uri, self._base)
        if isinstance(found, str):
            raise Fault(f"{what}: {found}")
        return found.read_bytes()

    def file(self, uri: str) -> Path | str:
        """The file beside of that address, or why it is not read."""
        return self._nearby.locate(uri, self._base)


def item(values: list[Any], index: int | None, what: str) -> Any:
    """The value of that index. Raises Fault when there is none."""
    if index is None or not 0 <= index < len(values):
        raise Fault(f"{what} {index} is not in the file")
    return values[index]


def _chunks(path: Path, data: bytes) -> tuple[bytes, bytes | None]:
    """The JSON and the binary chunk of a GLB."""
    if len(data) < 20:
        raise DataError(path, "", "ends within its header", REMEDY)
    version, length = struct.unpack_from("<II", data, 4)
    if version != 2:
        raise DataError(path, "", f"is glTF {version}; only glTF 2 is read", "Convert it to glTF 2.")
    if length > len(data):
        raise DataError(path, "", f"says it has {length:,} bytes, and has {len(data):,}", REMEDY)
    text: bytes | None = None
    binary: bytes | None = None
    at = 12
    while at + 8 <= length:
        size, kind = struct.unpack_from("<II", data, at)
        if at + 8 + size > length:
            raise DataError(path, f"byte {at}", f"a chunk of {size:,} bytes does not fit", REMEDY)
        chunk = data[at + 8 : at + 8 + size]
        if kind == JSON_CHUNK and text is None:
            text = chunk
        elif kind == BINARY_CHUNK and binary is None:
            binary = chunk
        at += 8 + size
    if text is None:
        raise DataError(path, "", "has no JSON chunk", REMEDY)
    return text, binary
