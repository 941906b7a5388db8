"""What is being drawn is seen through what stands, and costs the rest nothing."""

from dataclasses import replace

import numpy as np
import pytest
import small_station
from shapely import box

from twin.analysis.drape import heights_on
from twin.analysis.terrain_mesh import relief
from twin.model.raster import Raster
from twin.model.terrain import Terrain
from twin.render.sketch import LIFT, body, make_sketch
from twin.render.snapshot import Darkroom
from twin.scene.items import Sketch

GHOST = Sketch((box(0, 0, 10, 20),), 12.0, (((0.0, 0.0, 0.4), (10.0, 0.0, 0.4)),), ((0.0, 0.0, 0.4),))


def test_a_ghost_has_a_lid_and_four_walls() -> None:
    points, faces = body(GHOST)
    a, b, c = points[faces[:, 0]], points[faces[:, 1]], points[faces[:, 2]]
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2
    assert abs(area - (200 + 2 * (10 + 20) * 12)) < 1e-6
    assert len(make_sketch(GHOST)) == 3
    assert make_sketch(Sketch()) == ()


def test_each_ghost_stands_at_its_own_height_and_what_has_none_lies_on_the_ground() -> None:
    two = Sketch((box(0, 0, 10, 20), box(30, 0, 40, 20)), 12.0, bases=(5.0, 9.0))
    points, _ = body(two)
    first, second = points[points[:, 0] < 20], points[points[:, 0] > 20]
    assert (first[:, 2].min(), first[:, 2].max()) == pytest.approx((5.0 + LIFT, 17.0 + LIFT))
    assert (second[:, 2].min(), second[:, 2].max()) == pytest.approx((9.0 + LIFT, 21.0 + LIFT))
    waves = 5.0 + 3.0 * np.sin(np.arange(-100.0, 100.0, 2.0) / 15.0)
    heights = np.broadcast_to(waves, (100, 100)).astype(np.float32)
    ground = relief(Terrain("ground", "Ground", Raster(heights, -100.0, 100.0, 2.0)), 0.05)
    points, faces = body(Sketch((box(-60, 0, 60, 20),), relief=ground))
    assert points[:, 2] == pytest.approx(heights_on(ground, points[:, :2].copy()) + LIFT, abs=1e-6)
    a, b, c = (points[faces[:, k]] for k in range(3))
    area = np.abs(np.cross(b - a, c - a)[:, 2]).sum() / 2
    assert area == pytest.approx(120 * 20), "all of it"


def test_only_the_sketch_is_made_anew_when_the_mouse_moves() -> None:
    scene = small_station.scene()
    room = Darkroom((320, 200), fine=False)
    try:
        room.stage.show(scene)
        before = room.take((320, 200))
        drawn = replace(scene, items={**scene.items, "sketch": GHOST})
        assert room.stage.show(drawn) == ("sketch",)
        with_it = room.take((320, 200))
        assert (with_it != before).any(axis=2).mean() > 0.001
        other = Sketch((box(0, 0, 10, 30),), 12.0)
        assert room.stage.show(replace(scene, items={**scene.items, "sketch": other})) == ("sketch",)
        assert room.stage.show(scene) == ()
        assert (room.take((320, 200)) == before).all()
    finally:
        room.close()


def test_lines_are_drawn_before_the_house_that_hides_them() -> None:
    scene = small_station.scene()
    inside = Sketch(lines=(((-50.0, 38.0, 3.0), (50.0, 38.0, 3.0)),))  # within the hall
    room = Darkroom((640, 400), fine=False)
    try:
        room.stage.show(scene)
        before = room.take((640, 400))
        room.stage.show(replace(scene, items={**scene.items, "sketch": inside}))
        changed = (room.take((640, 400)) != before).any(axis=2)
        assert changed.sum() > 60, "the line shows through"
        assert changed.mean() < 0.02, "and no other edge does"
    finally:
        room.close()
