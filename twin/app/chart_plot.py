"""Makes plots in the colours of the window, without menus of their own."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtGui import QColor

from twin.app.theme import Tones


def plot(name: str, axes: dict[str, pg.AxisItem] | None = None) -> Any:
    """An empty plot; name: for screen readers."""
    made = pg.PlotWidget(axisItems=axes, enableMenu=False)
    menu = made.getPlotItem().ctrlMenu  # made all the same, and a window of nobody
    made.destroyed.connect(menu.deleteLater)
    for widget in (made, made.viewport()):
        widget.setAccessibleName(name)
    made.showGrid(x=True, y=True, alpha=0.25)
    made.setBackground(None)
    return made


def dress(plot: Any, tone: Tones) -> None:
    """Give axes the colours of a theme."""
    for name in ("left", "bottom"):
        axis = plot.getAxis(name)
        axis.setPen(QColor(tone.muted))
        axis.setTextPen(QColor(tone.text))
