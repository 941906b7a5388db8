"""Keeps named arrays in one file, from which they are mapped into memory."""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
MAGIC = b"twin arrays 1\n\0\0"
ALIGNED = 64
"""Where arrays may begin. [byte]"""
PART = 1 << 24
"""Written at a time. [byte]"""


def packed(arrays: Arrays) -> bytes:
    """The file. Raises TypeError for arrays of objects."""
    return b"".join(parts(arrays))


def parts(arrays: Arrays) -> Iterator[bytes | memoryview]:
    """The file in parts of at most `PART`, so that it is not in memory as a whole. Raises as `packed`."""
    entries, data, at = [], [], 0
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise TypeError(f"{name} holds objects")
        flat = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        entries.append([name, array.dtype.str, list(array.shape), at, _sum(flat)])
        data.append(flat)
        at += len(flat) + -len(flat) % ALIGNED
    words = json.dumps([at, entries]).encode()
    words += b" " * (-(len(MAGIC) + 40 + len(words)) % ALIGNED)
    size = len(words).to_bytes(8, "little")
    yield b"".join([MAGIC, hashlib.sha256(size + words).digest(), size, words])
    for flat in data:
        for begin in range(0, len(flat), PART):
            yield flat[begin : begin + PART].data
        yield bytes(-len(flat) % ALIGNED)


def mapped(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays in a file, as a copy that is only made where it is written to.

    Every byte is checked against its sum. Raises ValueError, OSError for anything else than such a file.
    """
    whole = np.memmap(path, dtype=np.uint8, mode="c") if path.stat().st_size else np.zeros(0, np.uint8)
    data = whole.view(np.ndarray)
    begin = len(MAGIC) + 40
    if len(data) < begin or data[: len(MAGIC)].tobytes() != MAGIC:
        raise ValueError("it is another kind of file")
    size = int.from_bytes(data[begin - 8 : begin].tobytes(), "little")
    words = data[begin - 8 : begin + size].tobytes()
    if len(words) != size + 8 or hashlib.sha256(words).digest() != data[len(MAGIC) : begin - 8].tobytes():
        raise ValueError("its header is broken")
    length, entries = json.loads(words[8:])
    data = data[begin + size :]
    if len(data) != length:
        raise ValueError("it is cut")
    found = {}
    for name, kind, shape, at, total in entries:
        dtype = np.dtype(kind)
        count = int(np.prod(shape, dtype=np.int64)) * dtype.itemsize
        if _sum(data[at : at + count + -count % ALIGNED]) != total:
            raise ValueError(f"{name} is broken")
        found[name] = data[at : at + count].view(dtype).reshape(shape)
    return found


def _sum(data: NDArray[np.uint8]) -> int:
    """Of all bytes, eight at a time; as if zeros followed."""
    whole = len(data) // 8 * 8
    rest = int.from_bytes(data[whole:].tobytes(), sys.byteorder)
    return (int(np.add.reduce(data[:whole].view(np.uint64), dtype=np.uint64)) + rest) % 2**64
