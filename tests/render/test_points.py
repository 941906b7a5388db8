"""Points show in the colours of their scale, where they are."""

import numpy as np
import pytest
from vtkmodules.util.numpy_support import vtk_to_numpy
from vtkmodules.vtkRenderingCore import vtkActor

from twin.model.points import PointCloud
from twin.model.state import Camera
from twin.render.points import make_points, point_colours
from twin.render.snapshot import Darkroom
from twin.scene import clouds
from twin.scene.colours import rgb
from twin.scene.items import Points
from twin.scene.scene import Scene

XYZ = np.array([[x, y, 0.0] for x in range(-20, 21) for y in range(-10, 11)], dtype=float)


def cloud(classes: int, *, coloured: bool = False) -> PointCloud:
    count = len(XYZ)
    colours = np.tile(np.array([[10, 200, 30]], np.uint8), (count, 1)) if coloured else None
    numbers = np.full(count, classes, np.uint8)
    return PointCloud("a", "a", XYZ, numbers, colours, np.zeros(count, np.uint16), count)


def test_every_point_is_one_of_a_single_cell() -> None:
    (actor,) = make_points(clouds.item(cloud(6), 0.5))
    assert isinstance(actor, vtkActor)
    data = actor.GetMapper().GetInput()
    assert data.GetNumberOfPoints() == len(XYZ)
    assert data.GetNumberOfVerts() == 1
    assert actor.GetProperty().GetOpacity() == 0.5
    colours = vtk_to_numpy(data.GetPointData().GetScalars())
    assert colours[0].tolist() == [round(255 * c) for c in rgb(clouds.POINT_COLOURS[6])]


def test_colours_follow_the_scale() -> None:
    assert point_colours(clouds.item(cloud(0, coloured=True), 1.0))[3].tolist() == [10, 200, 30]
    assert point_colours(Points(cloud(0), None))[0].tolist() == [160, 160, 160]
    heights = clouds.item(cloud(1), 1.0)
    assert point_colours(heights).shape == (len(XYZ), 3)


def test_points_are_seen(room: Darkroom, today: Scene) -> None:
    item = clouds.item(cloud(0, coloured=True), 1.0)
    camera = Camera((0.0, -0.01, 30.0), (0.0, 0.0, 0.0))
    picture = room.photograph(Scene({"points:a": item}, camera, today.sun, None)).astype(int)
    green = (picture[..., 1] - picture[..., 0]) > 60
    assert green.mean() == pytest.approx(0.2, abs=0.19), "some of it, and not all"
