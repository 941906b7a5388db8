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
from twin.errors import TwinError
from twin.model.sheet import SCREEN, Panel, Sheet
from twin.scene.sheet_parts import PAGES
from twin.scene.standpoints import flattened

SCREENS = (("Full HD", (1920, 1080)), ("4K", (3840, 2160)), ("8K", (7680, 4320)), ("16K", (15360, 8640)))
SCALES = ("As in the view", "1:500", "1:1000", "1:2000", "1:5000")
LOGOS = "Pictures (*.png *.jpg *.jpeg *.svg *.webp)"
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
        self.title, self.note = QLineEdit(), QLineEdit()
        self.title.setPlaceholderText(self.tr("The scenario"))
        self.logo = QLineEdit()
        self.logo.setPlaceholderText(self.tr("None"))
        find = self.logo.addAction(icon("open"), QLineEdit.ActionPosition.TrailingPosition)
        find.setText(self.tr("Choose a logo…"))
        find.triggered.connect(self._choose_logo)
        self.words = QCheckBox(self.tr("Title, legend, north, scale and sources"))
        self.words.setChecked(True)
        self.even = QCheckBox(self.tr("Flat light: colours exactly as in the legend"))
        self.clear, self.deep = QCheckBox(self.tr("Without sky")), QCheckBox(self.tr("16 bit a colour"))
        for label, widget in (
            (self.tr("Page"), self.page),
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
        page = str(self.page.currentData())
        size = self.size_box.currentData() if page == SCREEN else dots(page, self.dpi.value())
        scale = scale_of(self.scale) if page != SCREEN else 0.0
        state = self.given.state
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
            **more,
        )

    def check(self, path: Path) -> None:
        """See `Page.check`."""
        sheet = self.sheet
        if sheet.logo and not Path(sheet.logo).is_file():
            raise TwinError(self.tr("There is no logo {0}.").format(sheet.logo))
        check_path(path, sheet)

    def start(self, path: Path, progress: Progress, parent: QObject) -> Work:
        """See `Page.start`."""
        process = start_export(self.given.project, self.sheet, path, progress=progress, parent=parent)
        return ProcessWork(process, parent)

    def _choose_logo(self) -> None:
        dialog = QFileDialog(self, self.tr("Logo"), "", LOGOS)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.logo.setText)
        dialog.fileSelected.connect(lambda *_: self.changed.emit())
        dialog.open()

    def _arrange(self) -> None:
        paper = self.page.currentData() != SCREEN
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


def dots_box(dots: int = DOTS) -> QSpinBox:
    """How fine a page is."""
    box = QSpinBox()
    box.setRange(50, 600)
    box.setValue(dots)
    box.setSuffix(box.tr(" dots an inch"))
    return box


def dots(page: str, each: int) -> tuple[int, int]:
    """Width and height of a page with so many dots an inch. [px]"""
    return round(PAGES[page].width * each / 25.4), round(PAGES[page].height * each / 25.4)


def scale_box() -> QComboBox:
    """Scales that plans are drawn in."""
    box = QComboBox()
    box.addItems(SCALES)
    return box


def scale_of(box: QComboBox) -> float:
    """The N of 1:N; 0: as in the view."""
    return float(box.currentText().partition(":")[2] or 0)
