"""How a camera moves."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.scene import camera as cameras

angles = st.floats(-180, 180)
views = st.builds(
    cameras.looking,
    st.tuples(st.floats(-500, 500), st.floats(-500, 500), st.just(0.0)),
    heading=st.floats(0, 359),
    tilt=st.floats(5, 85),
    distance=st.floats(20, 2000),
)


@given(views)
def test_a_view_says_where_it_looks(view: cameras.Camera) -> None:
    again = cameras.looking(
        view.target, heading=cameras.heading(view), tilt=cameras.tilt(view), distance=cameras.distance(view)
    )
    assert again.position == pytest.approx(view.position, abs=1e-6)


@given(views, angles, st.floats(-90, 90))
def test_turning_keeps_the_distance_and_stays_above_ground(
    view: cameras.Camera, turn: float, rise: float
) -> None:
    turned = cameras.orbit(view, turn=turn, rise=rise)
    assert cameras.distance(turned) == pytest.approx(cameras.distance(view), rel=1e-6)
    assert turned.position[2] >= 0.5 - 1e-6


@given(views, angles)
def test_turning_about_a_place_keeps_the_distance_to_it(view: cameras.Camera, turn: float) -> None:
    place = (120.0, -40.0, 10.0)
    turned = cameras.orbit(view, turn=turn, rise=0.0, about=place)
    assert math.dist(turned.position, place) == pytest.approx(math.dist(view.position, place), rel=1e-6)
    assert (cameras.heading(turned) - cameras.heading(view) - turn) % 360 == pytest.approx(0, abs=1e-3) or (
        cameras.heading(turned) - cameras.heading(view) - turn
    ) % 360 == pytest.approx(360, abs=1e-3)


@given(views, st.floats(0.2, 5))
def test_zooming_out_and_in_again_leads_back(view: cameras.Camera, factor: float) -> None:
    place = (10.0, 20.0, 0.0)
    out = cameras.zoom(view, factor, place)
    if out != view and cameras.NEAREST < cameras.distance(out) < cameras.FARTHEST:
        back = cameras.zoom(out, 1 / factor, place)
        assert back.position == pytest.approx(view.position, abs=1e-4)


def test_from_above_north_is_up() -> None:
    view = cameras.from_above(cameras.looking((0.0, 0.0, 0.0), heading=77.0, tilt=30.0, distance=500.0))
    assert cameras.tilt(view) > 89
    assert cameras.heading(view) == pytest.approx(0.0, abs=1e-6)


def test_looking_around_moves_the_head_only() -> None:
    view = cameras.looking((0.0, 0.0, 0.0), heading=0.0, tilt=20.0, distance=100.0)
    turned = cameras.look_around(view, turn=90.0, rise=0.0)
    assert turned.position == view.position
    assert cameras.heading(turned) == pytest.approx(90.0)


def test_strafing_goes_where_the_picture_goes() -> None:
    view = cameras.looking((0.0, 0.0, 0.0), heading=90.0, tilt=30.0, distance=100.0)
    right = cameras.strafe(view, 10.0, 0.0)
    assert right.target == pytest.approx((0.0, -10.0, 0.0), abs=1e-9), "looking east, right is south"


@given(views, st.floats(-100, 400), st.floats(1, 300))
def test_what_is_zoomed_to_is_in_the_picture_however_high_it_stands(
    view: cameras.Camera, low: float, tall: float
) -> None:
    box = (10.0, 20.0, low), (18.0, 29.0, low + tall)
    found = cameras.close_to(view, *box, least=60.0)
    for x in (10.0, 18.0):
        for y in (20.0, 29.0):
            for z in (low, low + tall):
                place = cameras.pixel_of(found, (x, y, z), (1000, 800))
                assert place is not None
                assert 0 < place[0] < 1000
                assert 0 < place[1] < 800
