"""Keeps many pieces of JSON text, so that they can be worked on at once."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

LARGE = 12 * 2**20
"""Files from this size on are read by machine code; smaller ones are read before it is loaded. [byte]"""


class Texts:
    """Pieces of text in order."""

    def __init__(self, *, large: bool) -> None:
        self.large = large
        """Whether machine code is worth it."""
        self._pieces: list[bytes] = []
        self._text = b""
        self._ends = np.zeros(0, dtype=np.int64)

    def add(self, text: bytes | msgspec.Raw) -> None:
        """Append a piece, as long as nobody has asked for all of them."""
        self._pieces.append(bytes(text))

    def joined(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """All of them end to end, and where each one ends."""
        if self._pieces:
            self._text = b"".join(self._pieces)
            lengths = np.fromiter(map(len, self._pieces), dtype=np.int64, count=len(self._pieces))
            self._ends = np.cumsum(lengths)
            self._pieces = []
        return np.frombuffer(self._text, dtype=np.uint8), self._ends

    def __len__(self) -> int:
        return len(self._pieces) or len(self._ends)

    def __getitem__(self, row: int) -> bytes:
        if self._pieces:
            return self._pieces[row]
        return self._text[int(self._ends[row - 1]) if row else 0 : int(self._ends[row])]

    def __iter__(self) -> Iterator[bytes]:
        return (self[row] for row in range(len(self)))
