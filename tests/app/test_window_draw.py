"""A planner's first hour: draw a block with a yard, plant an alley, close a street, go back and on, save."""

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, replace
from math import dist
from pathlib import Path

import numpy as np
import pyogrio
import pytest
import shapely
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDoubleSpinBox,
    QFileDialog,
    QLabel,
    QTreeWidget,
    QTreeWidgetItemIterator,
    QWidget,
)
from real_window import NEEDS_DISPLAY, opened, wait

from twin.app import planning
from twin.app.compare_divider import Divider
from twin.app.difference_panel import DifferencePanel
from twin.app.edits_panel import EditsPanel
from twin.app.selected_box import SelectedBox
from twin.app.window import Window
from twin.formats.journal import journal_of
from twin.formats.open_project import open_project
from twin.model.city import corners, named
from twin.model.raster import Raster
from twin.model.scenario import (
    AddBuilding,
    AddModel,
    ChangeGround,
    FillPlot,
    MoveBuilding,
    PlantRow,
    Remove,
    Scenario,
)
from twin.model.terrain import Terrain
from twin.scene.camera import looking, pixel_of
from twin.scene.footing import Footing
from twin.scene.items import Sketch
from twin.session import commands
from twin.session.session import Session

pytestmark = [
    pytest.mark.timeout(240),
    NEEDS_DISPLAY,
]
NONE, LEFT = Qt.KeyboardModifier.NoModifier, Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@dataclass
class Desk:
    """Somebody at the window, with a mouse and a keyboard."""

    window: Window
    path: Path

    @property
    def session(self) -> Session:
        assert self.window.session is not None
        return self.window.session

    @property
    def scenario(self) -> Scenario:
        return self.session.project.scenario(self.session.state.scenario)

    @property
    def view(self) -> QWidget:
        assert self.window.viewport is not None and self.window.viewport.surface is not None
        return self.window.viewport.surface

    @property
    def sketch(self) -> Sketch | None:
        assert self.window.viewport is not None
        found, _ = self.window.viewport._extra.get("sketch", (None, ""))
        return found if isinstance(found, Sketch) else None

    @property
    def edits(self) -> EditsPanel:
        panel = self.window.panel("edits")
        assert isinstance(panel, EditsPanel)
        return panel

    def look(self, x: float, y: float, distance: float) -> None:
        """From above, so that nothing stands before the ground."""
        camera = looking((x, y, 0.0), heading=0.0, tilt=80.0, distance=distance)
        self.session.do(commands.look, camera)
        wait(lambda: self.window.viewport is not None and self.window.viewport.camera == camera)

    def pixel(self, x: float, y: float, z: float = 0.0) -> QPoint:
        assert self.window.viewport is not None and self.window.viewport.camera is not None
        size = (self.view.width(), self.view.height())
        found = pixel_of(self.window.viewport.camera, (x, y, z), size)
        assert found is not None
        return QPoint(round(found[0]), round(found[1]))

    def hover(self, x: float, y: float) -> None:
        QTest.mouseMove(self.view, self.pixel(x, y))
        QApplication.processEvents()

    def click(self, *places: tuple[float, float]) -> None:
        for x, y in places:
            self.hover(x, y)
            QTest.mouseClick(self.view, LEFT, NONE, self.pixel(x, y))
            QApplication.processEvents()

    def press(self, key: Qt.Key, keys: Qt.KeyboardModifier = NONE) -> None:
        self.window.activateWindow()
        assert QTest.qWaitForWindowActive(self.window)
        self.view.setFocus()
        QTest.keyClick(self.view, key, keys)
        QApplication.processEvents()

    def write(self, text: str) -> None:
        QTest.keyClicks(self.view, text)
        QApplication.processEvents()

    def drag(self, start: QPoint, end: QPoint) -> None:
        QTest.mousePress(self.view, LEFT, NONE, start)
        for step in range(1, 6):
            QTest.mouseMove(self.view, start + (end - start) * step / 5)
            QApplication.processEvents()
        QTest.mouseRelease(self.view, LEFT, NONE, end)
        QApplication.processEvents()


@pytest.fixture
def desk(helsinki: Path, tmp_path: Path) -> Iterator[Desk]:
    """A window on a copy of the station area of Helsinki."""
    shutil.copytree(helsinki.parent, tmp_path / "assets")
    shutil.copytree(helsinki.parent.parent / "scenarios", tmp_path / "scenarios")
    path = tmp_path / "assets" / helsinki.name
    with opened(path, tmp_path) as window:
        # what is drawn has to be where it was meant to be, and not at the corner of a kiosk near by
        assert window.pencil is not None
        window.pencil.set_snapping(False)
        yield Desk(window, path)


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


