"""Values are carried over from the nearest known cell."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from twin.analysis.spread import nearest, taken
from twin.model.raster import Raster


@given(arrays(bool, (6, 9)))
def test_known_cells_keep_their_own_value(known: np.ndarray) -> None:
    assert (nearest(known)[known.ravel()] == np.flatnonzero(known)).all()


@given(arrays(bool, (6, 9), elements=st.booleans()))
def test_every_cell_takes_the_value_of_a_known_one_at_the_least_distance(known: np.ndarray) -> None:
    if not known.any():
        assert (nearest(known) == np.arange(known.size)).all()
        return
    rows, columns = np.unravel_index(nearest(known), known.shape)
    assert known[rows, columns].all()
    r, c = np.indices(known.shape).reshape(2, -1)
    there = np.argwhere(known)
    least = np.hypot(r[:, None] - there[:, 0], c[:, None] - there[:, 1]).min(axis=1)
    assert np.allclose(np.hypot(r - rows, c - columns), least)


def test_a_raster_keeps_its_place() -> None:
    raster = Raster(np.array([[1.0, 2.0], [3.0, 4.0]], dtype=np.float32), 10.0, 20.0, 2.0, id="lit")
    spread = taken(raster, nearest(np.array([[True, False], [True, False]])))
    assert spread.values.tolist() == [[1.0, 1.0], [3.0, 3.0]]
    assert spread.bounds == raster.bounds
    assert spread.id == "lit"
