from datetime import UTC, date, datetime

import numpy as np
import pytest

from twin.analysis.design_day import design_day
from twin.analysis.heat_maps import HeatInput, HeatMaps
from twin.analysis.heat_moment import Climate
from twin.analysis.heat_point import PointHour, points_hours
from twin.analysis.heat_run import heat_run
from twin.analysis.land_cover import COVERS
from twin.analysis.mean_radiant import STANDING, Ground
from twin.analysis.radiation import KELVIN, STEFAN_BOLTZMANN
from twin.analysis.sky_patches import Surroundings
from twin.model.place import Place

HELSINKI = Place("EPSG:3879", (0.0, 0.0, 0.0), 24.94, 60.17, "Europe/Helsinki")
CLIMATE = Climate(design_day(HELSINKI, date(2026, 7, 15)), HELSINKI)
TIMES = [datetime(2026, 7, 15, hour, tzinfo=UTC).timestamp() for hour in (1, 6, 10, 12)]


@pytest.fixture(scope="module")
def square() -> HeatInput:
    heights = np.zeros((60, 60), dtype=np.float32)
    heights[:20] = 18
    heights[40:44, 30:40] = 12
    cover = np.full((60, 60), COVERS.index("asphalt"), dtype=np.uint8)
    nothing = np.full((60, 60), np.nan, dtype=np.float32)
    tops, trunks = nothing.copy(), nothing.copy()
    tops[28:32, 10:14], trunks[28:32, 10:14] = 9, 2
    return HeatInput(Surroundings(heights, 1.0, tops, trunks), Ground(cover, COVERS, heights < 2, 1.0))


@pytest.fixture(scope="module")
def maps(square: HeatInput) -> HeatMaps:
    *_, (_, found) = heat_run(square, CLIMATE, TIMES)
    return found


def hours_at(square: HeatInput, row: int, column: int) -> tuple[PointHour, ...]:
    return next(points_hours(square, CLIMATE, TIMES, [(row, column)]))


@pytest.mark.parametrize(("row", "column"), [(30, 45), (36, 35), (30, 12), (59, 59)])
def test_the_curve_at_a_point_is_that_of_the_maps(
    square: HeatInput, maps: HeatMaps, row: int, column: int
) -> None:
    found = hours_at(square, row, column)
    assert [hour.mean_radiant for hour in found] == pytest.approx(maps.mean_radiant[:, row, column], abs=1e-4)
    assert [hour.utci for hour in found] == pytest.approx(maps.utci[:, row, column], abs=1e-3)
    assert [hour.sunlit for hour in found] == maps.sunlit[:, row, column].tolist()


def test_the_parts_of_the_budget_make_up_what_is_felt(square: HeatInput) -> None:
    for hour in hours_at(square, 30, 45):
        felt = STANDING.longwave * STEFAN_BOLTZMANN * (hour.mean_radiant + KELVIN) ** 4
        assert hour.budget.total == pytest.approx(felt, rel=1e-4)
        assert (hour.budget.beam > 0) == (hour.sunlit > 0)
    night, *_, noon = hours_at(square, 30, 45)
    assert night.budget.beam == night.budget.sky_and_walls == night.budget.ground_light == 0
    assert noon.budget.beam > 100


def test_nobody_stands_in_a_house(square: HeatInput) -> None:
    with pytest.raises(ValueError, match="a building stands there"):
        hours_at(square, 5, 5)