def send(desk: Desk, path: Path) -> None:
    """The file of the scenario, read as a colleague's GIS reads it: by GDAL."""
    assert planning.export(desk.window, path)
    info = pyogrio.read_info(path)
    assert info["features"] == 4 and info["crs"] == "EPSG:4326"
    _, _, shapes, columns = pyogrio.raw.read(path, columns=["edit", "title"])
    assert columns[0].tolist() == ["fill_plot", "change_ground", "plant_row", "remove"]
    kinds = [None if one is None else shapely.from_wkb(one).geom_type for one in shapes]
    assert kinds == ["Polygon", "Polygon", "LineString", None]


def test_a_planner_draws_saves_and_sends_a_plan(desk: Desk) -> None:
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
    send(desk, desk.path.with_name("plan.geojson"))


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


def test_what_was_drawn_is_changed_by_its_dots_and_its_form(desk: Desk) -> None:
    desk.look(-170, -120, 420)
    desk.press(Qt.Key.Key_A)
    desk.click((-200, -160), (-170, -160), (-170, -130), (-200, -130))
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Escape)
    assert desk.edits.ids == (desk.scenario.own[0].id,), "what was drawn is chosen"
    before = desk.scenario.own[0]
    assert isinstance(before, AddBuilding)
    x, y = before.footprint.exterior.coords[0]
    desk.drag(desk.pixel(x, y), desk.pixel(-220, -175))
    after = desk.scenario.own[0]
    assert isinstance(after, AddBuilding)
    assert after.footprint.area > before.footprint.area + 100
    assert desk.session.undo_title

    storeys = desk.edits.form.widgets["storeys"]
    storeys.setFocus()
    assert isinstance(storeys, QDoubleSpinBox)
    storeys.selectAll()
    QTest.keyClicks(storeys, "11")
    QTest.keyClick(storeys, Qt.Key.Key_Return)
    raised = desk.scenario.own[0]
    assert isinstance(raised, AddBuilding)
    assert (raised.storeys, raised.height) == (11, pytest.approx(36.3))
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert desk.scenario.own[0] == after

    desk.press(Qt.Key.Key_M)
    middle = after.footprint.centroid
    assert desk.window.pencil is not None
    gizmo = desk.window.pencil.grips._gizmo()
    assert gizmo is not None
    hold = desk.pixel(*gizmo.hold)
    desk.drag(hold, hold + QPoint(60, 0))
    moved = desk.scenario.own[0]
    assert isinstance(moved, AddBuilding)
    assert moved.footprint.centroid.x > middle.x + 10
    assert moved.footprint.area == pytest.approx(after.footprint.area)


def test_edits_are_copied_to_another_scenario(desk: Desk) -> None:
    desk.look(-170, -120, 420)
    desk.press(Qt.Key.Key_A)
    desk.click((-200, -160), (-170, -160), (-170, -130))
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Escape)
    first = desk.scenario
    desk.press(Qt.Key.Key_C, CONTROL)
    desk.press(Qt.Key.Key_N, CONTROL)
    assert desk.scenario.own == ()
    desk.press(Qt.Key.Key_V, CONTROL)
    (pasted,) = desk.scenario.own
    assert isinstance(pasted, AddBuilding) and isinstance(first.own[0], AddBuilding)
    assert pasted.footprint.symmetric_difference(first.own[0].footprint).area < 0.01
    assert pasted.id != first.own[0].id


def test_outlines_copied_in_a_gis_become_buildings_or_what_the_tool_makes(desk: Desk) -> None:
    east, north, _ = desk.session.project.place.origin
    start = desk.session.project.scenario("today")
    corners = [(-200, -160), (-170, -160), (-170, -140), (-200, -140), (-200, -160)]
    ring = ", ".join(f"{east + x} {north + y}" for x, y in corners)
    clipboard = QApplication.clipboard()
    clipboard.setText(f"wkt_geom\tid\nPolygon (({ring}))\t1\nPolygon (({ring}))\t2")
    desk.press(Qt.Key.Key_V, CONTROL)
    first, second = desk.scenario.own
    assert isinstance(first, AddBuilding) and isinstance(second, AddBuilding)
    assert first.footprint.area == pytest.approx(600) and first.title != second.title
    assert desk.session.project.scenario("today") == start, "today stays as it is"
    desk.press(Qt.Key.Key_G)
    desk.press(Qt.Key.Key_V, CONTROL)
    assert [type(edit) for edit in desk.scenario.own[2:]] == [ChangeGround, ChangeGround]
    assert len(desk.edits.ids) == 2, "what was pasted is chosen"
    desk.press(Qt.Key.Key_Z, CONTROL)
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert desk.scenario.id == "today", "each paste is one step"
    clipboard.setText("Nothing that stands anywhere.")
    desk.press(Qt.Key.Key_V, CONTROL)
    said = desk.window.message_bar.message
    assert said is not None and "nothing on the clipboard" in said.text


