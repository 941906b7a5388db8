"""An area over a day: the same however it is cut, and after an edit the same as from the beginning."""

import math
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, box

from twin.analysis.design_day import design_day, on_day
from twin.analysis.heat_input import crown_transmissivity, heat_input
from twin.analysis.heat_maps import HeatInput, HeatMaps
from twin.analysis.heat_moment import Climate
from twin.analysis.heat_run import heat_run, reached
from twin.analysis.heat_scene import Options
from twin.analysis.heat_summary import class_shares, hours_above, spread_of
from twin.analysis.land_cover import COVERS, land_cover
from twin.analysis.mean_radiant import Ground
from twin.analysis.sky_patches import Surroundings, Window
from twin.analysis.surface_temperature import GROUND, MATERIALS
from twin.errors import Cancelled, TwinError
from twin.model import city as cities
from twin.model.layer import Layer, Style
from twin.model.place import Place
from twin.model.scenario import GROUND_SURFACES
from twin.model.table import Table
from twin.model.weather import HotDay

HELSINKI = Place("EPSG:3879", (0.0, 0.0, 0.0), 24.94, 60.17, "Europe/Helsinki")
DAY = date(2026, 7, 15)
CLIMATE = Climate(design_day(HELSINKI, DAY), HELSINKI)
TIMES = [datetime(2026, 7, 15, hour - 3, tzinfo=UTC).timestamp() for hour in (9, 12, 15, 18)]


