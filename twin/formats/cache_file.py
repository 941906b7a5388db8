"""Keeps named arrays in one file, from which they are mapped into memory."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = Mapping[str, NDArray[Any]]
MAGIC = b"twin arrays 1\n\0\0"
ALIGNED = 64
"""Where arrays may begin. [byte]"""


def packed(arrays: Arrays) -> bytes:
    """The file. Raises TypeError for arrays of objects."""
    entries, pieces, at = [], [], 0
    for name, array in arrays.items():
        if array.dtype.hasobject:
            raise TypeError(f"{name} holds objects")
        data = np.ascontiguousarray(array).tobytes()
        data += bytes(-len(data) % ALIGNED)
        entries.append([name, array.dtype.str, list(array.shape), at, _sum(np.frombuffer(data, np.uint8))])
        pieces.append(data)
        at += len(data)
    words = json.dumps([at, entries]).encode()
    words += b" " * (-(len(MAGIC) + 40 + len(words)) % ALIGNED)
    size = len(words).to_bytes(8, "little")
    return b"".join([MAGIC, hashlib.sha256(size + words).digest(), size, words, *pieces])


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
    """Of all bytes, eight at a time."""
    return int(np.add.reduce(data.view(np.uint64), dtype=np.uint64))
