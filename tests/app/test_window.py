"""The window as a person uses it: a real one, on the bundled station area."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from real_window import NEEDS_DISPLAY, opened, wait

from twin.app import files, views, window_look
from twin.app.app import application
from twin.app.settings import Settings
from twin.app.window import Window
from twin.formats import photo, view_file
from twin.model.sheet import Panel, Sheet
from twin.model.state import Selection
from twin.scene.camera import heading, looking, pixel_of, tilt
from twin.scene.items import Buildings, Drape
from twin.session import commands
from twin.session.session import Session

pytestmark = [
    pytest.mark.timeout(180),
    NEEDS_DISPLAY,
]
HOUSE = Path(__file__).parents[1] / "formats" / "data" / "house_v2.gml"


@pytest.fixture(scope="module")
def window(helsinki: Path, own_folders: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Window]:
    """A window on the Helsinki project; it stays open for all tests of this file."""
    with opened(helsinki, tmp_path_factory.mktemp("settings")) as made:
        yield made


@pytest.fixture
def session(window: Window) -> Iterator[Session]:
    """The window's session, put back as it was afterwards."""
    found = window.session
    assert found is not None
    wait(lambda: not found.scene.wanted)
    start = window.session.state
    yield window.session
    if window.session.state != start:
        window.session.do(commands.restore, start)


def picture(window: Window) -> QImage:
    assert window.viewport is not None
    QTest.qWait(80)
    return window.viewport.surface.grab().toImage()


def drop(window: Window, path: Path) -> None:
    """Lets a file go over the view."""
    assert window.viewport is not None and window.viewport.surface is not None
    target, held = window.viewport.surface, QMimeData()
    held.setUrls([QUrl.fromLocalFile(str(path))])
    place, action = target.rect().center(), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    for event in (
        QDragEnterEvent(place, action, held, left, none),
        QDropEvent(QPointF(place), action, held, left, none),
    ):
        QApplication.sendEvent(target, event)
        assert event.isAccepted()


def shares_changed(first: QImage, second: QImage) -> float:
    """The share of pixels that differ plainly."""
    assert first.size() == second.size()
    step, changed, seen = 7, 0, 0
    for x in range(0, first.width(), step):
        for y in range(0, first.height(), step):
            a, b = first.pixelColor(x, y), second.pixelColor(x, y)
            seen += 1
            changed += abs(a.red() - b.red()) + abs(a.green() - b.green()) + abs(a.blue() - b.blue()) > 24
    return changed / seen


def press(
    window: Window, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier
) -> None:
    assert window.viewport is not None
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    assert window.viewport._canvas is not None
    window.viewport._canvas.widget.setFocus()
    QTest.keyClick(window, key, modifier)


