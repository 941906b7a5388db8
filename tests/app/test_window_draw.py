"""A planner's first hour: draw a block with a yard, plant an alley, close a street, go back and on, save."""

import json
from pathlib import Path

import pyogrio
import pytest
import shapely
from desk import CONTROL, LEFT, NONE, SHIFT, Desk
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QLabel,
    QTreeWidget,
    QTreeWidgetItemIterator,
    QWidget,
)
from real_window import NEEDS_DISPLAY, wait

from twin.app.compare_divider import Divider
from twin.app.difference_panel import DifferencePanel
from twin.formats.journal import journal_of
from twin.formats.open_project import open_project
from twin.model.scenario import AddBuilding, ChangeGround, FillPlot, PlantRow, Remove

pytestmark = [
    pytest.mark.timeout(240),
    NEEDS_DISPLAY,
]


def compare_with_today(desk: Desk) -> None:
    """By swipe at three in the afternoon of a July day, the divider dragged, the differences read."""
    at = desk.session.state.time
    assert (at.month, at.hour, at.minute) == (7, 15, 0)
    desk.look(-150, -140, 300)
    desk.press(Qt.Key.Key_S)
    assert desk.session.state.compare == "swipe"
    wait(lambda: [side.scenario for side in desk.session.sides] == ["today", desk.scenario.id])
    wait(lambda: not desk.session.running)
    assert desk.window.viewport is not None and desk.window.pencil is not None
    assert not desk.window.pencil.sentence.isVisible(), "nothing hides what is compared"
    desk.edits.choose((desk.scenario.own[0].id,))
    today, plan = desk.window.viewport._dressed()
    assert "sketch" in plan.scene.items, "the dots of what is chosen"
    assert "sketch" not in today.scene.items, "today is shown as it is"
    desk.press(Qt.Key.Key_Escape)
    assert desk.edits.ids == () and desk.sketch is None
    (divider,) = desk.window.findChildren(Divider)
    start = QPoint(divider.width() // 2, divider.height() // 3)
    QTest.mousePress(divider, LEFT, NONE, start)
    for step in range(1, 6):
        QTest.mouseMove(divider, start + QPoint(-30 * step, 0))
        QApplication.processEvents()
    QTest.mouseRelease(divider, LEFT, NONE, start)
    assert desk.session.state.divider < 0.5
    desk.press(Qt.Key.Key_D, SHIFT)
    wait(lambda: isinstance(desk.window.docks["difference"].widget(), DifferencePanel))
    panel = desk.window.docks["difference"].widget()
    assert isinstance(panel, DifferencePanel)
    wait(lambda: all(word in read(panel) for word in ("Block", "Tilia", "Trees")))
    desk.press(Qt.Key.Key_X)
    assert desk.session.state.compare == "none"
    hold_for_today(desk)


def hold_for_today(desk: Desk) -> None:
    """As long as the key is held, which sends itself again and again, today is seen."""
    view, before = desk.window.viewport, desk.session.state
    assert view is not None
    QTest.keyPress(desk.view, Qt.Key.Key_B)
    assert view.titles == ("Today",)
    for kind in (QEvent.Type.KeyRelease, QEvent.Type.KeyPress) * 3:
        again = QKeyEvent(kind, Qt.Key.Key_B, NONE, "b", True)
        QApplication.sendEvent(desk.view, again)
        assert view.titles == ("Today",)
    QTest.keyRelease(desk.view, Qt.Key.Key_B)
    assert view.titles == () and desk.session.state == before


def read(panel: QWidget) -> str:
    """All that stands in the trees and labels of a panel."""
    found = [label.text() for label in panel.findChildren(QLabel)]
    for tree in panel.findChildren(QTreeWidget):
        each = QTreeWidgetItemIterator(tree)
        while each.value() is not None:
            found += [each.value().text(column) for column in range(tree.columnCount())]
            each += 1
    return " ".join(found)


def send(desk: Desk, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file of the scenario by its key, read as a colleague's GIS reads it: by GDAL."""
    # the dialog is the system's own
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    desk.press(Qt.Key.Key_E, CONTROL | SHIFT)
    info = pyogrio.read_info(path)
    assert info["features"] == 4 and info["crs"] == "EPSG:4326"
    _, _, shapes, columns = pyogrio.raw.read(path, columns=["edit", "title"])
    assert columns[0].tolist() == ["fill_plot", "change_ground", "plant_row", "remove"]
    kinds = [None if one is None else shapely.from_wkb(one).geom_type for one in shapes]
    assert kinds == ["Polygon", "Polygon", "LineString", None]


def test_a_planner_draws_saves_and_sends_a_plan(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    window = desk.window
    desk.look(-170, -120, 420)
    start = desk.session.project
    desk.press(Qt.Key.Key_P)
    assert window.actions_by_id["draw_plot"].isChecked()
    assert window.pencil is not None
    assert "first corner" in window.pencil.sentence.text()

    desk.click((-200, -160), (-130, -160), (-130, -110))
    desk.hover(-200, -110)
    assert desk.sketch is not None
    assert desk.sketch.height > 0, "the block is seen before it is there"
    desk.click((-200, -110))
    desk.press(Qt.Key.Key_Return)
    assert desk.scenario.title == "New scenario"
    assert desk.session.project.scenario("today") == start.scenario("today"), "today stays as it is"
    (block,) = desk.scenario.own
    assert isinstance(block, FillPlot)
    assert block.form == "perimeter"
    assert block.plot.area == pytest.approx(70 * 50, rel=0.05)
    assert window.changed_since_saving

    desk.press(Qt.Key.Key_G)
    desk.click((-182, -143), (-148, -143), (-148, -127), (-182, -127))
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_L)
    desk.click((-120, -170), (-40, -170))
    desk.press(Qt.Key.Key_Return)
    yard, alley = desk.scenario.own[1:]
    assert isinstance(yard, ChangeGround) and yard.surface == "grass"
    assert isinstance(alley, PlantRow) and alley.line.length == pytest.approx(80, rel=0.03)

    desk.press(Qt.Key.Key_E)
    street = next(layer for layer in start.layers if layer.id == "streets")
    middle = street.geometry[0].interpolate(0.5, normalized=True)
    desk.look(middle.x, middle.y, 120)
    desk.click((middle.x, middle.y))
    desk.press(Qt.Key.Key_Escape)
    closed = desk.scenario.own[-1]
    assert isinstance(closed, Remove)
    assert closed.ids[0] in {str(name) for name in street.table.columns["id"]}

    drawn = desk.scenario
    compare_with_today(desk)
    while desk.session.project.scenarios != start.scenarios:
        desk.press(Qt.Key.Key_Z, CONTROL)
    assert not window.changed_since_saving
    while desk.session.redo_title:
        desk.press(Qt.Key.Key_Z, CONTROL | SHIFT)
    assert desk.session.project.scenario(drawn.id) == drawn

    desk.press(Qt.Key.Key_S, CONTROL)
    wait(lambda: not window.changed_since_saving)
    file = desk.path.parent.parent / "scenarios" / "helsinki" / f"{drawn.id}.geojson"
    tree = json.loads(file.read_text())
    kinds = [feature["properties"]["edit"] for feature in tree["features"]]
    assert [feature["geometry"] is None for feature in tree["features"]] == [False, False, False, True]
    assert len(set(kinds)) == 4
    again = open_project(desk.path).scenario(drawn.id)
    assert [type(edit) for edit in again.own] == [type(edit) for edit in drawn.own]
    written = again.own[0]
    assert isinstance(written, FillPlot)
    assert written.plot.symmetric_difference(block.plot).area < 0.1
    window.safe._thread.submit(lambda: None).result()
    assert not journal_of(desk.path).exists(), "what is saved need not be recovered"
    send(desk, desk.path.with_name("plan.geojson"), monkeypatch)


def test_lengths_are_typed_and_corners_taken_back(desk: Desk) -> None:
    desk.look(-170, -120, 420)
    desk.press(Qt.Key.Key_R)
    desk.click((-200, -160))
    desk.hover(-150, -160)
    desk.write("40")
    assert desk.session.state.scenario == "today", "digits are a length now, not the key of a scenario"
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Backspace)
    desk.write("25")
    desk.press(Qt.Key.Key_Return)
    desk.hover(-150, -130)
    desk.write("12,5")
    desk.press(Qt.Key.Key_Return)
    (house,) = desk.scenario.own
    assert isinstance(house, AddBuilding)
    assert house.footprint.area == pytest.approx(25 * 12.5, rel=1e-6)

    desk.click((-100, -160), (-80, -160))
    desk.press(Qt.Key.Key_Escape)
    assert desk.sketch is not None and not desk.sketch.handles, "Escape gives the outline up"
    desk.press(Qt.Key.Key_Escape)
    assert desk.window.pencil is not None and desk.window.pencil.tool is None
    assert len(desk.scenario.own) == 1


def test_a_house_is_drawn_by_keys_alone(desk: Desk) -> None:
    window, origin = desk.window, desk.session.project.place.origin
    desk.look(-170, -120, 420)
    desk.press(Qt.Key.Key_A)
    assert window.pencil is not None and window.pencil._mouse is None
    assert "type east;north" in window.status._hint.text()
    desk.write(f"{origin[0] - 200:.1f};{origin[1] - 160:.1f}")
    assert "Enter takes" in window.pencil.sentence.text()
    for typed in ("", "30<90", "@0;20"):
        desk.write(typed)
        desk.press(Qt.Key.Key_Return)
    desk.write("30")
    desk.press(Qt.Key.Key_Return)
    said = window.message_bar.message
    assert said is not None and "direction" in said.text, "a length alone leads nowhere without a mouse"
    desk.write("<270")
    assert desk.sketch is not None and desk.sketch.height > 0, "the house is seen before it is there"
    assert window.pencil.note.isVisible() and "30<270" in window.pencil.note.lines[0]
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Return)
    (house,) = desk.scenario.own
    assert isinstance(house, AddBuilding)
    assert house.footprint.bounds == pytest.approx((-200, -160, -170, -140), abs=0.01)
