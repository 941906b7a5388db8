"""Knows the box around points."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def box(points: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The lower and the upper corner of the box around points (n, k): (k,) each. n must not be 0."""
    columns = points.T  # one at a time, because NumPy is slow at rows of two or three
    return np.array([column.min() for column in columns]), np.array([column.max() for column in columns])
