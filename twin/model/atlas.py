"""Many small pictures on a few large ones, as a graphics card wants them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REPEATED, MIRRORED, CLAMPED = 0, 1, 2
"""How a picture goes on beyond its edges."""


@dataclass(frozen=True, eq=False, slots=True)
class Atlas:
    """Pictures that were read, and where each of them is."""

    pages: tuple[NDArray[np.uint8], ...]
    """(rows, columns, 4) each, first row on top."""
    page: NDArray[np.int32]
    """(n,), the page of each picture, or -1: it could not be read."""
    place: NDArray[np.float32]
    """(n, 4), left, lower edge, width and height of each picture on its page, 0-1 rightwards and up."""
    wrap: NDArray[np.uint8]
    """(n,), REPEATED, MIRRORED or CLAMPED."""
    problems: tuple[str, ...] = ()
    """What could not be read or is shown smaller, one sentence each."""
