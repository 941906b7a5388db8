"""Heat over a small station area: the hour on screen first, then the day; each scenario its own."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from small_station import NOON, TODAY, project

from twin.analysis.heat_maps import HeatMaps
from twin.formats.heat_shelf import SHELF
from twin.formats.weather_choice import chosen_weather
from twin.model.raster import value_at
from twin.model.state import State
from twin.model.weather import MEASURED
from twin.scene.colours import Classes, Ramp
from twin.scene.heat import STRESS, UTCI, hour_map, title_of
from twin.scene.heat_known import MOST_CELLS, heat_cell, hour_of
from twin.scene.items import Drape
from twin.scene.scene import Partial
from twin.session.commands import choose_overlay, choose_scenario, compare_by, set_time
from twin.session.heat_commands import choose_weather, set_hot_day
from twin.session.session import Session

HEAT: State = replace(TODAY, overlay="utci", heat_cell=8.0, shadows=False)


@pytest.fixture(scope="module")
def session() -> Session:
    return Session(project(), HEAT)


def drape(session: Session) -> Drape:
    item = session.scene.items["overlay"]
    assert isinstance(item, Drape)
    return item


def test_the_ground_is_hot_at_noon_and_buildings_have_no_value(session: Session) -> None:
    values = drape(session).raster.values
    assert 30 < np.nanmean(values) < 45
    assert np.isnan(values).any()


def test_a_day_has_all_hours_and_going_to_another_one_needs_no_work(session: Session) -> None:
    assert session.ready(set_time(session.state, NOON + timedelta(hours=5)))


def test_the_colours_are_those_of_the_classes_whatever_the_values_are(session: Session) -> None:
    assert drape(session).ramp is UTCI
    assert UTCI.breaks == tuple(low for low, *_ in reversed(STRESS[:-1]))
    legend = session.scene.legend
    assert legend is not None
    assert isinstance(legend.scale, Classes)
    assert legend.scale.colours[-1][0] == "not rated"
    assert "What it does not know" in legend.more


def test_an_hour_that_comes_twice_says_which_of_the_two_was_worked_out() -> None:
    night = datetime(2026, 10, 25, 3, 10, tzinfo=NOON.tzinfo)
    assert title_of(night) == title_of(night.replace(fold=1)) == "25 October, 03:00 EEST"
    assert title_of(night.replace(hour=4)) == "25 October, 04:00"


def test_the_difference_of_two_scenarios_has_fixed_ends(session: Session) -> None:
    other = Session(session.project, compare_by(choose_scenario(HEAT, "tower"), "difference"))
    item = drape(other)
    assert isinstance(item.ramp, Ramp)
    assert (item.ramp.low, item.ramp.high) == (-10.0, 10.0)
    assert np.nanmin(item.raster.values) < -2


def test_a_cooler_day_is_a_day_of_its_own(session: Session) -> None:
    cool = set_hot_day(HEAT, replace(HEAT.hot_day, highest=20.0, lowest=10.0))
    values = drape(Session(project(), cool)).raster.values
    assert np.nanmean(values) < np.nanmean(drape(session).raster.values) - 5


def test_the_measured_day_has_all_hours_of_a_summer_day() -> None:
    session = Session(project(read_weather=chosen_weather), choose_weather(HEAT, MEASURED))
    assert np.nanmean(drape(session).raster.values) > 25
    assert session.ready(set_time(session.state, NOON.replace(hour=0)))
    assert any("is taken for" in notice for notice in session.scene.notices)


def test_nobody_walks_on_water(session: Session) -> None:
    maps = next(found for key, found in session.results.items() if key[0] == "heat")
    assert isinstance(maps, HeatMaps)
    ground = maps.given.ground
    cover = ground.cover.copy()
    row, column = (int(places[0]) for places in np.nonzero(ground.open))
    cover[row, column] = ground.materials.index("water")
    given = replace(maps.given, ground=replace(ground, cover=cover))
    wet = hour_map(replace(maps, given=given), "utci", hour_of(HEAT.time), (0.0, 0.0, 1.0, 1.0))
    assert np.isnan(wet.values[row, column])


def test_weather_that_cannot_be_read_is_said_and_not_tried_for_ever() -> None:
    session = Session(project(), choose_weather(HEAT, "none.epw"))
    assert "overlay" not in session.scene.items
    assert any("Weather" in notice for notice in session.scene.notices)
    assert not session.scene.wanted


def test_hours_of_stress_are_fewer_the_higher_the_threshold(session: Session) -> None:
    found = [
        drape(Session(session.project, choose_overlay(HEAT, f"heat_hours_{each}"))).raster.values
        for each in (26, 32, 38)
    ]
    means = [float(np.nanmean(values)) for values in found]
    assert 24 > means[0] > means[1] > means[2] >= 0


def test_where_utci_is_not_rated_the_map_says_so_and_not_nothing() -> None:
    stormy = set_hot_day(HEAT, replace(HEAT.hot_day, wind=20.0))
    values = drape(Session(project(), stormy)).raster.values
    assert set(np.unique(values[~np.isnan(values)])) == {np.inf}


def test_a_cancelled_day_keeps_the_hours_it_has() -> None:
    session = Session(project(), HEAT)
    key = next(key for key in session._results if key[0] == "heat")  # as a cancelled job leaves it
    maps = session._results[key]
    assert isinstance(maps, HeatMaps)
    hour = hour_of(HEAT.time)
    del maps.done[maps.done.index(hour) + 1 :]
    session._results[key] = Partial(maps, given_up=True)
    session.do(choose_overlay, "tmrt")
    assert "overlay" in session.scene.items
    session.do(set_time, NOON + timedelta(hours=4))
    assert "overlay" not in session.scene.items
    assert any("cancelled" in notice for notice in session.scene.notices)
    session.try_again()
    assert "overlay" in session.scene.items


def test_a_point_in_the_sun_is_hotter_than_one_under_a_tree(session: Session) -> None:
    raster = drape(session).raster
    known = raster.values[np.isfinite(raster.values)]
    assert np.ptp(known) > 3
    assert np.isnan(value_at(raster, 1e6, 0.0))


def test_large_areas_get_coarser_cells_and_hours_are_the_nearest() -> None:
    assert heat_cell((0, 0, 100, 100), 1.0) == 1.0
    assert 10_000**2 / heat_cell((0, 0, 10_000, 10_000), 1.0) ** 2 <= MOST_CELLS
    assert [hour_of(NOON.replace(hour=15, minute=m)) for m in (0, 20, 40)] == [15, 15, 16]
    assert hour_of(NOON.replace(hour=23, minute=50)) == 23


def test_a_day_that_was_kept_is_shown_without_work_and_is_the_same(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIN_CACHE_DIR", str(tmp_path))
    first = Session(project(shelf=SHELF), HEAT)
    (entry,) = (tmp_path / "heat").iterdir()
    run = json.loads((entry / "run.json").read_text())
    assert (run["scenario"], run["key"], run["resolution"]) == ("today", entry.name, 8.0)
    monkeypatch.setattr("twin.analysis.heat_run.heat_run", None)
    again = Session(project(shelf=SHELF), HEAT)
    assert np.array_equal(drape(first).raster.values, drape(again).raster.values, equal_nan=True)
    assert np.array_equal(drape(session).raster.values, drape(again).raster.values, equal_nan=True)


def test_a_day_that_is_damaged_on_the_disk_is_worked_out_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIN_CACHE_DIR", str(tmp_path))
    first = Session(project(shelf=SHELF), HEAT)
    (entry,) = (tmp_path / "heat").iterdir()
    grid = entry / "utci.npy"
    grid.write_bytes(grid.read_bytes()[:1000])
    again = Session(project(shelf=SHELF), HEAT)
    assert np.array_equal(drape(first).raster.values, drape(again).raster.values, equal_nan=True)
    assert grid.stat().st_size > 1000


def test_another_weather_is_another_day_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TWIN_CACHE_DIR", str(tmp_path))
    Session(project(shelf=SHELF), HEAT)
    Session(project(shelf=SHELF), set_hot_day(HEAT, replace(HEAT.hot_day, wind=3.0)))
    assert len(list((tmp_path / "heat").iterdir())) == 2