def test_a_locked_scenario_is_not_drawn_into_but_a_new_one_is_offered(desk: Desk) -> None:
    desk.press(Qt.Key.Key_3)
    locked = desk.scenario
    desk.press(Qt.Key.Key_L, CONTROL)
    desk.press(Qt.Key.Key_A)
    assert desk.window.pencil is not None and desk.window.pencil.tool is None
    bar = desk.window.message_bar
    assert bar.message is not None and "locked" in bar.message.text
    QTest.mouseClick(bar.act, LEFT)
    assert desk.scenario.parents == (locked.id,)
    assert desk.window.pencil.tool is not None, "and the tool is in hand"


def test_a_box_selects_and_typed_distances_move_all_at_once(desk: Desk) -> None:
    window, before = desk.window, desk.session.project
    desk.look(-170, -120, 420)
    desk.press(Qt.Key.Key_V, SHIFT)
    desk.click((-260, -190), (-80, -60))
    ids = desk.session.state.selected
    assert len(ids) > 1
    assert desk.session.project is before, "selecting changes no scenario"
    desk.press(Qt.Key.Key_Escape)
    window.actions_by_id["move_by"].trigger()
    (box,) = window.findChildren(SelectedBox)
    assert box.isVisible() and str(len(ids)) in box.heading.text()
    box.east.setValue(5.0)
    box.rotation.setValue(15.0)
    QTest.mouseClick(box.apply, LEFT)
    (move,) = desk.scenario.own
    assert isinstance(move, MoveBuilding)
    assert (move.east, move.rotation) == (5.0, 15.0) and set(move.ids) == set(ids)
    assert desk.session.project.scenario("today") == before.scenario("today")
    desk.press(Qt.Key.Key_Z, CONTROL)
    assert desk.session.project.scenarios == before.scenarios, "one step of undo"


def test_on_a_hill_what_is_drawn_stays_under_the_mouse_and_on_the_ground(desk: Desk) -> None:
    window, session = desk.window, desk.session
    east = np.arange(-1500.0, 1500.0, 10.0)
    heights = np.broadcast_to(30.0 + 0.08 * east + 3.0 * np.sin(east / 40), (300, 300)).astype(np.float32)
    hill = Terrain("hill", "Hill", Raster(heights, -1500.0, 1500.0, 10.0))
    session.adopt(replace(session.project, terrain=hill), title="Add file")
    wait(lambda: session.scene.relief is not None and not session.running)
    land = Footing(session.scene.relief)
    camera = looking((-170, -120, land.at((-170, -120))), heading=30.0, tilt=35.0, distance=350.0)
    session.do(commands.look, camera)
    wait(lambda: window.viewport is not None and window.viewport.camera == camera)

    def on(x: float, y: float, above: float = 0.0) -> QPoint:
        return desk.pixel(x, y, land.at((x, y)) + above)

    plot = [(-200.0, -160.0), (-130.0, -160.0), (-130.0, -110.0), (-200.0, -110.0)]
    desk.press(Qt.Key.Key_A)
    for number, (x, y) in enumerate(plot):
        QTest.mouseMove(desk.view, on(x, y))
        QApplication.processEvents()
        if number == 3:
            assert desk.sketch is not None
            assert desk.sketch.bases == (pytest.approx(min(land.at(place) for place in plot), abs=0.3),)
        QTest.mouseClick(desk.view, LEFT, NONE, on(x, y))
    desk.press(Qt.Key.Key_Return)
    desk.press(Qt.Key.Key_Escape)
    (house,) = desk.scenario.own
    assert isinstance(house, AddBuilding)
    assert house.footprint.area == pytest.approx(70 * 50, rel=0.05), "the mouse points at the hill"
    wait(lambda: not session.running and desk.sketch is not None)

    assert desk.sketch is not None
    for x, y, z in (*desk.sketch.handles, *desk.sketch.small):
        assert z == pytest.approx(land.at((x, y)), abs=0.5)
    desk.drag(desk.pixel(*desk.sketch.handles[0]), on(-225, -175))
    dragged = desk.scenario.own[0]
    assert isinstance(dragged, AddBuilding)
    nearest = min(dist(corner, (-225, -175)) for corner in dragged.footprint.exterior.coords)
    assert nearest < 2.0

    desk.press(Qt.Key.Key_M)
    wait(lambda: not session.running)
    assert desk.sketch is not None
    hold, _knob, arrow = desk.sketch.handles
    assert hold[2] == pytest.approx(min(land.at(c) for c in dragged.footprint.exterior.coords), abs=1.5)
    before = dragged.footprint.centroid
    grip = desk.pixel(*hold)
    there = desk.pixel(hold[0] + 60, hold[1], land.at((hold[0] + 60, hold[1])) + hold[2] - land.at(hold[:2]))
    desk.drag(grip, there)
    moved = desk.scenario.own[0]
    assert isinstance(moved, AddBuilding)
    assert moved.footprint.centroid.x - before.x == pytest.approx(60.0, abs=4.0)
    wait(lambda: not session.running)
    _hold, _knob, arrow = desk.sketch.handles
    desk.drag(desk.pixel(*arrow), desk.pixel(arrow[0], arrow[1], arrow[2] + 5 * 3.3))
    raised = desk.scenario.own[0]
    assert isinstance(raised, AddBuilding)
    assert raised.storeys == (moved.storeys or 0) + 5


