"""Reads many like lines of an OBJ at once; what is not plain it leaves to be read one by one."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

LONGEST = 17
"""Digits of a number that surely fits."""
SPACE, SLASH = 32, 47


@dataclass(frozen=True, eq=False, slots=True)
class Faces:
    """Numbers of corners as they are written, from 1 on or back from the last; 0: not given."""

    corners: NDArray[np.int64]
    """(c,)"""
    places: NDArray[np.int64]
    """(c,), in pictures."""
    lengths: NDArray[np.int64]
    """(f,)"""


def numbers(lines: list[bytes], key: bytes, most: int, wanted: int) -> NDArray[np.float64] | None:
    """The first numbers of lines `key a b c …`: (n, wanted); None: the lines are not plain.

    most: numbers that a line may have, all lines as many.
    """
    text = b"".join(lines)
    counts, longest = _tokens(text, len(lines))
    if counts is None or not wanted < counts[0] <= most + 1 or (counts != counts[0]).any() or longest > 40:
        return None
    found = _parsed(text.replace(key, b" "), np.dtype(np.float64), len(lines) * (int(counts[0]) - 1))
    return None if found is None else found.reshape(len(lines), -1)[:, :wanted]


def faces(lines: list[bytes]) -> Faces | None:
    """Lines `f 1 2 3`, `f 1/2 …`, `f 1//3 …` or `f 1/2/3 …`, all alike; None: they are not plain."""
    text = b"".join(lines).replace(b"//", b"/0/")
    counts, longest = _tokens(text, len(lines))
    if counts is None or (counts < 4).any():
        return None
    slashes = text.count(b"/")
    lengths = counts - 1
    total = int(lengths.sum())
    width, odd = divmod(slashes, total)
    if odd or width > 2 or longest > LONGEST * (width + 1) or (width and not _even(text, width)):
        return None
    found = _parsed(text.replace(b"f", b" ").replace(b"/", b" "), np.dtype(np.int64), total * (width + 1))
    if found is None:
        return None
    table = found.reshape(total, width + 1)
    places = table[:, 1] if width else np.zeros(total, dtype=np.int64)
    return Faces(table[:, 0], places, lengths)


def _tokens(text: bytes, lines: int) -> tuple[NDArray[np.int64] | None, int]:
    """How many words each line has, and how long the longest is. None: the text is not plain."""
    content = np.frombuffer(text, dtype=np.uint8)
    ends = np.flatnonzero(content == 10)
    if len(ends) != lines or not len(content) or content[-1] != 10:
        return None, 0
    ink = content > SPACE
    edges = np.flatnonzero(np.diff(ink, prepend=False))  # words begin and end in turns
    begins, stops = edges[::2], edges[1::2]
    counts = np.diff(np.searchsorted(begins, ends), prepend=0)
    return counts, int((stops - begins).max(initial=0))


def _even(text: bytes, width: int) -> bool:
    """Whether every word but the first of a line has so many slashes."""
    content = np.frombuffer(text, dtype=np.uint8)
    begins = np.flatnonzero(np.diff(content > SPACE, prepend=False))[::2]
    per_word = np.add.reduceat((content == SLASH).astype(np.int64), begins)
    keys = content[begins] == ord("f")
    return bool((per_word[~keys] == width).all() and (per_word[keys] == 0).all())


def _parsed(text: bytes, kind: np.dtype[Any], count: int) -> NDArray[Any] | None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            found = np.fromstring(text.decode("ascii"), dtype=kind, sep=" ")
        except (ValueError, DeprecationWarning):  # words that are no numbers
            return None
    return found if len(found) == count else None
