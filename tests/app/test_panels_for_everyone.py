"""What holds for every panel: names for screen readers, plain text, any size of text."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from twin.app import theme
from twin.app.chart_panel import ChartPanel
from twin.app.edits_panel import EditsPanel
from twin.app.facts import selection_of
from twin.app.layers_panel import LayersPanel
from twin.app.objects_panel import ObjectsPanel
from twin.app.overlay_panel import OverlayPanel
from twin.app.properties_panel import PropertiesPanel
from twin.app.report_panel import ReportPanel
from twin.app.scenarios_panel import ScenariosPanel
from twin.app.sensor_alarms import AlarmsPanel
from twin.app.sensor_residuals import ResidualsPanel
from twin.app.sensor_time import SensorTime
from twin.app.time_panel import TimePanel
from twin.feeds.heard import Teller
from twin.feeds.store import Store
from twin.model.sensor import Datastream, Station, columns
from twin.scene.sensors import HEARD
from twin.session.commands import choose_overlay, choose_scenario, select
from twin.session.sensor_commands import chart_only
from twin.session.session import Session


def chart_panel(session: Session) -> ChartPanel:
    return ChartPanel(session, lambda *_: None)


PANELS = (
    EditsPanel,
    LayersPanel,
    ScenariosPanel,
    OverlayPanel,
    PropertiesPanel,
    TimePanel,
    ObjectsPanel,
    ReportPanel,
    AlarmsPanel,
    ResidualsPanel,
    SensorTime,
    chart_panel,
)
Make = Callable[[Session], Any]


@pytest.fixture
def busy_session(small_session: Session) -> Iterator[Session]:
    small_session.do(choose_scenario, "towers")
    small_session.do(choose_overlay, "heat")
    small_session.do(select, selection_of(small_session, "building", "tower-1"))
    with closing(Store(None)) as store:  # sensors that were heard a moment ago
        made = Datastream("f/a", Station("f/a", "A", 25.0, 60.1697), "air_temperature", "°C", synthetic=True)
        store.describe([made])
        at = small_session.state.time.timestamp()
        store.add(columns([(made.id, at - 600 * n, at, 31.0 + n, 0) for n in range(5)]))
        heard = Teller(store, small_session.project.place, ()).heard()
        small_session.bring(HEARD, heard, chart_only(small_session.state, (made.id,)))
        yield small_session


@pytest.fixture
def usual_look(qapp: QApplication) -> Iterator[None]:
    yield
    theme.apply(qapp, False)


@pytest.mark.parametrize("make", PANELS)
def test_every_focusable_widget_has_a_name(qtbot: QtBot, busy_session: Session, make: Make) -> None:
    panel = make(busy_session)
    qtbot.addWidget(panel)
    panel.show()
    nameless = [
        widget
        for widget in panel.findChildren(QWidget)
        if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not widget.accessibleName()
        and not widget.objectName().startswith("qt_")  # parts of Qt's own widgets
    ]
    assert nameless == []


@pytest.mark.parametrize("make", PANELS)
def test_every_label_shows_plain_text(qtbot: QtBot, busy_session: Session, make: Make) -> None:
    panel = make(busy_session)
    qtbot.addWidget(panel)
    formats = {label.text(): label.textFormat() for label in panel.findChildren(QLabel) if label.text()}
    written_here = {"Opacity"}
    assert {t for t, f in formats.items() if f != Qt.TextFormat.PlainText} <= written_here


@pytest.mark.parametrize("make", PANELS)
@pytest.mark.parametrize("scale", [0.8, 2.0])
def test_nothing_is_cut_at_any_size_of_text(
    qapp: QApplication, qtbot: QtBot, usual_look: None, busy_session: Session, make: Make, scale: float
) -> None:
    theme.apply(qapp, False, scale=scale)
    panel = make(busy_session)
    qtbot.addWidget(panel)
    em = panel.fontMetrics().height()
    panel.resize(14 * em, max(panel.minimumHeight(), 20 * em))
    panel.show()
    for _ in range(2):  # some say more once they are seen
        qapp.processEvents()
    for label in panel.findChildren(QLabel):
        if label.isVisible() and label.wordWrap() and label.text():
            assert label.height() >= label.heightForWidth(label.width()), label.text()


@pytest.mark.parametrize("make", PANELS)
def test_a_change_of_theme_keeps_what_is_shown(
    qapp: QApplication, qtbot: QtBot, usual_look: None, busy_session: Session, make: Make
) -> None:
    before = (busy_session.state, busy_session.undo_title)
    panel = make(busy_session)
    busy_session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    panel.show()
    for dark in (True, False):
        theme.apply(qapp, dark, scale=1.3)
        qapp.processEvents()
    assert (busy_session.state, busy_session.undo_title) == before


@pytest.mark.parametrize("make", PANELS)
def test_refreshing_never_changes_the_session(qtbot: QtBot, busy_session: Session, make: Make) -> None:
    panel = make(busy_session)
    busy_session.changed.connect(panel.refresh)
    qtbot.addWidget(panel)
    for _ in range(3):
        busy_session.undo()
    assert busy_session.undo_title == ""
    for _ in range(3):
        busy_session.redo()
    assert busy_session.redo_title == ""
    assert busy_session.state.scenario == "towers"
