"""A pixel and the ray through it belong together."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from vtkmodules.vtkRenderingCore import vtkCoordinate

from twin.model.state import Camera
from twin.render.camera import on_ground, place_camera, ray
from twin.render.snapshot import Darkroom
from twin.scene.camera import looking
from twin.scene.scene import Scene

views = st.builds(
    looking,
    st.tuples(st.floats(-300, 300), st.floats(-300, 300), st.floats(0, 30)),
    heading=st.floats(0, 359),
    tilt=st.floats(5, 89),
    distance=st.floats(10, 2000),
    angle=st.floats(20, 70),
)


@given(views)
def test_the_middle_of_the_picture_is_the_target(view: Camera) -> None:
    eye, direction = ray(view, 320, 180, (640, 360))
    reached = np.add(eye, math.dist(eye, view.target) * direction)
    assert reached == pytest.approx(view.target, abs=1e-6)


@given(views, st.floats(0, 640), st.floats(0, 360))
def test_what_a_ray_meets_on_the_ground_lies_on_it(view: Camera, x: float, y: float) -> None:
    eye, direction = ray(view, x, y, (640, 360))
    at = on_ground(eye, direction)
    if at is None:
        assert direction[2] > -1e-6
        return
    along = np.subtract(at, eye)
    assert at[2] == pytest.approx(0.0, abs=1e-6 * math.dist(eye, at))
    assert np.linalg.norm(np.cross(along, direction)) < 1e-6 * max(math.dist(eye, at), 1.0)


def test_the_card_puts_a_place_where_its_ray_goes_through(room: Darkroom, today: Scene) -> None:
    size = (320, 180)
    room.photograph(today)
    for x, y in ((160, 90), (40, 150), (300, 60)):
        eye, direction = ray(today.camera, x, y, size)
        at = on_ground(eye, direction)
        assert at is not None
        there = vtkCoordinate()
        there.SetCoordinateSystemToWorld()
        there.SetValue(*at)
        seen = there.GetComputedDoubleViewportValue(room.stage.renderer)
        assert (seen[0], size[1] - seen[1]) == pytest.approx((x, y), abs=0.6)


def test_the_horizon_is_level(room: Darkroom, today: Scene) -> None:
    place_camera(room.stage.renderer, today.camera)
    to_right = room.stage.renderer.GetActiveCamera().GetViewTransformMatrix().GetElement(0, 2)
    assert to_right == pytest.approx(0.0, abs=1e-12), "a step to the right of the picture is level"


def test_nobody_looks_at_the_ground_from_below() -> None:
    assert on_ground((0.0, 0.0, 10.0), np.array([0.0, 1.0, 0.0])) is None
    assert on_ground((0.0, 0.0, 10.0), np.array([0.0, 0.8, 0.6])) is None
