"""Radiation of whole scenes: directions of effects, and the same answer however a scene is cut or turned."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.analysis.design_day import design_day
from twin.analysis.heat_moment import Climate
from twin.analysis.heat_scene import HeatScene, Options
from twin.analysis.mean_radiant import SITTING, STANDING, Fluxes, Ground, ground_weights
from twin.analysis.radiation import KELVIN, STEFAN_BOLTZMANN
from twin.analysis.sky_patches import Surroundings
from twin.analysis.sun import Sun
from twin.analysis.surface_temperature import MATERIALS
from twin.model.place import Place
from twin.model.weather import HotDay, Weather

HELSINKI = Place("EPSG:3879", (0.0, 0.0, 0.0), 24.94, 60.17, "Europe/Helsinki")
COVERS = tuple(MATERIALS)
MIDNIGHT = datetime(2026, 7, 14, 21, tzinfo=UTC).timestamp()
"""Of the 15th of July in Helsinki."""


def hot_day(clearness: float = 1.0) -> Weather:
    ends = MIDNIGHT + np.arange(1, 25) * 3600.0
    air = 25 - 6 * np.cos(2 * np.pi * (np.arange(24) - 4) / 24)
    blank = np.full(24, np.nan)
    dry = Weather(ends, 3600.0, air, np.full(24, 45.0), np.full(24, 1.5), np.zeros(24), blank, blank, blank)
    clear = design_day(HELSINKI, date(2026, 7, 15), HotDay(clearness=clearness)).global_radiation[24:48]
    return replace(dry, global_radiation=clear)


CLIMATE = Climate(hot_day(), HELSINKI)


def scene(
    heights: np.ndarray,
    crowns: np.ndarray | None = None,
    *,
    cover: str = "asphalt",
    cell: float = 1.0,
    options: Options | None = None,
) -> HeatScene:
    surface = heights.astype(np.float32)
    nothing = np.float32(np.nan)
    trees = crowns if crowns is not None else np.zeros(heights.shape)
    tops = np.where(trees > 0, trees, nothing).astype(np.float32)
    trunks = np.where(trees > 0, trees / 4, nothing).astype(np.float32)
    codes = np.full(heights.shape, COVERS.index(cover), dtype=np.uint8)
    ground = Ground(codes, COVERS, heights < 2, cell)
    return HeatScene(Surroundings(surface, cell, tops, trunks), ground, options or Options())


def at(made: HeatScene, hour: float, climate: Climate = CLIMATE) -> Fluxes:
    return made.fluxes(climate.at(MIDNIGHT + hour * 3600), climate)


def middle(grid: np.ndarray) -> float:
    return float(grid[grid.shape[0] // 2, grid.shape[1] // 2])


def town(seed: int, side: int = 30) -> np.ndarray:
    return np.random.default_rng(seed).choice([0, 0, 0, 0, 8, 20], size=(side, side)).astype(np.float64)


def test_in_the_open_a_person_receives_what_the_sky_sends() -> None:
    moment = CLIMATE.at(MIDNIGHT + 13 * 3600)
    found = at(scene(np.zeros((31, 31))), 13)
    black = STEFAN_BOLTZMANN * (moment.air + KELVIN) ** 4
    assert middle(found.shortwave_down) == pytest.approx(moment.global_radiation, rel=0.01)
    assert middle(found.shortwave_up) == pytest.approx(0.18 * moment.global_radiation, rel=0.01)
    assert middle(found.longwave_down) == pytest.approx(moment.emissivity * black, rel=0.01)
    assert middle(found.longwave_up) > black
    assert 50 < middle(found.mean_radiant) < 75


def test_in_a_closed_black_room_radiant_temperature_is_that_of_the_walls() -> None:
    # at night, under a lid of crowns, everything is about as warm as the air
    heights = np.full((41, 41), 50.0)
    heights[18:23, 18:23] = 0
    night = at(scene(heights, np.where(heights == 0, 30.0, 0)), 3)
    assert middle(night.mean_radiant) == pytest.approx(CLIMATE.at(MIDNIGHT + 3 * 3600).air, abs=3)
    assert middle(night.shortwave_down) == 0


def test_shade_of_a_house_is_far_cooler_than_the_square_at_noon() -> None:
    heights = np.zeros((81, 81))
    heights[40:46, 20:60] = 20
    found = at(scene(heights), 13.3).mean_radiant
    assert found[36, 40] < found[70, 40] - 20


def test_grass_is_cooler_than_asphalt_and_water_cooler_than_grass() -> None:
    flat = np.zeros((21, 21))
    asphalt, grass, water = (
        middle(at(scene(flat, cover=cover), 15).mean_radiant) for cover in ("asphalt", "grass", "water")
    )
    assert water < grass < asphalt
    assert asphalt - grass == pytest.approx(5.4, abs=3)  # as SOLWEIG has it on a like day


def test_light_paving_raises_the_load_of_a_person_in_the_sun() -> None:
    light = Climate(hot_day(), HELSINKI, materials={"asphalt": replace(MATERIALS["asphalt"], albedo=0.5)})
    flat = scene(np.zeros((21, 21)))
    assert middle(at(flat, 15, light).mean_radiant) > middle(at(flat, 15).mean_radiant) + 3


def test_light_walls_send_more_to_the_street() -> None:
    light = Climate(hot_day(), HELSINKI, materials={"wall": replace(MATERIALS["wall"], albedo=0.6)})
    heights = np.zeros((41, 41))
    heights[:15] = 20
    street = scene(heights)
    assert middle(at(street, 13, light).shortwave_side) > middle(at(street, 13).shortwave_side) + 10


def test_what_a_roof_is_made_of_does_not_reach_the_street() -> None:
    bright = Climate(hot_day(), HELSINKI, materials={"roof": replace(MATERIALS["roof"], albedo=0.9)})
    heights = np.zeros((41, 41))
    heights[:15] = 20
    street = scene(heights)
    street.ground.cover[:15] = COVERS.index("roof")
    assert np.array_equal(at(street, 13, bright).mean_radiant, at(street, 13).mean_radiant, equal_nan=True)


def test_clouds_and_night_take_the_sun_away() -> None:
    flat = scene(np.zeros((21, 21)))
    cloudy = Climate(hot_day(0.3), HELSINKI)
    assert middle(at(flat, 14, cloudy).mean_radiant) < middle(at(flat, 14).mean_radiant) - 10
    night = at(flat, 1)
    assert middle(night.shortwave_down) == 0
    assert middle(night.mean_radiant) < CLIMATE.at(MIDNIGHT + 3600).air


def test_in_the_polar_night_there_is_no_sun_and_still_a_temperature() -> None:
    utsjoki = Place("EPSG:3067", (0.0, 0.0, 0.0), 27.0, 69.9, "Europe/Helsinki")
    ends = datetime(2026, 12, 20, 22, tzinfo=UTC).timestamp() + np.arange(1, 25) * 3600.0
    blank = np.full(24, np.nan)
    air, humidity, wind = np.full(24, -15.0), np.full(24, 85.0), np.full(24, 3.0)
    cold = Weather(ends, 3600.0, air, humidity, wind, np.zeros(24), blank, blank, blank)
    climate = Climate(cold, utsjoki)
    assert not climate.clearness.known
    made = scene(town(1))
    found = made.fluxes(climate.of_row(12), climate)
    assert np.nanmax(found.shortwave_down) == 0
    standing = made.ground.open
    assert np.isfinite(found.mean_radiant[standing]).all()
    assert np.nanmax(found.mean_radiant) < -10


@given(seed=st.integers(0, 2**16), hour=st.floats(0, 23.5))
@settings(max_examples=20, deadline=None)
def test_every_place_to_stand_has_an_answer_and_the_input_stays(seed: int, hour: float) -> None:
    made = scene(town(seed), np.random.default_rng(seed).choice([0, 0, 0, 9], (30, 30)))
    kept = made.surroundings.surface.copy()
    found = at(made, hour)
    assert np.isfinite(found.mean_radiant[made.ground.open]).all()
    assert np.isnan(found.mean_radiant[~made.ground.open]).all()
    assert np.array_equal(made.surroundings.surface, kept)
    assert np.nanmin(found.shortwave_down) >= 0
    assert 0 < np.nanmax(found.mean_radiant) < 90


@given(seed=st.integers(0, 2**16), row=st.integers(0, 29), column=st.integers(0, 29))
@settings(max_examples=15, deadline=None)
def test_a_new_tree_never_lets_more_sun_through(seed: int, row: int, column: int) -> None:
    heights = town(seed)
    crowns = np.zeros((30, 30))
    sun = CLIMATE.at(MIDNIGHT + 13 * 3600).sun
    before = scene(heights, crowns).lit(0.0, sun)
    crowns[row, column] = 10
    after = scene(heights, crowns).lit(0.0, sun)
    assert all((new <= old).all() for new, old in zip(after, before, strict=True))


@given(seed=st.integers(0, 2**16))
@settings(max_examples=15, deadline=None)
def test_shade_never_warms_at_noon(seed: int) -> None:
    heights = town(seed)
    crowns = np.zeros((30, 30))
    crowns[12:18, 12:18] = 12
    bare, green = scene(heights), scene(heights, crowns)
    sun = CLIMATE.at(MIDNIGHT + 13.3 * 3600).sun
    newly = (green.lit(0.0, sun)[1] < 0.5) & (bare.lit(0.0, sun)[1] == 1) & bare.ground.open
    change = at(green, 13.3).mean_radiant - at(bare, 13.3).mean_radiant
    assert (change[newly] < 0).all()


def test_turning_scene_and_sun_by_a_right_angle_turns_the_answer() -> None:
    heights = town(5)
    crowns = np.where(heights == 0, np.random.default_rng(5).choice([0, 0, 0, 9], heights.shape), 0)
    here, turned = scene(heights, crowns), scene(np.rot90(heights).copy(), np.rot90(crowns).copy())
    moment = CLIMATE.at(MIDNIGHT + 10 * 3600)
    sun = moment.suns[0][1]
    later = replace(moment, suns=((moment.seconds, Sun(sun.altitude, (sun.azimuth - 90) % 360)),))

    class Turned:
        weather = CLIMATE.weather

        def history(self, seconds: float, *, step: float, length: float):
            return tuple(
                (time, Sun(old.altitude, (old.azimuth - 90) % 360))
                for time, old in CLIMATE.history(seconds, step=step, length=length)
            )

    first = here.fluxes(moment, CLIMATE).mean_radiant
    second = turned.fluxes(later, Turned()).mean_radiant
    assert np.nanmax(np.abs(np.rot90(first) - second)) < 0.05


def test_a_person_who_sits_feels_less_of_a_low_sun_than_one_who_stands() -> None:
    flat = np.zeros((21, 21))
    standing = at(scene(flat, options=Options(body=STANDING)), 19)
    sitting = at(scene(flat, options=Options(body=SITTING)), 19)
    assert middle(sitting.mean_radiant) < middle(standing.mean_radiant)


def test_an_even_sky_sends_as_much_to_the_open_as_a_bright_sun_side() -> None:
    flat = np.zeros((21, 21))
    even = at(scene(flat, options=Options(anisotropic=False)), 15)
    assert middle(even.shortwave_down) == pytest.approx(middle(at(scene(flat), 15).shortwave_down), rel=0.01)


def test_the_ground_near_by_weighs_as_a_plate_sees_it() -> None:
    weights = ground_weights(0.25, radius=5.0)
    y, x = np.mgrid[-20:21, -20:21] * 0.25
    near = weights[np.hypot(x, y) < 1.1].sum() / weights.sum()
    assert near == pytest.approx(0.5 / (25 / 26.21), abs=0.03)
    assert math.isclose(weights[0, 20], weights[20, 0], rel_tol=1e-5)
