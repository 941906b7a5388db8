"""Knows the colours of the window, light and dark."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication


def palette(dark: bool) -> QPalette:
    """The colours of all widgets."""
    del dark
    return QPalette()


def style_sheet(dark: bool) -> str:
    """What the palette cannot say: room around things and rounded corners."""
    del dark
    return ""


def system_is_dark(app: QApplication) -> bool:
    """Whether the desktop asks for a dark window."""
    del app
    return False


def apply(app: QApplication, dark: bool, *, scale: float = 1.0) -> None:
    """Gives all windows the theme; scale: size of text, 0.8 to 2."""
    app.setStyle("Fusion")
    app.setPalette(palette(dark))
    app.setStyleSheet(style_sheet(dark))
    del scale
