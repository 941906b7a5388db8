"""What was drawn is changed: by its dots and its form, several at once, on a hill, as models from files."""

from dataclasses import replace
from math import dist

import numpy as np
import pytest
from desk import CONTROL, LEFT, NONE, SHIFT, Desk
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDoubleSpinBox, QFileDialog
from real_window import NEEDS_DISPLAY, wait

from twin.app.selected_box import SelectedBox
from twin.formats.open_project import open_project
from twin.model.city import corners, named
from twin.model.raster import Raster
from twin.model.scenario import AddBuilding, AddModel, ChangeGround, MoveBuilding
from twin.model.terrain import Terrain
from twin.scene.camera import looking
from twin.scene.footing import Footing
from twin.session import commands

pytestmark = [
    pytest.mark.timeout(240),
    NEEDS_DISPLAY,
]


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
