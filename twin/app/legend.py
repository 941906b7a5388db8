"""Paints how to read the colours: on the window, and on pictures of any size."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from twin.scene.scene import Legend
from twin.session.session import Session


def legend_size(
    legend: Legend, *, scale: float, present: Collection[str] | None = None, width: float = 0.0
) -> QSizeF:
    """How much room a legend takes. [px]"""
    raise NotImplementedError


def paint_legend(
    painter: QPainter,
    legend: Legend,
    rect: QRectF,
    *,
    scale: float,
    dark: bool = False,
    present: Collection[str] | None = None,
) -> None:
    """Paints a legend on a panel that fills `rect`."""
    raise NotImplementedError


class LegendView(QWidget):
    """The legend over the lower left corner of the view; the mouse goes through it."""

    def refresh(self, session: Session) -> None:
        """Shows the legend of the scene, or nothing; takes the size it needs."""
        raise NotImplementedError
