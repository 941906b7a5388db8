"""The wizard that makes a project of any station area: where, out of which files, what was found."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from twin.app.area_pages import FilesPage, FoundPage, PlacePage
from twin.app.area_plan import AreaPlan
from twin.app.area_work import AreaWork
from twin.errors import TwinError
from twin.formats import area_write
from twin.formats.area_crs import place_for
from twin.model.station_area import Gathered, Wanted

if TYPE_CHECKING:
    from twin.app.window import Window


def ask(window: Window) -> None:
    """Opens the wizard; what it makes is opened in the window."""
    wizard = AreaWizard(window)
    session, viewport = window.session, window.viewport
    camera = viewport.camera if viewport is not None else None
    if session is not None and camera is not None:
        wizard.look_at(session.project.place, camera.target[0], camera.target[1])
    wizard.made.connect(window.open)
    wizard.show()


class AreaWizard(QDialog):
    """Three pages beside a plan; looking and writing go on in a thread and can be given up."""

    made = Signal(Path)
    """The project file, once it is written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("New station area"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(False)
        self.work = AreaWork(self)
        self.found: Gathered | None = None
        self._held_shown: Path | None = None
        self.place, self.files, self.finds = PlacePage(), FilesPage(), FoundPage()
        self.pages = QStackedWidget()
        for page in (self.place, self.files, self.finds):
            self.pages.addWidget(page)
        self.plan = AreaPlan()
        self.plan.setToolTip(self.tr("A click moves the centre"))
        self.plan.pointed.connect(self._centre_at)
        self.title = _label(bold=True)
        self.note = _label()
        self.bar = QProgressBar()
        self.bar.setAccessibleName(self.tr("Progress"))
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setVisible(False)
        self.here = QPushButton(self.tr("Middle of the view"))
        self.back, self.next = QPushButton(self.tr("Back")), QPushButton(self.tr("Next"))
        self.stop = QPushButton(self.tr("Cancel"))
        self.next.setDefault(True)
        self._lay_out()
        self._view: tuple[float, float] | None = None
        self.here.clicked.connect(self._take_view)
        self.back.clicked.connect(lambda: self.turn_to(self.pages.currentIndex() - 1))
        self.next.clicked.connect(self.go_on)
        self.stop.clicked.connect(self._give_up)
        self.place.changed.connect(self._place_changed)
        self.place.preset.activated.connect(self._take_addresses)
        self.files.changed.connect(self.judge)
        self.finds.changed.connect(self.judge)
        self.work.progressed.connect(self._advance)
        self.work.gathered.connect(self._take)
        self.work.written.connect(self._done)
        self.work.failed.connect(self._complain)
        self.work.cancelled.connect(lambda: self._complain(self.tr("Given up.")))
        self.turn_to(0)
        self._place_changed()

    def look_at(self, place: object, east: float, north: float) -> None:
        """Offers the middle of the view as a centre: local metres of a Place."""
        from twin.formats.crs_area import from_degrees
        from twin.model.place import Place

        if isinstance(place, Place):
            x, y = place.origin[0] + east, place.origin[1] + north
            longitude, latitude = from_degrees(place.crs).transform(x, y, direction="INVERSE")
            self._view = round(latitude, 6), round(longitude, 6)
            self.here.setVisible(True)

    def turn_to(self, page: int) -> None:
        """Shows one of the pages."""
        self.pages.setCurrentIndex(max(page, 0))
        titles = (
            self.tr("1 of 3: where?"),
            self.tr("2 of 3: out of which files?"),
            self.tr("3 of 3: what was found"),
        )
        self.title.setText(titles[self.pages.currentIndex()])
        self.judge()

    def go_on(self) -> None:
        """The next step of the page in view."""
        page = self.pages.currentIndex()
        if page == 0:
            self.turn_to(1)
        elif page == 1:
            self._busy(self.tr("Looking into the files …"))
            self.work.gather(self.files.with_files(self.place.wanted))
        elif self.found is not None:
            self._busy(self.tr("Writing …"))
            self.work.write(self.found, Path(self.finds.path.text()), overwrite=False)

    def judge(self) -> None:
        """Says what is missing, and lets go on only where nothing is."""
        page, problem = self.pages.currentIndex(), ""
        if page == 1:
            wanted = self.files.with_files(self.place.wanted)
            named = area_write.files_of(wanted)
            gone = [path.name for path in named if not path.is_file()]
            if not named:
                problem = self.tr("Choose at least one file.")
            elif gone:
                problem = self.tr("There is no file {0}.").format(", ".join(gone))
            else:
                self._show_held(wanted)
        elif page == 2:
            try:
                area_write.check(Path(self.finds.path.text()))
            except TwinError as error:
                problem = str(error).replace(", or say --replace", "")
        self.note.setText(problem)
        self.back.setEnabled(page > 0)
        self.next.setText((self.tr("Next"), self.tr("Look into the files"), self.tr("Make and open"))[page])
        self.next.setEnabled(not problem and not self._place_problem())
        self.here.setVisible(page == 0 and self._view is not None)

    def reject(self) -> None:
        """Closes, and gives up what is under way."""
        self.work.close()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  # Qt's name
        """As Cancel does."""
        self.work.close()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(self.here)
        buttons.addStretch()
        for button in (self.back, self.next, self.stop):
            buttons.addWidget(button)
        left, both, outer = QVBoxLayout(), QHBoxLayout(), QVBoxLayout(self)
        left.addWidget(self.title)
        left.addWidget(self.pages, 1)
        both.addLayout(left, 1)
        both.addWidget(self.plan, 1)
        outer.addLayout(both, 1)
        outer.addWidget(self.note)
        outer.addWidget(self.bar)
        outer.addLayout(buttons)
        self.here.setVisible(False)
        self.resize(1040, 620)

    def _place_changed(self) -> None:
        wanted = self.place.wanted
        self.found, self._held_shown = None, None
        self.plan.show_place(wanted.radius, f"{wanted.latitude:.5f}, {wanted.longitude:.5f}")
        self.judge()

    def _centre_at(self, east: float, north: float) -> None:
        """Moves the centre, on the pages before something was found. east, north: from the centre. [m]"""
        if self.pages.currentWidget() is self.finds:
            return
        from twin.formats.crs_area import from_degrees

        wanted = self.place.wanted
        try:
            place, _ = place_for(wanted.latitude, wanted.longitude, wanted.crs)
        except TwinError:
            return  # what is wrong with the place stands beside it already
        there = from_degrees(place.crs)
        x, y = there.transform(wanted.longitude, wanted.latitude)
        longitude, latitude = there.transform(x + east, y + north, direction="INVERSE")
        self.place.move_to(latitude, longitude)
        if self.pages.currentWidget() is self.files:
            self._show_held(self.files.with_files(self.place.wanted))

    def _show_held(self, wanted: Wanted) -> None:
        """Draws what the chosen map holds around the circle."""
        from twin.formats import osm
        from twin.formats.crs_area import from_degrees

        path = wanted.osm
        if self.found is not None or path is None or path == self._held_shown:
            return
        self._held_shown = path
        said = f"{wanted.latitude:.5f}, {wanted.longitude:.5f}"
        try:
            place, _ = place_for(wanted.latitude, wanted.longitude, wanted.crs)
            held = osm.held_by(path)
        except TwinError as error:
            self.plan.show_place(wanted.radius, str(error))
            return
        if held is None:
            return
        there = from_degrees(place.crs)
        x, y = there.transform(wanted.longitude, wanted.latitude)
        west, south, east, north = held
        corners = [
            there.transform(*at) for at in ((west, south), (east, south), (east, north), (west, north))
        ]
        box = [(east - x, north - y) for east, north in corners]
        self.plan.show_place(wanted.radius, self.tr("{0}; dashed: what the map holds").format(said), box)

    def _place_problem(self) -> str:
        try:
            wanted = self.place.wanted
            place_for(wanted.latitude, wanted.longitude, wanted.crs)
        except TwinError as error:
            return str(error)
        return ""

    def _take_addresses(self) -> None:
        preset = self.place.preset.currentData()
        self.files.addresses.setPlainText(preset.addresses if preset is not None else "")

    def _take_view(self) -> None:
        if self._view is not None:
            self.place.move_to(*self._view)

    def _busy(self, doing: str) -> None:
        self.note.setText(doing)
        self.bar.setValue(0)
        self.bar.setVisible(True)
        for button in (self.back, self.next):
            button.setEnabled(False)
        self.pages.setEnabled(False)

    def _rest(self) -> None:
        self.bar.setVisible(False)
        self.pages.setEnabled(True)
        self.judge()

    def _advance(self, share: float, doing: str) -> None:
        self.bar.setValue(round(1000 * share))
        self.note.setText(self.tr("Working: {0} …").format(doing))

    def _take(self, found: Gathered) -> None:
        self.found = found
        self.plan.show_found(found)
        self.finds.show_found(found)
        if not self.finds.path.text():
            self.finds.path.setText(str(_suggested(found.wanted.name)))
        self._rest()
        self.turn_to(2)

    def _done(self, path: Path) -> None:
        self.made.emit(path)
        self.accept()
        self.work.close()

    def _complain(self, text: str) -> None:
        self._rest()
        self.note.setText(text)

    def _give_up(self) -> None:
        if self.bar.isVisible():
            self.work.cancel()
        else:
            self.reject()


def _suggested(name: str) -> Path:
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    stem = re.sub(r"[^\w-]+", "-", name).strip("-").lower() or "station-area"
    return (Path(folder) if folder and Path(folder).is_dir() else Path.home()) / f"{stem}.twin.json"


def _label(*, bold: bool = False) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    font = label.font()
    font.setBold(bold)
    label.setFont(font)
    return label
