"""Yards are open ground beside dwellings, and their share in sun is what the hours say."""

from dataclasses import replace

import numpy as np
import small_station
from shapely import box

from twin.analysis.yards import REACH, sunny_share, yards
from twin.model.layer import Layer, Style
from twin.model.raster import Raster

HOMES = frozenset({"homes"})  # 130..150 east, -60..-20 north
OPEN = Raster(np.ones((200, 200)), 40.0, 60.0, 1.0, "open", "Open", "")


def at(mask: np.ndarray, east: float, north: float) -> bool:
    return bool(mask[int(OPEN.north - north), int(east - OPEN.west)])


def test_ground_near_a_dwelling_is_its_yard_unless_something_is_built_there() -> None:
    city = small_station.city()
    found = yards(city, HOMES, (), OPEN)
    assert at(found, 150 + REACH - 2, -40)
    assert not at(found, 150 + REACH + 2, -40)
    assert not at(yards(city, frozenset(), (), OPEN), 155, -40)
    built = OPEN.values.copy()
    built[:, 115:] = 0.0  # from 155 east
    found = yards(city, HOMES, (), replace(OPEN, values=built))
    assert not at(found, 160, -40)
    assert at(found, 152, -40)


def test_nobody_has_a_yard_on_a_street() -> None:
    street = small_station.layer("streets", [box(151, -60, 158, -20)], Style("#cccccc"))
    assert isinstance(street, Layer)
    found = yards(small_station.city(), HOMES, (street,), OPEN)
    assert not at(found, 155, -40)
    assert at(found, 160, -40)


def test_the_share_counts_places_with_three_hours() -> None:
    hours = replace(OPEN, values=np.tile(np.linspace(0.0, 6.0, 200), (200, 1)))
    whole = np.ones((200, 200), dtype=bool)
    assert sunny_share(hours, whole) == 0.5
    assert sunny_share(hours, np.zeros((200, 200), dtype=bool)) is None
