"""Models that do not say where they stand are put where somebody clicks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from real_window import NEEDS_DISPLAY, opened, wait

from twin.app import files
from twin.app.draw_note import DrawSentence
from twin.app.placement_row import Standing
from twin.app.preview_bar import Chosen
from twin.app.window import Window
from twin.model.placement import Placement
from twin.scene.items import Sketch

pytestmark = [
    pytest.mark.timeout(120),
    NEEDS_DISPLAY,
]
HOUSE = Path(__file__).parents[1] / "formats" / "data" / "house_v2.gml"
CORNERS = [(x, y, z) for z in (0, 6) for y in (500, 504) for x in (700, 710)]
FACES = ((1, 3, 4, 2), (5, 6, 8, 7), (1, 2, 6, 5), (2, 4, 8, 6), (4, 3, 7, 8), (3, 1, 5, 7))


@pytest.fixture(scope="module")
def window(own_folders: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """A window on a house; it stays open for all tests of this file."""
    with opened(HOUSE, tmp_path_factory.mktemp("settings")) as made:
        yield made


def surface(window: Window) -> QWidget:
    assert window.viewport is not None and window.viewport.surface is not None
    return window.viewport.surface


def middle_of(window: Window) -> QPoint:
    return surface(window).rect().center() + QPoint(40, 60)


def placing(window: Window, folder: Path) -> Path:
    """A bar of 10 by 4 by 6 metres far from its own zero waits for a click."""
    path = folder / "bar.obj"
    lines = [*(f"v {x} {y} {z}" for x, y, z in CORNERS), *("f " + " ".join(map(str, f)) for f in FACES)]
    path.write_text("\n".join(lines))
    standing = Standing("click", 1.0, "z")
    files.take(window, Chosen((path,), "", False, (path,), standing, (10.0, 4.0, 6.0)))
    return path


def sentences(window: Window) -> list[DrawSentence]:
    assert window.viewport is not None
    return window.viewport.findChildren(DrawSentence)


def sketched(window: Window) -> object:
    assert window.viewport is not None
    found = window.viewport._extra.get("placing")
    return None if found is None else found[0]


def test_a_model_stands_where_it_was_clicked_and_as_it_was_turned(window: Window, tmp_path: Path) -> None:
    session, view = window.session, surface(window)
    assert session is not None and window.pencil is not None
    before = len(session.project.city.vertices)
    path = placing(window, tmp_path)
    assert view.cursor().shape() == Qt.CursorShape.CrossCursor
    assert "Click where bar.obj stands" in window.status._hint.text()
    window.complain("Something covers the upper edge.")
    QApplication.processEvents()
    [said] = [each for each in sentences(window) if each.isVisible()]
    bar = window.message_bar
    assert said.mapToGlobal(QPoint(0, 0)).y() > bar.mapToGlobal(bar.rect().bottomLeft()).y()
    window.message_bar.clear()
    QApplication.processEvents()
    assert said.y() == 12
    at = middle_of(window)
    expected = window.pencil.aim.snapped(at.toPointF())
    assert expected is not None
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
    assert "Enter leaves bar.obj here" in window.status._hint.text()
    drawn = sketched(window)
    assert isinstance(drawn, Sketch)
    assert drawn.areas[0].area == pytest.approx(40.0)
    for sign in "90":
        QTest.keyClick(view, sign)
    turned = sketched(window)
    assert isinstance(turned, Sketch)
    west, south, east, north = turned.areas[0].bounds
    assert (east - west, north - south) == pytest.approx((4.0, 10.0))
    QTest.keyClick(view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert sketched(window) is None
    assert not any(each.isVisible() for each in sentences(window))
    wait(lambda: len(session.project.city.vertices) > before)
    [source] = [source for source in session.project.sources if source.path.name == path.name]
    assert source.placement.rotation == pytest.approx(90.0)
    corners = session.project.city.vertices[before:]
    low, high = corners.min(axis=0), corners.max(axis=0)
    assert high - low == pytest.approx((4.0, 10.0, 6.0), abs=0.01)
    assert ((low + high) / 2)[:2] == pytest.approx(expected.at, abs=0.02)
    assert window.status._hint.text() == ""


def test_esc_adds_nothing_and_gives_the_mouse_back(window: Window, tmp_path: Path) -> None:
    session, view = window.session, surface(window)
    assert session is not None and window.pencil is not None
    before = session.project.sources
    placing(window, tmp_path)
    QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=middle_of(window))
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert sketched(window) is None
    assert view.cursor().shape() == Qt.CursorShape.ArrowCursor
    assert window.viewport is not None
    assert window.viewport.take_click == window.pencil._click
    assert session.project.sources == before


def test_another_tool_ends_it(window: Window, tmp_path: Path) -> None:
    assert window.pencil is not None
    placing(window, tmp_path)
    window.pencil.take("measure")
    assert window.viewport is not None
    assert sketched(window) is None
    assert window.viewport.take_click == window.pencil._click
    assert surface(window).cursor().shape() == Qt.CursorShape.CrossCursor
    window.pencil.take("")


def test_what_is_not_clicked_stands_as_said(window: Window) -> None:
    assert files.standing_of(window, Standing("numbers", 0.01, "y"), "EPSG:3067") == Placement(
        None, "EPSG:3067", 0.01, "y"
    )


def test_files_are_looked_for_where_the_last_one_was(window: Window) -> None:
    assert window.session is not None
    assert files._folder(window) == str(window.session.project.sources[-1].path.parent)
