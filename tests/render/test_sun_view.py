"""What the sun sees, as numbers."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from twin.render.sun_view import NEAREST, SunView, axes, near, whole

ALTITUDES, AZIMUTHS = st.floats(0.5, 90.0), st.floats(0.0, 360.0)
PLACES = st.tuples(st.floats(-800, 800), st.floats(-800, 800), st.floats(1.5, 600.0))
CITY = (-900.0, 900.0, -800.0, 800.0, 0.0, 90.0)


def placed(view: SunView, *points: tuple[float, float, float]) -> np.ndarray:
    return np.column_stack([points, np.ones(len(points))]) @ view.rows.T


@given(ALTITUDES, AZIMUTHS)
def test_the_axes_are_those_of_one_who_looks_along_the_rays(altitude: float, azimuth: float) -> None:
    across, up, along = turn = axes(altitude, azimuth)
    assert turn @ turn.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.cross(along, up) == pytest.approx(across, abs=1e-12)
    assert across[2] == 0, "level"
    assert along[2] == pytest.approx(-np.sin(np.radians(altitude)))


def test_from_the_south_the_sun_looks_north_and_down() -> None:
    across, up, along = axes(30.0, 180.0)
    assert across == pytest.approx([1.0, 0.0, 0.0], abs=1e-12)
    assert along == pytest.approx([0.0, np.sqrt(3) / 2, -0.5])
    assert up == pytest.approx([0.0, 0.5, np.sqrt(3) / 2])


@given(ALTITUDES, AZIMUTHS, PLACES)
def test_the_whole_holds_every_corner(
    altitude: float, azimuth: float, point: tuple[float, float, float]
) -> None:
    view = whole(altitude, azimuth, CITY, side=1024)
    x, y, z = point
    inside = placed(view, (x, y, min(z, 90.0)))[0]
    assert (inside >= 0).all()
    assert (inside <= 1).all()


@settings(max_examples=25)
@given(ALTITUDES, AZIMUTHS, PLACES, PLACES)
def test_the_near_part_holds_what_one_stands_on(
    altitude: float, azimuth: float, position: tuple[float, float, float], target: tuple[float, float, float]
) -> None:
    east, north, _ = position
    view = near(whole(altitude, azimuth, CITY, side=1024), (east, north, 1.7), target, 90.0)
    if view is not None:
        at = placed(view, (east, north, 0.0))[0][:2]
        assert (np.abs(2 * at - 1) < 0.9).all(), "not where it fades into the whole"


def test_a_small_step_leaves_the_near_part_where_it_is() -> None:
    everything = whole(40.0, 200.0, CITY, side=1024)
    seen = {near(everything, (x, 0.0, 1.7), (x, 60.0, 10.0), 90.0) for x in np.arange(0.0, 5.0, 0.5)}
    assert len(seen) <= 2
    assert near(everything, (300.0, 0.0, 1.7), (300.0, 60.0, 10.0), 90.0) not in seen


def test_the_near_part_is_as_wide_as_the_view_and_gone_when_it_holds_everything() -> None:
    everything = whole(40.0, 200.0, CITY, side=1024)
    street = near(everything, (0.0, 0.0, 1.7), (0.0, 60.0, 10.0), 90.0)
    air = near(everything, (0.0, -700.0, 700.0), (0.0, 0.0, 0.0), 90.0)
    assert street is not None
    assert air is not None
    assert street.size[0] == 2 * NEAREST
    assert air.size[0] == 8 * NEAREST
    assert near(everything, (0.0, -3000.0, 3000.0), (0.0, 0.0, 0.0), 90.0) is None
