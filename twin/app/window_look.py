"""What the user can do to the look of the window: its colours, its text, and which panels are seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QToolBar

from twin.app import theme
from twin.app.panels import BELOW, LATER

if TYPE_CHECKING:
    from twin.app.window import Window

TALL = 17
"""Height of a panel below the view when it is opened. [lines of text]"""
LOW = 58
"""A window that is lower has no room for a table above the time. [lines of text]"""


def toggle_dark(window: Window) -> None:
    """Light or dark panels."""
    window.dark = not window.dark
    window.settings.set_text("theme", "dark" if window.dark else "light")
    restyle(window)


def scale_text(window: Window, factor: float) -> None:
    """Larger or smaller text, between 80 and 200 %."""
    window.text_scale = min(max(window.text_scale * factor, 0.8), 2.0)
    window.settings.set_text("text", f"{window.text_scale:.3f}")
    restyle(window)


def restyle(window: Window) -> None:
    """Applies colours and text size; the window stays as large as it is."""
    app = QApplication.instance()
    crowded, size = window.is_crowded, window.size()
    if isinstance(app, QApplication):
        theme.apply(app, window.dark, scale=window.text_scale)
    if window.is_crowded != crowded:
        window.reset_layout()
    # until panels have found their places larger text makes the window grow, also beyond the screen
    QTimer.singleShot(0, window, lambda: window.resize(size))
    if window.viewport is not None:
        window.viewport.size_text(window.text_scale)
    window.renew_icons()


def toggle_full_screen(window: Window) -> None:
    """The whole screen, or a window again."""
    window.setWindowState(window.windowState() ^ Qt.WindowState.WindowFullScreen)
    window.refresh_actions()


def toggle_panels(window: Window) -> None:
    """Only the view between menus, or the panels again that were there before."""
    show_panels(window, not any(dock.isVisible() for dock in window.docks.values()))


def show_panels(window: Window, shown: bool) -> None:
    """Hides all panels, or shows those that were hidden so; the usual ones where none were."""
    if not shown:
        window.panels_before = [name for name, dock in window.docks.items() if not dock.isHidden()]
    wanted = window.panels_before or window.usual_panels
    for name, dock in window.docks.items():
        dock.setVisible(shown and name in wanted)


def show_report(window: Window, source: str) -> None:
    """What came of reading a source."""
    if window.docks["report"].isHidden():
        toggle_panel(window, "report")
    window.docks["report"].raise_()
    if (panel := window.panel("report")) is not None:
        panel.choose(source)


def show_panel(window: Window, name: str) -> None:
    """Shows a panel, in front where several share a place."""
    if window.docks[name].isHidden():
        toggle_panel(window, name)
    window.docks[name].raise_()


def show_layer(window: Window, name: str, layer: str) -> None:
    """Shows a panel about one layer."""
    show_panel(window, name)
    if (panel := window.panel(name)) is not None:
        panel.choose_layer(layer)


def show_text(window: Window, title: str, text: str) -> None:
    """A longer text to read."""
    from twin.app.heat_dialog import TextDialog

    TextDialog(title, text, window).show()


def toggle_panel(window: Window, name: str) -> None:
    """Shows a panel, in front where several share a place, or hides it."""
    dock = window.docks[name]
    window.panel(name)  # there before it is shown, so that it gets the room it needs
    opened = dock.isHidden()
    if opened and window.dockWidgetArea(dock) == BELOW:
        _let_time_give_way(window)  # before, as a window that has not room for both grows
    dock.setVisible(opened)
    if not opened:
        _bring_time_back(window)
    if not dock.isHidden():
        dock.raise_()
        if window.dockWidgetArea(dock) == BELOW and not dock.isFloating():
            room = round(min(TALL * window.fontMetrics().height(), 0.35 * window.height()))
            window.resizeDocks([dock], [room], Qt.Orientation.Vertical)
        if dock.widget() is not None:
            dock.widget().setFocus()


def _let_time_give_way(window: Window) -> None:
    """In a low window the time goes while there is a table below the view."""
    time = window.docks["time"]
    if not time.isHidden() and window.height() < LOW * window.fontMetrics().height():
        window.time_gave_way = True
        time.hide()


def _bring_time_back(window: Window) -> None:
    """After the last table that it went for."""
    if window.time_gave_way and not has_table(window):
        window.time_gave_way = False
        window.docks["time"].show()


def has_table(window: Window) -> bool:
    """Whether there is anything but the time below the view."""
    shown = (dock for name, dock in window.docks.items() if name in LATER and not dock.isHidden())
    return any(window.dockWidgetArea(dock) == BELOW for dock in shown)


def ask_filter(window: Window) -> None:
    """Shows the table of objects, where what is typed leaves some, and Enter selects these."""
    if window.docks["objects"].isHidden():
        toggle_panel(window, "objects")
    window.docks["objects"].raise_()
    if (panel := window.panel("objects")) is not None:
        panel.filter.setFocus()
        panel.filter.selectAll()
        window.say(window.tr("Type part of a name, or height > 20. Enter selects all that fits."))


def toggle_presentation(window: Window) -> None:
    """Only the view, on the whole screen, or everything again."""
    start = not window.isFullScreen()
    show_panels(window, not start)
    for bar in window.findChildren(QToolBar):
        bar.setVisible(not start)
    window.menuBar().setVisible(True)
    window.statusBar().setVisible(not start)
    window.setWindowState(Qt.WindowState.WindowFullScreen if start else Qt.WindowState.WindowNoState)
    if start:
        window.say(window.tr("Ctrl+Shift+Tab ends the presentation."))


def set_mouse(window: Window, preset: str) -> None:
    """What dragging does."""
    window.settings.set_text("mouse", preset)
    if window.viewport is not None and window.viewport.camera is not None:
        window.viewport.navigation.preset = preset
    window.refresh_actions()
