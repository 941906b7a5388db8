"""The sky seen agrees with streets and yards whose sky is known by formula."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.analysis.sky_view import sky_view
from twin.errors import Cancelled
from twin.model.raster import Raster


def raster(values: np.ndarray, cell: float = 1.0) -> Raster:
    return Raster(values.astype(np.float32), 0.0, len(values) * cell, cell)


def test_open_ground_sees_all_of_the_sky() -> None:
    assert (sky_view(raster(np.full((9, 12), 7.0))).values == 1).all()


@pytest.mark.parametrize(("ratio", "directions"), [(0.5, 16), (1.0, 16), (2.0, 32)])
@pytest.mark.parametrize("along", [0, 1])
def test_the_middle_of_a_street_sees_the_cosine_of_its_walls(
    ratio: float, directions: int, along: int
) -> None:
    # Johnson & Watson (1984): cos(atan(2 H / W)), 0.447 for a street as high as wide
    width = 41
    values = np.full((801, 61), ratio * width)
    values[:, 30 - width // 2 : 31 + width // 2] = 0
    street = raster(values.T if along else values)
    found = sky_view(street, directions=directions, reach=400).values
    assert found[found.shape[0] // 2, found.shape[1] // 2] == pytest.approx(
        np.cos(np.arctan(2 * ratio)), rel=0.03
    )


@pytest.mark.parametrize("depth", [5, 20, 60])
def test_the_middle_of_a_round_yard_sees_the_cosine_squared(depth: float) -> None:
    y, x = np.mgrid[-60:61, -60:61]
    values = np.where(np.hypot(x, y) < 40, 0.0, depth)
    found = sky_view(raster(values), directions=32).values[60, 60]
    assert found == pytest.approx(1 / (1 + (depth / 40) ** 2), rel=0.03)


def test_the_foot_of_a_long_wall_sees_half_the_sky() -> None:
    values = np.zeros((401, 401))
    values[:200] = 300
    assert sky_view(raster(values), reach=250).values[200, 200] == pytest.approx(0.5, abs=0.01)


def test_cells_and_metres_are_told_apart() -> None:
    values = np.zeros((60, 60))
    values[20:30, 20:30] = 12
    coarse = sky_view(raster(values * 2, 2.0), reach=100)
    assert coarse.values == pytest.approx(sky_view(raster(values), reach=50).values, abs=1e-6)


@given(seed=st.integers(0, 2**32 - 1), row=st.integers(0, 19), column=st.integers(0, 24))
@settings(max_examples=40, deadline=None)
def test_a_higher_building_never_opens_the_sky_of_another_cell(seed: int, row: int, column: int) -> None:
    city = np.random.default_rng(seed).choice([0, 0, 0, 4, 9, 25], size=(20, 25)).astype(np.float64)
    before = sky_view(raster(city)).values
    city[row, column] += 8
    after = sky_view(raster(city)).values
    after[row, column] = 0
    assert (after <= before + 1e-6).all()
    assert before.min() > 0
    assert before.max() <= 1


def test_cells_without_a_value_stay_without_one() -> None:
    values = np.zeros((20, 20))
    values[5, 5] = np.nan
    assert np.argwhere(np.isnan(sky_view(raster(values)).values)).tolist() == [[5, 5]]


def test_directions_come_in_pairs() -> None:
    with pytest.raises(ValueError, match="pairs"):
        sky_view(raster(np.zeros((5, 5))), directions=7)


def test_it_can_be_cancelled() -> None:
    def progress(_fraction: float) -> None:
        raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        sky_view(raster(np.zeros((50, 50))), progress=progress)
