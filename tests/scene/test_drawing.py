"""Corners go where they are meant to: to what stands near, as far as typed, square where it is nearly so."""

import math

import numpy as np
import pytest
import small_station
from hypothesis import assume, given
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, Point, Polygon, box

from twin.scene import drawing
from twin.scene.camera import looking, pixel_of
from twin.scene.drawing import Drawing
from twin.scene.snapping import NONE, edges_of, edges_of_city, near, snap

PLACE = small_station.PLACE
metre = st.floats(-500, 500).map(lambda x: round(x, 2))
flat = st.tuples(metre, metre)
SQUARE = edges_of([box(0, 0, 40, 20)])


def drawn(shape: drawing.Shape, *corners: tuple[float, float]) -> Drawing:
    found = Drawing(shape)
    for corner in corners:
        found = drawing.clicked(found, corner)
    return found


@given(flat, st.floats(0.1, 20))
def test_nothing_is_pulled_further_than_its_reach(at: tuple[float, float], reach: float) -> None:
    found = snap(at, SQUARE, reach=reach)
    assert math.dist(found.at, at) <= reach + 1e-9
    if not found.kind:
        assert found.at == at


@given(flat, st.floats(0.5, 20))
def test_a_corner_goes_before_an_edge_and_an_edge_is_hit(at: tuple[float, float], reach: float) -> None:
    found = snap(at, SQUARE, reach=reach)
    corners = [(0, 0), (40, 0), (40, 20), (0, 20)]
    nearest = min(math.dist(corner, at) for corner in corners)
    assert (found.kind == "corner") == (nearest <= reach)
    if found.kind == "edge":
        assert Point(found.at).distance(box(0, 0, 40, 20).exterior) < 1e-6


def test_the_way_to_a_wall_is_pulled_square_to_it() -> None:
    found = snap((12.4, 0.3), SQUARE, reach=1.0, drawn=[(12.0, -30.0)])
    assert found.kind == "right angle"
    assert found.at == pytest.approx((12.0, 0.0))


@given(flat, flat, flat)
def test_a_turn_that_is_nearly_square_becomes_square(
    a: tuple[float, float], b: tuple[float, float], at: tuple[float, float]
) -> None:
    assume(math.dist(a, b) > 1)
    found = snap(at, NONE, reach=2.0, drawn=[a, b])
    side = np.subtract(b, a)
    step = np.subtract(found.at, b)
    if found.kind == "right angle":
        assert abs(side @ step) < 1e-6 * np.linalg.norm(side) * max(np.linalg.norm(step), 1)
    if found.kind == "along":
        assert abs(side[0] * step[1] - side[1] * step[0]) < 1e-6 * np.linalg.norm(side) * 1000


@given(flat, st.sampled_from([0.5, 1.0, 5.0]))
def test_the_grid_pulls_everywhere(at: tuple[float, float], grid: float) -> None:
    found = snap(at, NONE, reach=0.1, grid=grid)
    assert found.kind == "grid"
    assert all(abs(x / grid - round(x / grid)) < 1e-9 for x in found.at)


@given(flat, st.floats(1, 100))
def test_what_is_left_out_as_too_far_would_not_have_been_hit(at: tuple[float, float], reach: float) -> None:
    assert snap(at, near(SQUARE, at, reach), reach=reach) == snap(at, SQUARE, reach=reach)


def test_buildings_are_met_where_they_stand() -> None:
    found = edges_of_city(small_station.city())
    hall = {(-60.0, 20.0), (60.0, 20.0), (60.0, 55.0), (-60.0, 55.0)}
    assert hall <= {(x, y) for x, y in found[:, :2].tolist()}
    assert len(found) == 4 * len(small_station.HOUSES)


@given(st.lists(flat, max_size=6), flat)
def test_back_takes_the_last_corner_and_nothing_else(
    corners: list[tuple[float, float]], at: tuple[float, float]
) -> None:
    before = drawn("line", *corners)
    after = drawing.clicked(before, at)
    if after.corners != before.corners:
        assert drawing.back(after) == before


@given(flat, flat, st.floats(0.1, 300).map(lambda x: round(x, 2)))
def test_a_typed_length_is_kept_to_the_millimetre(
    start: tuple[float, float], at: tuple[float, float], length: float
) -> None:
    assume(math.dist(start, at) > 1)
    found = drawn("line", start)
    for sign in str(length):
        found = drawing.typing(found, sign)
    end = drawing.aimed(found, at, PLACE)
    assert end is not None
    assert math.dist(start, end) == pytest.approx(length, abs=1e-3)
    assert drawing.direction(start, end) == pytest.approx(drawing.direction(start, at), abs=1e-6)


@pytest.mark.parametrize("typed", ["12,5", "12.5", " 12.5"[1:]])
def test_a_comma_is_a_point(typed: str) -> None:
    found = drawn("line", (0, 0))
    for sign in typed:
        found = drawing.typing(found, sign)
    assert drawing.aimed(found, (0, 3), PLACE) == pytest.approx((0, 12.5))


def test_places_are_typed_in_the_crs_of_the_project_or_from_the_last_corner() -> None:
    found = Drawing("line", ((5.0, 5.0),), "25496010,5;6673020")
    assert drawing.aimed(found, (0, 0), PLACE) == pytest.approx((10.5, 20.0))
    found = Drawing("line", ((5.0, 5.0),), "@3;-4")
    assert drawing.aimed(found, (0, 0), PLACE) == pytest.approx((8.0, 1.0))


