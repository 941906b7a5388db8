"""Shadows are as long and point where trigonometry says, and agree with a published model."""

import time
from datetime import date
from pathlib import Path
from threading import Event

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.analysis.shadow import TRANSMISSIVITY, hasten, shadow, sun_hours
from twin.analysis.sun import Sun, sunrise_sunset
from twin.errors import Cancelled
from twin.model.place import Place
from twin.model.raster import Raster

HELSINKI = Place("EPSG:3879", (0.0, 0.0, 0.0), 24.9414, 60.1719, "Europe/Helsinki")
SUMMER = date(2026, 7, 15)
GOLDEN = Path(__file__).parents[2].parent / "shared" / "data" / "heat" / "golden_umep_reference.npz"

altitudes = st.floats(3, 85)
azimuths = st.floats(0, 360)


def raster(values: np.ndarray, cell: float = 1.0) -> Raster:
    return Raster(values.astype(np.float32), 0.0, len(values) * cell, cell)


def tower(height: float, size: int = 201) -> Raster:
    values = np.zeros((size, size))
    values[size // 2, size // 2] = height
    return raster(values)


@given(altitude=st.floats(20, 80), azimuth=azimuths, height=st.floats(5, 30))
@settings(max_examples=50, deadline=None)
def test_a_shadow_is_as_long_as_height_over_tangent_and_points_away_from_the_sun(
    altitude: float, azimuth: float, height: float
) -> None:
    dark = np.argwhere(shadow(tower(height), Sun(altitude, azimuth)).values == 0)
    length = height / np.tan(np.radians(altitude))
    if length < 2:
        return
    south, east = (dark - 100).T
    along = -east * np.sin(np.radians(azimuth)) + south * np.cos(np.radians(azimuth))
    across = east * np.cos(np.radians(azimuth)) + south * np.sin(np.radians(azimuth))
    assert along.min() > 0
    # it ends in whole steps of up to 1.42 cells, and the nearest cell lies up to 0.36 off along the ray
    assert length - 1.78 <= along.max() <= length + 0.36
    assert np.abs(across).max() <= 0.71  # half the diagonal of a cell


def test_noon_at_the_equinox_has_no_shadow_under_the_equator() -> None:
    assert (shadow(tower(30), Sun(90, 180)).values == 1).all()


@pytest.mark.parametrize("altitude", [0.0, -0.1, -40.0])
def test_it_is_dark_when_the_sun_is_down(altitude: float) -> None:
    assert not shadow(tower(30), Sun(altitude, 10)).values.any()


def test_flat_ground_is_lit() -> None:
    assert (shadow(raster(np.full((9, 7), 12.5)), Sun(1, 77)).values == 1).all()


cities = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).choice([0, 0, 0, 4, 9, 25], size=(23, 31)).astype(np.float64)
)


@given(city=cities, altitude=altitudes, azimuth=azimuths, row=st.integers(0, 22), column=st.integers(0, 30))
@settings(max_examples=50, deadline=None)
def test_a_higher_building_never_lights_another_cell(
    city: np.ndarray, altitude: float, azimuth: float, row: int, column: int
) -> None:
    before = shadow(raster(city), Sun(altitude, azimuth)).values
    raised = city.copy()
    raised[row, column] += 7
    after = shadow(raster(raised), Sun(altitude, azimuth)).values
    elsewhere = np.ones(city.shape, dtype=bool)
    elsewhere[row, column] = False
    assert (after[elsewhere] <= before[elsewhere]).all()
    assert after[row, column] >= before[row, column]


@given(city=cities, low=altitudes, high=altitudes, azimuth=azimuths)
@settings(max_examples=50, deadline=None)
def test_a_higher_sun_never_darkens(city: np.ndarray, low: float, high: float, azimuth: float) -> None:
    low, high = sorted((low, high))
    lower = shadow(raster(city), Sun(low, azimuth)).values
    assert (lower <= shadow(raster(city), Sun(high, azimuth)).values).all()


@given(city=cities, altitude=altitudes, azimuth=azimuths, seed=st.integers(0, 9))
@settings(max_examples=50, deadline=None)
def test_trees_only_take_sun(city: np.ndarray, altitude: float, azimuth: float, seed: int) -> None:
    crowns = np.random.default_rng(seed).choice([0, 0, 0, 0, 8, 14], size=city.shape)
    sun = Sun(altitude, azimuth)
    bare = shadow(raster(city), sun).values
    green = shadow(raster(city), sun, canopy=raster(crowns)).values
    assert (green <= bare).all()
    assert set(np.unique(green)) <= {0.0, np.float32(TRANSMISSIVITY), 1.0}
    assert np.array_equal(green == 0, bare == 0)


def test_low_sun_passes_under_a_crown() -> None:
    values = np.zeros((41, 41))
    crowns = values.copy()
    crowns[18:23, 18:23] = 12
    found = shadow(raster(values), Sun(45, 180), canopy=raster(crowns)).values[:, 20]
    shaded = np.flatnonzero(found < 1)
    # the sun is in the south and the crown hangs from 3 m to 12 m: its shade begins 3 m north of its southern
    # edge (row 22), and ends 12 m north of its northern one (row 18)
    assert shaded.tolist() == list(range(18 - 12, 22 - 3 + 1))


