"""A flight passes its views, keeps the horizon level, and goes neither underground nor through roofs."""

import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.model.raster import Raster
from twin.model.state import Camera
from twin.scene.camera import distance, heading, looking, tilt
from twin.scene.flight import ABOVE_GROUND, FINENESS, eased, flight, heights_of, seconds_of
from twin.scene.standpoints import eye_level, standing_at

PLACES = st.floats(-400, 400)
VIEWS = st.lists(
    st.builds(
        lambda e, n, turn, lean, away: looking(
            (e, n, 5.0), heading=turn, tilt=lean, distance=away, angle=35.0
        ),
        PLACES,
        PLACES,
        st.floats(0, 359),
        st.floats(10, 89),
        st.floats(60, 2000),
    ),
    min_size=2,
    max_size=5,
)
FRAMES = 60


def flat(east: np.ndarray, _north: np.ndarray) -> np.ndarray:
    return np.zeros(len(east))


def city() -> Raster:
    """Roofs of 30 m in a chequered pattern of 40 m, on cells of 2 m."""
    row, column = np.indices((500, 500))
    values = np.where((row // 20 + column // 20) % 2, 30.0, 0.0).astype(np.float32)
    return Raster(values, -500.0, 500.0, 2.0, "roofs", "Roofs", "m", "Made up")


ROOFS = heights_of(city())


@given(VIEWS)
def test_a_flight_begins_and_ends_with_its_views_and_has_no_jumps(views: list[Camera]) -> None:
    found = flight(views, FRAMES)

    assert len(found) == FRAMES
    for end, view in ((found[0], views[0]), (found[-1], views[-1])):
        assert math.dist(end.position, view.position) < 1e-6
        assert math.dist(end.target, view.target) < 1e-6
    for a, b in pairwise(found):  # a turn of the head by no more than some degrees a picture
        assert abs((heading(b) - heading(a) + 180) % 360 - 180) < 60
        assert 0.4 < distance(b) / distance(a) < 2.5


@given(VIEWS)
def test_a_flight_looks_no_steeper_than_its_steepest_view_or_from_a_plane(views: list[Camera]) -> None:
    found = flight(views, FRAMES)

    tilts = [tilt(view) for view in views]
    assert min(map(tilt, found)) >= min(tilts) - 1e-6
    assert max(map(tilt, found)) <= max(*tilts, 28.0) + 1e-6
    assert all(camera.height == 0 and not camera.section for camera in found)


@given(VIEWS)
def test_the_eye_is_over_the_roofs_wherever_it_flies(views: list[Camera]) -> None:
    found = flight(views, FRAMES, roofs=ROOFS, ground=flat)

    inside = found[1:-1]
    eyes = np.array([camera.position for camera in inside])
    chosen = {view.position for view in views}
    free = np.array([camera.position not in chosen for camera in inside])
    above = eyes[:, 2] - ROOFS(eyes[:, 0], eyes[:, 1])
    assert (above[free] >= 0).all()
    assert (eyes[free, 2] >= ABOVE_GROUND - 1e-6).all()


def test_between_two_streets_the_eye_rises_over_the_houses_and_comes_down_again() -> None:
    east, north = -20.0, 20.0  # in a yard of the chequered city
    views = [
        eye_level((east, north), heading=0.0),
        eye_level((east + 240, north), heading=90.0),
    ]
    for view in views:
        assert ROOFS(*(np.array([x]) for x in view.position[:2]))[0] == 0

    found = flight(views, 200, roofs=ROOFS, ground=flat)

    heights = [camera.position[2] for camera in found]
    assert heights[0] == pytest.approx(1.6)
    assert heights[-1] == pytest.approx(1.6)
    assert max(heights) > 33
    for camera in found[1:-1]:
        here = ROOFS(*(np.array([x]) for x in camera.position[:2]))[0]
        assert camera.position[2] >= here


def test_a_flight_stays_at_each_view_as_long_as_is_asked() -> None:
    views = [looking((x, 0.0, 0.0), heading=0.0, tilt=30.0, distance=300.0) for x in (0.0, 200.0, 500.0)]

    found = flight(views, 100, pause=10)

    for view in views:
        there = [camera for camera in found if math.dist(camera.position, view.position) < 1e-6]
        assert len(there) >= 10


def test_turns_go_the_shorter_way() -> None:
    views = [looking((0.0, 0.0, 0.0), heading=turn, tilt=30.0, distance=300.0) for turn in (350.0, 20.0)]

    found = [heading(camera) for camera in flight(views, 30)]

    assert all(turn >= 349.99 or turn <= 20.01 for turn in found)


def test_one_view_is_flown_around_and_the_film_can_go_on_for_ever() -> None:
    view = looking((10.0, 20.0, 0.0), heading=30.0, tilt=40.0, distance=300.0)

    found = flight([view], 36)

    turns = np.diff(np.unwrap([heading(camera) for camera in found], period=360))
    assert turns == pytest.approx(np.full(35, 10.0))
    assert {round(distance(camera), 6) for camera in found} == {300.0}


def test_views_without_perspective_stay_so_and_mixed_ones_get_it() -> None:
    view = looking((0.0, 0.0, 0.0), heading=0.0, tilt=40.0, distance=300.0)
    top, east = standing_at(view, "top", height=200.0), standing_at(view, "east", height=400.0)

    assert [round(c.height) for c in (flight([top, east], 9)[i] for i in (0, -1))] == [200, 400]
    assert all(200 - 1e-6 <= camera.height <= 400 + 1e-6 for camera in flight([top, east], 9))
    assert all(camera.height == 0 for camera in flight([top, view], 9))


def test_speed_grows_and_fades_and_never_goes_back() -> None:
    share = eased(np.linspace(0, 1, 101))

    steps = np.diff(share)
    assert share[0] == 0
    assert share[-1] == 1
    assert (steps >= 0).all()
    assert steps[0] < 0.2 * steps[50]
    assert steps == pytest.approx(steps[::-1])


def test_longer_ways_take_longer() -> None:
    a, b, c = (looking((x, 0.0, 0.0), heading=0.0, tilt=30.0, distance=300.0) for x in (0.0, 100.0, 1500.0))

    assert seconds_of([a, b]) < seconds_of([a, c]) < seconds_of([a, c, a])
    assert seconds_of([a, b], pause=2.0) == pytest.approx(seconds_of([a, b]) + 4.0)
    assert FINENESS > 1
