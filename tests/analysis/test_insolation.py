"""Façades get the hours of sun that the sky and their neighbours leave them."""

from datetime import date

import numpy as np
import pytest
import small_station
from shapely import box

from twin.analysis.extrude import block
from twin.analysis.insolation import SEASON, Judged, facades, hours, judge
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
    total, run, _ = hours(found, solid, small_station.PLACE, DAY)
    return np.round(found.aspect), total, run


def test_a_box_has_four_facades_that_face_away_from_it() -> None:
    found = facades(city(("a", 0, 20, 12)))
    assert sorted(np.round(found.aspect).tolist()) == [0, 90, 180, 270]
    assert (found.building == "a").all()
    assert found.area == pytest.approx([240.0] * 4)


def test_an_open_facade_has_the_hours_the_sun_stands_before_it() -> None:
    aspect, total, run = sunned(city(("a", 0, 20, 12)))
    day = sunrise_sunset(small_station.PLACE, DAY)
    assert day is not None
    rise, set_ = (at.timestamp() for at in day)
    suns = path(small_station.PLACE, np.linspace(rise, set_, 4000))
    day = (set_ - rise) / 3600
    for facing in (0, 90, 180, 270):
        expected = day * (np.cos(np.radians(suns[:, 1] - facing)) > 0).mean()
        assert total[aspect == facing] == pytest.approx(expected, abs=0.2)
    assert (run <= total + 1e-9).all()


def judged(before: City, plan: City, *homes: str) -> Judged:
    heights = [surface_model(made, bounds=BOUNDS, cell=1.0) for made in (before, plan)]
    stood = frozenset(before.object_id.tolist())
    place = small_station.PLACE
    return judge(
        plan, frozenset(homes), before=heights[0], solid=heights[1], stood=stood, place=place, year=2026
    )


def test_a_tall_neighbour_takes_more_than_half_of_the_sun() -> None:
    alone, beside = city(("a", 0, 20, 12)), city(("a", 0, 20, 12), ("b", -30, -10, 60))
    free, shaded = judged(alone, alone, "a"), judged(alone, beside, "a")
    assert free.kept.all()
    assert free.left[free.total > 0] == pytest.approx(1.0)
    south = (np.round(shaded.facades.aspect) == 180) & (shaded.facades.building == "a")
    assert shaded.left[south] < 0.5
    assert not shaded.kept[south].any()
    assert shaded.run[south].max() < free.run[np.round(free.facades.aspect) == 180].max()


def test_what_is_new_has_nothing_to_lose_and_a_house_is_no_dwelling_unless_it_is_named() -> None:
    alone, beside = city(("a", 0, 20, 12)), city(("a", 0, 20, 12), ("b", -30, -10, 60))
    found = judged(alone, beside, "a")
    new = found.facades.building == "b"
    assert np.isnan(found.left[new]).all()
    assert found.kept[new].all()
    assert (found.dwelling == ~new).all()


def test_a_gap_between_houses_is_judged_on_the_day_the_sun_is_soonest_past_it() -> None:
    """High summer, when the sun goes round quickest, leaves a slit less than the ends of the season do."""
    split = from_objects(
        small_station.PLACE,
        [
            CityObject(name, "Building", -1, {}, block(box(*at), base=0.0, height=tall, roof="flat"))
            for name, at, tall in (
                ("a", (-10, 0, 10, 20), 12),
                ("west", (-120, -40, -6, -4), 120),
                ("east", (6, -40, 120, -4), 120),
            )
        ],
    )
    found = facades(split)
    solid = surface_model(split, bounds=BOUNDS, cell=1.0)
    south = (np.round(found.aspect) == 180) & (found.building == "a")
    total = {
        day: hours(found, solid, small_station.PLACE, date(2026, *day))[0][south].item() for day in SEASON
    }
    assert total[6, 21] < min(total[4, 22], total[8, 22])
    assert judged(split, split, "a").total.min() <= total[6, 21]


def test_a_slim_tower_breaks_the_sun_once_and_two_parts_count_together() -> None:
    alone = city(("a", 0, 20, 12))
    tower = CityObject("b", "Building", -1, {}, block(box(-6, -46, 6, -34), base=0.0, height=90, roof="flat"))
    house = CityObject("a", "Building", -1, {}, block(box(-10, 0, 10, 20), base=0.0, height=12, roof="flat"))
    beside = from_objects(small_station.PLACE, [house, tower])
    broken = []
    for made in (alone, beside):
        found = facades(made)
        solid = surface_model(made, bounds=BOUNDS, cell=1.0)
        total, run, breaks = hours(found, solid, small_station.PLACE, DAY)
        south = (np.round(found.aspect) == 180) & (found.building == "a")
        broken.append(breaks[south].item())
        assert (run[south] < total[south]).all() == (broken[-1] > 0)
    assert broken == [0, 1]


def test_what_does_for_high_rises_alone_is_told_apart() -> None:
    runs = np.array([2.6, 2.0, 2.0, 2.0])
    found = Judged(
        facades(city(("a", 0, 20, 12))),
        np.ones(4, dtype=bool),
        np.array([4.0, 3.6, 3.6, 3.0]),
        runs,
        np.array([4.0, 3.6, 0.0, 3.0]),  # the third is broken twice
        np.full(4, np.nan),
        np.full(4, np.nan),
    )
    assert found.enough.tolist() == [True, False, False, False]
    assert found.instead.tolist() == [False, True, False, False]
