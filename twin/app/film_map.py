"""Shows the way of a flight on a small map of the houses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from twin.analysis.surface_model import building_mask
from twin.app.export_write import image_of
from twin.model.project import Project
from twin.model.state import Camera
from twin.scene.resolve import extent

CELLS = 300
"""Of the map, along its longer side."""
HOUSE, GROUND, WAY, STOP = (150, 147, 140), (238, 236, 231), "#b5472f", "#14191d"
ROOM = 0.12
"""Around houses and way, as a share of their size."""


class FilmMap(QWidget):
    """North is up."""

    def __init__(self, project: Project, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        west, south, east, north = self._bounds = extent(project)
        cell = max(east - west, north - south) / CELLS
        mask = building_mask(project.city, bounds=self._bounds, cell=cell).values > 0
        self._houses = image_of(np.where(mask[..., None], HOUSE, GROUND).astype(np.uint8))
        self._stops: tuple[Camera, ...] = ()
        self._way: tuple[Camera, ...] = ()

    def show_way(self, stops: Sequence[Camera], way: Sequence[Camera]) -> None:
        """stops: the views it passes; way: the eye on its way."""
        self._stops, self._way = tuple(stops), tuple(way)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Houses, way, and the views with their numbers."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), QColor(*GROUND))
        west, south, east, north = self._bounds
        eyes = [camera.position for camera in (*self._way, *self._stops)]
        left, right = (f([x, *(eye[0] for eye in eyes)]) for f, x in ((min, west), (max, east)))
        low, high = (f([y, *(eye[1] for eye in eyes)]) for f, y in ((min, south), (max, north)))
        size = max(right - left, high - low) * (1 + ROOM)
        each = min(self.width(), self.height()) / size
        middle = QPointF((left + right) / 2, (low + high) / 2)

        def place(x: float, y: float) -> QPointF:
            return QPointF(
                self.width() / 2 + (x - middle.x()) * each, self.height() / 2 - (y - middle.y()) * each
            )

        painter.drawImage(QRectF(place(west, north), place(east, south)), self._houses)
        painter.setPen(QPen(QColor(WAY), 2.5, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPolyline(QPolygonF([place(*camera.position[:2]) for camera in self._way]))
        text = painter.font()
        text.setBold(True)
        painter.setFont(text)
        radius = 0.6 * self.fontMetrics().height()
        for number, camera in enumerate(self._stops, start=1):
            here, there = place(*camera.position[:2]), place(*camera.target[:2])
            painter.setPen(QPen(QColor(STOP), 1.2))
            away = there - here
            length = max((away.x() ** 2 + away.y() ** 2) ** 0.5, 1e-6)
            painter.drawLine(here, here + away * (min(2.2 * radius, length) / length))
            painter.setBrush(QColor(STOP))
            painter.drawEllipse(here, radius, radius)
            painter.setPen(QColor("#ffffff"))
            box = QRectF(here.x() - radius, here.y() - radius, 2 * radius, 2 * radius)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(number))
        painter.end()
