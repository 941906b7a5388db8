"""What the card draws in shade lies in shade."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
import small_station
from one_picture import snapshot
from scipy.ndimage import maximum_filter, minimum_filter
from shapely import Point, box
from vtkmodules.vtkCommonCore import vtkCommand

from twin.analysis.extrude import block
from twin.analysis.sun import Sun
from twin.formats.open_project import first_state, open_project
from twin.model.city import City, CityObject, from_objects
from twin.model.layer import Style
from twin.model.project import Project
from twin.model.state import Camera
from twin.render import snapshot as snapshots
from twin.render import tiles
from twin.render.shadow_map import ShadowMap
from twin.render.snapshot import Darkroom
from twin.scene.camera import from_above, looking
from twin.scene.items import Buildings, Glyphs, Ground, Item, Mask, Shade, Sunlight
from twin.scene.overlays import Surfaces, surfaces
from twin.scene.scene import Scene
from twin.session.session import Session

SIDE = 300
"""Pixels along a side of the pictures."""
ABOVE = Camera((0.0, -0.5, 400.0), (0.0, 0.0, 0.0), 20.0)
SOUTH = 180.0


@pytest.fixture(scope="module")
def _card() -> Iterator[Darkroom]:
    room = Darkroom((SIDE, SIDE), fine=False, shadows="card")
    # smaller maps, which the processor draws in a moment
    room.stage._shadows = ShadowMap(room.stage.renderer, side=1024)
    yield room
    room.close()


@pytest.fixture
def card(_card: Darkroom) -> Darkroom:
    """An empty darkroom in which shadows are drawn as by a card."""
    _card.stage.clear()
    return _card


def houses(*parts: tuple[object, float, str]) -> City:
    """Footprint, height and roof of each."""
    return from_objects(
        small_station.PLACE,
        [
            CityObject(str(i), "Building", -1, {}, block(footprint, base=0.0, height=height, roof=roof))
            for i, (footprint, height, roof) in enumerate(parts)
        ],
    )


BLOCK = houses((box(-10, -10, 10, 10), 20.0, "flat"))


def scene(
    *, altitude: float, azimuth: float = SOUTH, shadows: bool = True, camera: Camera = ABOVE, **items: Item
) -> Scene:
    """A bare ground with a block of 20 m, or what is named, under a sun."""
    drawn: dict[str, Item] = {"ground": Ground((-80.0, -80.0, 80.0, 80.0), "#ffffff")}
    drawn.update(items or {"buildings": Buildings(BLOCK)})
    drawn["sun"] = Sunlight(altitude, azimuth, shadows)
    return Scene(drawn, camera, Sun(altitude, azimuth), None)


def darker(room: Darkroom, shown: Scene) -> np.ndarray:
    """How much darker each pixel is for the shadows, 0-1."""
    with_shadows = room.photograph(shown).astype(float).sum(axis=2)
    sun = shown.items["sun"]
    assert isinstance(sun, Sunlight)
    without = replace(shown, items={**shown.items, "sun": replace(sun, shadows=False)})
    bright = room.photograph(without).astype(float).sum(axis=2)
    return np.asarray((bright - with_shadows) / np.maximum(bright, 1.0))


def at(room: Darkroom, point: tuple[float, float, float]) -> tuple[int, int]:
    """Row and column of a point in the picture that was taken last."""
    renderer = room.stage.renderer
    renderer.SetWorldPoint(*point, 1.0)
    renderer.WorldToDisplay()
    x, y, _ = renderer.GetDisplayPoint()
    assert 0 <= x < SIDE
    assert 0 <= y < SIDE
    return SIDE - 1 - int(y), int(x)


@pytest.mark.parametrize(("altitude", "azimuth"), [(45.0, 180.0), (45.0, 90.0), (60.0, 225.0), (30.0, 300.0)])
def test_the_shadow_of_a_block_is_as_long_as_the_sun_says(
    card: Darkroom, altitude: float, azimuth: float
) -> None:
    dark = darker(card, scene(altitude=altitude, azimuth=azimuth))
    corner = np.array([-np.sin(np.radians(azimuth)), -np.cos(np.radians(azimuth))])
    edge = 20.0 / np.tan(np.radians(altitude))
    for away in (0.5, -0.5):  # before its end it is dark, half a metre after it is not
        middle = corner * (10.0 / np.abs(corner).max() + edge - away)
        assert (dark[at(card, (*middle, 0.0))] > 0.2) == (away > 0), away


def test_shadows_touch_what_casts_them(card: Darkroom) -> None:
    close = Camera((30.0, 60.0, 50.0), (4.0, 8.0, 0.0), 25.0)
    dark = darker(card, scene(altitude=45.0, camera=close))
    assert all(dark[at(card, (x, 10.3, 0.0))] > 0.2 for x in (-5.0, 0.0, 5.0))
    assert dark[at(card, (11.0, 0.0, 0.0))] == 0, "beside it the sun shines"


def test_shade_on_the_ground_is_as_dark_as_the_computed_one(card: Darkroom) -> None:
    dark = darker(card, scene(altitude=45.0))
    expected = 1 - (0.58 * 3 * 255 + 0.42 * sum((30, 34, 60))) / (3 * 255)
    assert dark[at(card, (0.0, 20.0, 0.0))] == pytest.approx(expected, abs=0.01)


def test_a_wall_in_the_shadow_of_a_house_is_dark_up_to_the_line_and_not_above(card: Darkroom) -> None:
    city = houses((box(-10, -10, 10, 10), 20.0, "flat"), (box(-30, 20, 30, 30), 30.0, "flat"))
    aside = Camera((90.0, -60.0, 40.0), (0.0, 20.0, 10.0), 40.0)
    dark = darker(card, scene(altitude=45.0, camera=aside, buildings=Buildings(city)))
    assert dark[at(card, (5.0, 20.0, 9.4))] > 0.1
    assert dark[at(card, (5.0, 20.0, 10.6))] == 0
    assert dark[at(card, (20.0, 20.0, 5.0))] == 0, "beside the shadow"


def test_walls_away_from_the_sun_stay_as_they_are(card: Darkroom) -> None:
    behind = Camera((0.0, 150.0, 40.0), (0.0, 10.0, 10.0), 20.0)
    dark = darker(card, scene(altitude=45.0, camera=behind))
    assert all(dark[at(card, (x, 10.0, z))] == 0 for x in (-8.0, 0.0, 8.0) for z in (2.0, 10.0, 18.0))


def test_roofs_in_shade_are_as_dark_as_the_ground(card: Darkroom) -> None:
    city = houses((box(-10, -10, 10, 10), 40.0, "flat"), (box(-30, 15, 30, 50), 10.0, "flat"))
    dark = darker(card, scene(altitude=45.0, buildings=Buildings(city)))
    assert 0.3 < dark[at(card, (0.0, 30.0, 10.0))] < 0.4
    assert dark[at(card, (0.0, 44.0, 10.0))] == 0
    assert dark[at(card, (0.0, 0.0, 40.0))] == 0


@pytest.mark.parametrize("altitude", [2.0, 5.0, 10.0, 25.0, 60.0])
@pytest.mark.parametrize("azimuth", [170.0, 200.0, 250.0])
@pytest.mark.parametrize("roof", ["flat", "gabled", "pyramidal"])
def test_a_lone_house_does_not_shade_itself(
    card: Darkroom, altitude: float, azimuth: float, roof: str
) -> None:
    city = houses((box(-40, -30, 40, 30), 20.0, roof))
    aside = looking((0.0, 0.0, 10.0), heading=20.0, tilt=50.0, distance=170.0)
    for camera in (aside, from_above(aside)):
        shown = scene(altitude=altitude, azimuth=azimuth, camera=camera, buildings=Buildings(city))
        items = {name: item for name, item in shown.items.items() if name != "ground"}
        assert (darker(card, replace(shown, items=items)) == 0).all()


def tree(**columns: float) -> Glyphs:
    style = Style("#93b27c", glyph="tree", order=10)
    one = {name: [value] for name, value in columns.items()}
    return Glyphs(small_station.layer("trees", [Point(0.0, 30.0)], style, role="trees", **one), 1)


def test_trees_cast_and_are_shaded(card: Darkroom) -> None:
    alone = darker(card, scene(altitude=45.0, trees=tree(height=12.0, crown=8.0)))
    assert alone[at(card, (0.0, 40.0, 0.0))] > 0.2
    crown = [at(card, (x, 30.0 + y, 8.0)) for x in (-2.0, 0.0, 2.0) for y in (-2.0, 0.0, 2.0)]
    assert np.mean([alone[each] for each in crown]) < 0.02, "in the sun"
    tower = Buildings(houses((box(-20, -10, 20, 10), 60.0, "flat")))
    shaded = darker(card, scene(altitude=45.0, trees=tree(height=12.0, crown=8.0), buildings=tower))
    assert np.mean([shaded[each] for each in crown]) > 0.1


def test_shadows_of_the_computed_raster_are_not_drawn_as_well(card: Darkroom) -> None:
    today = small_station.scene(time=small_station.NOON + timedelta(hours=4))
    assert isinstance(today.items["shade"], Shade)
    both = card.photograph(today)
    items = {name: item for name, item in today.items.items() if name != "shade"}
    assert (card.photograph(replace(today, items=items)) == both).all()


def test_without_shadows_the_picture_is_the_one_of_a_stage_that_casts_none(
    card: Darkroom, room: Darkroom
) -> None:
    off = small_station.scene(shadows=False)
    before = card.photograph(off)
    assert (card.photograph(small_station.scene()) != before).mean() > 0.005
    assert (card.photograph(off) == before).all()
    room.stage.show(off)
    plain = room.take((SIDE, SIDE))
    room.take((320, 180))
    assert (plain != before).any(axis=2).sum() <= 5, "corners may be rounded otherwise"


@pytest.mark.parametrize("altitude", [0.0, -3.0, -20.0])
def test_at_night_nothing_casts(card: Darkroom, altitude: float) -> None:
    assert (darker(card, scene(altitude=altitude)) == 0).all()


def test_maps_are_drawn_anew_only_for_another_sun_or_other_houses(card: Darkroom) -> None:
    drawn: list[int] = []
    shadows = card.stage._shadows
    assert shadows is not None
    watch = shadows._eye.AddObserver(vtkCommand.EndEvent, lambda *_: drawn.append(1))
    morning = scene(altitude=20.0, azimuth=100.0)
    card.photograph(morning)
    first = len(drawn)
    assert first
    items = dict(morning.items)
    items["buildings"] = Buildings(BLOCK, marked=("0",))
    card.photograph(replace(morning, items=items))
    assert len(drawn) == first, "another colour"
    card.photograph(scene(altitude=21.0, azimuth=101.0))
    assert len(drawn) > first
    second = len(drawn)
    taller = houses((box(-10, -10, 10, 10), 30.0, "flat"))
    card.photograph(scene(altitude=21.0, azimuth=101.0, buildings=Buildings(taller)))
    assert len(drawn) > second
    shadows._eye.RemoveObserver(watch)


def test_another_scenario_casts_its_own_shadows(card: Darkroom) -> None:
    today = card.photograph(small_station.scene()).astype(int)
    tower = card.photograph(small_station.scene(scenario="tower")).astype(int)
    card.photograph(small_station.scene())
    assert (np.abs(tower - today).max(axis=2) > 12).mean() > 0.01
    assert (card.photograph(small_station.scene()) == today).all(), "and back"


def test_what_is_hidden_casts_nothing(card: Darkroom) -> None:
    city = houses((box(-10, -10, 10, 10), 20.0, "flat"), (box(40, -10, 60, 10), 20.0, "flat"))
    assert darker(card, scene(altitude=45.0, buildings=Buildings(city)))[at(card, (0.0, 20.0, 0.0))] > 0.2
    hidden = Buildings(city, hidden=Mask(np.array([True, False])))
    dark = darker(card, scene(altitude=45.0, buildings=hidden))
    assert dark[at(card, (0.0, 20.0, 0.0))] == 0
    assert dark[at(card, (50.0, 20.0, 0.0))] > 0.2


def test_a_city_in_tiles_casts_the_same_shadows(card: Darkroom, monkeypatch: pytest.MonkeyPatch) -> None:
    evening = small_station.scene(time=small_station.NOON + timedelta(hours=5))
    card.stage.fine(True)
    whole = darker(card, evening)
    card.stage.clear()
    monkeypatch.setattr(tiles, "MANY_OBJECTS", 1)
    tiled = darker(card, evening)
    card.stage.clear()
    card.stage.fine(False)
    assert (whole > 0.1).mean() > 0.02
    assert (np.abs(whole - tiled) > 0.1).mean() < 0.001


def test_a_window_of_another_size_shows_the_same_shadows(card: Darkroom) -> None:
    shown = scene(altitude=45.0)
    small = card.photograph(shown)
    card.take((700, 500))
    assert (card.take((SIDE, SIDE)) == small).all()


def test_near_shadows_meet_far_ones(card: Darkroom) -> None:
    """A city much wider than the near part: along a street there is no step where the maps change."""
    row = houses(*((box(20, y, 40, y + 80), 15.0, "flat") for y in range(-1200, 1200, 80)))
    street = Camera((-10.0, -60.0, 40.0), (-10.0, 200.0, 0.0), 40.0)
    shown = scene(altitude=30.0, azimuth=90.0, camera=street, buildings=Buildings(row))
    dark = darker(card, shown)
    shadows = card.stage._shadows
    assert shadows is not None
    assert shadows._maps["Near"]._view is not None
    edge = 20.0 - 15.0 / np.tan(np.radians(30.0))
    for y in range(80, 500, 10):
        assert dark[at(card, (edge + 1.5, float(y), 0.0))] > 0.2, y
        assert dark[at(card, (edge - 1.5, float(y), 0.0))] == 0, y


def test_a_picture_made_of_tiles_has_no_seams(monkeypatch: pytest.MonkeyPatch) -> None:
    evening = small_station.scene(time=small_station.NOON + timedelta(hours=5))
    whole = snapshot(evening, (200, 120), shadows="card").astype(int)
    monkeypatch.setattr(snapshots, "TILE", 96)
    tiles = snapshot(evening, (200, 120), shadows="card").astype(int)
    assert np.abs(whole - tiles).mean() < 0.2
    assert (np.abs(whole - tiles).max(axis=2) > 12).mean() < 0.002


@pytest.fixture(scope="module")
def station_area(helsinki: Path) -> Project:
    return open_project(helsinki)


@pytest.mark.parametrize("hour", [9, 15, 19])
def test_the_card_agrees_with_the_computed_shadows_of_helsinki(station_area: Project, hour: int) -> None:
    project = station_area
    state = replace(first_state(project), time=first_state(project).time.replace(hour=hour))
    session = Session(project, state)
    session.close()
    shade = session.scene.items["shade"]
    assert isinstance(shade, Shade)
    assert session.scene.built is not None
    found: Surfaces = surfaces(session.scene.built, shade.lit.bounds, progress=lambda _: None)
    west, south, east, north = shade.lit.bounds
    rows, columns = shade.lit.values.shape
    middle, height = ((west + east) / 2, (south + north) / 2), 40_000.0
    angle = 2 * np.degrees(np.arctan((north - south) / 2 / height))
    above = Camera((middle[0], middle[1] - 0.05, height), (*middle, 0.0), float(angle))
    kept = {
        name: item
        for name, item in session.scene.items.items()
        if name in ("ground", "buildings", "layer:trees", "sun")
    }
    room = Darkroom((columns, rows), fine=False, shadows="card")
    try:
        dark = darker(room, replace(session.scene, items=kept, camera=above)) > 0.15
    finally:
        room.close()
    computed = shade.lit.values < 0.5
    built = maximum_filter(found.solid.values > 0, 3)
    crowns = found.canopy.values > 0 if found.canopy is not None else np.zeros_like(built)
    at_edge = minimum_filter(computed, 3) != maximum_filter(computed, 3)
    compared = ~built & ~crowns & ~at_edge
    assert compared.mean() > 0.4
    assert 0.05 < computed[compared].mean() < 0.5
    assert (dark == computed)[compared].mean() > 0.99
