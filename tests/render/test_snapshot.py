"""A picture shows what the scene says, without a window."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
import small_station
from one_picture import snapshot

from twin.errors import TwinError
from twin.render import snapshot as snapshots
from twin.render.snapshot import Darkroom
from twin.scene.camera import from_above, looking
from twin.scene.colours import USE_COLOURS, rgb
from twin.scene.scene import Scene

SIZE = (320, 180)


def changed(before: np.ndarray, after: np.ndarray) -> float:
    """Share of pixels that are clearly different."""
    return float((np.abs(before.astype(int) - after.astype(int)).max(axis=2) > 12).mean())


def near(picture: np.ndarray, colour: tuple[int, ...], within: int = 30) -> np.ndarray:
    return np.asarray(np.abs(picture.astype(int) - colour).max(axis=2) < within)


def test_a_picture_has_the_size_it_was_asked_for(today: Scene) -> None:
    for size in ((101, 57), (64, 200)):
        assert snapshot(today, size).shape == (size[1], size[0], 3)


def test_the_same_scene_is_the_same_picture(room: Darkroom, today: Scene) -> None:
    assert (room.photograph(today) == room.photograph(today)).all()


def test_another_scenario_changes_the_picture_where_it_builds(room: Darkroom, today: Scene) -> None:
    before = room.photograph(today)
    tower = room.photograph(small_station.scene(scenario="tower"))
    assert 0.005 < changed(before, tower) < 0.3
    assert changed(before, room.photograph(today)) == 0, "and back"


def test_new_things_are_green_and_lost_ones_red(room: Darkroom) -> None:
    plain = room.photograph(small_station.scene(scenario="tower")).astype(int)
    marked = room.photograph(small_station.scene(scenario="tower", highlight=True)).astype(int)
    greener = (marked[..., 1] - marked[..., 0] > 25) & (plain[..., 1] - plain[..., 0] < 15)
    redder = (marked[..., 0] - marked[..., 1] > 25) & (plain[..., 0] - plain[..., 1] < 15)
    assert greener.mean() > 0.002
    assert redder.mean() > 0.002


def test_shadows_darken_and_never_brighten(room: Darkroom) -> None:
    evening = small_station.NOON + timedelta(hours=5)
    without = room.photograph(small_station.scene(time=evening, shadows=False)).astype(int)
    shaded = room.photograph(small_station.scene(time=evening, shadows=True)).astype(int)
    assert (without.sum(axis=2) - shaded.sum(axis=2) > 60).mean() > 0.02
    assert ((shaded - without).max(axis=2) > 6).mean() < 0.001


def test_walls_away_from_the_sun_are_darker_than_walls_towards_it(room: Darkroom) -> None:
    close = looking((120.0, 35.0, 20.0), heading=0.0, tilt=10.0, distance=110.0)
    towards = room.photograph(small_station.scene(camera=close, shadows=False))[90, 160]
    away = looking((120.0, 35.0, 20.0), heading=180.0, tilt=10.0, distance=110.0)
    behind = room.photograph(small_station.scene(camera=away, shadows=False))[90, 160]
    assert int(towards.sum()) > int(behind.sum()) + 60


def test_night_is_dark_and_noon_is_light(room: Darkroom) -> None:
    noon = room.photograph(small_station.scene())
    night = room.photograph(small_station.scene(time=small_station.NOON.replace(month=12, hour=23)))
    assert noon.mean() > 200
    assert 30 < night.mean() < 0.6 * noon.mean()


def test_a_drape_shows_the_colours_of_its_scale(room: Darkroom) -> None:
    scene = small_station.scene(overlay="sun_hours", camera=from_above(small_station.VIEW))
    picture = room.photograph(scene).astype(int)
    warm = picture[..., 0] - picture[..., 2] > 60
    assert warm.mean() > 0.15
    assert len(np.unique(picture[warm] // 16, axis=0)) > 10, "a ramp, not one colour"


def test_buildings_take_the_colour_of_their_use(room: Darkroom) -> None:
    scene = small_station.scene(overlay="use", shadows=False, camera=from_above(small_station.VIEW))
    picture = room.photograph(scene)
    for use in ("office", "transport", "hotel"):
        colour = tuple(round(255 * c) for c in rgb(USE_COLOURS[use]))
        assert near(picture, colour).mean() > 0.003, use


def test_a_hidden_layer_is_not_in_the_picture(room: Darkroom) -> None:
    shown = room.photograph(small_station.scene())
    hidden = room.photograph(small_station.scene(hidden=frozenset({"water"})))
    blue = (shown[..., 2].astype(int) - shown[..., 0] > 25).mean()
    assert blue > 0.02
    assert (hidden[..., 2].astype(int) - hidden[..., 0] > 25).mean() < 0.1 * blue


def test_ground_that_is_hidden_by_a_house_does_not_shine_through(room: Darkroom) -> None:
    level = looking((120.0, 20.0, 10.0), heading=0.0, tilt=1.0, distance=60.0)
    picture = room.photograph(small_station.scene(camera=level, overlay="sun_hours", shadows=False))
    wall = picture[60:80, 150:170].astype(int)
    assert (wall[..., 0] - wall[..., 2]).max() < 40


def test_the_sky_is_above_and_fades_to_haze(room: Darkroom) -> None:
    level = looking((0.0, 0.0, 10.0), heading=180.0, tilt=1.0, distance=30.0, angle=60.0)
    picture = room.photograph(small_station.scene(camera=level)).astype(int)
    top = picture[0].mean(axis=0)
    assert top[2] > top[0] + 8, "blue"
    assert picture[0].mean() > 180


def test_a_picture_made_of_tiles_is_the_same_as_one_made_at_once(
    today: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = snapshot(today, (200, 120)).astype(int)
    monkeypatch.setattr(snapshots, "TILE", 96)
    tiles = snapshot(today, (200, 120)).astype(int)
    assert np.abs(whole - tiles).mean() < 0.2
    assert changed(whole, tiles) < 0.002


def test_fine_pictures_have_smooth_edges(room: Darkroom, today: Scene) -> None:
    rough, fine = room.photograph(today).astype(int), snapshot(today, SIZE).astype(int)
    assert np.abs(rough.mean(axis=(0, 1)) - fine.mean(axis=(0, 1))).max() < 4
    assert len(np.unique(fine.reshape(-1, 3), axis=0)) > 1.5 * len(np.unique(rough.reshape(-1, 3), axis=0))


def test_lines_are_as_thick_as_before_once_the_picture_is_taken(today: Scene) -> None:
    room = Darkroom((64, 36))
    room.stage.show(today)
    before = [actor.GetProperty().GetLineWidth() for actor in room.stage.actors]
    angle = room.stage.renderer.GetActiveCamera().GetViewAngle()
    room.photograph(today)
    assert [actor.GetProperty().GetLineWidth() for actor in room.stage.actors] == before
    assert room.stage.renderer.GetActiveCamera().GetViewAngle() == pytest.approx(angle)
    room.close()


@pytest.mark.parametrize("size", [(20_000, 100), (8, 100)])
def test_sizes_that_cannot_be_drawn_are_refused(size: tuple[int, int]) -> None:
    with pytest.raises(TwinError, match="pixels a side"):
        Darkroom(size)


def test_an_empty_scene_is_only_sky(room: Darkroom, today: Scene) -> None:
    picture = room.photograph(replace(today, items={"sun": today.items["sun"]}))
    assert picture.std(axis=(0, 1)).max() < 12
