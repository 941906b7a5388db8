"""Lays out the panels around the view and keeps all of them equal to the session."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QLabel,
    QMainWindow,
    QStackedWidget,
    QTabBar,
)

from twin.app import actions as table
from twin.app import files, memory
from twin.app.graphics import Graphics, probe
from twin.app.icons import icon
from twin.app.later import Later
from twin.app.loading import CARD_DRAWING, Loader, ready_to_draw
from twin.app.main_thread import MainThread
from twin.app.menus import Menus
from twin.app.message_bar import MessageBar
from twin.app.panels import BEHIND, LATER, Panels
from twin.app.safekeeping import Safekeeping
from twin.app.settings import Settings
from twin.app.status import Status
from twin.errors import TwinError
from twin.model.placement import NOWHERE, Placement

if TYPE_CHECKING:
    from twin.app import planning, views, window_look
    from twin.app.compare_glance import Glance
    from twin.app.draw_pencil import Pencil
    from twin.app.furniture import FurnitureView
    from twin.app.palette import Palette
    from twin.app.preview_bar import PreviewBar
    from twin.app.report_text import Report
    from twin.app.sensor_link import SensorLink
    from twin.app.time_panel import TimePanel
    from twin.app.viewport import Viewport
    from twin.model.project import Project
    from twin.model.scenario import Edit
    from twin.model.state import Camera, Selection, State
    from twin.session.session import Session
else:
    planning, views = Later("twin.app.planning"), Later("twin.app.views")
    window_look = Later("twin.app.window_look")

LAYOUT = "window-8"
"""Renamed when the docks change, so that an old layout is not applied to new panels."""
WORKERS = 2
BACKGROUND = 5
"""Priority of computations: 0 is that of the window, 19 the least."""
LOW = 40
"""A screen that is lower has no room for panels one above the other. [lines of text]"""
GLIMPSE = 10.0
"""What need not be answered lies over the view for so long. [s]"""
FIRST_PICTURE = 1.0
"""Computations wait no longer than this for the first picture; in a hidden window it never comes. [s]"""
PAUSE = 400
"""After a change, before the program works ahead. [ms]"""
FORESEEN = 6
"""Scenarios that are worked out before they are chosen."""


class Window(QMainWindow):
    """One window with one project."""

    _chosen: Selection | None = None
    """What was selected last."""
    pencil_made: Pencil | None = None
    """What one draws with, where it was made already."""

    def __init__(self, settings: Settings | None = None) -> None:
        super().__init__()
        self.settings: Settings = settings or Settings()
        self.dark: bool = self.settings.text("theme", "light") == "dark"
        self.text_scale = float(self.settings.text("text", "1.0"))
        self.session: Session | None = None
        self._furniture: FurnitureView | None = None
        self.glance: Glance | None = None
        self.viewport: Viewport | None = None
        self.sensors: SensorLink | None = None
        self._palette: Palette | None = None
        self._preview: PreviewBar | None = None
        self.changed_since_saving = False
        self.panels_before: list[str] = []
        self.time_gave_way = False
        self._panels: list[Any] = []
        self._seen = threading.Event()
        self._executor = ThreadPoolExecutor(WORKERS, "job", initializer=_stand_back)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE)
        self._pause.timeout.connect(self._foresee)
        self._main_thread = MainThread(self)
        self.safe = Safekeeping(self._main_thread.post, self.complain)
        self.as_saved = self._shown = cast("Project | None", None)
        self.loader = Loader(self)
        self.loader.loaded.connect(self._loaded)
        self.loader.added.connect(self._added)
        self.loader.failed.connect(self._failed)
        self.loader.idle.connect(self._quiet)

        self.setWindowTitle("twin")
        self.setDockNestingEnabled(True)
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize()))
        self._stack = QStackedWidget(self)
        self._blank = QLabel(self.tr("Open a project or drop a file here."), self)
        self._blank.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack.addWidget(self._blank)
        self.setCentralWidget(self._stack)
        self.setAcceptDrops(True)
        self.actions_by_id: dict[str, QAction] = table.make_actions(self)
        self.addActions(list(self.actions_by_id.values()))
        self._menus = Menus(self)
        self.status = Status(self)
        self.loader.progressed.connect(self.status.progress)
        self.status.cancelled.connect(self._give_up)
        self._docked = Panels(self)
        self.docks: dict[str, QDockWidget] = self._docked.docks
        self._menus.list_panels(self.docks.values())
        self._arrange()
        self._first_layout = QByteArray(self.saveState())
        self._bar = MessageBar(self._stack)
        self._menus.fill(None)
        self.refresh_actions()

    # the project ---------------------------------------------------------------------------------

    def open(
        self,
        path: Path,
        crs: str = "",
        placement: Placement = NOWHERE,
        more: Sequence[Path] = (),
        ground: Sequence[Path] | None = None,
    ) -> None:
        """Opens a project or a file, beside the window's own work.

        crs: `EPSG:code` of a city model that does not say its own. placement: where such a model stands.
        more: files that go into the same new project. ground: which grids are its ground; None: by name.
        """
        if not files.may_go(self):
            return
        self._bar.clear()  # what it says is of what was open before
        self.status.busy(self.tr("Opening {0} …").format(path.name))
        self._blank.setText(self.tr("Opening {0} …").format(path.name))
        if self.graphics.card:
            self.loader.drawing = CARD_DRAWING
        self.loader.open(path, crs, placement, more, ground)

    def _loaded(self, project: Project, state: State) -> None:
        from twin.app.compare_glance import Glance
        from twin.app.compare_names import SideNames
        from twin.app.sensor_actions import join
        from twin.app.viewport import Viewport
        from twin.session.session import Session

        self._drop_session()
        self._seen.clear()
        self.as_saved = project = self.safe.open(project)
        if self.viewport is None:
            self.viewport = Viewport(self.graphics, self._stack)
            self.viewport.size_text(self.text_scale)
            self.viewport.navigation.preset = self.settings.text("mouse", "map")
            self._stack.addWidget(self.viewport)
            self._connect_viewport(self.viewport)
            SideNames(self.viewport)
            self.glance = Glance(self.viewport, self._show_sides, self)
            # the city is seen before one can draw in it
            self.viewport.drawn.connect(
                lambda: QTimer.singleShot(0, self, self._take_pencil),
                Qt.ConnectionType.SingleShotConnection,
            )
        for _ in range(WORKERS):
            self._executor.submit(self._seen.wait, FIRST_PICTURE)
        self.session = Session(
            project,
            state,
            executor=self._executor,
            post=self._main_thread.post,
            card_shadows=self.viewport.casts,
            prepare=ready_to_draw,
        )
        self._make_panels(self.session)
        self.sensors = join(self, self.session)
        self.session.changed.connect(self._refresh)
        self.session.ticked.connect(self.status.refresh)
        self._stack.setCurrentWidget(self.viewport)
        self._bar.raise_()  # what it says of files that could not be read would lie below the view
        self.changed_since_saving = False
        if project.path is not None:
            self.settings.add_recent(project.path)
        self._refresh(self.session)
        self._tell(project.notices, project.reports)
        files.tell_of_journal(self)

    def _added(self, project: Project) -> None:
        if self.session is not None:
            before = self.session.project
            notices = [notice for notice in project.notices if notice not in before.notices]
            reports = {key: found for key, found in project.reports.items() if key not in before.reports}
            self.session.adopt(project, title=self.tr("Add file"))
            self.changed_since_saving = True
            self._tell(notices, reports)

    def _tell(self, notices: Sequence[str], reports: Mapping[str, Report]) -> None:
        """What the user should know of files that were read."""
        if not notices:
            return
        from twin.app.report_text import is_harmless, told

        text, source = told(notices, reports)
        harmless = is_harmless(reports)
        self._bar.show_message(
            text,
            "info" if harmless else "warning",
            timeout=GLIMPSE if harmless else 0.0,
            details="\n".join(notices),
            offer=self.tr("Show report") if reports else "",
            run=lambda: window_look.show_report(self, source),
        )

    def _failed(self, text: str) -> None:
        self._blank.setText(self.tr("Open a project or drop a file here."))
        self.complain(text)

    def _give_up(self) -> None:
        """Stops what is being opened or added."""
        self.loader.cancel()
        self._quiet()
        self.say(self.tr("Given up."))

    def _quiet(self) -> None:
        """Nothing is being opened any more."""
        self.status.idle()
        self._blank.setText(self.tr("Open a project or drop a file here."))

    def saved(self, path: Path) -> None:
        """The project is on the disk."""
        self.changed_since_saving = False
        if self.session is not None:
            self.as_saved = self._shown = self.session.project
            self.safe.saved(self.session.project)
        self.settings.add_recent(path)
        if self.session is not None:
            self._refresh(self.session)

    @cached_property
    def graphics(self) -> Graphics:
        """What this machine draws with."""
        return probe()

    @property
    def message_bar(self) -> MessageBar:
        """Where the user is told something."""
        return self._bar

    @property
    def main_thread(self) -> MainThread:
        """Where other threads leave what is to be done in this one."""
        return self._main_thread

    @property
    def is_playing(self) -> bool:
        """Whether the day passes by itself."""
        time = self._docked.made("time")
        return time is not None and time.playing

    @property
    def usual_panels(self) -> list[str]:
        """Those that are there at first."""
        return [name for name in self.docks if name not in LATER]

    def _foresee(self) -> None:
        """Works out, while nobody waits, what a press on another scenario's key would need."""
        if self.session is None or self.is_playing:
            return
        from twin.session.commands import choose_scenario

        state = self.session.state
        others = [s.id for s in self.session.project.scenarios if s.id != state.scenario][:FORESEEN]
        self.session.foresee(*(choose_scenario(state, other) for other in others))

    # what is shown -------------------------------------------------------------------------------

    def _refresh(self, session: Session) -> None:
        self._show_sides()
        if self.viewport is not None and self._shown not in (None, session.project):
            self.viewport.draw_now()  # of an edit, one wants to see the city first
        self._docked.refresh(session)
        for panel in self._panels:
            panel.refresh(session)
        if self.pencil_made is not None:
            self.pencil_made.refresh()
        self._pause.start()
        chosen, self._chosen = self._chosen, session.state.selection
        if self._chosen not in (None, chosen) and not (
            self.pencil_made is not None and self.pencil_made.tool
        ):
            self.docks["properties"].raise_()  # what was clicked is what one wants to know of
        if session.project is not self._shown:
            if self._shown is not None:
                self.changed_since_saving = files.differs(session.project, self.as_saved)
                self.safe.note(session.project)
            self._shown = session.project
            self._menus.fill(session)
        star = "*" if self.changed_since_saving else ""
        locked = self.tr(" (read only)") if session.project.read_only else ""
        self.setWindowTitle(f"{star}{session.project.name}{locked} – twin")
        self.refresh_actions()
        self.status.refresh(session)

    def _show_sides(self) -> None:
        """What is compared, side by side; the baseline as long as it is asked for."""
        from twin.scene.comparison import panes

        if self.viewport is None or self.session is None or self.glance is None:
            return
        if self.glance.active:
            self.glance.show(self.session)
            return
        sides, state = self.session.sides, self.session.state
        places = panes(state, len(sides))
        self.viewport.show_sides(sides, places, titled=state.compare != "none")

    def refresh_actions(self) -> None:
        """Makes menus and buttons agree with the state."""
        for tabs in self.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly):
            tabs.setAccessibleName(self.tr("Panels that share a place"))
        self._menus.refresh(self.session)

    def renew_icons(self) -> None:
        """Draws the icons in the colours of the look."""
        for entry in table.ACTIONS:
            if entry.icon:
                self.actions_by_id[entry.id].setIcon(icon(entry.icon))
        if self.session is not None:
            self._docked.renew(self.session)
            for panel in self._panels:
                panel.refresh(self.session)

    def preview(self) -> PreviewBar:
        """What files are that wait to be opened or added."""
        if self._preview is None:
            from twin.app.preview_bar import PreviewBar

            self._preview = PreviewBar(self.loader, self)
            self._preview.chosen.connect(lambda chosen: files.take(self, chosen))
        return self._preview

    def palette_popup(self) -> Palette:
        """The search over everything."""
        if self._palette is None:
            from twin.app.palette import Palette

            self._palette = Palette(lambda kind, text: table.palette_entries(self, kind, text), self)
        return self._palette

    def say(self, text: str) -> None:
        """A word to the user that goes by itself."""
        self._bar.show_message(text, "info", timeout=5.0)

    def beside(self, work: Callable[[], object], done: Callable[[], None]) -> None:
        """Does something beside the window's own work, then `done`; says so when it fails."""

        def run() -> None:
            try:
                work()
            except Exception as error:  # an executor would keep it to itself
                text = str(error) if isinstance(error, TwinError) else f"{type(error).__name__}: {error}"
                self._main_thread.post(lambda: self.complain(text))
            else:
                self._main_thread.post(done)

        self._executor.submit(run)

    def complain(self, text: str) -> None:
        """Something did not work; stays until it is closed."""
        self._bar.show_message(text, "error")

    # the parts -----------------------------------------------------------------------------------

    @property
    def is_crowded(self) -> bool:
        """Whether the screen is so low, or the text so large, that panels have to share places."""
        return self.screen().availableSize().height() < LOW * self.fontMetrics().height()

    def _arrange(self) -> None:
        """Gives each panel the room it needs."""
        self.docks[BEHIND[0]].raise_()
        em = self.fontMetrics().height()
        for name in LATER:
            self.docks[name].hide()
        upright, level = Qt.Orientation.Vertical, Qt.Orientation.Horizontal
        left = [self.docks["scenarios"], self.docks["layers"]]
        self.resizeDocks(left, [36 * em, 18 * em], upright)
        self.resizeDocks([self.docks["overlay"], self.docks["properties"]], [22 * em, 28 * em], upright)
        self.resizeDocks([left[0], self.docks["overlay"]], [17 * em, 19 * em], level)
        if self.is_crowded:  # panels share places, so that all of it fits
            self.tabifyDockWidget(*left)
            for name in BEHIND:
                self.tabifyDockWidget(self.docks["overlay"], self.docks[name])
            self.docks["time"].hide()
            for name in ("scenarios", "overlay"):
                self.docks[name].raise_()

    def _make_panels(self, session: Session) -> None:
        from twin.app.compare_bar import CompareBar
        from twin.app.compare_divider import Divider
        from twin.app.furniture import FurnitureView
        from twin.app.legend import LegendView

        assert self.viewport is not None
        viewport = self.viewport
        legend = LegendView(viewport)
        furniture = FurnitureView(viewport, lambda: viewport.picture_size)
        divider, bar = Divider(session, viewport), CompareBar(session, viewport, (legend, furniture))
        bar.glanced.connect(lambda on: views.glance(self, on))
        furniture.north_clicked.connect(lambda: views.turn_north(self))
        self._panels, self._furniture = [legend, furniture, divider, bar], furniture
        self._docked.open(session)
        layout = self.settings.layout(LAYOUT)
        for _ in range(2):  # again with the panels in it, because what is seen is made only then
            if layout.isEmpty():
                self._arrange()
            else:
                self.restoreState(layout)
                self.time_gave_way = window_look.has_table(self)  # it may have been so when that was kept
            self._docked.catch_up()

    def panel(self, name: str) -> Any:
        """A panel, made now where it was not yet; None where nothing is open."""
        return self._docked.get(name)

    @property
    def pencil(self) -> Pencil | None:
        """What one draws with, made now where it was not yet; None where nothing is open."""
        if self.pencil_made is None and self.viewport is not None and self.session is not None:
            from twin.app.draw_pencil import Pencil

            self.pencil_made = pencil = Pencil(self, self.viewport)
            # what is drawn is listed, and has its values there
            pencil.changed.connect(lambda: self.panel("edits") if pencil.tool is not None else None)
        return self.pencil_made

    @property
    def time_panel(self) -> TimePanel | None:
        """Where the time of the day is chosen, and passes."""
        return cast("TimePanel | None", self.panel("time"))

    def chosen_edits(self) -> tuple[Edit, ...]:
        """The edits that are chosen in their list."""
        session, panel = self.session, self._docked.made("edits")
        if session is None or panel is None:
            return ()
        return tuple(e for e in session.project.scenario(session.state.scenario).edits if e.id in panel.ids)

    def paste_edits(self) -> None:
        """Adds what was copied, and chooses it."""
        if (panel := self.panel("edits")) is not None:
            panel.choose(planning.paste(self))

    def rename_scenario(self) -> None:
        """Lets the title of the scenario in view be written in its row."""
        if (panel := self.panel("scenarios")) is not None:
            self.docks["scenarios"].show()
            panel.begin_rename()

    def _take_pencil(self) -> None:
        if self.pencil is not None:
            self.refresh_actions()

    def _connect_viewport(self, viewport: Viewport) -> None:
        viewport.drawn.connect(self._seen.set)
        viewport.rested.connect(self._rested)
        viewport.moved.connect(self._moved)
        viewport.picked.connect(self._picked)
        viewport.hovered.connect(lambda point: self.status.show_position(self.session, point))

    def _rested(self, camera: Camera) -> None:
        if self.session is not None:
            self.session.rest(camera)

    def _moved(self, camera: Camera) -> None:
        if self.viewport is not None and self._furniture is not None:
            self._furniture.set_camera(camera, self.viewport.picture_size)

    def _picked(self, selection: object) -> None:
        from twin.model.state import Selection
        from twin.session.commands import select, toggle_selected

        if self.session is None:
            return
        more = QGuiApplication.keyboardModifiers() & Qt.KeyboardModifier.ShiftModifier
        if more and isinstance(selection, Selection):
            self.session.do(toggle_selected, selection)
        elif not more:  # beside everything, Shift keeps what is selected
            self.session.do(select, selection if isinstance(selection, Selection) else None)

    # the end -------------------------------------------------------------------------------------

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802  # Qt's name
        """Takes files, over the view and the panels, and before there is a view."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802  # Qt's name
        """Looks at the files that were let go."""
        files.dropped(self, [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()])
        event.acceptProposedAction()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802  # Qt's name
        """Follows the window in and out of the whole screen."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowStateChange:
            self.refresh_actions()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """Puts everything away; the view first, because Qt ends the process otherwise."""
        if not files.may_go(self):
            event.ignore()
            return
        self.settings.set_layout(LAYOUT, self.saveState())
        self._pause.stop()
        self._drop_session()
        if self.viewport is not None:
            self.viewport.close_canvas()
            self.viewport = None
        self.loader.close()
        self.safe.end()
        self._executor.shutdown(wait=True, cancel_futures=True)
        super().closeEvent(event)

    def reset_layout(self) -> None:
        """All panels where they were at first."""
        for name, dock in self.docks.items():
            dock.setVisible(name not in LATER)
        self.restoreState(self._first_layout)
        self._arrange()

    def _drop_session(self) -> None:
        if self.session is None:
            return
        self._seen.set()
        if self.sensors is not None:
            self.sensors.close()
            self.sensors = None
        self.session.close()
        self._docked.close()
        for panel in self._panels:
            panel.hide()
            panel.setParent(None)
            panel.deleteLater()
        self._panels = []
        if self.pencil_made is not None:
            self.pencil_made.take("")
        self.session = self._shown = None
        self.safe.close()
        from twin.render.prepare import forget

        forget()
        if (app := QApplication.instance()) is not None:
            QTimer.singleShot(0, app, memory.give_back)  # when what has ended is gone


def _stand_back() -> None:
    """Lets the window go first where both want the processor; threads of this one inherit it."""
    if sys.platform == "linux":  # elsewhere a thread has no priority of its own that Python could set
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), BACKGROUND)
