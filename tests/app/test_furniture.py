"""North points north, and a bar of a hundred metres is a hundred metres long."""

import math
from collections.abc import Iterator

import numpy as np
import pytest
import small_station
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from vtkmodules.vtkCommonMath import vtkMatrix4x4
from vtkmodules.vtkRenderingCore import vtkRenderer

from twin.app.furniture import BAR, MARGIN, FurnitureView, paint_north, paint_scale, scale_bar, scale_width
from twin.app.sheet_paint import paint
from twin.app.theme import LIGHT
from twin.model.sheet import PAGES
from twin.model.state import Camera
from twin.render.camera import on_ground, place_camera, ray
from twin.scene.camera import from_above, looking
from twin.scene.sheet_parts import Compass, Frame, LaidOut
from twin.scene.standpoints import standing_at
from twin.session.session import Session

pytestmark = pytest.mark.usefixtures("qapp")

cameras = st.builds(
    looking,
    st.just((0.0, 0.0, 0.0)),
    heading=st.floats(0, 359),
    tilt=st.floats(1, 84),
    distance=st.floats(3, 20_000),
    angle=st.floats(20, 70),
)


@given(cameras, st.integers(100, 8000))
def test_the_bar_is_round_and_as_long_as_there_is_room(camera: Camera, height: int) -> None:
    metres, pixels, text = scale_bar(camera, (1000, height), BAR)
    digits = metres / 10 ** math.floor(math.log10(metres * 1.0000001))
    assert round(digits, 6) in {1, 2, 5}
    assert BAR / 2.5 - 1e-6 <= pixels <= BAR * (1 + 1e-6)
    assert text.endswith("(at the centre)")


@given(st.floats(30, 5000), st.floats(0, 359))
def test_the_bar_is_true_in_the_middle_of_the_picture(distance: float, heading: float) -> None:
    camera = looking((50.0, -20.0, 0.0), heading=heading, tilt=40, distance=distance)
    metres, pixels, _ = scale_bar(camera, (1200, 800), 150)
    ends = [on_ground(*ray(camera, 600 + side * pixels / 2, 400, (1200, 800))) for side in (-1, 1)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert math.dist(*ends) == pytest.approx(metres, rel=1e-6)


def test_in_a_plan_the_bar_is_true_everywhere_and_says_no_more() -> None:
    plan = from_above(looking((0.0, 0.0, 0.0), heading=0, tilt=30, distance=600))
    metres, pixels, text = scale_bar(plan, (800, 800), 150)
    assert text == f"{metres:g} m"
    left, right = (on_ground(*ray(plan, x, 700, (800, 800))) for x in (100, 100 + pixels))
    assert left is not None
    assert right is not None
    assert math.dist(left, right) == pytest.approx(metres, rel=0.01)


def test_long_bars_are_in_kilometres() -> None:
    far = looking((0.0, 0.0, 0.0), heading=0, tilt=30, distance=15_000)
    assert scale_bar(far, (800, 800), 200)[2] == "2 km (at the centre)"


def test_the_same_picture_at_eight_times_the_size_has_the_same_bar() -> None:
    camera = small_station.VIEW
    small, large = scale_bar(camera, (960, 540), BAR), scale_bar(camera, (7680, 4320), 8 * BAR)
    assert large[0] == small[0]
    assert large[1] == pytest.approx(8 * small[1])
    assert scale_width(camera, (960, 540), scale=1.0) >= small[1]


def painted(camera: Camera, side: int = 128) -> np.ndarray:
    image = QImage(side, side, QImage.Format.Format_RGB888)
    image.fill(QColor("#c8c8c8"))
    painter = QPainter(image)
    paint_north(painter, QRectF(0, 0, side, side), camera, scale=2.0)
    painter.end()
    return np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, SIDE, 3).astype(int)


def drawn_north(camera: Camera) -> float:
    """Which way a step to the north goes in the middle of what VTK draws, clockwise from up. [deg]"""
    renderer = vtkRenderer()
    place_camera(renderer, camera)
    matrix = renderer.GetActiveCamera().GetCompositeProjectionTransformMatrix(1.0, -1.0, 1.0)
    (x, y), (right, up) = (_seen(matrix, camera.target[1] + north, camera) for north in (0.0, 0.01))
    return math.degrees(math.atan2(right - x, up - y))


def _seen(matrix: vtkMatrix4x4, north: float, camera: Camera) -> tuple[float, float]:
    x, y, _, w = matrix.MultiplyPoint((camera.target[0], north, camera.target[2], 1.0))
    return x / w, y / w