@given(flat, st.floats(0.1, 300).map(lambda x: round(x, 2)), st.integers(0, 359))
def test_a_length_and_a_direction_are_typed_without_a_mouse(
    start: tuple[float, float], length: float, turn: int
) -> None:
    found = drawn("line", start)
    for sign in f"{length}<{turn}":
        found = drawing.typing(found, sign)
    end = drawing.aimed(found, None, PLACE)
    assert end is not None
    assert math.dist(start, end) == pytest.approx(length, abs=1e-3)
    assert math.remainder(drawing.direction(start, end) - turn, 360) == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize("typed", ["", "12", "12<", "<90", "@4", "@"])
def test_what_says_too_little_without_a_mouse_is_no_place(typed: str) -> None:
    assert drawing.aimed(Drawing("line", ((0.0, 0.0),), typed), None, PLACE) is None


def test_letters_are_not_taken_for_a_length() -> None:
    assert drawing.typing(Drawing("line"), "x") == Drawing("line")
    assert drawing.aimed(Drawing("line", ((0.0, 0.0),), "1-2"), (3, 4), PLACE) == (3, 4)


@given(flat, flat, flat)
def test_a_rectangle_has_right_angles_and_reaches_the_third_click(
    a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]
) -> None:
    assume(math.dist(a, b) > 1 and Point(c).distance(LineString([a, b])) > 1)
    found = drawn("rectangle", a, b, c)
    assert found.full
    area = drawing.made(found)
    assume(area is not None)
    assert isinstance(area, Polygon)
    assert area.minimum_rotated_rectangle.area == pytest.approx(area.area, rel=1e-6)
    p, q, r, s = drawing.outline(found)
    third = LineString([r, s])
    line = LineString([(np.add(r, 3000 * np.subtract(r, s))), (np.add(s, 3000 * np.subtract(s, r)))])
    assert third.length == pytest.approx(math.dist(p, q))
    assert line.distance(Point(c)) < 1e-3


def test_a_width_is_typed_for_the_third_click() -> None:
    found = Drawing("rectangle", ((0.0, 0.0), (10.0, 0.0)), "7")
    end = drawing.aimed(found, (11, 3), PLACE)
    assert end is not None
    area = drawing.made(drawing.clicked(found, end))
    assert area is not None
    assert area.area == pytest.approx(70)


def test_what_crosses_itself_is_no_area() -> None:
    assert drawing.made(drawn("polygon", (0, 0), (10, 10), (10, 0), (0, 10))) is None
    assert drawing.made(drawn("polygon", (0, 0), (10, 0))) is None


def test_a_corner_of_an_area_can_be_moved_added_and_taken_away() -> None:
    yard = Polygon(box(0, 0, 30, 30).exterior, [box(10, 10, 20, 20).exterior])
    corners = drawing.corners_of(yard)
    assert len(corners) == 4
    moved = drawing.with_corner(yard, 0, (40, 0))
    assert isinstance(moved, Polygon)
    assert len(moved.interiors) == 1, "its yard stays"
    assert (40.0, 0.0) in drawing.corners_of(moved)
    longer = drawing.with_new_corner(yard, 0, (35, 15))
    assert longer is not None
    assert len(drawing.corners_of(longer)) == 5
    triangle = drawing.without_corner(box(0, 0, 1, 1), 0)
    assert triangle is not None
    assert drawing.without_corner(triangle, 0) is None
    assert drawing.without_corner(MultiPoint([(0, 0), (1, 1)]), 1) == MultiPoint([(0, 0)])


@given(flat, st.floats(-180, 180))
def test_moving_there_and_back_changes_nothing(by: tuple[float, float], turn: float) -> None:
    there = drawing.moved(box(0, 0, 30, 10), by, turn=turn)
    back = drawing.moved(there, (-by[0], -by[1]), turn=-turn, about=(15 + by[0], 5 + by[1]))
    assert back.symmetric_difference(box(0, 0, 30, 10)).area < 1e-6


@given(flat, st.floats(0, 360), st.floats(10, 80))
def test_the_target_is_in_the_middle_of_the_picture(
    at: tuple[float, float], heading: float, tilt: float
) -> None:
    camera = looking((*at, 0.0), heading=heading, tilt=tilt, distance=300.0)
    assert pixel_of(camera, (*at, 0.0), (800, 600)) == pytest.approx((400, 300), abs=1e-6)


def test_a_place_and_its_pixel_find_each_other() -> None:
    from twin.render.camera import on_ground, ray

    camera = looking((10.0, 20.0, 0.0), heading=40.0, tilt=35.0, distance=200.0)
    for at in ((0.0, 0.0), (30.0, 40.0), (-25.0, 10.0)):
        pixel = pixel_of(camera, (*at, 0.0), (1280, 720))
        assert pixel is not None
        found = on_ground(*ray(camera, *pixel, (1280, 720)))
        assert found == pytest.approx((*at, 0.0), abs=1e-6)
    assert pixel_of(camera, (*np.array(camera.position[:2]) * 3, 500.0), (1280, 720)) is None
