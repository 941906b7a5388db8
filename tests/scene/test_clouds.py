"""Points are coloured by what is known of them, and the legend says so."""

from dataclasses import replace

import numpy as np
import small_station

from twin.model.city import empty
from twin.model.points import PointCloud
from twin.scene import clouds
from twin.scene.camera import pixel_of
from twin.scene.colours import Classes, Ramp
from twin.scene.items import Points
from twin.scene.resolve import extent, home
from twin.session.commands import hide_layers
from twin.session.session import Session

XYZ = np.array([[0.0, 0, 1], [400, 0, 2], [0, 500, 9]])


def cloud(classes: list[int], *, rgb: bool = False, total: int = 3) -> PointCloud:
    colours = np.array([[255, 0, 0], [0, 255, 0], [0, 0, 255]], np.uint8) if rgb else None
    return PointCloud(
        "laser", "Laser", XYZ, np.array(classes, np.uint8), colours, np.zeros(3, np.uint16), total, "©"
    )


def test_classes_come_before_colours_and_colours_before_heights() -> None:
    scale = clouds.scale_of(cloud([2, 6, 1], rgb=True))
    assert isinstance(scale, Classes)
    assert [name for name, _ in scale.colours] == ["Unclassified", "Ground", "Building"]
    assert clouds.scale_of(cloud([1, 0, 1], rgb=True)) is None
    ramp = clouds.scale_of(cloud([1, 1, 1]))
    assert isinstance(ramp, Ramp)
    assert 1.0 <= ramp.low < ramp.high <= 9.0


def test_the_legend_states_the_thinning() -> None:
    (legend,) = clouds.legends([cloud([2, 2, 2], total=3_000_000)])
    assert legend.note == "Thinned evenly: 3 of 3,000,000 points are shown."
    assert legend.source == "©"
    assert clouds.legends([]) == ()


def test_points_are_drawn_until_they_are_hidden() -> None:
    project = replace(small_station.project(), clouds=(cloud([2, 2, 6]),))
    session = Session(project, small_station.TODAY)
    assert isinstance(session.scene.items["points:laser"], Points)
    assert len(session.scene.legends) == 1
    session.do(hide_layers, ["laser"])
    assert "points:laser" not in session.scene.items
    assert not session.scene.legends


def test_a_cloud_alone_gives_the_scene_its_size() -> None:
    station = small_station.project()
    west, south, east, north = extent(
        replace(station, city=empty(station.place), layers=(), rasters=(), clouds=(cloud([2, 2, 6]),))
    )
    assert (east - west, north - south) == (460.0, 560.0)


def test_a_cloud_high_above_the_ground_is_in_the_middle_of_the_first_picture() -> None:
    station = small_station.project()
    high = replace(cloud([2, 2, 6]), xyz=np.add(XYZ, (0.0, 0.0, 300.0)))
    alone = replace(station, city=empty(station.place), layers=(), rasters=(), bookmarks=(), clouds=(high,))
    camera = home(alone, extent(alone))
    places = [pixel_of(camera, (x, y, z), (1000, 800)) for x, y, z in high.xyz.tolist()]
    assert all(place is not None and 0 < place[0] < 1000 and 0 < place[1] < 800 for place in places)
