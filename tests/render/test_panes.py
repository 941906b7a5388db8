"""Several scenes in one window are the pictures they are alone."""

from collections.abc import Iterator
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as how
from hypothesis import strategies as st
from numpy.typing import NDArray
from small_station import TODAY, VIEW, project

from twin.model.state import Camera, State
from twin.render import tiles
from twin.render.panes import Panes
from twin.render.snapshot import Darkroom
from twin.scene import camera as cameras
from twin.scene.comparison import WHOLE, Side, in_view, panes
from twin.scene.items import Buildings, Hatched
from twin.session.session import Session

SIZE = (321, 181)
STATE = replace(TODAY, camera=VIEW, scenario="tower", compared=("today", "green"))


@pytest.fixture(scope="module")
def dark() -> Iterator[Darkroom]:
    room = Darkroom(SIZE, fine=False)
    yield room
    room.close()


def session(**changes: Any) -> Session:
    return Session(project(), replace(STATE, **changes))


def alone(room: Darkroom, side: Side, size: tuple[int, int] = SIZE) -> NDArray[np.uint8]:
    room.panes.show((side,), (WHOLE,))
    return room.take(size)


def put(room: Darkroom, shown: Session) -> tuple[Side, ...]:
    room.panes.show(shown.sides, panes(shown.state, len(shown.sides)))
    return shown.sides


@pytest.mark.parametrize("divider", [0.0, 0.003, 0.37, 0.5, 0.999, 1.0])
@pytest.mark.parametrize("size", [SIZE, (160, 90)])
def test_a_swipe_is_both_pictures_pixel_for_pixel(
    dark: Darkroom, divider: float, size: tuple[int, int]
) -> None:
    shown = session(compare="swipe", divider=divider)
    left, right = (alone(dark, side, size) for side in shown.sides)
    assert (left != right).any()
    put(dark, shown)
    cut = round(divider * size[0])
    found = dark.take(size)
    assert np.array_equal(found[:, :cut], left[:, :cut])
    assert np.array_equal(found[:, cut:], right[:, cut:])


def test_a_divider_that_moves_keeps_both_pictures(dark: Darkroom) -> None:
    shown = session(compare="swipe")
    left, right = (alone(dark, side) for side in shown.sides)
    put(dark, shown)
    for divider in (0.2, 0.8, 0.5):
        dark.panes.divide(panes(replace(shown.state, divider=divider), 2))
        cut, found = round(divider * SIZE[0]), dark.take(SIZE)
        assert np.array_equal(found[:, :cut], left[:, :cut])
        assert np.array_equal(found[:, cut:], right[:, cut:])


def test_views_side_by_side_are_small_pictures_of_their_own(dark: Darkroom) -> None:
    shown = session(compare="split")
    assert len(shown.sides) == 3
    places = panes(shown.state, 3)
    sizes = [(right - left, bottom - top) for left, top, right, bottom in (p.pixels(SIZE) for p in places)]
    single = [alone(dark, side, size) for side, size in zip(shown.sides, sizes, strict=True)]
    put(dark, shown)
    found = dark.take(SIZE)
    for picture, pane in zip(single, places, strict=True):
        left, top, right, bottom = pane.pixels(SIZE)
        # the corners of faces are rounded to other fractions of a pixel further right
        differs = (found[top:bottom, left:right] != picture).any(axis=2)
        assert differs.mean() < 0.001


def test_a_fine_strip_ends_as_the_whole_one_does(dark: Darkroom) -> None:
    put(dark, session(compare="swipe"))
    dark.panes.fine(True)
    try:
        stage = dark.panes.stages[1]
        whole = dark.strip(SIZE, 60, 70, stage=stage)
        part = dark.strip(SIZE, 60, 70, stage=stage, columns=(150, 200))
    finally:
        dark.panes.fine(False)
    assert np.array_equal(whole[:, 150:200], part[:, 150:200])


def matrices(shown: Panes) -> list[list[float]]:
    found = []
    for stage in shown.stages:
        matrix = stage.renderer.GetActiveCamera().GetModelViewTransformMatrix()
        found.append([matrix.GetElement(row, column) for row in range(4) for column in range(4)])
    return found


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("orbit"), st.floats(-180, 180), st.floats(-40, 40)),
        st.tuples(st.just("move"), st.floats(-300, 300), st.floats(-300, 300)),
        st.tuples(st.just("zoom"), st.floats(0.5, 2.0), st.just(0.0)),
    ),
    max_size=8,
)


def moved(camera: Camera, move: tuple[str, float, float]) -> Camera:
    kind, one, other = move
    if kind == "orbit":
        return cameras.orbit(camera, turn=one, rise=other, about=camera.target)
    if kind == "move":
        return cameras.move(camera, one, other)
    return cameras.zoom(camera, one, camera.target)


@given(MOVES)
@how(max_examples=25)
def test_all_sides_look_from_one_place_however_one_moves(
    dark: Darkroom, moves: list[tuple[str, float, float]]
) -> None:
    put(dark, session(compare="split"))
    camera = VIEW
    for move in moves:
        camera = moved(camera, move)
        dark.panes.look(camera)
        first, *others = matrices(dark.panes)
        for other in others:
            assert np.allclose(first, other, rtol=0.0, atol=1e-9)
        assert dark.panes.stages[0].renderer.GetActiveCamera().GetPosition() == pytest.approx(camera.position)


def test_a_scenario_stays_on_its_stage_when_another_comes_beside(dark: Darkroom) -> None:
    put(dark, session(compare="none"))
    (before,) = dark.panes.stages
    shown = put(dark, session(compare="swipe"))
    place = [side.scenario for side in shown].index("tower")
    assert dark.panes.stages[place] is before


def test_what_is_no_longer_compared_is_no_longer_drawn(dark: Darkroom) -> None:
    shown = session(compare="none")
    single = alone(dark, shown.sides[0])
    put(dark, session(compare="split"))
    put(dark, shown)
    assert np.array_equal(dark.take(SIZE), single)


def test_changed_objects_are_striped(dark: Darkroom) -> None:
    shown = session(compare="none", scenario="today").sides[0]
    plain = alone(dark, shown)
    item = shown.scene.items["buildings"]
    assert isinstance(item, Buildings)
    striped = {**shown.scene.items, "changed": Hatched(item.city, ("hall",))}
    found = alone(dark, replace(shown, scene=replace(shown.scene, items=striped)))
    colours = found[(found != plain).any(axis=2)]
    assert len(colours) > 500
    assert len(np.unique(colours, axis=0)) >= 2
    unchanged = (found == plain).all(axis=2)
    assert unchanged.sum() > 0.3 * unchanged.size


def test_a_state_that_compares_nothing_has_one_whole_pane() -> None:
    state: State = replace(STATE, compare="none")
    assert panes(state, len(in_view(project(), state, {}).sides)) == (WHOLE,)


def test_two_large_cities_in_turn_are_made_once_each(
    dark: Darkroom, made_city: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "MANY_OBJECTS", 50)
    cities = [made_city.city(120, seed=seed) for seed in (1, 2)]
    today = session(compare="none").sides[0].scene
    scenes = [replace(today, items={"buildings": Buildings(city)}) for city in cities]
    stage = dark.panes.first
    stage.clear()
    made = [stage.show(scenes[number]) for number in (0, 1)]
    assert all(made)
    first = list(stage.actors)
    stage.show(scenes[0])
    stage.show(scenes[1])
    assert list(stage.actors) == first
