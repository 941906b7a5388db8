"""Facts about the view that an area opens with."""

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from twin.scene import camera as cameras
from twin.scene.framing import built_up, opening

ALL = (-5000.0, -5000.0, 5000.0, 5000.0)


def blocks(*places: tuple[float, float], tall: float = 20.0) -> NDArray[np.float64]:
    """Corners of a block of 20 by 20 metres at each place."""
    corners = [(x, y, z) for x in (-10, 10) for y in (-10, 10) for z in (0, tall)]
    return np.concatenate([np.array(corners) + np.array((*place, 0.0)) for place in places])


def town(east: float, north: float, size: float) -> list[tuple[float, float]]:
    steps = np.arange(-size / 2, size / 2 + 1, 50.0)
    return [(east + x, north + y) for x in steps for y in steps]


def pixels(
    camera: cameras.Camera, points: NDArray[np.float64], size: tuple[int, int] = (1000, 800)
) -> NDArray[np.float64]:
    found = [cameras.pixel_of(camera, (x, y, z), size) for x, y, z in points.tolist()]
    assert None not in found
    return np.array(found)


@pytest.mark.parametrize("heading", [0.0, 25.0, 200.0])
@pytest.mark.parametrize("tilt", [15.0, 38.0, 89.9])
def test_everything_is_in_the_opening_view_and_fills_it(heading: float, tilt: float) -> None:
    points = blocks(*town(0, 0, 400), (300.0, -150.0), tall=60.0)
    camera = cameras.framing(points, heading=heading, tilt=tilt)
    seen = pixels(camera, points)
    assert (seen >= 0).all()
    assert (seen <= (1000, 800)).all()
    shares = np.ptp(seen, axis=0) / (1000, 800)
    assert shares.max() == pytest.approx(cameras.FILLED, abs=0.01), "no nearer view has it all"
    assert cameras.heading(camera) == pytest.approx(heading)
    assert cameras.tilt(camera) == pytest.approx(tilt)
    assert camera.target[2] == pytest.approx(0.0, abs=1e-6), "one turns about the ground"


def test_a_whole_area_has_as_much_room_on_both_sides_that_it_comes_near() -> None:
    bounds = (100.0, 200.0, 1100.0, 700.0)
    corners = np.array([(x, y, 0.0) for x in bounds[::2] for y in bounds[1::2]])
    seen = pixels(cameras.around(bounds), corners)
    low, high = seen.min(axis=0), seen.max(axis=0)
    assert low[0] == pytest.approx(1000 - high[0], abs=0.5)
    assert 0 < low[1] < high[1] < 800


def test_a_single_point_is_looked_at_from_some_metres() -> None:
    camera = cameras.around((5.0, 5.0, 5.0, 5.0))
    assert math.dist(camera.position, camera.target) == pytest.approx(cameras.SMALLEST)
    assert camera.target == pytest.approx((5.0, 5.0, 0.0))


def test_a_built_up_area_is_shown_as_a_whole() -> None:
    small = (-250.0, -250.0, 250.0, 250.0)
    assert built_up(blocks((0.0, 0.0), (200.0, 200.0)), small) == small
    large = (-1530.0, -1530.0, 1530.0, 1530.0)
    assert built_up(blocks(*town(0, 0, 3000)), large) == large


def test_a_few_far_buildings_do_not_make_the_town_small() -> None:
    lonely = blocks(*town(1500, -1000, 1600), (-4900.0, 4900.0), (4900.0, 4900.0))
    west, south, east, north = built_up(lonely, ALL)
    assert (west, south, east, north) == pytest.approx((660, -1840, 2340, -160), abs=130)


def test_of_scattered_buildings_those_that_stand_closest_are_shown() -> None:
    spots = [(x, y) for x in range(-4500, 4501, 1500) for y in range(-4500, 4501, 1500)]
    near = [(2000.0, 1000.0), (2120.0, 1000.0), (2000.0, 1130.0), (2240.0, 1250.0)]
    west, south, east, north = built_up(blocks(*spots, *near), ALL)
    assert west <= 1990 and south <= 990 and east >= 2250 and north >= 1260
    assert max(east - west, north - south) < 700


def test_an_empty_city_opens_on_its_layers() -> None:
    nothing = np.empty((0, 3))
    assert built_up(nothing, ALL) == ALL
    assert opening(nothing, ALL) == cameras.around(ALL)
