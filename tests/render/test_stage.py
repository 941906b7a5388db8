"""The stage draws what is different, and leaves the rest alone."""

from dataclasses import replace

import pytest
import small_station

from twin.render.light import RADIUS, daylight
from twin.render.snapshot import Darkroom
from twin.scene.camera import looking
from twin.scene.items import Areas, Buildings
from twin.scene.scene import Scene
from twin.session.commands import choose_overlay, choose_scenario
from twin.session.session import Session


def test_what_has_not_changed_is_not_made_again(room: Darkroom, today: Scene) -> None:
    assert set(room.stage.show(today)) == set(today.items) - {"sun"}
    before = room.stage.actors
    assert room.stage.show(today) == ()
    assert all(a is b for a, b in zip(before, room.stage.actors, strict=True))


def test_only_the_changed_item_is_made_again(room: Darkroom, today: Scene) -> None:
    room.stage.show(today)
    items = dict(today.items)
    water = items["layer:water"]
    assert isinstance(water, Areas)
    items["layer:water"] = replace(water, opacity=0.5)
    assert room.stage.show(replace(today, items=items)) == ("layer:water",)


def test_another_colour_of_the_same_city_keeps_its_actors(room: Darkroom, today: Scene) -> None:
    room.stage.show(today)
    before = room.stage.actors
    items = dict(today.items)
    buildings = items["buildings"]
    assert isinstance(buildings, Buildings)
    items["buildings"] = replace(buildings, marked=("office",), opacity=0.4)
    assert room.stage.show(replace(today, items=items)) == ()
    assert all(a is b for a, b in zip(before, room.stage.actors, strict=True))


def test_what_is_gone_from_the_scene_is_gone_from_the_stage(room: Darkroom, today: Scene) -> None:
    room.stage.show(today)
    full = room.stage.renderer.GetViewProps().GetNumberOfItems()
    items = {name: item for name, item in today.items.items() if not name.startswith("layer:")}
    assert room.stage.show(replace(today, items=items)) == ()
    assert len(room.stage.actors) < full
    room.stage.clear()
    assert room.stage.actors == ()


def test_another_scenario_makes_only_what_it_changes(room: Darkroom) -> None:
    session = Session(small_station.project(), replace(small_station.TODAY, camera=small_station.VIEW))
    room.stage.show(session.scene)
    session.do(choose_scenario, "green")
    assert set(room.stage.show(session.scene)) == {"layer:ground", "layer:trees"}


def test_a_scenario_seen_before_is_shown_by_the_same_actors(room: Darkroom) -> None:
    session = Session(small_station.project(), replace(small_station.TODAY, camera=small_station.VIEW))
    room.stage.show(session.scene)
    first = room.stage._actors["buildings"]
    session.do(choose_scenario, "tower")
    room.stage.show(session.scene)
    assert room.stage._actors["buildings"] != first
    assert not first[0].GetVisibility()
    session.do(choose_scenario, "today")
    room.stage.show(session.scene)
    assert room.stage._actors["buildings"] == first
    assert first[0].GetVisibility()


def test_what_was_kept_comes_back_in_the_colours_of_the_day(room: Darkroom) -> None:
    session = Session(small_station.project(), replace(small_station.TODAY, camera=small_station.VIEW))
    room.stage.show(session.scene)
    plain = room.photograph(session.scene)
    session.do(choose_scenario, "tower")
    room.stage.show(session.scene)
    session.do(choose_overlay, "use")
    session.do(choose_scenario, "today")
    assert (room.photograph(session.scene) != plain).mean() > 0.01


def test_the_camera_of_the_moment_wins_over_that_of_the_scene(room: Darkroom, today: Scene) -> None:
    other = replace(today.camera, position=(0.0, -300.0, 120.0))
    room.stage.show(today, other)
    assert room.stage.renderer.GetActiveCamera().GetPosition() == pytest.approx(other.position)


def test_the_sky_stays_behind_the_ground_while_the_view_goes_away(room: Darkroom, today: Scene) -> None:
    room.stage.show(today)
    far = looking((0.0, 0.0, 0.0), heading=0.0, tilt=40.0, distance=17_000.0)
    room.stage.look(far)
    west, east, *_ = room.stage._light._dome.GetBounds()
    assert east - west > 2 * 17_000.0
    room.stage.look(looking((0.0, 0.0, 0.0), heading=0.0, tilt=40.0, distance=500.0))
    west, east, *_ = room.stage._light._dome.GetBounds()
    assert east - west == pytest.approx(2 * RADIUS, rel=1e-3)  # the widest ring lies a degree up


@pytest.mark.parametrize(("altitude", "expected"), [(-20, 0.0), (-6, 0.0), (-1, 0.5), (4, 1.0), (60, 1.0)])
def test_daylight_goes_through_twilight(altitude: float, expected: float) -> None:
    assert daylight(altitude) == pytest.approx(expected)