KIOSK = """v 10 20 5\nv 16 20 5\nv 16 24 5\nv 10 24 5\nv 10 20 8\nv 16 20 8\nv 16 24 8\nv 10 24 8
f 1 4 3 2\nf 5 6 7 8\nf 1 2 6 5\nf 2 3 7 6\nf 3 4 8 7\nf 4 1 5 8
"""


def sides(desk: Desk, name: str) -> list[float]:
    assert desk.session.scene.built is not None
    city = desk.session.scene.built.city
    return [round(side, 2) for side in np.ptp(corners(city, named(city, (name,))), axis=0).tolist()]


def test_a_model_from_a_file_is_set_up_turned_and_made_larger(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = desk.window
    path = desk.path.parent / "models" / "kiosk.obj"
    path.parent.mkdir()
    path.write_text(KIOSK)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(path), ""))
    desk.look(-170, -120, 300)
    assert window.pencil is not None
    window.actions_by_id["draw_model"].trigger()
    wait(lambda: window.pencil is not None and window.pencil.tool is not None)
    said = window.message_bar.message
    assert said is not None and "in metres it is 6 × 4 × 3 m" in said.text and "--" not in said.text
    desk.hover(-170, -120)
    assert desk.sketch is not None and desk.sketch.areas[0].area == pytest.approx(24.0)
    assert desk.sketch.height == pytest.approx(3.0)
    desk.click((-170, -120), (-150, -120))
    desk.press(Qt.Key.Key_Return)
    (model,) = desk.scenario.own
    assert isinstance(model, AddModel) and model.path == "models/kiosk.obj"
    wait(lambda: not desk.session.running)
    assert sides(desk, f"{model.id}.1") == sides(desk, f"{model.id}.2") == [6.0, 4.0, 3.0]

    desk.press(Qt.Key.Key_Escape)
    size, turn = desk.edits.form.widgets["scale"], desk.edits.form.widgets["rotation"]
    assert isinstance(size, QDoubleSpinBox) and isinstance(turn, QDoubleSpinBox)
    size.setValue(2.0)
    turn.setValue(90.0)
    wait(lambda: not desk.session.running)
    assert sides(desk, f"{model.id}.1") == [8.0, 12.0, 6.0]
    desk.press(Qt.Key.Key_S, CONTROL)
    wait(lambda: not window.changed_since_saving)
    kept = open_project(desk.path).scenario(desk.scenario.id).own[0]
    assert isinstance(kept, AddModel) and (kept.scale, kept.rotation) == (2.0, 90.0)
    assert kept.solid is not None, "it is found again beside the project"
    while desk.session.undo_title:
        desk.press(Qt.Key.Key_Z, CONTROL)
    assert desk.scenario.id == "today"
