"""A click finds what one sees under it."""

import numpy as np
import pytest
import small_station
from hypothesis import given
from hypothesis import strategies as st
from vtkmodules.vtkRenderingCore import vtkRenderer

from twin.model.state import Camera, Point, Selection
from twin.render.camera import place_camera
from twin.render.pick import Picker, feature_id
from twin.scene.camera import looking
from twin.scene.scene import Scene

SIZE = (640, 360)
SCENE, PICKER = small_station.scene(), Picker()


def pixel_of(place: Point, camera: Camera) -> tuple[float, float]:
    """Where a place is in the picture, as seen without the code under test."""
    forward = np.subtract(camera.target, camera.position)
    forward /= np.linalg.norm(forward)
    right = np.cross(forward, (0, 0, 1.0))
    right /= np.linalg.norm(right)
    up = np.cross(right, forward)
    to = np.subtract(place, camera.position)
    half = SIZE[1] / 2 / np.tan(np.radians(camera.angle) / 2)
    deep = to @ forward
    return SIZE[0] / 2 + half * (to @ right) / deep, SIZE[1] / 2 - half * (to @ up) / deep


def picked(scene: Scene, place: Point) -> Selection | None:
    return Picker().pick(scene, scene.camera, *pixel_of(place, scene.camera), SIZE)


def seen(scene: Scene, place: Point) -> Selection:
    found = picked(scene, place)
    assert found is not None
    return found


def test_a_roof_is_its_building(today: Scene) -> None:
    found = seen(today, (120.0, 35.0, 42.0))
    assert (found.kind, found.id, found.layer) == ("city", "office", "buildings")
    assert found.at == pytest.approx((120.0, 35.0, 42.0), abs=0.5)


def test_a_crown_is_its_tree(today: Scene) -> None:
    found = seen(today, (-30.0, -85.0, 6.0))
    assert (found.kind, found.layer, found.id) == ("layer", "trees", "trees.2")


def test_a_lamp_is_hit_a_little_beside_it(today: Scene) -> None:
    x, y = pixel_of((20.0, 2.0, 3.0), today.camera)
    found = Picker().pick(today, today.camera, x + 3, y, SIZE)
    assert found is not None
    assert found.id == "lamps.2"


@pytest.mark.parametrize(
    ("place", "layer"),
    [((110.0, -150.0, 0.0), "water"), ((-30.0, -5.0, 0.0), "street"), ((60.0, -60.0, 0.0), "ground")],
)
def test_the_uppermost_layer_on_the_ground_is_found(today: Scene, place: Point, layer: str) -> None:
    found = seen(today, place)
    assert (found.kind, found.layer) == ("layer", layer)


def test_open_ground_is_a_place(today: Scene) -> None:
    found = seen(today, (-160.0, -60.0, 0.0))
    assert found.kind == "ground"
    assert found.at == pytest.approx((-160.0, -60.0, 0.0), abs=0.01)


def test_the_sky_is_nothing(today: Scene) -> None:
    level = looking((0.0, 0.0, 20.0), heading=0.0, tilt=3.0, distance=300.0, angle=60.0)
    assert Picker().pick(today, level, 320, 2, SIZE) is None
    assert Picker().point(today, level, 320, 2, SIZE) is None


def test_a_building_hides_what_is_behind_it(today: Scene) -> None:
    view = looking((0.0, 20.0, 5.0), heading=0.0, tilt=2.0, distance=100.0)
    found = Picker().pick(today, view, 320, 180, SIZE)
    assert found is not None
    assert found.id == "hall"


@given(st.floats(0, 359), st.floats(10, 89), st.floats(0, SIZE[0]), st.floats(0, SIZE[1]))
def test_a_point_lies_under_the_pixel_that_found_it(turn: float, tilt: float, x: float, y: float) -> None:
    scene, picker = SCENE, PICKER
    view = looking((0.0, 0.0, 0.0), heading=turn, tilt=tilt, distance=400.0)
    at = picker.point(scene, view, x, y, SIZE)
    if at is not None:
        assert pixel_of(at, view) == pytest.approx((x, y), abs=0.05)


def test_a_feature_without_an_id_is_its_row() -> None:
    lamps = small_station.layers()[5]
    assert feature_id(lamps, 1) == "lamps.1"


def test_pixels_are_counted_as_the_card_counts_them(today: Scene) -> None:
    renderer = vtkRenderer()
    place_camera(renderer, today.camera)
    matrix = renderer.GetActiveCamera().GetCompositeProjectionTransformMatrix(SIZE[0] / SIZE[1], -1, 1)
    x, y, _, w = matrix.MultiplyPoint((40.0, -60.0, 3.0, 1.0))
    seen = ((x / w + 1) / 2 * SIZE[0], (1 - y / w) / 2 * SIZE[1])
    assert pixel_of((40.0, -60.0, 3.0), today.camera) == pytest.approx(seen, abs=1e-6)