def test_the_whole_main_job_and_the_way_back(window: Window, session: Session, tmp_path: Path) -> None:
    assert session.project.name == "Helsinki Central station area"
    start = session.state
    first = picture(window)
    blank = QImage(first.size(), QImage.Format.Format_RGB32)
    blank.fill(Qt.GlobalColor.black)
    assert shares_changed(first, blank) > 0.9, "something is drawn"

    for number, scenario in enumerate(session.project.scenarios, 1):
        press(window, Qt.Key(ord(str(number))))
        assert session.state.scenario == scenario.id
        wait(lambda: not session.scene.wanted)
    assert shares_changed(first, picture(window)) > 0.002, "the last scenario looks different"

    clock = window.time_panel
    assert clock is not None
    before = session.state.time
    press(window, Qt.Key.Key_Space)
    wait(lambda: session.state.time != before)
    press(window, Qt.Key.Key_Space)
    wait(lambda: not clock.playing)

    views.zoom_to_object(window, "building", "osm-relation-1")  # none of that name: a message, no crash
    click_a_building(window, session)

    target = tmp_path / "view.png"
    files.take_picture(window, (640, 360), target, True)
    wait(target.exists)
    wait(lambda: not QImage(str(target)).isNull())

    while session.undo_title:
        press(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert (session.state.scenario, session.state.time, session.state.selection) == (
        start.scenario,
        start.time,
        None,
    )


def click_a_building(window: Window, session: Session) -> None:
    """Looks straight down on the largest building and clicks it."""
    buildings = session.scene.items["buildings"]
    assert isinstance(buildings, Buildings)
    city = buildings.city
    roofs = city.vertices[city.triangles].mean(axis=1)
    row = int(roofs[:, 2].argmax())
    gml_id = str(city.object_id[city.surface_object[city.triangle_surface[row]]])
    views.zoom_to_object(window, "building", gml_id)
    session.do(commands.select, None)
    views.look_from_above(window)
    assert window.viewport is not None
    viewport = window.viewport
    wait(lambda: viewport.camera == session.state.camera)
    assert viewport._canvas is not None
    widget: QWidget = viewport._canvas.widget
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(widget.width() // 2, widget.height() // 2))
    assert isinstance(session.state.selection, Selection)
    assert session.state.selection.kind == "city"


def test_an_overlay_is_computed_beside_the_window_and_then_there_at_once(
    window: Window, session: Session
) -> None:
    session.do(commands.set_day, date(2026, 12, 21))  # a short one takes less time
    session.do(commands.choose_overlay, "sun_hours")
    wait(lambda: isinstance(session.scene.items.get("overlay"), Drape))
    session.do(commands.choose_overlay, "none")
    session.do(commands.choose_overlay, "sun_hours")
    assert isinstance(session.scene.items.get("overlay"), Drape)


def test_dragging_moves_the_place_under_the_mouse_along(window: Window, session: Session) -> None:
    assert window.viewport is not None
    viewport = window.viewport
    views.look_from_above(window)
    wait(lambda: viewport.camera == session.state.camera)
    assert viewport._canvas is not None
    widget = viewport._canvas.widget
    start, end = (
        QPointF(widget.width() / 2, widget.height() / 2),
        QPointF(widget.width() / 2 - 60, widget.height() / 2 + 35),
    )
    held = viewport._under(start)
    QTest.mousePress(widget, Qt.MouseButton.LeftButton, pos=start.toPoint())
    QTest.mouseMove(widget, (start * 0.5 + end * 0.5).toPoint())
    QTest.mouseMove(widget, end.toPoint())
    QTest.mouseRelease(widget, Qt.MouseButton.LeftButton, pos=end.toPoint())
    now = viewport._under(end)
    assert held is not None
    assert now is not None
    assert now[:2] == pytest.approx(held[:2], abs=1.0)
    assert session.state.camera == viewport.camera


def test_every_control_has_a_name(window: Window, session: Session) -> None:
    nameless = [
        f"{type(widget).__name__} {widget.objectName()}"
        for widget in window.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and widget.isVisible()
        and not (widget.accessibleName() or widget.toolTip() or getattr(widget, "text", str)())
        and not widget.objectName().startswith("qt_")
    ]
    assert nameless == []


def test_no_two_actions_share_a_key(window: Window) -> None:
    keys = [
        action.shortcut().toString() for action in window.findChildren(type(window.actions_by_id["open"]))
    ]
    used = [key for key in keys if key]
    assert len(used) == len(set(used)), sorted(key for key in used if used.count(key) > 1)


def test_a_broken_file_is_told_and_the_project_stays(
    window: Window, session: Session, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.gml"
    broken.write_text("<CityModel><cityObjectMember>")
    drop(window, broken)
    sheet = window.preview()
    wait(lambda: None not in sheet.found)
    first = sheet.files.topLevelItem(0)
    assert first is not None
    assert "broken.gml" in first.text(0)
    assert not sheet.add.isEnabled()
    sheet.cancel.click()
    window._bar.clear()
    window.open(broken)
    wait(lambda: window._bar.message is not None and "broken.gml" in window._bar.message.text)
    assert window.session is session


def test_a_dropped_layer_is_added_and_can_be_undone(window: Window, session: Session, tmp_path: Path) -> None:
    layer = tmp_path / "benches.geojson"
    layer.write_text(
        '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"new"},'
        '"geometry":{"type":"Point","coordinates":[24.9414,60.1712]}}]}'
    )
    count = len(session.project.layers)
    drop(window, layer)
    assert len(session.project.layers) == count, "nothing is added before the user says so"
    wait(lambda: None not in window.preview().found)
    window.preview().add.click()
    wait(lambda: len(session.project.layers) == count + 1)
    assert window.changed_since_saving
    QTest.qWait(50)
    rows = window.panel("scenarios").rows
    assert [row.isVisible() and row.height() > 0 for row in rows.values()] == [True] * 4, (
        "plans stay in their list"
    )
    assert window.panel("scenarios")._scroll.height() > 40
    session.undo()
    assert len(session.project.layers) == count


def test_every_export_opens_one_dialog_at_its_page(window: Window, session: Session) -> None:
    from twin.app.export_dialog import KINDS, ExportDialog

    pages = {
        **{"picture": "picture", "series": "series", "sun_study": "sun-study", "film": "film"},
        **{"report_pdf": "report", "web_page": "web", "export": "model", "overlay_values": "values"},
        "export_indicators": "indicators",
    }
    assert set(pages.values()) == set(KINDS)
    session.do(commands.choose_overlay, "shadow")  # so that there are values
    wait(window.actions_by_id["overlay_values"].isEnabled)
    for action, kind in pages.items():
        window.actions_by_id[action].trigger()
        (dialog,) = (each for each in window.findChildren(ExportDialog) if each.isVisible())
        assert dialog.page.kind == kind
        assert dialog.given.state.camera == window.viewport.camera
    dialog.close()


def test_one_stands_where_one_has_clicked_and_looks_the_same_way(window: Window, session: Session) -> None:
    before = heading(session.scene.camera)
    session.do(commands.select, Selection("ground", at=(140.0, -60.0, 0.0)))
    window.actions_by_id["eye_level"].trigger()
    camera = session.state.camera
    assert camera is not None
    assert camera.position == pytest.approx((140.0, -60.0, 1.6))
    assert heading(camera) == pytest.approx(before, abs=0.01)


def test_a_view_to_scale_is_seen_from_above_with_so_many_metres(window: Window, session: Session) -> None:
    heights = []
    for scale in (500, 1000, 2000):
        window.actions_by_id[f"scale_{scale}"].trigger()
        camera = session.state.camera
        assert camera is not None
        assert tilt(camera) > 89
        heights.append(camera.height / scale)
    assert heights == pytest.approx([heights[0]] * 3)


def test_two_clicks_cut_the_city_open_along_their_line(window: Window, session: Session) -> None:
    view = window.viewport
    assert view is not None
    assert view.surface is not None
    above = looking((0.0, 0.0, 0.0), heading=0.0, tilt=80.0, distance=900.0)
    session.do(commands.look, above)
    wait(lambda: view.camera == above)
    window.actions_by_id["section_line"].trigger()
    for place in ((-120.0, -100.0, 0.0), (120.0, -100.0, 0.0)):
        found = pixel_of(above, place, (view.surface.width(), view.surface.height()))
        assert found is not None
        at = QPoint(round(found[0]), round(found[1]))
        QTest.mouseMove(view.surface, at)
        QTest.mouseClick(view.surface, Qt.MouseButton.LeftButton, pos=at)
    camera = session.state.camera
    assert camera is not None
    assert camera.section
    assert heading(camera) == pytest.approx(0.0, abs=2.0) or heading(camera) == pytest.approx(360.0, abs=2.0)
    assert camera.target[1] == pytest.approx(-100.0, abs=4.0)
    assert window.pencil_made is not None
    assert window.pencil_made.tool is None


def test_a_photo_lies_over_the_view_until_its_dialog_is_closed(
    window: Window, session: Session, tmp_path: Path
) -> None:
    from PIL import Image

    from twin.app.photo_match import PhotoMatch

    data = Image.Exif()
    data.get_ifd(photo.CAMERA)[photo.FOCAL] = 35
    place = data.get_ifd(photo.PLACE)
    place.update({1: "N", 2: (60.0, 10.0, 15.6), 3: "E", 4: (24.0, 56.0, 30.0), photo.DIRECTION: 300.0})
    Image.new("RGB", (300, 200), "#ff0000").save(tmp_path / "a.jpg", exif=data)
    window.actions_by_id["match_photo"].trigger()
    (dialog,) = window.findChildren(PhotoMatch)
    before = picture(window)
    dialog.take(tmp_path / "a.jpg")
    assert dialog.angle.value() == pytest.approx(37.85, abs=0.01)
    assert window.viewport is not None
    middle = window.viewport.grab().toImage().pixelColor(before.width() // 2, before.height() // 2)
    assert middle.red() - middle.blue() > 80, "half of it is the red photo"
    dialog.go_there()
    camera = session.state.camera
    assert camera is not None
    assert (camera.angle, camera.position[2]) == pytest.approx((dialog.angle.value(), 1.6))
    assert heading(camera) == pytest.approx(300.0)
    veil = dialog.veil
    dialog.close()
    assert not veil.isVisible()


def test_a_picture_that_is_dropped_leads_back_to_its_view(
    window: Window, session: Session, tmp_path: Path
) -> None:
    there = replace(session.state, scenario=session.project.scenarios[2].id, camera=session.scene.camera)
    view_file.save(session.project, Sheet((Panel(there),)), tmp_path / "council.view.json")
    (tmp_path / "council.png").write_bytes(b"")
    files.look(window, [tmp_path / "council.png"], alone=False)
    assert session.state.scenario == there.scenario
    assert session.state.camera == there.camera


def test_selected_objects_are_hidden_isolated_and_shown_again_by_keys(
    window: Window, session: Session
) -> None:
    first, second = (str(gml_id) for gml_id in session.project.city.object_id[:2])
    session.do(commands.select_objects, Selection("city", first, "buildings"), [second])
    whole = picture(window)
    press(window, Qt.Key.Key_I)
    assert session.state.isolated == {first, second}
    assert shares_changed(whole, picture(window)) > 0.05, "all other buildings are gone"
    press(window, Qt.Key.Key_I, Qt.KeyboardModifier.ShiftModifier)
    assert session.state.isolated == frozenset()
    press(window, Qt.Key.Key_H)
    assert session.state.hidden_objects == {first, second}
    press(window, Qt.Key.Key_I, Qt.KeyboardModifier.ShiftModifier)
    assert shares_changed(whole, picture(window)) < 0.02


def test_panels_that_are_asked_for_come_and_go(window: Window, session: Session) -> None:
    for name in ("objects", "report"):
        dock = window.docks[name]
        assert dock.isHidden()
        window.actions_by_id[name].trigger()
        assert dock.isVisible()
        window.actions_by_id["panels"].trigger()
        assert not any(each.isVisible() for each in window.docks.values())
        window.actions_by_id["panels"].trigger()
        assert dock.isVisible()
        window.actions_by_id[name].trigger()
        assert dock.isHidden()
        assert window.docks["time"].isVisible()


def test_in_a_low_window_a_table_takes_the_place_of_the_time(window: Window, session: Session) -> None:
    before, em = window.size(), window.fontMetrics().height()
    window.resize(90 * em, 49 * em)  # as on a projector
    window.actions_by_id["objects"].trigger()
    wait(lambda: window.docks["objects"].height() > 14 * em)
    assert window.height() == 49 * em, "it does not grow beyond the screen"
    assert window.docks["time"].isHidden()
    window.actions_by_id["objects"].trigger()
    assert window.docks["time"].isVisible()
    window.resize(before)


def test_larger_text_leaves_the_window_its_size(window: Window, session: Session) -> None:
    before, em = window.size(), window.fontMetrics().height()
    window.resize(90 * em, 64 * em)
    window.actions_by_id["larger"].trigger()
    window.actions_by_id["larger"].trigger()
    QTest.qWait(20)
    assert (window.width(), window.height()) == (90 * em, 64 * em)
    for _ in range(2):
        window.actions_by_id["smaller"].trigger()
    window.reset_layout()
    window.resize(before)


def test_an_attribute_recolours_the_city(window: Window, session: Session) -> None:
    before = picture(window)
    session.do(commands.choose_overlay, "attribute:measuredHeight")
    wait(lambda: not session.scene.wanted)
    assert shares_changed(before, picture(window)) > 0.05


def test_the_import_report_can_be_shown(window: Window, session: Session) -> None:
    source = next(iter(session.project.reports))
    window_look.show_report(window, source)
    panel = window.panel("report")
    assert panel.report["path"].endswith(".gml")
    window.actions_by_id["report"].trigger()


def test_a_panel_is_made_when_it_is_seen_and_then_follows(window: Window, session: Session) -> None:
    docked = window._docked
    assert docked.made("objects") is None or window.docks["objects"].isHidden()
    window_look.show_panel(window, "objects")
    panel = docked.made("objects")
    assert panel is window.docks["objects"].widget()
    assert panel.model.rowCount() > 0
    window_look.toggle_panel(window, "objects")
    shown = panel.model.rowCount()
    session.do(commands.choose_scenario, session.project.scenarios[2].id)
    wait(lambda: not session.scene.wanted)
    assert panel.model.rowCount() == shown, "nobody looks at it"
    window_look.toggle_panel(window, "objects")
    wait(lambda: panel.model.rowCount() != shown)
    window_look.toggle_panel(window, "objects")


def test_messages_go_when_something_else_is_opened(window: Window, tmp_path: Path) -> None:
    bar = window.message_bar
    window.complain("What was open has a fault.")
    window.open(tmp_path / "none.gml")
    wait(lambda: bar.message is not None)
    assert bar.message is not None
    assert "none.gml" in bar.message.text
    bar.clear()


def test_a_file_that_cannot_be_read_is_told_over_the_picture_of_the_others(
    own_folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWIN_SETTINGS", str(tmp_path / "twin.ini"))
    broken = tmp_path / "broken.gml"
    broken.write_text("<CityModel><cityObjectMember>")
    application()
    made = Window(Settings())
    made.show()
    made.open(HOUSE, more=[broken])
    wait(lambda: made.session is not None)
    bar = made.message_bar
    assert bar.message is not None and "broken.gml" in bar.message.text
    assert bar.parentWidget().childAt(bar.geometry().center()) in (bar, *bar.findChildren(QWidget))
    made.changed_since_saving = False
    made.close()
    made.deleteLater()
