from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small_station

from twin.model import appearance, city, lod
from twin.model.appearance import Image
from twin.model.city import City, CityObject, Polygon3D

SQUARE = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]])


def made(*objects: tuple[str, int, list[float]]) -> City:
    """A city of (id, parent, LoDs of its surfaces), each showing its highest."""
    found = city.from_objects(
        small_station.PLACE,
        [
            CityObject(name, parent=parent, polygons=[Polygon3D((SQUARE,), lod=level) for level in levels])
            for name, parent, levels in objects
        ],
    )
    highest = [level == max(levels) for _, _, levels in objects for level in levels]
    return replace(found, surface_shown=np.array(highest))


def levels_of(shown: City) -> list[tuple[str, float]]:
    return [
        (str(shown.object_id[row]), level)
        for row, level in zip(shown.surface_object.tolist(), shown.surface_lod.tolist(), strict=True)
    ]


def test_each_object_shows_its_highest_lod_unless_one_is_asked_for() -> None:
    both = made(("a", -1, [1, 2.2]), ("b", -1, [1]))
    assert levels_of(lod.shown(both)) == [("a", 2.2), ("b", 1)]
    assert levels_of(lod.shown(both, 1)) == [("a", 1), ("b", 1)]
    assert levels_of(lod.shown(both, 2)) == [("a", 1), ("b", 1)]
    assert lod.present(both) == (1, 2.2)


def test_parts_above_the_lod_give_way_to_their_whole() -> None:
    block = made(("block", -1, [1]), ("wing", 0, [2]))
    assert levels_of(lod.shown(block, 1)) == [("block", 1)]


def test_what_has_only_higher_lods_is_shown_in_the_lowest_of_them() -> None:
    only = made(("a", -1, [2, 3]), ("b", -1, [1, 2]))
    assert levels_of(lod.shown(only, 1)) == [("a", 2), ("b", 1)]


def test_a_city_with_one_lod_stays_the_same_object() -> None:
    plain = city.from_objects(small_station.PLACE, [CityObject("a", polygons=[Polygon3D((SQUARE,), lod=2)])])
    assert lod.shown(plain) is plain
    assert lod.shown(plain, 2) is plain


def test_pictures_follow_their_surfaces(tmp_path: Path) -> None:
    both = made(("a", -1, [1, 2]), ("b", -1, [1]))
    picture = Image(tmp_path / "wall.png")
    look = replace(
        appearance.blank(3, 12), images=(picture,), surface_image=np.array([-1, 0, -1], dtype=np.int32)
    )
    shown = lod.shown(replace(both, appearance=look))
    assert shown.appearance is not None
    assert shown.appearance.surface_image.tolist() == [0, -1]
    assert shown.appearance.coordinates.shape == (8, 2)


def test_joined_cities_keep_their_pictures(tmp_path: Path) -> None:
    one = city.from_objects(small_station.PLACE, [CityObject("a", polygons=[Polygon3D((SQUARE,))])])
    first, second = (Image(tmp_path / name) for name in ("1.png", "2.png"))
    look = replace(
        appearance.blank(1, 4), images=(second, first), surface_image=np.array([1], dtype=np.int32)
    )
    plain = city.concatenate(one, one)
    assert plain.appearance is None
    joined = city.concatenate(plain, replace(one, appearance=look)).appearance
    assert joined is not None
    assert [joined.images[row] if row >= 0 else None for row in joined.surface_image] == [None, None, first]


@pytest.mark.parametrize("level", [None, 0, 1, 2, 3])
def test_objects_stay_whatever_the_lod(level: float | None) -> None:
    both = made(("a", -1, [1, 2.2]), ("b", -1, [1]), ("c", 0, [3]))
    assert lod.shown(both, level).object_id.tolist() == ["a", "b", "c"]
