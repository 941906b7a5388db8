"""Below a section and below a level view lies the earth, up to where the ground is."""

from dataclasses import replace

import numpy as np
import pytest
import small_station
from one_picture import snapshot
from vtkmodules.util.numpy_support import vtk_to_numpy

from twin.analysis.drape import heights_on
from twin.analysis.terrain_mesh import relief
from twin.model.raster import Raster
from twin.model.state import Camera
from twin.model.terrain import Terrain
from twin.render.cut_faces import EARTH, make_cut_faces
from twin.scene.items import CutFaces
from twin.scene.standpoints import section, standing_at
from twin.session.session import Session

NORTH = (0.0, 1.0, 0.0)


def test_the_earth_below_a_section_is_as_high_as_the_relief_that_is_cut() -> None:
    east = np.linspace(-200, 200, 101)
    heights = np.broadcast_to(5.0 + 0.02 * east + 3.0 * np.sin(east / 30), (101, 101))
    ground = relief(
        Terrain("ground", "Ground", Raster(heights.astype(np.float32), -200.0, 200.0, 4.0), "Made up")
    )
    (earth,) = make_cut_faces(CutFaces(None, (0.0, 10.0, 0.0), NORTH, ground))
    points = vtk_to_numpy(earth.GetMapper().GetInput().GetPoints().GetData())
    upper = points[: len(points) // 2]
    inside = np.abs(upper[:, 0]) < 190
    assert inside.sum() > 150
    assert upper[inside, 2] == pytest.approx(heights_on(ground, upper[inside, :2].astype(float)), abs=0.01)
    assert np.ptp(upper[inside, 2]) > 6.0


@pytest.mark.parametrize(
    "camera",
    [
        standing_at(small_station.VIEW, "south", height=120.0),
        section(small_station.VIEW, turn=0.0, height=120.0),
    ],
)
def test_below_the_ground_of_a_level_view_is_earth_and_no_sky(camera: Camera) -> None:
    session = Session(small_station.project(), replace(small_station.TODAY, camera=camera))
    session.close()
    picture = snapshot(session.scene, (320, 240))
    earth = np.array([int(EARTH[i : i + 2], 16) for i in (1, 3, 5)])
    # the eye is 28 % of the height above the ground, which so lies 78 % from the upper edge
    assert (np.abs(picture[round(0.80 * 240) :].astype(int) - earth) <= 1).all()
    assert not (np.abs(picture[: round(0.70 * 240)].astype(int) - earth) <= 1).all(axis=2).any()
