"""A plan of a station area that is about to be made: what came in, seen from above."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from twin.formats.area_looks import LOOKS, POINTS

if TYPE_CHECKING:
    from twin.model.station_area import Gathered

PAPER, INK, BUILDING, EDGE = "#f3f1ec", "#5a6068", "#b9b2a6", "#8d867a"
PLAIN = QColor("#4c78a8")
MARGIN = 14
"""Around the circle. [px]"""
UNIT = "#3c6fa5"


class AreaPlan(QWidget):
    """Draws the circle, and in it what was found; north is up."""

    pointed = Signal(float, float)
    """Where was clicked: east and north of the centre. [m]"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMinimumSize(300, 300)
        self.setAccessibleName(self.tr("Plan"))
        self._radius = 500.0
        self._fills: list[tuple[QPainterPath, QColor]] = []
        self._lines: list[tuple[QPainterPath, QColor, float]] = []
        self._dots: list[tuple[QPolygonF, QColor, float]] = []
        self._said = ""
        self._held = QPolygonF()
        self._buildings = QPainterPath()

    def sizeHint(self) -> QSize:  # noqa: N802  # Qt's name
        """As large as the form beside it."""
        return QSize(440, 440)

    def show_place(self, radius: float, said: str, held: Sequence[tuple[float, float]] = ()) -> None:
        """An empty circle: only where and how large is known.

        held: corners of what a map holds, from the centre. [m]
        """
        self._radius, self._said = radius, said
        self._held = QPolygonF([QPointF(east, -north) for east, north in held])
        self._buildings = QPainterPath()
        self._fills, self._lines, self._dots = [], [], []
        self.update()

    def show_found(self, found: Gathered) -> None:
        """What the files gave."""
        self._radius, self._held = found.wanted.radius, QPolygonF()
        self._fills, self._lines, self._dots = [], [], []
        middle = np.array(found.area.centroid.coords[0])
        ranked = sorted(found.rows, key=lambda row: LOOKS[row.name].style.order if row.name in LOOKS else -1)
        for rows in ranked:
            if rows.name == "underground":
                continue
            style = LOOKS[rows.name].style if rows.name in LOOKS else None
            colour = QColor(style.colour) if style else PLAIN
            if rows.shape == "Polygon":
                path = QPainterPath()
                for _, shape, _ in rows.rows:
                    _add_area(path, shape, middle)
                self._fills.append((path, colour))
            elif rows.shape == "LineString":
                path = QPainterPath()
                widths = [float(row[2].get("width") or 0) for row in rows.rows]
                for _, shape, _ in rows.rows:
                    _add_line(path, np.asarray(shape.coords) - middle)
                known = [width for width in widths if width]
                usual = style.width if style else 2.0
                self._lines.append((path, colour, float(np.median(known)) if known else usual))
            elif rows.shape == "Point":
                places = [s.coords[0] for _, s, _ in rows.rows]
                at = [QPointF(x - middle[0], middle[1] - y) for x, y, *_ in places]
                self._dots.append((QPolygonF(at), colour, POINTS.get(rows.name, 3.0)))
        city = found.city
        local = middle - np.array(found.place.origin[:2])
        path = QPainterPath()
        path.setFillRule(Qt.FillRule.WindingFill)
        for corners in city.vertices[city.triangles][:, :, :2] - local:
            (ax, ay), (bx, by), (cx, cy) = corners.tolist()
            turn = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
            if turn > 0.01:  # those that face up: walls have no area from above
                path.addPolygon(
                    QPolygonF([QPointF(ax, -ay), QPointF(bx, -by), QPointF(cx, -cy), QPointF(ax, -ay)])
                )
        self._buildings = path
        counts = found.counts
        self._said = self.tr("{0} buildings, {1} layers, {2}").format(
            counts["buildings"], len(found.rows) + len(found.layers), found.place.crs
        )
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802  # Qt's name
        """A click says where the centre is to be."""
        if event.button() == Qt.MouseButton.LeftButton and self._radius > 0:
            side, at = self._side(), event.position()
            metres = 2 * self._radius / side
            east, south = at.x() - self.width() / 2, at.y() - MARGIN - side / 2
            self.pointed.emit(east * metres, -south * metres)

    def _side(self) -> float:
        """Of the square around the circle. [px]"""
        return max(1, min(self.width(), self.height() - 26) - 2 * MARGIN)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Everything within the circle, the circle, a scale and a line of words."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._side()
        scale = side / (2 * self._radius)
        painter.fillRect(self.rect(), QColor("#ffffff"))
        painter.save()
        painter.translate(self.width() / 2, MARGIN + side / 2)
        painter.scale(scale, scale)
        circle = QPainterPath()
        circle.addEllipse(QPointF(0, 0), self._radius, self._radius)
        painter.fillPath(circle, QColor(PAPER))
        painter.setClipPath(circle)
        for path, colour in self._fills:
            painter.fillPath(path, colour)
        for path, colour, width in self._lines:
            pen = QPen(colour, max(width, 1.1 / scale))
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            painter.strokePath(path, pen)
        if self._fills or self._lines or self._dots or not self._buildings.isEmpty():
            painter.fillPath(self._buildings, QColor(BUILDING))
        for points, colour, size in self._dots:
            pen = QPen(colour.darker(115), max(size, 2.2 / scale))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints(points)
        painter.setPen(QPen(QColor(INK), 1.5 / scale, Qt.PenStyle.DashLine))
        painter.setClipping(False)
        painter.drawPolygon(self._held)
        painter.restore()
        painter.setPen(QPen(QColor(EDGE), 1.2))
        painter.drawEllipse(QRectF((self.width() - side) / 2, MARGIN, side, side))
        self._words(painter, scale, side)

    def _words(self, painter: QPainter, scale: float, side: float) -> None:
        """North, a scale of a round length, and what is shown."""
        painter.setPen(QColor(INK))
        bottom = self.rect().adjusted(MARGIN, 0, -MARGIN, -6)
        painter.drawText(bottom, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft, self._said)
        length = next((n for n in (1000, 500, 200, 100, 50, 20) if n * scale < side / 4), 10)
        right = self.width() - MARGIN
        y = self.height() - 24
        painter.setPen(QPen(QColor(INK), 3))
        painter.drawLine(QPointF(right - length * scale, y), QPointF(right, y))
        painter.setPen(QColor(INK))
        painter.drawText(bottom, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignRight, f"{length} m")
        painter.drawText(self.rect().adjusted(MARGIN, 8, -MARGIN, 0), Qt.AlignmentFlag.AlignRight, "N ↑")


def _add_area(path: QPainterPath, shape: object, middle: np.ndarray) -> None:
    for part in getattr(shape, "geoms", [shape]):
        for ring in (part.exterior, *part.interiors):
            _add_line(path, np.asarray(ring.coords) - middle)
            path.closeSubpath()


def _add_line(path: QPainterPath, corners: np.ndarray) -> None:
    (x, y), *rest = corners[:, :2].tolist()
    path.moveTo(x, -y)
    for x, y in rest:
        path.lineTo(x, -y)
