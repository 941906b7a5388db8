"""What is being drawn is seen through what stands, and costs the rest nothing."""

from dataclasses import replace

import numpy as np
import small_station
from shapely import box

from twin.render.sketch import body, make_sketch
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
