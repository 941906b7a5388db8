"""Draws check boxes that can be told apart in the dark, alone and in lists."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionButton,
    QStyleOptionViewItem,
)

from twin.app.theme import tones_of


class CheckBox(QCheckBox):
    """A check box in the accent colour when it is checked."""

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802  # Qt's name
        """Draws the text as ever, and the box anew."""
        super().paintEvent(event)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self)
        painter = QPainter(self)
        painter.fillRect(box, self.palette().window())
        paint_check(painter, box, self.isChecked(), self.palette(), focus=self.hasFocus())
        painter.end()


class CheckDelegate(QStyledItemDelegate):
    """Draws the check boxes of a list."""

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draws the row as ever, and its box anew."""
        super().paint(painter, option, index)
        checked = index.data(Qt.ItemDataRole.CheckStateRole)
        if checked is None:
            return
        own = QStyleOptionViewItem(option)
        self.initStyleOption(own, index)
        widget = option.widget
        style = widget.style() if widget is not None else QApplication.style()
        box = style.subElementRect(QStyle.SubElement.SE_ItemViewItemCheckIndicator, own, widget)
        tone = tones_of(own.palette)
        chosen = own.state & QStyle.StateFlag.State_Selected
        painter.fillRect(box, QColor(tone.soft if chosen else tone.base))
        paint_check(painter, box, Qt.CheckState(checked) == Qt.CheckState.Checked, own.palette)


def paint_check(
    painter: QPainter, box: QRect, checked: bool, colours: QPalette, *, focus: bool = False
) -> None:
    """Draws one box, with a tick when it is checked."""
    tone = tones_of(colours)
    side = min(box.width(), box.height()) - 1.0
    area = QRectF(box.x() + (box.width() - side) / 2, box.y() + (box.height() - side) / 2, side, side)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    edge = tone.accent if checked or focus else tone.muted
    painter.setPen(QPen(QColor(edge), 1.8 if focus else 1.2))
    painter.setBrush(QColor(tone.accent if checked else tone.base))
    painter.drawRoundedRect(area, 0.22 * side, 0.22 * side)
    if checked:
        pen = QPen(QColor(tone.on_accent), 0.15 * side)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        corners = [(0.24, 0.53), (0.43, 0.72), (0.77, 0.31)]
        painter.drawPolyline([QPointF(area.x() + x * side, area.y() + y * side) for x, y in corners])
    painter.restore()
