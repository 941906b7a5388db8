import math
from pathlib import Path

import numpy as np
import pytest

from twin.analysis.sun import Sun
from twin.analysis.walls import sunlit_height, walls

GOLDEN = Path(__file__).parents[2].parent / "shared" / "data" / "heat" / "golden_umep_reference.npz"
golden = pytest.mark.skipif(not GOLDEN.exists(), reason="the reference arrays of UMEP are not here")


def box() -> np.ndarray:
    heights = np.zeros((61, 61), dtype=np.float32)
    heights[20:41, 20:41] = 12
    return heights


def test_walls_stand_around_a_house_and_face_away_from_it() -> None:
    found = walls(box())
    assert found.height[19, 30] == found.height[30, 41] == 12
    assert (found.height > 0).sum() == 4 * 21
    for (row, column), facing in {(19, 30): 0, (30, 41): 90, (41, 30): 180, (30, 19): 270}.items():
        assert abs((found.aspect[row, column] - facing + 180) % 360 - 180) < 1
    assert np.isnan(found.aspect[0, 0])


def test_a_slanting_wall_faces_across_its_steps() -> None:
    y, x = np.mgrid[:81, :81]
    found = walls(np.where(x + y < 80, 10, 0).astype(np.float32))
    assert abs(found.aspect[40, 40] - 135) < 3


def test_a_free_wall_is_lit_where_it_faces_the_sun() -> None:
    found = walls(box())
    lit = sunlit_height(box(), found, Sun(30, 180), cell=1.0)
    assert lit[41, 30] == pytest.approx(12)
    assert lit[19, 30] == 0
    assert not sunlit_height(box(), found, Sun(-1, 180), cell=1.0).any()


def test_the_house_across_the_street_shades_as_high_as_its_shadow_reaches() -> None:
    heights = box()
    heights[50:56, 10:51] = 10
    lit = sunlit_height(heights, walls(heights), Sun(30, 180), cell=1.0)
    # nine cells on, the edge of the shadow has fallen by nine times the tangent
    assert lit[41, 30] == pytest.approx(12 - (10 - 9 * math.tan(math.radians(30))), abs=0.01)


def test_holes_and_flat_ground_have_no_walls() -> None:
    flat = np.zeros((9, 9), dtype=np.float32)
    flat[4, 4] = np.nan
    assert not walls(flat).height.any()


@golden
def test_wall_heights_are_those_of_the_reference_arrays_of_umep() -> None:
    with np.load(GOLDEN) as arrays:
        assert np.abs(walls(arrays["input_dsm"]).height - arrays["input_wall_ht"]).max() < 1e-3


@golden
@pytest.mark.parametrize(
    ("name", "azimuth", "altitude"), [("morning", 90, 30), ("noon", 180, 60), ("afternoon", 270, 45)]
)
def test_sun_on_walls_agrees_with_the_reference_arrays_of_umep(
    name: str, azimuth: float, altitude: float
) -> None:
    with np.load(GOLDEN) as arrays:
        dsm, theirs = arrays["input_dsm"], arrays[f"shadow_{name}_wall_sun"]
    found = walls(dsm)
    lit = sunlit_height(dsm, found, Sun(altitude, azimuth), cell=1.0)
    there = found.height > 0
    # the rest faces nearly along the sun, where a few degrees of aspect decide
    assert (np.abs(lit - theirs)[there] < 0.5).mean() > 0.87
    assert lit[there].mean() == pytest.approx(theirs[there].mean(), rel=0.03)
