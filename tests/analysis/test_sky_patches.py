import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.analysis.sky_patches import (
    Sky,
    SkyViewFactors,
    Surroundings,
    Window,
    azimuths,
    look_around,
    prepared,
    sky_view_factors,
)
from twin.analysis.sun import Sun
from twin.analysis.sunlit import sunlit
from twin.errors import Cancelled

GOLDEN = Path(__file__).parents[2].parent / "shared" / "data" / "heat" / "golden_umep_reference.npz"
golden = pytest.mark.skipif(not GOLDEN.exists(), reason="the reference arrays of UMEP are not here")
seeds = st.integers(0, 2**16)


def surroundings(heights: np.ndarray, cell: float = 1.0, crowns: np.ndarray | None = None) -> Surroundings:
    surface = heights.astype(np.float32)
    if crowns is None:
        return Surroundings(surface, cell)
    nothing = np.float32(np.nan)
    tops = np.where(crowns > 0, surface + crowns, nothing).astype(np.float32)
    return Surroundings(surface, cell, tops, np.where(crowns > 0, surface + crowns / 4, nothing))


def town(seed: int, side: int = 24) -> np.ndarray:
    return np.random.default_rng(seed).choice([0, 0, 0, 6, 15, 30], size=(side, side)).astype(np.float32)


def factors(heights: np.ndarray, cell: float = 1.0, crowns: np.ndarray | None = None):
    return sky_view_factors(look_around(surroundings(heights, cell, crowns)))


def sky_at(heights: np.ndarray, row: int, column: int, cell: float = 1.0) -> Sky:
    """Of one cell alone, in all that stands around."""
    return look_around(surroundings(heights, cell), window=Window(row, column, 1, 1))


def factors_at(heights: np.ndarray, row: int, column: int, cell: float = 1.0) -> SkyViewFactors:
    return sky_view_factors(sky_at(heights, row, column, cell))


def error(found: np.ndarray, expected: np.ndarray) -> float:
    return float(np.sqrt(np.mean((found - expected) ** 2)))


def test_open_ground_sees_the_whole_sky() -> None:
    found = factors(np.zeros((9, 9)))
    assert found.total == pytest.approx(1)


@pytest.mark.parametrize("height", [5.0, 10.0, 20.0])
def test_the_middle_of_a_long_street_sees_what_its_shape_says(height: float) -> None:
    heights = np.full((161, 1401), height)
    heights[40:121] = 0  # 81 cells of a quarter metre: 20.25 m wide
    seen = factors_at(heights, 80, 700, 0.25).buildings[0, 0]
    assert seen == pytest.approx(math.cos(math.atan(height / 10.125)), rel=0.02)


def half_view(sky: Sky, azimuth: float) -> np.ndarray:
    """What buildings leave open of the half of the sky around an azimuth [deg], 0 to 1."""
    around = np.cos(np.radians(azimuths() - azimuth)) > 0
    return np.asarray((np.cos(np.radians(sky.walls[around] / 2)) ** 2).mean(axis=0))


def test_the_middle_of_a_round_basin_sees_what_its_rim_leaves() -> None:
    y, x = np.mgrid[-80:81, -80:81]
    heights = np.where(np.hypot(x, y) < 60, 0, 40)
    rim = math.atan(40 / 60)
    assert factors_at(heights, 80, 80).buildings[0, 0] == pytest.approx(math.cos(rim) ** 2, rel=0.02)


def test_a_long_wall_alone_hides_half_of_what_two_would() -> None:
    heights = np.zeros((301, 1401))
    heights[:100] = 10
    sky = sky_at(heights, 109, 700, 0.25)
    distance = 10 * 0.25  # of the cell's middle from the wall is a quarter cell less
    expected = (1 + math.cos(math.atan(10 / distance))) / 2
    assert sky_view_factors(sky).buildings[0, 0] == pytest.approx(expected, rel=0.02)
    assert half_view(sky, 180)[0, 0] == pytest.approx(1)
    assert half_view(sky, 0)[0, 0] == pytest.approx(2 * expected - 1, abs=0.02)


@golden
def test_view_factors_agree_with_the_reference_arrays_of_umep() -> None:
    with np.load(GOLDEN) as arrays:
        dsm, tops, trunks = arrays["input_dsm"], arrays["input_cdsm"], arrays["input_tdsm"]
        nothing = np.float32(np.nan)
        crowns = np.where(tops > 0, tops, nothing), np.where(tops > 0, trunks, nothing)
        sky = look_around(Surroundings(dsm, 1.0, *crowns))
        found = sky_view_factors(sky)
        assert error(found.buildings, arrays["svf_total"]) < 0.03
        assert error(found.crowns, arrays["svf_veg"]) < 0.03
        for middle, name in ((90, "east"), (180, "south"), (270, "west"), (0, "north")):
            # under open sky theirs reach 0.92-1: their patches do not divide evenly into halves
            theirs = arrays[f"svf_{name}"]
            assert error(half_view(sky, middle), theirs / theirs.max()) < 0.03


