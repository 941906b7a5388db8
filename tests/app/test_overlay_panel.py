import pytest
from held_work import Later
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from twin.app import overlay_panel
from twin.app.overlay_panel import OverlayPanel
from twin.scene.heat import HEAT
from twin.session.commands import choose_overlay, set_opacity
from twin.session.session import Session


@pytest.fixture
def panel(qtbot: QtBot, small_session: Session) -> OverlayPanel:
    found = OverlayPanel(small_session)
    small_session.changed.connect(found.refresh)
    qtbot.addWidget(found)
    found.show()
    return found


def test_the_rasters_of_the_project_are_overlays(panel: OverlayPanel) -> None:
    own = ["none", "use", "height", "sun_hours", "shadow", *HEAT]
    assert list(panel.rows) == [*own, "heat"]


def test_colours_by_attribute_are_offered_before_what_has_to_be_worked_out(panel: OverlayPanel) -> None:
    assert panel.rows["shadow"].y() < panel.by_attribute.y() < min(panel.rows[name].y() for name in HEAT)


def test_what_can_be_chosen_of_an_attribute_comes_into_sight(
    qtbot: QtBot, panel: OverlayPanel, small_session: Session
) -> None:
    panel.resize(panel.width(), 18 * panel.fontMetrics().height())
    small_session.do(choose_overlay, "attribute:measuredHeight")
    seen = panel._scroll.viewport()
    qtbot.waitUntil(lambda: seen.rect().contains(panel.style_box.ramp.mapTo(seen, QPoint())), timeout=2000)
    assert seen.rect().contains(panel.by_attribute.mapTo(seen, QPoint()))


def test_one_click_lays_an_overlay_over_the_city(
    qtbot: QtBot, panel: OverlayPanel, small_session: Session
) -> None:
    qtbot.mouseClick(panel.rows["heat"], Qt.MouseButton.LeftButton)
    assert small_session.state.overlay == "heat"
    small_session.undo()
    assert panel.rows["none"].isChecked()


def test_the_slider_works_where_there_is_something_to_see_through(
    qtbot: QtBot, panel: OverlayPanel, small_session: Session
) -> None:
    assert not panel.opacity.isEnabled()
    small_session.do(choose_overlay, "heat")
    qtbot.keyClick(panel.opacity, Qt.Key.Key_PageDown)
    assert small_session.state.opacity_of("overlay") == 0.9
    small_session.do(set_opacity, "overlay", 0.25)
    assert panel.opacity.value() == 25


def test_slow_work_is_shown_and_can_be_cancelled(
    qtbot: QtBot, slow_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(overlay_panel, "SOON", 0.0)
    panel = OverlayPanel(slow_session)
    slow_session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    slow_session.do(choose_overlay, "sun_hours")
    [job] = slow_session.running
    qtbot.waitUntil(lambda: job.request.key in panel.jobs)
    row = panel.jobs[job.request.key]
    assert row.title.text() == "Heights of Today"
    job.fraction = 0.4
    qtbot.waitUntil(lambda: row.bar.value() == 40)
    qtbot.mouseClick(row.cancel, Qt.MouseButton.LeftButton)
    assert slow_session.running == ()
    qtbot.waitUntil(lambda: not panel.jobs)
    assert "cancelled" in panel.note.text()


def test_nothing_ticks_while_nothing_runs(qtbot: QtBot, slow_session: Session, later: Later) -> None:
    panel = OverlayPanel(slow_session)
    slow_session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    assert panel._timer.isActive()  # shadows of the first picture are being worked out
    later.go()
    assert not panel._timer.isActive()
    assert not panel.jobs
