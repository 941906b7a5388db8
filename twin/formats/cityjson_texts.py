"""Keeps many pieces of JSON text end to end, so that they can be worked on at once."""

from __future__ import annotations

from array import array
from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

NULL = np.frombuffer(b"null", dtype=np.uint8)


class Texts:
    """Pieces of text in order."""

    def __init__(self, *, large: bool) -> None:
        self.large = large
        """Whether machine code is worth it."""
        self._text = bytearray()
        self._ends = array("q", [0])

    def add(self, text: bytes | msgspec.Raw) -> None:
        """Append a piece."""
        self._text += bytes(text)  # quicker than a view of it
        self._ends.append(len(self._text))

    def take(self, text: NDArray[np.uint8], begins: NDArray[np.int64], ends: NDArray[np.int64]) -> None:
        """Append many pieces of a text, `null` for empty ones."""
        from twin.formats import cityjson_scan

        found, upto = cityjson_scan.gathered(
            text, np.ascontiguousarray(begins), np.ascontiguousarray(ends), NULL[:0], NULL
        )
        self._ends.frombytes((upto + len(self._text)).tobytes())
        self._text += found.tobytes()

    def only(self, rows: NDArray[np.int64]) -> Texts:
        """The chosen ones."""
        found = Texts(large=self.large)
        for row in rows.tolist():
            found.add(self[row])
        return found

    def joined(self) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
        """All of them end to end, and where each one ends."""
        text = np.frombuffer(self._text, dtype=np.uint8)
        text.flags.writeable = False  # machine code is made for one kind of text
        return text, np.frombuffer(self._ends, dtype=np.int64)[1:]

    def clear(self) -> None:
        """Let go of all text."""
        self._text, self._ends = bytearray(), array("q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, row: int) -> bytes:
        return bytes(self._text[self._ends[row] : self._ends[row + 1]])

    def __iter__(self) -> Iterator[bytes]:
        return (self[row] for row in range(len(self)))
