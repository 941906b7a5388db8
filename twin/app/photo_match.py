"""Lays a photo over the view, half transparent, so that one finds where it was taken, and looks as it did."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QImageReader, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from twin.app import views
from twin.errors import TwinError
from twin.formats import photo
from twin.formats.lonlat import LonLat
from twin.formats.photo import DIAGONAL, Photo
from twin.model.state import Camera
from twin.scene import standpoints
from twin.scene.camera import heading
from twin.scene.footing import Footing
from twin.session import commands

if TYPE_CHECKING:
    from twin.app.viewport import Viewport
    from twin.app.window import Window

USUAL = 50.0
"""Angle of view, where nothing says another one. [deg]"""
HALF = 50
"""How much of the photo is seen at first. [%]"""
LARGEST = 4096
"""A photo is shown with so many dots a side at most. [px]"""


def ask(window: Window) -> None:
    """Asks for a photo, and lays it over the view."""
    if window.session is None or window.viewport is None:
        return
    for open_ in window.findChildren(PhotoMatch):
        open_.close()
    PhotoMatch(window, window.viewport).show()


class Veil(QWidget):
    """A photo over the view, as tall as it; what is clicked is the view."""

    def __init__(self, view: Viewport) -> None:
        super().__init__(view)
        self._view, self._photo, self.share = view, QPixmap(), HALF / 100
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_NoSystemBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.installEventFilter(self)
        self.setGeometry(view.rect())

    def set_photo(self, picture: QPixmap) -> None:
        """Shows another photo."""
        self._photo = picture
        self.show()
        self.raise_()
        self.update()

    def set_share(self, share: float) -> None:
        """share: how much of the photo is seen, 0-1."""
        self.share = share
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802  # Qt's name
        """Covers the view when that changes its size."""
        if watched is self._view and event.type() is QEvent.Type.Resize:
            self.setGeometry(self._view.rect())
        return False

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """In the middle, whole from top to bottom, as its angle of view is the upright one."""
        if self._photo.isNull():
            return
        wide = round(self.height() * self._photo.width() / self._photo.height())
        painter = QPainter(self)
        painter.setOpacity(self.share)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(QRect((self.width() - wide) // 2, 0, wide, self.height()), self._photo)
        painter.end()


class PhotoMatch(QDialog):
    """Photo, angle of view and how much of the photo is seen; the view is moved meanwhile as always."""

    def __init__(self, window: Window, view: Viewport) -> None:
        super().__init__(window)
        self.setWindowTitle(self.tr("Match a photo"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._window = window
        self._photo: Photo | None = None
        self.veil = Veil(view)
        self.name, self.told = QLabel(self.tr("No photo yet")), QLabel()
        self.angle, self.focal = QDoubleSpinBox(), QDoubleSpinBox()
        self.share = QSlider(Qt.Orientation.Horizontal)
        self.go, self.keep = QPushButton(self.tr("Go where it was taken")), QPushButton(self.tr("Keep view"))
        self._lay_out()
        camera = view.camera
        self._show_angle(camera.angle if camera is not None and not camera.height else USUAL)
        self.angle.valueChanged.connect(self._angle_chosen)
        self.focal.valueChanged.connect(self._focal_chosen)
        self.share.valueChanged.connect(lambda value: self.veil.set_share(value / 100))
        self.go.clicked.connect(self.go_there)
        self.keep.clicked.connect(lambda: views.add_bookmark(window))
        self.finished.connect(self._end)

    def take(self, path: Path) -> None:
        """Shows a photo, with the angle of view that it says of itself."""
        try:
            found = photo.read(path)
        except TwinError as error:
            self.told.setText(str(error))
            return
        reader = QImageReader(str(path))
        reader.setAutoTransform(True)
        largest = max(reader.size().width(), reader.size().height(), 1)
        if largest > LARGEST:
            reader.setScaledSize(reader.size() * (LARGEST / largest))
        self._photo = found
        self.veil.set_photo(QPixmap.fromImage(reader.read()))
        self.name.setText(path.name)
        self.go.setEnabled(found.at is not None)
        says = [
            (found.angle, self.tr("its angle of view"), self.tr("no angle of view: try until edges fit")),
            (found.at, self.tr("where it was taken"), self.tr("no place")),
            (found.heading, self.tr("its direction"), self.tr("no direction")),
        ]
        known = ", ".join(yes if value is not None else no for value, yes, no in says)
        self.told.setText(self.tr("The photo says: {0}.").format(known))
        if found.angle is not None:
            self.angle.setValue(found.angle)
        else:
            self._angle_chosen(self.angle.value())

    def go_there(self) -> None:
        """Stands where the photo says, and looks its way."""
        session, found = self._window.session, self._photo
        if session is None or found is None or found.at is None:
            return
        east, north = LonLat(session.project.place).local(np.array([found.at]))[0].tolist()
        at = (east, north)
        if max(map(abs, at)) > 20_000:
            self.told.setText(self.tr("The photo was taken far from here."))
            return
        ground = Footing(session.scene.relief).at(at)
        viewport = self._window.viewport
        camera = viewport.camera if viewport is not None else None
        turn = found.heading
        if turn is None:
            turn = 0.0 if camera is None else heading(camera)
        there = standpoints.eye_level(at, heading=turn, angle=self.angle.value(), ground=ground)
        session.do(commands.look, there)

    def _angle_chosen(self, angle: float) -> None:
        self._show_angle(angle)

        def seen(camera: Camera) -> Camera:
            open_ = standpoints.flattened(camera) if camera.height else camera
            return replace(open_, angle=angle)

        views.move(self._window, seen)

    def _focal_chosen(self, focal: float) -> None:
        self.angle.setValue(math.degrees(2 * math.atan(self._tall() / (2 * focal))))

    def _show_angle(self, angle: float) -> None:
        for box, value in (
            (self.angle, angle),
            (self.focal, self._tall() / (2 * math.tan(math.radians(angle) / 2))),
        ):
            box.blockSignals(True)
            box.setValue(value)
            box.blockSignals(False)

    def _tall(self) -> float:
        """Height of the photo on film. [mm]"""
        width, height = self._photo.size if self._photo is not None else (3, 2)
        return DIAGONAL * height / math.hypot(width, height)

    def _end(self) -> None:
        self.veil.hide()
        self.veil.deleteLater()

    def _lay_out(self) -> None:
        choose = QPushButton(self.tr("Photo…"))
        choose.clicked.connect(self._choose)
        self.angle.setRange(5.0, 120.0)
        self.angle.setSuffix("°")
        self.focal.setRange(6.0, 600.0)
        self.focal.setSuffix(self.tr(" mm"))
        self.share.setRange(0, 100)
        self.share.setValue(HALF)
        self.go.setEnabled(False)
        row, form, outer, below = QHBoxLayout(), QFormLayout(), QVBoxLayout(self), QHBoxLayout()
        row.addWidget(choose)
        row.addWidget(self.name, 1)
        for label, widget in (
            (self.tr("Angle of view, upright"), self.angle),
            (self.tr("Focal length, as for 24 × 36 mm"), self.focal),
            (self.tr("Photo"), self.share),
        ):
            widget.setAccessibleName(label)
            form.addRow(label, widget)
        self.told.setText(self.tr("Move and turn the view until it lies on the photo, then keep it."))
        self.told.setObjectName("muted")
        for text in (self.told, self.name):
            text.setWordWrap(True)
            text.setTextFormat(Qt.TextFormat.PlainText)
        below.addWidget(self.go)
        below.addWidget(self.keep)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        below.addWidget(buttons)
        outer.addLayout(row)
        outer.addLayout(form)
        outer.addWidget(self.told)
        outer.addLayout(below)
        self.setMinimumWidth(32 * self.fontMetrics().height())

    def _choose(self) -> None:
        kinds = " ".join(f"*{suffix}" for suffix in photo.SUFFIXES)
        dialog = QFileDialog(self, self.tr("Photo"), str(Path.home()), f"{self.tr('Photos')} ({kinds})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.take(Path(chosen)))
        dialog.open()