def area(seed: int = 3, rows: int = 90, columns: int = 110, cell: float = 2.0) -> HeatInput:
    draw = np.random.default_rng(seed)
    y, x = np.mgrid[:rows, :columns]
    heights = (0.02 * x).astype(np.float32)
    built = ((y // 12) % 2 == 0) & ((x // 15) % 2 == 0)
    heights[built] += draw.choice([8, 14, 25], size=(rows // 12 + 1, columns // 15 + 1))[y // 12, x // 15][
        built
    ]
    crowns = (draw.random((rows, columns)) < 0.04) & ~built
    nothing = np.float32(np.nan)
    tops, trunks = (np.where(crowns, heights + part, nothing).astype(np.float32) for part in (9, 2))
    cover = draw.integers(0, len(COVERS), (rows, columns)).astype(np.uint8)
    return HeatInput(Surroundings(heights, cell, tops, trunks), Ground(cover, COVERS, ~built, cell))


def run(given: HeatInput, **how: Any) -> HeatMaps:
    *_, (_, maps) = heat_run(given, CLIMATE, TIMES, **how)
    return maps


def assert_same(one: HeatMaps, other: HeatMaps) -> None:
    for name in ("mean_radiant", "utci", "sunlit", "sky_view"):
        first, second = getattr(one, name), getattr(other, name)
        assert np.array_equal(np.isnan(first), np.isnan(second)), name
        assert np.nanmax(np.abs(first - second)) <= 1e-6, name


def planted(given: HeatInput, row: int, column: int) -> HeatInput:
    scene = given.surroundings
    tops, trunks = scene.tops.copy(), scene.trunks.copy()
    tops[row, column : column + 6] = scene.surface[row, column : column + 6] + 9
    trunks[row, column : column + 6] = scene.surface[row, column : column + 6] + 2
    return replace(given, surroundings=replace(scene, tops=tops, trunks=trunks))


def raised(given: HeatInput, row: int, column: int) -> HeatInput:
    surface = given.surroundings.surface.copy()
    surface[row : row + 4, column : column + 4] += 30
    open_ = given.ground.open.copy()
    open_[row : row + 4, column : column + 4] = False
    return HeatInput(replace(given.surroundings, surface=surface), replace(given.ground, open=open_))


def paved(given: HeatInput, row: int, column: int) -> HeatInput:
    cover = given.ground.cover.copy()
    cover[row : row + 5, column : column + 5] = COVERS.index("water")
    return replace(given, ground=replace(given.ground, cover=cover))


def test_cutting_into_tiles_changes_nothing() -> None:
    assert_same(run(area()), run(area(), tile=37))


@pytest.mark.parametrize("edit", [planted, raised, paved])
@pytest.mark.parametrize(("row", "column"), [(20, 16), (85, 100), (14, 0)])
def test_after_an_edit_only_what_it_reaches_is_new_and_all_is_right(edit, row: int, column: int) -> None:
    options = Options(reach=60.0)
    before = area()
    after = edit(before, row, column)
    first = run(before, options=options)
    again = run(after, options=options, previous=first)
    assert_same(again, run(after, options=options))
    assert not np.array_equal(again.utci, first.utci, equal_nan=True)
    if edit is paved:
        assert again.recomputed.rows * again.recomputed.columns < 0.1 * first.sky_view.size


def test_without_an_edit_nothing_is_worked_out_again() -> None:
    first = run(area())
    again = run(area(), previous=first)
    assert again.recomputed.rows * again.recomputed.columns == 0
    assert_same(first, again)


def test_other_weather_or_another_grid_begins_anew() -> None:
    first = run(area())
    cooler = Climate(design_day(HELSINKI, DAY, HotDay(highest=24, lowest=14)), HELSINKI)
    *_, (_, maps) = heat_run(area(), cooler, TIMES, previous=first)
    assert maps.recomputed == Window(0, 0, 90, 110)
    assert np.nanmean(maps.utci) < np.nanmean(first.utci) - 4


def test_a_tree_row_reaches_a_few_of_its_lengths() -> None:
    before = area(rows=300, columns=300)
    window = reached(before, planted(before, 160, 150), CLIMATE_MOMENTS, CLIMATE, Options())
    assert 0 < window.rows * window.columns < 0.5 * 300 * 300


CLIMATE_MOMENTS = [CLIMATE.at(time) for time in TIMES]


def test_the_hour_on_screen_comes_first_and_the_others_follow() -> None:
    seen = [index for index, _ in heat_run(area(), CLIMATE, TIMES, first=2)]
    assert seen == [2, 0, 1, 3]
    index, maps = next(iter(heat_run(area(), CLIMATE, TIMES, first=2)))
    assert index == 2
    assert np.isfinite(maps.utci[2]).any()
    assert np.isnan(maps.utci[0]).all()
    assert_same(run(area(), first=2), run(area()))


def test_a_run_can_be_given_up_and_tells_how_far_it_is() -> None:
    told: list[float] = []

    def progress(fraction: float) -> None:
        told.append(fraction)
        if fraction > 0.4:
            raise Cancelled("enough")

    with pytest.raises(Cancelled, match="enough"):
        list(heat_run(area(), CLIMATE, TIMES, progress=progress))
    assert told == sorted(told)


def test_where_nobody_can_stand_there_is_no_value_and_the_input_stays() -> None:
    given = area()
    kept = given.surroundings.surface.copy(), given.surroundings.tops.copy()
    maps = run(given)
    assert np.isnan(maps.utci[:, ~given.ground.open]).all()
    assert np.isfinite(maps.utci[:, given.ground.open]).all()
    assert np.array_equal(given.surroundings.surface, kept[0])
    assert np.array_equal(given.surroundings.tops, kept[1], equal_nan=True)


def test_an_even_surface_of_holes_is_refused() -> None:
    given = area()
    empty = replace(given, surroundings=replace(given.surroundings, surface=np.full((90, 110), np.nan, "f4")))
    with pytest.raises(ValueError, match="no cell has a height"):
        list(heat_run(empty, CLIMATE, TIMES))


@given(lowest=st.floats(-30, 25), swing=st.floats(0, 15), dew=st.floats(-30, 24), clear=st.floats(0, 1))
@settings(max_examples=20, deadline=None)
def test_every_designed_day_can_be_rated_or_says_so(
    lowest: float, swing: float, dew: float, clear: float
) -> None:
    hot = HotDay(highest=lowest + swing, lowest=lowest, dew_point=dew, clearness=clear)
    weather = design_day(HELSINKI, DAY, hot)
    assert weather.air_temperature.max() <= lowest + swing + 1e-9
    assert (weather.relative_humidity <= 100).all()
    climate = Climate(weather, HELSINKI)
    *_, (_, maps) = heat_run(area(rows=12, columns=12), climate, TIMES[:1])
    assert np.isfinite(maps.mean_radiant[:, maps.given.ground.open]).all()


def test_a_designed_day_is_warmest_when_told_and_has_a_clear_sky() -> None:
    weather = design_day(HELSINKI, DAY)
    own = (weather.middles > TIMES[0] - 12 * 3600) & (weather.middles < TIMES[0] + 15 * 3600)
    assert weather.air_temperature[own].max() == pytest.approx(31, abs=0.1)
    assert weather.air_temperature[own].min() == pytest.approx(19, abs=0.1)
    assert 700 < weather.global_radiation.max() < 900
    moment = CLIMATE.at(TIMES[1])
    assert moment.clearness == pytest.approx(1, abs=0.01)
    assert moment.diffuse < 0.35 * moment.global_radiation
    with pytest.raises(ValueError, match="is above the highest"):
        design_day(HELSINKI, DAY, HotDay(highest=10, lowest=20))


def test_weather_of_one_other_day_is_moved_and_a_missing_day_is_named() -> None:
    weather = design_day(HELSINKI, DAY)
    one = on_day(weather, HELSINKI, DAY)
    assert len(one.ends) == 72
    with pytest.raises(ValueError, match="0 of the 24 rows of 2026-09-01"):
        on_day(weather, HELSINKI, date(2026, 9, 1))
    day = ["ends", "air_temperature", "relative_humidity", "wind"]
    day += ["global_radiation", "diffuse_radiation", "pressure", "sky_longwave"]
    single = replace(weather, **{name: getattr(weather, name)[24:48] for name in day})
    moved = on_day(single, HELSINKI, date(2026, 8, 1))
    assert len(moved.ends) == 24
    assert moved.notices == ("the weather of 2026-07-15 is taken for 2026-08-01",)


def test_hours_and_classes_are_counted_on_rated_ground_only() -> None:
    maps = np.array([[[20.0, 33.0, np.nan]], [[40.0, 33.0, np.nan]]], dtype=np.float32)
    assert hours_above(maps, 32)[0, :2].tolist() == [1, 2]
    assert math.isnan(hours_above(maps, 32)[0, 2])
    assert class_shares(maps[1]) == {"very strong heat stress": 0.5, "strong heat stress": 0.5}
    assert spread_of(maps[0]) == {"min": 20.0, "mean": 26.5, "max": 33.0}
    assert spread_of(maps[0, :, 2:]) is None


def layer(name: str, order: int, *geometry, **columns: list) -> Layer:
    table = {"id": np.array([f"{name}{i}" for i in range(len(geometry))], dtype=object)}
    table |= {key: np.array(values, dtype=object) for key, values in columns.items()}
    return Layer(
        name,
        name,
        np.array(geometry, dtype=object),
        Table(len(geometry), table),
        Style(width=4.0, order=order),
    )


def test_the_ground_is_what_lies_on_top() -> None:
    layers = (
        layer("streets", 8, LineString([(0, 10), (40, 10)]), surface=["asphalt"], width=[6.0]),
        layer("parks", 3, box(0, 0, 20, 20)),
        layer("benches", 20, box(0, 0, 1, 1)),
    )
    found = land_cover(layers, bounds=(0, 0, 40, 20), cell=1.0)
    assert COVERS[found[2, 2]] == "grass"
    assert COVERS[found[9, 2]] == "asphalt"
    assert COVERS[found[9, 35]] == "asphalt"
    assert COVERS[found[2, 35]] == "cobblestone"
    assert (found == COVERS.index("asphalt")).sum() == 6 * 40


def test_every_surface_of_a_scenario_has_a_material() -> None:
    assert set(GROUND_SURFACES) <= GROUND.keys()
    assert set(GROUND.values()) <= MATERIALS.keys()


def test_an_empty_area_is_refused_by_name() -> None:
    with pytest.raises(TwinError, match="no building and no tree"):
        heat_input(cities.empty(HELSINKI), (), bounds=(0, 0, 100, 100), cell=2.0)


def test_crowns_are_bare_in_winter() -> None:
    assert crown_transmissivity(DAY) == 0.03
    assert crown_transmissivity(date(2026, 12, 1)) == 0.5


def test_a_run_that_was_ended_goes_on_where_it_was_and_comes_to_the_same() -> None:
    whole_area = area()
    begun = heat_run(whole_area, CLIMATE, TIMES, first=2)
    next(begun)
    _, part = next(begun)
    begun.close()
    assert part.done == [2, 0]
    assert not part.complete
    *_, (_, rest) = heat_run(whole_area, CLIMATE, TIMES, first=3, so_far=part)
    assert rest.done == [2, 0, 3, 1]
    assert rest.complete
    assert_same(rest, run(whole_area))


def test_maps_of_other_weather_are_not_gone_on_with() -> None:
    whole_area = area(rows=30, columns=30)
    part = run(whole_area)
    cooler = Climate(design_day(HELSINKI, DAY, HotDay(highest=24, lowest=14)), HELSINKI)
    *_, (_, maps) = heat_run(whole_area, cooler, TIMES, so_far=part)
    assert np.nanmean(maps.utci) < np.nanmean(part.utci) - 2
