"""Flat things have their true size and their own colours."""

from typing import Any

import numpy as np
import pytest
import small_station
from shapely import LineString, MultiPolygon, Point, box

from twin.model.layer import Style
from twin.render import arrays, ground
from twin.scene.colours import GROUND_COLOURS, rgb
from twin.scene.items import Areas, Ground, Lines


def area_of(points: np.ndarray, triangles: np.ndarray) -> float:
    a, b, c = (points[triangles[:, i], :2] for i in range(3))
    (ux, uy), (vx, vy) = (b - a).T, (c - a).T
    return float(np.abs(ux * vy - uy * vx).sum() / 2)


def drawn(actor: Any) -> tuple[np.ndarray, np.ndarray]:
    data = actor.GetMapper().GetInput()
    points = np.array([data.GetPoint(i) for i in range(data.GetNumberOfPoints())])
    cells = [data.GetCell(i).GetPointIds() for i in range(data.GetNumberOfCells())]
    return points, np.array([[ids.GetId(k) for k in range(3)] for ids in cells])


def test_ribbons_have_their_true_width() -> None:
    street = small_station.layer("street", [LineString([(0, 0), (100, 0)])], Style(width=2.0), width=[8.0])
    points, triangles = drawn(ground.make_lines(Lines(street, 3))[0])
    assert np.ptp(points[:, 1]) == pytest.approx(8.0)
    assert area_of(points, triangles) == pytest.approx(800.0, rel=1e-5)


def test_a_line_without_a_width_takes_that_of_its_layer() -> None:
    two = [LineString([(0, 0), (9, 0)]), LineString([(0, 5), (9, 5)])]
    layer = small_station.layer("paths", two, Style(width=1.5), width=[None, 3.0])
    assert ground.widths(layer).tolist() == [1.5, 3.0]


def test_holes_and_many_parts_keep_their_area() -> None:
    lake = MultiPolygon([box(0, 0, 20, 20).difference(box(5, 5, 10, 10)), box(30, 0, 40, 10)])
    points, triangles, owner = arrays.flat_triangles(np.array([box(50, 0, 51, 1), lake, Point(0, 0)]))
    assert area_of(points, triangles) == pytest.approx(400 - 25 + 100 + 1)
    assert set(owner.tolist()) == {0, 1}


def test_nothing_flat_is_no_triangle() -> None:
    points, triangles, owner = arrays.flat_triangles(np.empty(0, dtype=object))
    assert points.shape == (0, 2)
    assert triangles.shape == (0, 3)
    assert not len(owner)


def test_ground_takes_the_colour_of_its_surface() -> None:
    layer = small_station.layers()[0]
    colours = ground.area_colours(layer, ())
    for row, surface in enumerate(("paving_stones", "grass")):
        assert tuple(colours[row]) == tuple(round(255 * c) for c in rgb(GROUND_COLOURS[surface]))


def test_new_ground_is_greener_and_the_rest_as_before() -> None:
    layer = small_station.layers()[0]
    plain, marked = ground.area_colours(layer, ()), ground.area_colours(layer, ("ground.0",))
    assert marked[0, 0] < plain[0, 0]
    assert (marked[1] == plain[1]).all()


def test_higher_levels_lie_higher_and_the_ground_lies_lowest() -> None:
    water = small_station.layers()[1]
    heights = [drawn(ground.make_areas(Areas(water, level))[0])[0][:, 2].max() for level in (1, 2, 3)]
    assert sorted(set(heights)) == heights
    plane, rim = ground.make_ground(Ground((0, 0, 100, 100), "#e9e6df"))
    assert drawn(plane)[0][:, 2].max() < 0
    assert np.ptp(drawn(rim)[0][:, 0]) > np.ptp(drawn(plane)[0][:, 0]) > 1000


def test_a_dashed_line_is_drawn_for_two_thirds_of_its_length() -> None:
    lines = np.array([LineString([(0, 0), (60, 0)]), LineString([(0, 10), (0, 40)])])
    pieces, owner = ground.dashes(lines, np.array([2.0, 1.0]))
    drawn_length = [sum(p.length for p in pieces[owner == row]) for row in (0, 1)]
    assert drawn_length == pytest.approx([40, 20])
    assert lines[0].buffer(1e-6).contains(pieces[owner == 0][3])
