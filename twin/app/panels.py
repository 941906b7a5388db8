"""Knows all panels of the window: what each is called, where it stands, and how it is made.

A panel is a widget with `refresh(session)`, which makes it equal to the session. To add one, write its
module, and here a row in PANELS and a function that makes and connects it and imports what that needs: a
panel costs nothing until it is seen. Then its dock gets it. From then on it is refreshed while it is seen,
and caught up with what happened meanwhile when it is seen again. A panel that asks the session for results,
or that others listen to, has `always=True`: once made it is refreshed unseen, too; and asks for nothing then.
`window.panel("name")` makes it at once where something else needs it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QWidget

from twin.app import texts
from twin.app.later import Later

if TYPE_CHECKING:
    from twin.app import actions, files, heat_files, views, window_look
    from twin.app.window import Window
    from twin.session.session import Session
else:
    actions, files = Later("twin.app.actions"), Later("twin.app.files")
    heat_files, views = Later("twin.app.heat_files"), Later("twin.app.views")
    window_look = Later("twin.app.window_look")

LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
BELOW = Qt.DockWidgetArea.BottomDockWidgetArea

Make = Callable[["Window", "Session"], QWidget]


@dataclass(frozen=True, slots=True)
class Panel:
    """One row of the table."""

    name: str
    title: str
    area: Qt.DockWidgetArea
    make: Make
    later: bool = False
    """Whether it is there only when it is asked for."""
    always: bool = False
    """Whether it is refreshed unseen, too."""


def _scenarios(window: Window, session: Session) -> QWidget:
    from twin.app.draw_panels import connect_scenarios
    from twin.app.scenarios_panel import ScenariosPanel

    panel = ScenariosPanel(session)
    connect_scenarios(window, panel)
    panel.object_activated.connect(lambda what, key: views.zoom_to_object(window, what, key))
    return panel


def _layers(window: Window, session: Session) -> QWidget:
    from twin.app.layers_panel import LayersPanel

    panel = LayersPanel(session)
    panel.zoom_requested.connect(lambda layer: views.zoom_to_layer(window, layer))
    panel.relink_requested.connect(lambda source: files.ask_relink(window, source))
    panel.style_requested.connect(lambda layer: window_look.show_layer(window, "layer_style", layer))
    panel.table_requested.connect(lambda layer: window_look.show_layer(window, "layer_table", layer))
    return panel


def _overlay(window: Window, session: Session) -> QWidget:
    from twin.app.overlay_panel import OverlayPanel

    panel = OverlayPanel(session)
    panel.attribute_wanted.connect(lambda: actions.open_palette(window, "c "))
    panel.weather_wanted.connect(lambda: heat_files.ask_weather(window))
    panel.explained.connect(lambda title, text: window_look.show_text(window, title, text))
    panel.summary_wanted.connect(lambda: window_look.show_panel(window, "heat"))
    return panel


def _properties(window: Window, session: Session) -> QWidget:
    from twin.app.properties_panel import PropertiesPanel

    panel = PropertiesPanel(session)
    panel.zoom_requested.connect(lambda what, key: views.zoom_to_object(window, what, key))
    return panel


def _edits(window: Window, session: Session) -> QWidget:
    from twin.app.draw_panels import connect_edits
    from twin.app.edits_panel import EditsPanel

    panel = EditsPanel(session)
    connect_edits(window, panel)
    return panel


def _layer_style(_window: Window, session: Session) -> QWidget:
    from twin.app.layer_style_panel import LayerStylePanel

    return LayerStylePanel(session)


def _layer_table(window: Window, session: Session) -> QWidget:
    from twin.app import views
    from twin.app.layer_table import LayerTablePanel

    panel = LayerTablePanel(session)
    panel.zoom_requested.connect(lambda bounds: views.zoom_to(window, bounds))
    return panel


def _report(_window: Window, session: Session) -> QWidget:
    from twin.app.report_panel import ReportPanel

    return ReportPanel(session)


def _difference(window: Window, session: Session) -> QWidget:
    from twin.app.difference_panel import DifferencePanel

    panel = DifferencePanel(session)
    panel.zoom_requested.connect(lambda bounds: views.zoom_to(window, bounds))
    return panel


def _objects(window: Window, session: Session) -> QWidget:
    from twin.app.objects_panel import ObjectsPanel

    panel = ObjectsPanel(session)
    panel.zoom_requested.connect(lambda: views.zoom_to_selection(window))
    panel.export_requested.connect(lambda: files.ask_export_objects(window, panel))
    return panel


def _indicators(_window: Window, session: Session) -> QWidget:
    from twin.app.indicators_panel import IndicatorsPanel

    return IndicatorsPanel(session)


def _heat(window: Window, session: Session) -> QWidget:
    from twin.app.heat_panel import HeatPanel

    panel = HeatPanel(session)
    panel.zoom_requested.connect(lambda bounds: views.zoom_to(window, bounds))
    panel.save_requested.connect(lambda: heat_files.ask_save_maps(window))
    return panel


def _chart(window: Window, session: Session) -> QWidget:
    from twin.app import sensor_actions
    from twin.app.chart_panel import ChartPanel

    return ChartPanel(session, lambda *asked: sensor_actions.export(window, *asked))


def _alarms(window: Window, session: Session) -> QWidget:
    from twin.app import sensor_actions
    from twin.app.sensor_alarms import AlarmsPanel

    panel = AlarmsPanel(session)
    panel.station_chosen.connect(lambda station: sensor_actions.show_station(window, station))
    return panel


def _residuals(window: Window, session: Session) -> QWidget:
    from twin.app import sensor_actions
    from twin.app.sensor_residuals import ResidualsPanel

    panel = ResidualsPanel(session)
    panel.station_chosen.connect(lambda station: sensor_actions.show_station(window, station))
    panel.weather_wanted.connect(lambda station: sensor_actions.use_as_weather(window, station))
    return panel


def _time(window: Window, session: Session) -> QWidget:
    from twin.app.time_panel import TimePanel

    panel = TimePanel(session)
    panel.playing_changed.connect(lambda _on: window.refresh_actions())
    panel.sensors.live_wanted.connect(lambda _on: window.sensors.go_live() if window.sensors else None)
    return panel


PANELS: tuple[Panel, ...] = (
    Panel("scenarios", "Scenarios", LEFT, _scenarios),
    Panel("layers", "Layers", LEFT, _layers),
    Panel("overlay", "Overlay", RIGHT, _overlay),
    Panel("properties", "Properties", RIGHT, _properties, always=True),
    Panel("edits", "Edits", RIGHT, _edits, always=True),
    Panel("layer_style", "Layer style", RIGHT, _layer_style, later=True),
    Panel("report", "Import report", RIGHT, _report, later=True),
    Panel("difference", "Difference", RIGHT, _difference, later=True, always=True),
    Panel("objects", "Objects", BELOW, _objects, later=True),
    Panel("layer_table", "Table of a layer", BELOW, _layer_table, later=True),
    Panel("indicators", "Indicators", BELOW, _indicators, later=True, always=True),
    Panel("heat", "Heat in numbers", BELOW, _heat, later=True, always=True),
    Panel("chart", "Chart", BELOW, _chart, later=True),
    Panel("alarms", "Alarms", BELOW, _alarms, later=True),
    Panel("residuals", "Model against sensors", BELOW, _residuals, later=True),
    Panel("time", "Time", BELOW, _time, always=True),
)
BESIDE = ("objects", "indicators", "heat", "chart")
"""Panels that stand side by side, above the time."""
MEASURED = ("chart", "alarms", "residuals")
"""Panels of sensors, which share a place."""
LISTED = ("objects", "layer_table")
"""Tables, which share a place."""
BEHIND = ("properties", "edits", "layer_style", "report", "difference")
"""Panels that share a place, the first in front."""
LATER = tuple(panel.name for panel in PANELS if panel.later)


class Panels(QObject):
    """The docks of a window and the panels made for them so far."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self._window = window
        self._table = {panel.name: panel for panel in PANELS}
        self._session: Session | None = None
        self._made: dict[str, Any] = {}
        self._behind: set[str] = set()
        self._look = QTimer(self, singleShot=True, interval=0)
        self._look.timeout.connect(self.catch_up)
        self.docks: dict[str, QDockWidget] = {panel.name: self._dock(panel) for panel in PANELS}
        window.splitDockWidget(self.docks["objects"], self.docks["time"], Qt.Orientation.Vertical)
        for left, right in pairwise(BESIDE):
            window.splitDockWidget(self.docks[left], self.docks[right], Qt.Orientation.Horizontal)
        for front, behind in (*pairwise(BEHIND), *pairwise(MEASURED), *pairwise(LISTED)):
            window.tabifyDockWidget(self.docks[front], self.docks[behind])

    def _dock(self, panel: Panel) -> QDockWidget:
        dock = QDockWidget(texts.tr(panel.title), self._window)
        dock.setObjectName(panel.name)
        self._window.addDockWidget(panel.area, dock)
        dock.setVisible(not panel.later)  # a place shared by hidden ones would keep its tabs in sight
        # looked at a moment later: while docks are arranged they come to the front and go again
        dock.visibilityChanged.connect(lambda shown: self._look.start() if shown else None)
        return dock

    def open(self, session: Session) -> None:
        """Takes another session; its panels are made when they are seen."""
        self._session = session

    def get(self, name: str) -> Any:
        """A panel, made now where it was not yet; None where nothing is open."""
        if name not in self._made and self._session is not None:
            panel: Any = self._table[name].make(self._window, self._session)
            self._made[name] = panel
            self.docks[name].setWidget(panel)
            panel.refresh(self._session)
        return self._made.get(name)

    def made(self, name: str) -> Any:
        """A panel, where it was made already."""
        return self._made.get(name)

    def refresh(self, session: Session) -> None:
        """Makes equal to the session what is seen; the rest when it is."""
        for name, panel in self._made.items():
            if self._table[name].always or self._is_seen(name):
                panel.refresh(session)
                self._behind.discard(name)
            else:
                self._behind.add(name)

    def renew(self, session: Session) -> None:
        """Makes all of them equal to the session, seen or not."""
        self._behind.clear()
        for panel in self._made.values():
            panel.refresh(session)

    def catch_up(self) -> None:
        """Makes what is seen now and was not made, and refreshes what fell behind."""
        if self._session is None:
            return
        for name in self.docks:
            if not self._is_seen(name):
                continue
            if name in self._behind:
                self._behind.discard(name)
                self._made[name].refresh(self._session)
            self.get(name)

    def close(self) -> None:
        """Lets go of all panels."""
        for panel in self._made.values():
            panel.hide()
            panel.setParent(None)
            panel.deleteLater()
        self._made, self._session = {}, None
        self._behind.clear()

    def _is_seen(self, name: str) -> bool:
        """Whether it is shown, and in front where several share a place: Qt puts the others off the edge."""
        dock = self.docks[name]
        return dock.isVisible() and (dock.isFloating() or not dock.visibleRegion().isEmpty())
