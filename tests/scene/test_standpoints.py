"""Views that have a name look from where they say, and measure what they say."""

import math

import pytest
import small_station

from twin.scene.camera import distance, heading, looking, pixel_of, seen, tilt, zoom
from twin.scene.standpoints import (
    STANDPOINTS,
    angle_of,
    at_scale,
    eye_level,
    flattened,
    north_on_picture,
    outside,
    section,
    section_along,
    standing_at,
)

SIZE = (1600, 900)


@pytest.mark.parametrize("name", STANDPOINTS)
def test_a_hundred_metres_are_equally_long_near_and_far(name: str) -> None:
    camera = standing_at(small_station.VIEW, name, height=450.0)
    h = math.radians(heading(camera))
    forward = (math.sin(h), math.cos(h))
    found = []
    for along in (-100.0, 150.0):
        middle = (along * forward[0], along * forward[1])
        ends = [(middle[0] + side * forward[1], middle[1] - side * forward[0], 0.0) for side in (-50.0, 50.0)]
        left, right = (pixel_of(camera, end, SIZE) for end in ends)
        assert left is not None
        assert right is not None
        found.append(math.dist(left, right))
    assert found == pytest.approx([200.0, 200.0], rel=1e-3)


def test_an_isometric_cube_has_equal_edges() -> None:
    camera = standing_at(small_station.VIEW, "isometric", height=450.0)
    zero, *ends = (pixel_of(camera, point, SIZE) for point in ((0, 0, 0), (10, 0, 0), (0, 10, 0), (0, 0, 10)))
    assert zero is not None
    lengths = [math.dist(zero, end) for end in ends if end is not None]
    assert lengths == pytest.approx([lengths[0]] * 3, rel=1e-3)


def test_a_scale_of_one_to_five_hundred_is_two_millimetres_a_metre() -> None:
    camera = at_scale(standing_at(small_station.VIEW, "top"), 500.0, tall=200.0)
    assert seen(camera, 1.0) == pytest.approx(100.0)


def test_perspective_comes_back_as_it_was() -> None:
    there = flattened(flattened(small_station.VIEW))
    assert there.height == 0.0
    assert there.position == pytest.approx(small_station.VIEW.position, abs=1e-6)


def test_zooming_a_view_without_perspective_keeps_the_place_under_the_mouse() -> None:
    camera = standing_at(small_station.VIEW, "isometric", height=450.0)
    place = (40.0, 25.0, 0.0)
    closer = zoom(camera, 0.5, place)
    assert closer.height == 225.0
    assert pixel_of(closer, place, SIZE) == pytest.approx(pixel_of(camera, place, SIZE))


def test_a_section_looks_level_across_its_plane() -> None:
    camera = section(small_station.VIEW, turn=90.0)
    assert camera.section
    assert (tilt(camera), heading(camera)) == pytest.approx((0.0, 90.0))


def test_somebody_standing_looks_level_from_their_eyes() -> None:
    camera = eye_level((10.0, 20.0), heading=300.0)
    assert camera.position == (10.0, 20.0, 1.6)
    assert (heading(camera), tilt(camera)) == pytest.approx((300.0, 0.0))
    assert distance(camera) == pytest.approx(60.0)


def test_a_lens_of_50_mm_sees_27_degrees() -> None:
    assert angle_of(50.0) == pytest.approx(26.99, abs=0.01)


@pytest.mark.parametrize("turn", [0.0, 30.0, 135.0, 250.0])
@pytest.mark.parametrize("down", [10.0, 38.0, 75.0, 89.9])
def test_north_points_where_a_step_to_the_north_is_seen(turn: float, down: float) -> None:
    from twin.scene.camera import looking

    camera = looking((5.0, 7.0, 0.0), heading=turn, tilt=down, distance=300.0)
    here, there = pixel_of(camera, (5.0, 7.0, 0.0), SIZE), pixel_of(camera, (5.0, 7.01, 0.0), SIZE)
    assert here is not None
    assert there is not None
    expected = math.degrees(math.atan2(there[0] - here[0], here[1] - there[1]))
    found = north_on_picture(camera)
    assert found is not None
    assert (found - expected + 180) % 360 - 180 == pytest.approx(0.0, abs=0.05)


def test_north_is_not_said_where_the_ground_is_but_a_line() -> None:
    assert north_on_picture(eye_level((0.0, 0.0), heading=0.0)) is None


@pytest.mark.parametrize("start_end", [((-80.0, 10.0), (60.0, 40.0)), ((60.0, 40.0), (-80.0, 10.0))])
def test_a_section_along_a_line_shows_all_of_it_from_the_side_one_looks_from(
    start_end: tuple[tuple[float, float], tuple[float, float]],
) -> None:
    start, end = start_end
    camera = section_along(small_station.VIEW, start, end, wide=16 / 9, ground=30.0)
    assert camera.section
    assert math.cos(math.radians(heading(camera) - heading(small_station.VIEW))) > 0
    found = [pixel_of(camera, (*place, 30.0), SIZE) for place in (start, end)]
    (left, ground), (right, other) = sorted(place for place in found if place is not None)
    assert left == pytest.approx(0.05 * SIZE[0], abs=1)
    assert right == pytest.approx(0.95 * SIZE[0], abs=1)
    assert ground == other == pytest.approx((0.5 + 0.28) * SIZE[1], abs=1)
    # the line is in the plane of the section
    away = [math.dist(camera.position[:2], place) for place in (start, end)]
    assert away[0] == pytest.approx(away[1], abs=0.1)


def test_a_level_view_stands_on_the_ground_that_is_looked_at_and_stays_there() -> None:
    hill = looking((10.0, 20.0, 75.0), heading=30.0, tilt=40.0, distance=300.0)
    south = standing_at(hill, "south", height=100.0)
    found = pixel_of(south, (10.0, 20.0, 75.0), (900, 900))
    assert found is not None
    assert found[1] == pytest.approx((0.5 + 0.28) * 900, abs=0.5)
    again = section(standing_at(south, "west"))
    assert again.target[2] == pytest.approx(south.target[2])


def test_one_stands_outside_of_the_house_that_was_clicked() -> None:
    city = small_station.city()  # the hall: -60..60 east, 20..55 north
    at = outside(city, (0.0, 40.0), (0.0, -200.0))
    assert at[0] == pytest.approx(0.0)
    assert 14.0 < at[1] < 19.0
    assert outside(city, (0.0, -20.0), (0.0, -200.0)) == (0.0, -20.0)


def test_the_eye_is_above_the_ground_and_not_above_the_sea() -> None:
    there = eye_level((5.0, 6.0), heading=90.0, ground=112.0)
    assert there.position == (5.0, 6.0, pytest.approx(113.6))
    assert there.target[2] == pytest.approx(113.6)
