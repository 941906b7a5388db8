"""A large city is split so that nothing is lost or doubled, and parts stay with their wholes."""

from types import ModuleType

import numpy as np
import pytest
import small_station
from shapely import box

from twin.analysis.extrude import block
from twin.model.city import CityObject, from_objects, triangle_object
from twin.render import tiles
from twin.render.tiles import Tiles, is_large, split


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles, "TRIANGLES", 600)


def test_a_station_area_is_one_mesh_and_a_city_is_not(made_city: ModuleType) -> None:
    assert not is_large(small_station.city())
    assert not is_large(made_city.city(10_000))
    assert is_large(made_city.city(tiles.MANY_OBJECTS + 1))


@pytest.mark.usefixtures("small_tiles")
def test_every_object_is_in_one_tile(made_city: ModuleType) -> None:
    city = made_city.city(500)
    found = split(city)
    assert sorted(np.concatenate(found).tolist()) == list(range(500))
    weight = np.bincount(triangle_object(city))
    load = [int(weight[each].sum()) for each in found]
    assert len(found) == 32
    assert max(load) < 1.3 * min(load)


@pytest.mark.usefixtures("small_tiles")
def test_tiles_hardly_overlap(made_city: ModuleType) -> None:
    found = Tiles(made_city.city(500))
    size = (found.high - found.low)[:, :2].prod(axis=1)
    whole = (found.high.max(axis=0) - found.low.min(axis=0))[:2].prod()
    assert size.sum() < 1.5 * whole


@pytest.mark.usefixtures("small_tiles")
def test_parts_stay_with_their_building_even_if_far_apart() -> None:
    things = [CityObject(f"w{i}") for i in range(100)]
    for i in range(200):
        shell = block(box(9 * i, 0, 9 * i + 8, 8), base=0.0, height=9.0)
        things.append(CityObject(f"p{i}", "BuildingPart", i % 100, {}, shell))
    city = from_objects(small_station.PLACE, things)
    found = Tiles(city)
    assert len(found.tiles) > 2
    assert (found.tile_of[100:200] == found.tile_of[200:]).all()


@pytest.mark.usefixtures("small_tiles")
def test_in_full_all_tiles_are_the_city(made_city: ModuleType) -> None:
    city = made_city.city(500)
    found = Tiles(city)
    fine = [found.fine(number) for number in range(len(found.tiles))]
    assert sum(len(each.shell.triangles) for each in fine) == len(city.triangles)
    assert all(each.closed for each in fine)
    for tile, each in zip(found.tiles, fine, strict=True):
        assert (each.shell.points.min(axis=0) >= tile.low - 0.001).all()
        assert (each.shell.points.max(axis=0) <= tile.high + 0.001).all()
        assert each.shell.owner.max() < len(tile.objects)


def test_a_city_of_one_object_is_one_tile() -> None:
    city = from_objects(
        small_station.PLACE, [CityObject("one", polygons=block(box(0, 0, 9, 9), base=0.0, height=9.0))]
    )
    assert [each.tolist() for each in split(city)] == [[0]]
