"""From afar a building is a block that covers as much ground and is as high in the mean."""

import numpy as np
import pytest
import small_station
from hypothesis import given
from hypothesis import strategies as st
from shapely import Polygon, affinity, box

from twin.analysis.extrude import block
from twin.model.city import City, CityObject, Polygon3D, from_objects
from twin.render.blocks import LONGEST, blocks, plain_blocks
from twin.render.boxes import TOGETHER, box_shell, joined


def city_of(*footprints: Polygon, height: float = 10.0, roof: str = "flat") -> City:
    return from_objects(
        small_station.PLACE,
        [
            CityObject(f"b{i}", polygons=block(each, base=0.0, height=height, roof=roof))
            for i, each in enumerate(footprints)
        ],
    )


@given(st.floats(-44, 44), st.floats(5, 60), st.floats(5, 60), st.floats(2, 90))
def test_a_flat_house_is_its_own_block(turn: float, length: float, width: float, height: float) -> None:
    footprint = affinity.translate(affinity.rotate(box(0, 0, length, width), turn), 300, -200)
    boxes, objects = plain_blocks(city_of(footprint, height=height))
    assert objects.tolist() == [0]
    assert boxes.base.tolist() == [0.0]
    assert boxes.top == pytest.approx([height])
    shell = box_shell(boxes, objects)
    drawn = Polygon(shell.points[16:20, :2])
    assert drawn.symmetric_difference(footprint).area < 0.001 * footprint.area + 0.05


def test_a_gabled_house_keeps_its_ground_and_its_volume() -> None:
    boxes, _ = plain_blocks(city_of(box(0, 0, 12, 8), height=9.0, roof="gabled"))
    assert 4 * boxes.half.prod() == pytest.approx(96)
    assert 5.0 < boxes.top[0] < 9.0


def test_an_angled_house_covers_as_much_ground_as_before() -> None:
    shape = Polygon([(0, 0), (20, 0), (20, 10), (10, 10), (10, 20), (0, 20)])
    boxes, _ = plain_blocks(city_of(shape))
    assert 4 * boxes.half.prod() == pytest.approx(300)
    assert boxes.middle[0] == pytest.approx([shape.centroid.x, shape.centroid.y])


@pytest.mark.parametrize(
    "shape",
    [
        box(0, 0, 60, 60).difference(box(6, 6, 54, 54)),
        box(0, 0, LONGEST + 1, 20),
        Polygon([(0, 0), (80, 0), (80, 4), (4, 4), (4, 80), (0, 80)]),
    ],
)
def test_what_a_block_would_misrepresent_keeps_its_shape(shape: Polygon) -> None:
    city = city_of(shape, box(100, 100, 110, 110))
    _, objects = plain_blocks(city)
    assert objects.tolist() == [1]
    found = blocks(city)
    kept = int((city.surface_object[city.triangle_surface] == 0).sum())
    assert (found.shell.owner == 0).sum() == kept
    assert len(found.crowds.triangles) == kept + 10
    assert found.groups.size.tolist() == [1, 1]
    assert found.closed


def test_ground_is_no_block() -> None:
    ring = np.array([(0.0, 0, 0), (40, 0, 4), (40, 40, 0), (0, 40, 4)])
    hill = CityObject("hill", "ReliefFeature", polygons=(Polygon3D((ring,)),))
    city = from_objects(small_station.PLACE, [hill])
    _, objects = plain_blocks(city)
    assert not len(objects)
    assert not blocks(city).closed, "it is seen from below, too"


def test_a_few_houses_together_are_one_block_and_a_tower_stays_alone() -> None:
    street = [box(20 * i, 0, 20 * i + 12, 12) for i in range(3 * TOGETHER)]
    things = [
        CityObject(f"b{i}", polygons=block(each, base=0.0, height=90.0 if i == 5 else 10.0))
        for i, each in enumerate(street)
    ]
    boxes, _ = plain_blocks(from_objects(small_station.PLACE, things))
    together, first = joined(boxes)
    assert 5 in first
    assert 6 in first
    assert together.top[first.tolist().index(5)] == pytest.approx(90.0)
    assert sorted(set(np.round(together.top, 6))) == pytest.approx([10.0, 90.0])
    assert len(first) < len(street) / 2


def test_each_object_is_in_one_group() -> None:
    city = small_station.city()
    found = blocks(city)
    crowds, groups = found.crowds, found.groups
    assert sorted(groups.members.tolist()) == list(range(len(city.object_id)))
    assert groups.size.sum() == len(city.object_id)
    assert set(crowds.owner.tolist()) == set(range(len(groups.first)))


def test_the_dark_ground_reaches_as_far_around_a_block_as_around_a_house() -> None:
    ground = blocks(city_of(box(0, 0, 10, 10))).aprons
    assert ground.points[:, :2].min(axis=0) == pytest.approx([-6.5, -6.5])
    assert ground.points[:, :2].max(axis=0) == pytest.approx([16.5, 16.5])
