"""The page of the export dialog for one picture or page of the view."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QFileDialog, QLineEdit, QSpinBox, QWidget

from twin.app.export_page import Given, Page, ProcessWork, Work
from twin.app.export_process import Progress, start_export
from twin.app.export_write import check_path
from twin.app.icons import icon
from twin.errors import DataError, TwinError
from twin.formats import page_template
from twin.model.sheet import OWN, PAGES, SCREEN, Panel, Sheet
from twin.model.sheet import Page as Paper
from twin.scene.standpoints import flattened, standing_at

SCREENS = (("Full HD", (1920, 1080)), ("4K", (3840, 2160)), ("8K", (7680, 4320)), ("16K", (15360, 8640)))
VIEWS = (
    ("As in the window", ""),
    ("From above", "top"),
    ("From the south", "south"),
    ("From the east", "east"),
    ("From the north", "north"),
    ("From the west", "west"),
    ("Isometric", "isometric"),
)
"""Text, and a name of STANDPOINTS."""
SCALES = ("As in the view", "1:500", "1:1000", "1:2000", "1:5000")
LOGOS = "Pictures (*.png *.jpg *.jpeg *.svg *.webp)"
TEMPLATES = "Templates of pages (*.toml)"
DOTS = 200
"""An inch of a page has so many unless the user says otherwise."""


class PicturePage(Page):
    """Page, size, words and file of a picture."""

    kind = "picture"
    ending = ".png"
    files = "Pictures (*.png *.jpg *.webp *.tif *.svg *.pdf)"

    def __init__(self, given: Given, parent: QWidget | None = None) -> None:
        super().__init__(given, parent)
        self.page, self.dpi = page_box(), dots_box()
        self.page.insertItem(0, self.tr("Screen: words over the view"), SCREEN)
        self.page.setCurrentIndex(0)
        self.size_box, self.scale, self.language = QComboBox(), scale_box(), self.language_box()
        for name, size in SCREENS:
            self.size_box.addItem(f"{name}, {size[0]} × {size[1]}", size)
        self.view = view_box()
        self.title, self.note = QLineEdit(), QLineEdit()
        self.title.setPlaceholderText(self.tr("The scenario"))
        self.logo = self._file_edit(self.tr("Choose a logo…"), self.tr("Logo"), LOGOS)
        self.template = self._file_edit(self.tr("Choose a template…"), self.tr("Template"), TEMPLATES)
        self.words = QCheckBox(self.tr("Title, legend, north, scale and sources"))
        self.words.setChecked(True)
        self.even = QCheckBox(self.tr("Flat light: colours exactly as in the legend"))
        self.clear, self.deep = QCheckBox(self.tr("Without sky")), QCheckBox(self.tr("16 bit a colour"))
        for label, widget in (
            (self.tr("View"), self.view),
            (self.tr("Page"), self.page),
            (self.tr("Template"), self.template),
            (self.tr("Size"), self.size_box),
            (self.tr("Fineness"), self.dpi),
            (self.tr("Scale"), self.scale),
            (self.tr("Language"), self.language),
            (self.tr("Title"), self.title),
            (self.tr("Note"), self.note),
            (self.tr("Logo"), self.logo),
            (self.tr("With"), self.words),
            ("", self.even),
            ("", self.clear),
            ("", self.deep),
        ):
            self.row(label, widget, widget.text() if isinstance(widget, QCheckBox) else "")
        self.changed.connect(self._arrange)
        self._arrange()

    @property
    def sheet(self) -> Sheet:
        """The picture as it is asked for."""
        page, own = str(self.page.currentData()), self._own_page()
        if own is not None:
            page = OWN
        size = self.size_box.currentData() if page == SCREEN else dots(own or PAGES[page], self.dpi.value())
        scale = scale_of(self.scale) if page != SCREEN else 0.0
        state = self.given.state
        if self.view.currentData() and state.camera is not None:
            state = replace(state, camera=standing_at(state.camera, self.view.currentData()))
        if scale and state.camera is not None and not state.camera.height:
            state = replace(state, camera=flattened(state.camera))
        more: dict[str, Any] = {"shadows": self.given.shadows, "language": self.language.currentData()}
        return Sheet(
            (Panel(state),),
            size,
            page,
            scale=scale,
            title=self.title.text() if page != SCREEN else "",
            note=self.note.text() if page != SCREEN else "",
            logo=self.logo.text() if page != SCREEN else "",
            plain=page == SCREEN and not self.words.isChecked(),
            flat=self.even.isChecked(),
            clear=self.clear.isChecked(),
            deep=self.deep.isChecked(),
            own=own,
            **more,
        )

    def check(self, path: Path) -> None:
        """See `Page.check`."""
        if template := self.template.text():
            page_template.load(Path(template))
        sheet = self.sheet
        if sheet.logo and not Path(sheet.logo).is_file():
            raise TwinError(self.tr("There is no logo {0}.").format(sheet.logo))
        check_path(path, sheet)

    def start(self, path: Path, progress: Progress, parent: QObject) -> Work:
        """See `Page.start`."""
        process = start_export(self.given.project, self.sheet, path, progress=progress, parent=parent)
        return ProcessWork(process, parent)

    def _own_page(self) -> Paper | None:
        """The page of the template; None where there is none, or it cannot be read, which `check` tells."""
        try:
            return page_template.load(Path(self.template.text())) if self.template.text() else None
        except DataError:
            return None

    def _file_edit(self, tip: str, title: str, files: str) -> QLineEdit:
        """The path of a file that need not be there, with a button to choose one."""
        edit = QLineEdit()
        edit.setPlaceholderText(self.tr("None"))

        def choose() -> None:
            dialog = QFileDialog(self, title, "", files)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.fileSelected.connect(edit.setText)
            dialog.fileSelected.connect(lambda *_: self.changed.emit())
            dialog.open()

        find = edit.addAction(icon("open"), QLineEdit.ActionPosition.TrailingPosition)
        find.setText(tip)
        find.triggered.connect(choose)
        return edit

    def _arrange(self) -> None:
        paper = self.page.currentData() != SCREEN or bool(self.template.text())
        self.page.setEnabled(not self.template.text())
        for widget, shown in (
            (self.size_box, not paper),
            (self.words, not paper),
            (self.dpi, paper),
            (self.scale, paper),
            (self.language, paper or self.words.isChecked()),
            (self.title, paper),
            (self.note, paper),
            (self.logo, paper),
        ):
            self.form.setRowVisible(widget, shown)


def page_box(chosen: str = "a4") -> QComboBox:
    """All kinds of paper."""
    box = QComboBox()
    for name, page in PAGES.items():
        box.addItem(f"{page.title}, {page.width:.0f} × {page.height:.0f} mm", name)
    box.setCurrentIndex(box.findData(chosen))
    return box


def view_box() -> QComboBox:
    """From where one looks at what is in the middle of the view."""
    box = QComboBox()
    for text, name in VIEWS:
        box.addItem(text, name)
    return box


def dots_box(dots: int = DOTS) -> QSpinBox:
    """How fine a page is."""
    box = QSpinBox()
    box.setRange(50, 600)
    box.setValue(dots)
    box.setSuffix(box.tr(" dots an inch"))
    return box


def dots(page: Paper, each: int) -> tuple[int, int]:
    """Width and height of a page with so many dots an inch. [px]"""
    return round(page.width * each / 25.4), round(page.height * each / 25.4)


def scale_box() -> QComboBox:
    """Scales that plans are drawn in."""
    box = QComboBox()
    box.addItems(SCALES)
    return box


def scale_of(box: QComboBox) -> float:
    """The N of 1:N; 0: as in the view."""
    return float(box.currentText().partition(":")[2] or 0)
