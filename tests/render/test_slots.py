"""A scenario of a large city is drawn with the tiles of today, and looks as if it were drawn by itself."""

from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from shapely import box

from twin.analysis.build import build
from twin.analysis.sun import Sun
from twin.model.city import City, is_whole, triangle_object
from twin.model.origin import origin
from twin.model.scenario import AddBuilding, ChangeAttributes, Edit, ExtendBuilding, MoveBuilding, Remove
from twin.model.state import Camera
from twin.render import slots, tiles
from twin.render.pick import Picker
from twin.render.prepare import prepare
from twin.render.slots import Slots, drawn_in_tiles, slots_of
from twin.render.snapshot import Darkroom
from twin.render.tiled import TiledActors
from twin.scene.camera import looking
from twin.scene.colours import USE_COLOURS, Classes
from twin.scene.items import Buildings, Colouring, Ground, Mask, Sunlight
from twin.scene.scene import Scene

NEAR = looking((0.0, 0.0, 5.0), heading=20.0, tilt=30.0, distance=160.0)
FAR = looking((0.0, 0.0, 0.0), heading=20.0, tilt=35.0, distance=1500.0)
USES = Colouring("use", Classes(tuple(USE_COLOURS.items())))


@pytest.fixture(autouse=True)
def in_tiles(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tiles, "MANY_OBJECTS", 50)
    monkeypatch.setattr(tiles, "TRIANGLES", 600)
    yield
    tiles.tiles_of.cache_clear()
    slots_of.cache_clear()


@pytest.fixture
def today(made_city: ModuleType) -> City:
    found: City = made_city.city(100)
    return found


def edits(city: City) -> tuple[Edit, ...]:
    ids = [str(each) for each in city.object_id]
    return (
        Remove("gone", "Goes", tuple(ids[:30])),
        ExtendBuilding("higher", "Higher", tuple(ids[30:40]), 6),
        MoveBuilding("moved", "Moved", tuple(ids[40:45]), 9.0, 4.0, 30.0),
        ChangeAttributes("used", "Used", tuple(ids[50:70]), (("use", "office"),)),
        AddBuilding("new", "New", box(-12, -9, 14, 8), 40.0, 12, "hotel"),
    )


def planned(city: City) -> City:
    return build(city, (), edits(city)).city


def by_itself(city: City, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on a city has tiles of its own."""
    slots_of.cache_clear()
    monkeypatch.setattr(slots, "origin", lambda _city: None)


def scene(city: City, camera: Camera, **look: Any) -> Scene:
    items = {
        "ground": Ground((-400.0, -400.0, 400.0, 400.0), "#e9e6df"),
        "buildings": Buildings(city, **look),
        "sun": Sunlight(40.0, 150.0),
    }
    return Scene(items, camera, Sun(40.0, 150.0), None)


def different(a: NDArray[np.uint8], b: NDArray[np.uint8], by: int = 12) -> float:
    return float((np.abs(a.astype(int) - b).max(axis=2) > by).mean())


def test_what_no_edit_touches_is_known_to_be_as_it_was(today: City) -> None:
    city = planned(today)
    found = origin(city)
    assert found is not None
    assert found.whole is today
    same = np.flatnonzero(found.row >= 0)
    assert (city.object_id[same] == today.object_id[found.row[same]]).all()
    changed = {*today.object_id[30:45].tolist(), "new"}
    assert set(city.object_id[found.row < 0].tolist()) == changed
    weight, before = (
        np.bincount(triangle_object(each), minlength=len(each.object_id)) for each in (city, today)
    )
    assert (weight[same] == before[found.row[same]]).all()


def test_every_object_has_one_slot(today: City) -> None:
    city = planned(today)
    found = slots_of(city)
    assert found.tiles is tiles.tiles_of(today)
    assert found.row is not None
    assert sorted(found.row[found.row >= 0].tolist()) == list(range(len(city.object_id)))


def test_where_most_is_other_a_scenario_has_tiles_of_its_own(
    today: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slots, "MOST", 10)
    assert slots_of(planned(today)).tiles.city is not today


def test_the_few_that_stay_of_a_large_city_are_drawn_with_its_tiles(today: City) -> None:
    rest = build(today, (), (Remove("gone", "Goes", tuple(map(str, today.object_id[:90]))),)).city
    assert drawn_in_tiles(rest)
    assert slots_of(rest).tiles is tiles.tiles_of(today)


def test_a_scenario_is_drawn_and_clicked_before_the_city_is_copied(room: Darkroom, today: City) -> None:
    city = planned(today)
    prepare(city, ())
    room.photograph(scene(today, NEAR))
    room.photograph(scene(city, NEAR, colouring=USES, marked=("new",)))
    assert Picker().pick(scene(city, NEAR), NEAR, 160, 90, (320, 180)) is not None
    assert not is_whole(city)


@pytest.mark.parametrize("camera", [NEAR, FAR])
@pytest.mark.parametrize("look", [{}, {"colouring": USES}, {"hidden": True, "chosen": ("new",)}])
def test_a_scenario_looks_as_it_does_by_itself(
    room: Darkroom, today: City, monkeypatch: pytest.MonkeyPatch, camera: Camera, look: dict[str, object]
) -> None:
    city = planned(today)
    if "hidden" in look:
        look = {**look, "hidden": Mask(np.arange(len(city.object_id)) % 3 == 0)}
    first = room.photograph(scene(today, camera))
    made = room.stage._actors["buildings"]
    shown = room.photograph(scene(city, camera, **look))
    after = room.stage._actors["buildings"]
    assert set(made) <= set(after), "in place"
    assert different(first, shown) > 0.004
    assert (room.photograph(scene(today, camera)) == first).all()
    assert (room.photograph(scene(city, camera, **look)) == shown).all()
    by_itself(city, monkeypatch)
    room.stage.clear()
    assert different(room.photograph(scene(city, camera, **look)), shown, by=3) < 0.004


def test_a_click_finds_what_stands_in_the_scenario(today: City, monkeypatch: pytest.MonkeyPatch) -> None:
    city, size = planned(today), (320, 180)
    places = np.random.default_rng(5).uniform((0, 0), size, (150, 2))
    picker = Picker()
    before = [picker.pick(scene(today, NEAR), NEAR, x, y, size) for x, y in places]
    found = [picker.pick(scene(city, NEAR), NEAR, x, y, size) for x, y in places]
    assert {"new"} < {each.id for each in found if each is not None}
    assert [each.id for each in found if each] != [each.id for each in before if each]
    by_itself(city, monkeypatch)
    picker = Picker()
    alone = [picker.pick(scene(city, NEAR), NEAR, x, y, size) for x, y in places]
    assert [each.id for each in found if each] == [each.id for each in alone if each]


def test_scenarios_in_turn_are_drawn_with_the_same_actors(room: Darkroom, today: City) -> None:
    first = room.photograph(scene(planned(today), NEAR))
    actors = room.stage._actors["buildings"]
    assert isinstance(actors, TiledActors)
    other = build(today, (), (AddBuilding("other", "Other", box(-5, -5, 20, 20), 15.0, 5),)).city
    room.photograph(scene(other, NEAR))
    assert room.stage._actors["buildings"] is actors
    assert (room.photograph(scene(planned(today), NEAR)) == first).all()


def test_a_city_as_it_is_has_its_objects_as_slots(today: City) -> None:
    found = slots_of(today)
    assert isinstance(found, Slots)
    assert found.gone is None
    assert found.each(today.object_id) is today.object_id
