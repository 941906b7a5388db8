"""What is drawn is seen before it is there, and what is chosen can be taken hold of."""

import itertools
import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
import shapely.affinity
import small_station
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, box

from twin.analysis.build_models import footprint, placed
from twin.analysis.seat import SKIRT, build_on
from twin.analysis.terrain_mesh import relief
from twin.model.raster import Raster
from twin.model.scenario import AddBuilding, AddModel, AddWay, ChangeGround, FillPlot, PlantRow
from twin.model.terrain import Terrain
from twin.render.camera import ray
from twin.scene import sketches
from twin.scene.camera import looking, pixel_of
from twin.scene.drawing import NO_AREA, NO_LINE, Drawing
from twin.scene.footing import STEP, Footing

HOUSE = AddBuilding("h", "", NO_AREA, 18.0)


@pytest.fixture(scope="module")
def hill() -> Footing:
    """40 m over zero in the middle, and a tenth higher for each metre to the east, with waves."""
    east = np.arange(-400.0, 400.0, 4.0) + 2.0
    waves = 3.0 * np.sin(east / 25.0)[:, None]
    heights = (40.0 + 0.1 * east + waves).astype(np.float32)
    return Footing(relief(Terrain("hill", "Hill", Raster(heights, -400.0, 400.0, 4.0)), 0.05))


def test_a_building_is_a_ghost_as_soon_as_it_has_three_corners() -> None:
    two = sketches.drawn(HOUSE, Drawing("polygon", ((0.0, 0.0), (20.0, 0.0))), None)
    assert two.areas == () and len(two.handles) == 2
    three = sketches.drawn(HOUSE, Drawing("polygon", ((0.0, 0.0), (20.0, 0.0))), (20.0, 10.0))
    assert three.height == 18.0
    assert three.areas[0].area == pytest.approx(100)
    assert three.lines[0][0] == three.lines[0][-1], "the outline is closed"


def test_an_outline_that_crosses_itself_is_shown_as_wrong() -> None:
    corners = ((0.0, 0.0), (10.0, 10.0), (10.0, 0.0))
    assert sketches.drawn(HOUSE, Drawing("polygon", corners), (0.0, 10.0)).wrong


def test_a_plot_shows_the_block_that_fills_it() -> None:
    plot = FillPlot("p", "", NO_AREA, "perimeter", 12_000.0)
    drawing = Drawing("polygon", ((0.0, 0.0), (80.0, 0.0), (80.0, 60.0)))
    found = sketches.drawn(plot, drawing, (0.0, 60.0))
    (block,) = found.areas
    assert len(block.interiors) == 1, "around a yard"
    assert found.height * block.area / plot.storey_height >= 12_000
    small = sketches.drawn(plot, Drawing("polygon", ((0.0, 0.0), (3.0, 0.0))), (3.0, 3.0))
    assert small.wrong


def test_a_row_shows_each_of_its_trees_and_a_street_its_width() -> None:
    row = sketches.drawn(PlantRow("r", "", NO_LINE, 8.0), Drawing("line", ((0.0, 0.0),)), (40.0, 0.0))
    stems = [line for line in row.lines if len(line) == 2 and line[0][:2] == line[1][:2]]
    assert [line[0][0] for line in stems] == pytest.approx([0, 8, 16, 24, 32, 40])
    street = sketches.drawn(
        AddWay("w", "", NO_LINE, "street", 6.0), Drawing("line", ((0.0, 0.0),)), (50.0, 0.0)
    )
    assert street.areas[0].area == pytest.approx(300)


def test_each_side_of_an_area_can_get_a_corner() -> None:
    assert len(sketches.middles(box(0, 0, 10, 10))) == 4
    assert len(sketches.middles(LineString([(0, 0), (5, 5), (10, 0)]))) == 2
    assert sketches.middles(MultiPoint([(0, 0), (1, 1)])) == ()


def test_a_part_is_moved_with_its_whole() -> None:
    found = sketches.gizmo_of(small_station.city(), "hall")
    assert found is not None
    assert found.ids == ("hall",)
    assert found.middle == pytest.approx((0, 37.5))
    assert found.height == pytest.approx(18.0)
    assert found.radius > math.hypot(60, 17.5)
    assert sketches.gizmo_of(small_station.city(), "nobody") is None


@given(st.floats(-90, 90), st.floats(-90, 90), st.floats(-180, 180))
def test_the_ghost_is_where_the_building_will_be(east: float, north: float, turn: float) -> None:
    found = sketches.gizmo_of(small_station.city(), "office")
    assert found is not None
    shown = sketches.gizmo(found, by=(east, north), turn=turn, storeys=2)
    if shown.areas:
        middle = shown.areas[0].centroid
        assert (middle.x, middle.y) == pytest.approx((120 + east, 35 + north), abs=1e-6)
    assert shown.height == pytest.approx(42.0 + 6.6)
    hold, knob, top = shown.handles
    assert math.dist(hold[:2], knob[:2]) == pytest.approx(found.radius)
    assert top[2] > shown.height


