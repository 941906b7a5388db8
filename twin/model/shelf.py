"""Keeps results that took long from one start of the program to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Grids = Mapping[str, NDArray[np.float32]]


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where grids are put by a key that says all they were worked out of."""

    load: Callable[[str], Grids | None]
    """None where there is nothing, or something damaged."""
    save: Callable[[str, Grids, Mapping[str, Any]], None]
    """Also keeps what they were worked out of, for people to read."""
