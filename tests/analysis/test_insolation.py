"""Façades get the hours of sun that the sky and their neighbours leave them."""

from datetime import date

import numpy as np
import pytest
import small_station
from shapely import box

from twin.analysis.extrude import block
from twin.analysis.insolation import facades, hours, least
from twin.analysis.sun import path, sunrise_sunset
from twin.analysis.surface_model import surface_model
from twin.model.city import City, CityObject, from_objects

BOUNDS = (-150.0, -150.0, 150.0, 150.0)
DAY = date(2026, 4, 22)


def city(*houses: tuple[str, float, float, float]) -> City:
    made = [
        CityObject(
            name, "Building", -1, {}, block(box(-10, south, 10, north), base=0.0, height=tall, roof="flat")
        )
        for name, south, north, tall in houses
    ]
    return from_objects(small_station.PLACE, made)


def sunned(made: City) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    found = facades(made)
    solid = surface_model(made, bounds=BOUNDS, cell=1.0)
    total, run = hours(found, solid, small_station.PLACE, DAY)
    return np.round(found.aspect), total, run


def test_a_box_has_four_facades_that_face_away_from_it() -> None:
    found = facades(city(("a", 0, 20, 12)))
    assert sorted(np.round(found.aspect).tolist()) == [0, 90, 180, 270]
    assert (found.building == "a").all()
    assert found.area == pytest.approx([240.0] * 4)


def test_an_open_facade_has_the_hours_the_sun_stands_before_it() -> None:
    aspect, total, run = sunned(city(("a", 0, 20, 12)))
    rise, set_ = (t.timestamp() for t in sunrise_sunset(small_station.PLACE, DAY))  # type: ignore[union-attr]
    suns = path(small_station.PLACE, np.linspace(rise, set_, 4000))
    day = (set_ - rise) / 3600
    for facing in (0, 90, 180, 270):
        expected = day * (np.cos(np.radians(suns[:, 1] - facing)) > 0).mean()
        assert total[aspect == facing] == pytest.approx(expected, abs=0.2)
    assert (run <= total + 1e-9).all()


def test_a_tall_neighbour_takes_sun_and_gives_none() -> None:
    alone, beside = city(("a", 0, 20, 12)), city(("a", 0, 20, 12), ("b", -30, -10, 60))
    found = facades(alone)
    free, _ = least(found, surface_model(alone, bounds=BOUNDS, cell=1.0), small_station.PLACE, 2026)
    shaded, run = least(found, surface_model(beside, bounds=BOUNDS, cell=1.0), small_station.PLACE, 2026)
    assert (shaded <= free + 1e-9).all()
    south = np.round(found.aspect) == 180
    assert shaded[south] < 0.5 * free[south], "more than half is lost"
    assert run[south].max() < free[south].max()
