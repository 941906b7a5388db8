from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from twin.analysis.clearness import clearness, doubts
from twin.analysis.design_day import design_day
from twin.model.place import Place
from twin.model.weather import HotDay, Weather

HELSINKI = Place("EPSG:3879", (0.0, 0.0, 0.0), 24.94, 60.17, "Europe/Helsinki")
DAY = date(2026, 7, 15)


def hot_day(clear: float = 1.0) -> Weather:
    return design_day(HELSINKI, DAY, HotDay(clearness=clear))


@pytest.mark.parametrize("clear", [1.0, 0.4])
def test_the_index_is_what_the_day_was_made_with(clear: float) -> None:
    found = clearness(hot_day(clear), HELSINKI, offset=7200)
    assert found.index == pytest.approx(np.full(72, clear), abs=0.01)
    assert found.known
    assert not found.shifts
    assert doubts(found) == ()


@pytest.mark.parametrize("minutes", [-60, -30, 30, 60])
def test_a_wrong_clock_on_a_clear_day_is_found_and_the_index_stays(minutes: int) -> None:
    weather = hot_day()
    moved = replace(weather, ends=weather.ends - minutes * 60)
    found = clearness(moved, HELSINKI, offset=7200)
    day = 20649  # the 15th of July 2026, counted from 1970
    assert found.shifts[day] == minutes * 60
    assert found.index[30:66] == pytest.approx(np.ones(36), abs=0.03)
    assert any(f"On 2026-07-15 radiation fits a sun {abs(minutes)} min" in text for text in doubts(found))


def test_clouds_are_no_reason_to_doubt_the_clock() -> None:
    weather = hot_day()
    broken = np.random.default_rng(2).uniform(0.2, 1.0, 72)
    found = clearness(
        replace(weather, global_radiation=weather.global_radiation * broken), HELSINKI, offset=7200
    )
    assert not found.shifts
    assert found.index.min() < 0.5


def test_a_cloudy_afternoon_is_no_reason_either() -> None:
    weather = hot_day()
    local = (weather.middles + 7200) % 86400 / 3600
    sun = np.where(local > 13, 0.5, 1.0) * weather.global_radiation
    assert not clearness(replace(weather, global_radiation=sun), HELSINKI, offset=7200).shifts