@given(st.floats(0, 120), st.floats(0, 360))
def test_the_mouse_raises_to_where_it_points(height: float, heading: float) -> None:
    camera = looking((10.0, 20.0, 0.0), heading=heading, tilt=30.0, distance=300.0)
    pixel = pixel_of(camera, (10.0, 20.0, height), (800, 600))
    assert pixel is not None
    _, direction = ray(camera, *pixel, (800, 600))
    assert sketches.height_at(camera, (10.0, 20.0), direction.tolist()) == pytest.approx(height, abs=1e-6)


def test_what_is_looked_at_is_all_that_is_drawn() -> None:
    edits = (AddBuilding("a", "", box(0, 0, 5, 5), 3.0), PlantRow("r", "", LineString([(10, -4), (20, 4)])))
    assert sketches.bounds_of(edits) == (0, -4, 20, 5)
    assert sketches.bounds_of(()) is None


BAR = np.array([(x, y, z) for x in (100.0, 110.0) for y in (0.0, 4.0) for z in (0.0, 6.0)])


@given(st.floats(-90, 90), st.floats(-90, 90), st.floats(-180, 180), st.sampled_from([0, 1]))
def test_a_model_stands_where_its_ghost_was_however_far_its_zero_is(
    east: float, north: float, turn: float, number: int
) -> None:
    edit = AddModel("bar", "Bar", MultiPoint([(50, 20), (-30, 10)]), "bar.obj", rotation=30.0, scale=2.0)
    spots = shapely.get_coordinates(edit.points)
    around = footprint(placed(BAR, edit, spots[number]))
    middle = around.centroid.x, around.centroid.y
    found = sketches.Gizmo((f"bar.{number + 1}",), around, 12.0, middle, 10.0)
    made = sketches.moved_model(edit, found, (east, north), turn)
    [hold, *_] = sketches.gizmo(found, by=(east, north), turn=turn).handles
    there = shapely.get_coordinates(made.points)
    stands = footprint(placed(BAR, made, there[number]))
    assert (stands.centroid.x, stands.centroid.y) == pytest.approx(hold[:2], abs=1e-6)
    assert np.subtract(*there) == pytest.approx(np.subtract(*spots)), "the others go along"
    expected = shapely.affinity.rotate(around, -turn, origin=middle)
    expected = shapely.affinity.translate(expected, east, north)
    assert stands.symmetric_difference(expected).area == pytest.approx(0.0, abs=1e-3)


def test_what_is_drawn_lies_on_the_hill_between_its_corners_too(hill: Footing) -> None:
    assert hill.at((100.0, 0.0)) == pytest.approx(50.0, abs=1.0)
    street = AddWay("w", "", NO_LINE, "street", 6.0)
    found = sketches.drawn(street, Drawing("line", ((0.0, -150.0),)), (0.0, 150.0), hill)
    (line,) = found.lines
    assert max(math.dist(a, b) for a, b in itertools.pairwise(line)) < 1.1 * STEP
    above = np.array(line)[:, 2] - [hill.at((x, y)) for x, y, _ in line]
    assert above == pytest.approx(sketches.LIFT)
    assert np.ptp(np.array(line)[:, 2]) > 5.0, "it goes over the waves"
    assert found.relief is hill.relief and found.height == 0.0
    row = sketches.drawn(PlantRow("r", "", NO_LINE, 8.0), Drawing("line", ((0.0, 0.0),)), (40.0, 0.0), hill)
    stems = [line for line in row.lines if len(line) == 2 and line[0][:2] == line[1][:2]]
    assert [foot[2] for foot, _ in stems] == pytest.approx([hill.at(foot[:2]) for foot, _ in stems])


def test_a_ghost_stands_where_the_building_will_be_built(hill: Footing) -> None:
    corners = ((0.0, -120.0), (30.0, -120.0), (30.0, -100.0))
    ghost = sketches.drawn(HOUSE, Drawing("polygon", corners), (0.0, -100.0), hill)
    assert hill.relief is not None
    edit = sketches.shaped(replace(HOUSE, id="new"), ghost.areas[0])
    built = build_on(small_station.city(), (), (edit,), hill.relief.terrain)
    gizmo = sketches.gizmo_of(built.drawn, "new")
    assert gizmo is not None
    assert gizmo.base + SKIRT == pytest.approx(ghost.bases[0], abs=0.1)
    assert gizmo.base + gizmo.height == pytest.approx(ghost.bases[0] + ghost.height, abs=0.1)


def test_handles_and_gizmo_go_with_the_ground(hill: Footing) -> None:
    lawn = ChangeGround("g", "", box(100, -20, 140, 20), "grass")
    held = sketches.held(lawn, hill)
    assert len(held.handles) == len(held.small) == 4
    for x, y, z in (*held.handles, *held.small):
        assert z == pytest.approx(hill.at((x, y)) + sketches.LIFT)
    found = sketches.gizmo_of_edit(lawn, hill)
    assert found is not None and found.hold[2] == pytest.approx(hill.at((120.0, 0.0)) + sketches.LIFT)
    moved = sketches.gizmo(found, by=(50.0, 0.0), land=hill)
    (x, y, z), *_ = moved.handles
    assert z == pytest.approx(hill.at((x, y)) + sketches.LIFT)
    assert moved.bases == (pytest.approx(hill.at((x, y))),)
    assert sketches.body((100.0, 0.0), (10.0, 4.0, 6.0), 30.0, hill).bases == (hill.at((100.0, 0.0)),)