def test_a_crown_over_a_roof_grows_from_the_ground() -> None:
    values, crowns = np.zeros((41, 41)), np.zeros((41, 41))
    crowns[18:23, 18:23] = 12
    values[18:23, 18:20] = 6
    found = shadow(raster(values), Sun(45, 180), canopy=raster(crowns)).values
    assert np.argwhere(found < 1)[:, 0].min() == 18 - 12


def test_shade_of_trees_is_as_thin_as_told() -> None:
    crowns = np.zeros((21, 21))
    crowns[9:12, 9:12] = 9
    found = shadow(raster(np.zeros((21, 21))), Sun(50, 140), canopy=raster(crowns), transmissivity=0.5)
    assert set(np.unique(found.values)) == {0.5, 1.0}


def test_reach_ends_a_shadow() -> None:
    dark = np.argwhere(shadow(tower(50), Sun(45, 180), reach=20).values == 0)
    assert dark[:, 0].min() == 100 - 20


def test_cells_without_a_value_stay_without_one() -> None:
    values = np.zeros((20, 20))
    values[5, 5], values[10, 10] = np.nan, 8
    found = shadow(raster(values), Sun(30, 90)).values
    assert np.argwhere(np.isnan(found)).tolist() == [[5, 5]]
    hours = sun_hours(raster(values), HELSINKI, SUMMER, step_minutes=60).values
    assert np.argwhere(np.isnan(hours)).tolist() == [[5, 5]]


def test_grids_that_differ_are_refused() -> None:
    with pytest.raises(ValueError, match="different grids"):
        shadow(tower(5, 21), Sun(30, 90), canopy=tower(5, 23))


@pytest.mark.skipif(not GOLDEN.exists(), reason="the reference arrays of UMEP are not here")
@pytest.mark.parametrize(
    ("name", "azimuth", "altitude"), [("morning", 90, 30), ("noon", 180, 60), ("afternoon", 270, 45)]
)
def test_every_cell_agrees_with_the_reference_arrays_of_umep(
    name: str, azimuth: float, altitude: float
) -> None:
    with np.load(GOLDEN) as golden:
        dsm, crown_tops = golden["input_dsm"], golden["input_cdsm"]
        buildings, trees = golden[f"shadow_{name}_bldg_sh"] == 1, golden[f"shadow_{name}_veg_sh"] == 1
    crowns = raster(np.where(crown_tops > 0, crown_tops - dsm, 0).clip(0))
    # no tree of theirs hangs over a roof, so that the surface is the ground under it
    surface = raster(dsm)
    found = shadow(surface, Sun(altitude, azimuth), canopy=crowns, ground=surface).values
    assert np.array_equal(found > 0, buildings)
    # theirs leaves trees out where a building shades already
    assert np.array_equal(found[buildings] == 1, trees[buildings])


def test_open_ground_has_the_whole_day() -> None:
    found = sun_hours(raster(np.zeros((4, 4))), HELSINKI, SUMMER).values
    up = sunrise_sunset(HELSINKI, SUMMER)
    assert up is not None
    assert found == pytest.approx((up[1] - up[0]).total_seconds() / 3600, rel=1e-5)


def test_there_is_less_sun_behind_a_wall_and_most_in_the_south() -> None:
    values = np.zeros((61, 61))
    values[30, 10:50] = 20
    found = sun_hours(raster(values), HELSINKI, SUMMER).values
    assert found[25, 30] < found[35, 30] < found[60, 30]
    assert found[30, 30] == pytest.approx(18.1, abs=0.2)


@given(city=cities, altitude=st.floats(1, 85), azimuth=azimuths, seed=st.integers(0, 9))
@settings(max_examples=40, deadline=None)
def test_machine_code_finds_the_same_light_in_every_cell(
    city: np.ndarray, altitude: float, azimuth: float, seed: int
) -> None:
    chance = np.random.default_rng(seed)
    crowns = raster(chance.choice([0, 0, 0, 0, 8, 14], size=city.shape))
    land = raster(chance.uniform(0, 3, size=city.shape))
    surface = raster(city + land.values)
    surface.values[3, 4] = np.nan
    through = chance.choice([0.03, 0.3], size=city.shape).astype(np.float32)

    def found() -> np.ndarray:
        sun = Sun(altitude, azimuth)
        return shadow(
            surface, sun, canopy=crowns, ground=land, transmissivity=through, reach=30.0 if seed % 2 else None
        ).values

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("twin.analysis.shadow._hastened", Event())
        slowly = found()
        assert hasten()
        assert np.array_equal(found(), slowly, equal_nan=True)


def test_no_sun_in_the_polar_night() -> None:
    utsjoki = Place("EPSG:3067", (0.0, 0.0, 0.0), 27.0, 69.9, "Europe/Helsinki")
    assert not sun_hours(raster(np.zeros((4, 4))), utsjoki, date(2026, 12, 21)).values.any()


def test_sun_hours_can_be_cancelled_at_once() -> None:
    values = np.random.default_rng(1).choice([0, 0, 60.0], size=(800, 500))
    told: list[float] = []

    def progress(fraction: float) -> None:
        told.append(time.process_time())
        if len(told) == 3:
            raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        sun_hours(raster(values, 2.0), HELSINKI, SUMMER, progress=progress)
    assert time.process_time() - told[-1] < 0.2


def test_progress_rises_to_one() -> None:
    told: list[float] = []
    shadow(tower(30), Sun(10, 30), canopy=tower(9), progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    told.clear()
    sun_hours(tower(30, 51), HELSINKI, SUMMER, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