@golden
@pytest.mark.parametrize(
    ("name", "azimuth", "altitude"), [("morning", 90, 30), ("noon", 180, 60), ("afternoon", 270, 45)]
)
def test_shadows_agree_with_the_reference_arrays_of_umep(name: str, azimuth: float, altitude: float) -> None:
    with np.load(GOLDEN) as arrays:
        dsm, tops, trunks = arrays["input_dsm"], arrays["input_cdsm"], arrays["input_tdsm"]
        buildings, trees = arrays[f"shadow_{name}_bldg_sh"] == 1, arrays[f"shadow_{name}_veg_sh"] == 1
    nothing = np.float32(np.nan)
    crowns = np.where(tops > 0, tops, nothing), np.where(tops > 0, trunks, nothing)
    ready = prepared(Surroundings(dsm, 1.0, *crowns))
    ground, _ = sunlit(ready, Sun(altitude, azimuth), transmissivity=0.5, eye=0.0)
    assert np.array_equal(ground > 0, buildings)
    assert np.array_equal(ground[buildings] == 1, trees[buildings])


@given(seed=seeds, row=st.integers(0, 23), column=st.integers(0, 23))
@settings(max_examples=25, deadline=None)
def test_another_tower_never_opens_the_sky(seed: int, row: int, column: int) -> None:
    heights = town(seed)
    before = factors(heights).total
    taller = heights.copy()
    taller[row, column] += 40
    after = factors(taller).total
    elsewhere = np.ones(heights.shape, dtype=bool)
    elsewhere[row, column] = False
    assert (after[elsewhere] <= before[elsewhere] + 1e-6).all()


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_turning_the_town_turns_what_is_seen(seed: int) -> None:
    heights = town(seed)
    crowns = np.where(heights == 0, np.random.default_rng(seed).choice([0, 0, 0, 9], heights.shape), 0)
    sky = look_around(surroundings(heights, 2.0, crowns))
    turned = look_around(surroundings(np.rot90(heights).copy(), 2.0, np.rot90(crowns).copy()))
    found, after = sky_view_factors(sky), sky_view_factors(turned)
    assert np.abs(np.rot90(found.total) - after.total).max() < 1e-6
    assert np.abs(np.rot90(half_view(sky, 90)) - half_view(turned, 0)).max() < 1e-6


@given(seed=seeds)
@settings(max_examples=15, deadline=None)
def test_crowns_only_take_sky_and_leave_the_input_alone(seed: int) -> None:
    heights = town(seed)
    crowns = np.where(heights == 0, np.random.default_rng(seed).choice([0, 0, 0, 9], heights.shape), 0)
    scene = surroundings(heights, 1.0, crowns)
    kept = scene.surface.copy()
    found = sky_view_factors(look_around(scene))
    assert (found.total <= found.buildings + 1e-6).all()
    assert np.isfinite(found.total).all()
    assert np.array_equal(scene.surface, kept)


def test_under_a_wide_crown_hardly_any_sky_is_left() -> None:
    crowns = np.zeros((61, 61))
    crowns[15:46, 15:46] = 12
    seen = factors(np.zeros((61, 61)), 1.0, crowns)
    assert seen.total[30, 30] < 0.15
    assert seen.buildings[30, 30] == pytest.approx(1)


def test_a_crown_before_a_house_hides_the_house() -> None:
    heights, crowns = np.zeros((41, 41)), np.zeros((41, 41))
    heights[:10] = 30
    crowns[12:15] = 9
    north = look_around(surroundings(heights, 1.0, crowns)).crowns[0]
    assert north[20, 20]
    assert north[40, 20]
    assert not north[10, 20], "it stands behind"


def test_a_part_is_the_same_as_that_part_of_the_whole() -> None:
    heights = town(4, 40)
    crowns = np.where(heights == 0, np.random.default_rng(4).choice([0, 0, 0, 9], heights.shape), 0)
    scene = surroundings(heights, 1.0, crowns)
    window = Window(7, 12, 20, 15)
    part, full = look_around(scene, window=window, eye=1.1), look_around(scene, eye=1.1)
    assert np.array_equal(part.walls, full.walls[:, 7:27, 12:27])
    assert np.array_equal(part.crowns, full.crowns[:, 7:27, 12:27])
    light = {"transmissivity": 0.1, "eye": 1.1}
    some = sunlit(prepared(scene), Sun(25, 140), window=window, **light)
    whole = sunlit(prepared(scene), Sun(25, 140), **light)
    assert all(np.array_equal(found, window.of(full)) for found, full in zip(some, whole, strict=True))


def test_holes_hide_nothing_and_see_nothing() -> None:
    heights = np.full((9, 9), 12.0)
    heights[4, 4] = np.nan
    found = factors(heights)
    assert np.argwhere(np.isnan(found.total)).tolist() == [[4, 4]]
    assert np.nanmin(found.total) == pytest.approx(1)


def test_without_any_height_there_is_nothing_to_say() -> None:
    with pytest.raises(ValueError, match="no cell has a height"):
        look_around(surroundings(np.full((5, 5), np.nan)))


def test_looking_around_can_be_given_up() -> None:
    asked = []

    def check() -> None:
        asked.append(1)
        if len(asked) == 3:
            raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        look_around(surroundings(town(1)), check=check)


def test_what_is_kept_of_a_cell_fits_in_64_bytes() -> None:
    sky = look_around(surroundings(town(1)))
    assert isinstance(sky, Sky)
    assert (sky.walls.nbytes + sky.crowns.nbytes) / sky.missing.size == 64