def tip(picture: np.ndarray) -> float:
    """Which way the point of the red half goes from the middle, clockwise from up. [deg]"""
    red = np.array([int(LIGHT.bad[i : i + 2], 16) for i in (1, 3, 5)])
    middle = (len(picture) - 1) / 2
    down, right = max(np.argwhere(np.abs(picture - red).max(axis=2) < 60) - middle, key=np.linalg.norm)
    return math.degrees(math.atan2(right, -down))


SIDE = 1000
"""Of pictures in which a needle goes wrong by less than 0.2° where it goes wrong by a pixel."""
NORTHS = [
    *(
        looking((0.0, 0.0, 0.0), heading=h, tilt=t, distance=400)
        for h in (0, 45, 90, 200, 315)
        for t in (30, 89.9)
    ),
    looking((30.0, -10.0, 12.0), heading=250, tilt=15, distance=900, angle=60.0),
    standing_at(looking((0.0, 0.0, 0.0), heading=0, tilt=30, distance=400), "isometric"),
]


@pytest.mark.parametrize("camera", NORTHS)
def test_the_red_tip_points_north_as_the_card_draws_it(camera: Camera) -> None:
    on_view = tip(painted(camera, SIDE))
    assert (on_view - drawn_north(camera) + 180) % 360 - 180 == pytest.approx(0, abs=0.5)


@pytest.mark.parametrize("camera", NORTHS)
def test_the_needle_of_a_page_points_north_as_the_card_draws_it(camera: Camera) -> None:
    image = QImage(SIDE, SIDE, QImage.Format.Format_RGB888)
    image.fill(QColor("white"))
    painter = QPainter(image)
    page = LaidOut(PAGES["square"], (Compass(Frame(0, 0, 100, 100), camera, "N"),))
    paint(painter, page, [], SIDE / 100)
    painter.end()
    picture = np.frombuffer(image.constBits(), np.uint8).reshape(SIDE, SIDE, 3).astype(int)
    assert (tip(picture) - drawn_north(camera) + 180) % 360 - 180 == pytest.approx(0, abs=0.5)


def test_a_scale_bar_has_a_dark_and_a_light_half() -> None:
    image = QImage(300, 80, QImage.Format.Format_RGB888)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint_scale(painter, QRectF(0, 0, 300, 80), small_station.VIEW, (1280, 720), scale=1.5)
    painter.end()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(80, image.bytesPerLine())[:, :900]
    row = pixels.reshape(80, 300, 3)[44].sum(axis=1).astype(int)
    dark = np.flatnonzero(row < 200)
    middle = (dark.min() + dark.max()) / 2
    assert middle == pytest.approx(150, abs=2)
    assert (np.diff(np.flatnonzero(row[: int(middle) - 2] < 200)) == 1).all()
    assert (row[int(middle) + 4 : dark.max() - 4] > 500).all()


@pytest.fixture
def view() -> Iterator[FurnitureView]:
    window = QWidget()
    window.resize(800, 600)
    yield FurnitureView(window)
    window.close()
    window.deleteLater()


def test_a_click_on_the_rose_asks_for_north(view: FurnitureView) -> None:
    asked: list[bool] = []
    view.north_clicked.connect(lambda: asked.append(True))
    view.refresh(Session(small_station.project(), small_station.TODAY))
    view.parentWidget().show()
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=view.rose().center().toPoint())
    assert asked == [True]


def test_a_click_beside_the_rose_goes_to_the_view_below(view: FurnitureView) -> None:
    view.refresh(Session(small_station.project(), small_station.TODAY))
    beside = QPointF(4, view.height() - 4)
    press = QMouseEvent(
        QMouseEvent.Type.MouseButtonPress,
        beside,
        beside,
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    view.mousePressEvent(press)
    assert not press.isAccepted()


def test_furniture_stays_in_the_lower_right_corner_and_follows_the_camera(view: FurnitureView) -> None:
    window = view.parentWidget()
    view.set_camera(small_station.VIEW, (800, 600))
    assert view.geometry().right() == window.width() - MARGIN - 1
    assert view.geometry().bottom() == window.height() - MARGIN - 1
    before = view.accessibleDescription()
    view.set_camera(looking((0.0, 0.0, 0.0), heading=90, tilt=20, distance=4000), (800, 600))
    assert view.accessibleDescription() != before
    assert "90°" in view.accessibleDescription()
