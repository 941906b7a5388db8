"""Carries values over from the nearest cells where they are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from twin.model.raster import Raster


def nearest(known: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For every cell the nearest known one, itself where it is known: indices into the flattened grid.

    known: (rows, columns). Where nothing is known every cell is its own nearest.
    """
    from scipy.ndimage import distance_transform_edt

    own = np.arange(known.size, dtype=np.intp)
    if not known.any():
        return own
    row, column = distance_transform_edt(~known, return_distances=False, return_indices=True)
    return np.asarray(row.ravel().astype(np.intp) * known.shape[1] + column.ravel())


def taken(raster: Raster, cells: NDArray[np.intp]) -> Raster:
    """The raster with each cell's value taken from the cell that `cells` names for it."""
    return replace(raster, values=raster.values.ravel()[cells].reshape(raster.values.shape))
