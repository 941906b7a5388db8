"""Knows the colours of the window, light and dark, and the room around things."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

SMALLEST, LARGEST = 0.8, 2.0
"""Bounds of the size of text, relative to the desktop's own."""


@dataclass(frozen=True, slots=True)
class Tones:
    """The colours of one theme, each pair that meets with a contrast of 4.5 or more (WCAG 2.2, 1.4.3)."""

    window: str
    base: str
    raised: str
    """Buttons and fields one can press."""
    line: str
    """Between things."""
    text: str
    muted: str
    """Text that matters less."""
    accent: str
    """What is chosen, and links."""
    on_accent: str
    soft: str
    """Behind a chosen row."""
    good: str
    caution: str
    bad: str


LIGHT = Tones(
    window="#f4f3f0",
    base="#fdfdfc",
    raised="#ffffff",
    line="#d5d3cd",
    text="#1c2529",
    muted="#566268",
    accent="#0b6074",
    on_accent="#ffffff",
    soft="#d9eaee",
    good="#1f6b35",
    caution="#8a5300",
    bad="#b3261e",
)
DARK = Tones(
    window="#1d2326",
    base="#161b1e",
    raised="#2a3236",
    line="#3b464b",
    text="#e7ebec",
    muted="#a3b0b5",
    accent="#63c3d6",
    on_accent="#0d2026",
    soft="#203f47",
    good="#7fcf94",
    caution="#eab765",
    bad="#f2938c",
)


def tones(dark: bool) -> Tones:
    """The colours of the light or the dark theme."""
    return DARK if dark else LIGHT


def tones_of(colours: QPalette) -> Tones:
    """The colours of the theme that a widget's palette belongs to."""
    return tones(colours.color(QPalette.ColorRole.Window).lightnessF() < 0.5)


def palette(dark: bool) -> QPalette:
    """The colours of all widgets."""
    tone, role = tones(dark), QPalette.ColorRole
    found = QPalette()
    for which, colour in (
        (role.Window, tone.window),
        (role.WindowText, tone.text),
        (role.Base, tone.base),
        (role.AlternateBase, tone.window),
        (role.Text, tone.text),
        (role.Button, tone.raised),
        (role.ButtonText, tone.text),
        (role.BrightText, tone.bad),
        (role.ToolTipBase, tone.raised),
        (role.ToolTipText, tone.text),
        (role.PlaceholderText, tone.muted),
        (role.Highlight, tone.accent),
        (role.HighlightedText, tone.on_accent),
        (role.Accent, tone.accent),
        (role.Link, tone.accent),
        (role.LinkVisited, tone.accent),
        (role.Light, tone.raised),
        (role.Midlight, tone.line),
        (role.Mid, tone.line),
        (role.Dark, tone.muted),
        (role.Shadow, "#000000"),
    ):
        found.setColor(which, QColor(colour))
    faint = QColor(tone.muted)
    faint.setAlphaF(0.65)
    for which in (role.WindowText, role.Text, role.ButtonText, role.PlaceholderText):
        found.setColor(QPalette.ColorGroup.Disabled, which, faint)
    found.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(tone.line))
    found.setColor(QPalette.ColorGroup.Disabled, role.Accent, QColor(tone.muted))
    return found


def style_sheet(dark: bool) -> str:
    """What the palette cannot say; sizes in em, so that they grow with the text."""
    sheet = _SHEET
    tone = tones(dark)
    for name in Tones.__dataclass_fields__:
        sheet = sheet.replace(f"@{name};", f"{getattr(tone, name)};").replace(
            f"@{name} ", f"{getattr(tone, name)} "
        )
    return sheet


def apply(app: QApplication, dark: bool, *, scale: float = 1.0) -> None:
    """Gives all windows the theme; scale: size of text, SMALLEST to LARGEST."""
    if app.property("twin theme") is None:
        app.setProperty("desktop text size", app.font().pointSizeF())
        app.setStyle("Fusion")
    wanted = f"{dark} {scale}"
    if app.property("twin theme") == wanted:
        return
    app.setProperty("twin theme", wanted)
    font = app.font()
    # pointSizeF is -1 where the desktop gives pixels; 10 pt is what most desktops have
    size = app.property("desktop text size")
    font.setPointSizeF((size if size > 0 else 10.0) * min(max(scale, SMALLEST), LARGEST))
    app.setFont(font)
    app.setPalette(palette(dark))
    # Qt keeps the font of the titles of panels for as long as no rule names another
    app.setStyleSheet(f"{style_sheet(dark)}\nQDockWidget {{ font-size: {font.pointSizeF():.2f}pt; }}")


_SHEET = """
QToolTip { color: @text; background: @raised; border: 1px solid @line; padding: 0.3em 0.5em; }
QMainWindow::separator { background: @window; width: 0.4em; height: 0.4em; }
QMainWindow::separator:hover { background: @soft; }
QDockWidget { titlebar-close-icon: none; }
QDockWidget::title { background: @window; padding: 0.6em 0.9em 0.3em 0.9em; text-align: left; }
QStatusBar { border-top: 1px solid @line; }
QStatusBar::item { border: none; }
QMenuBar { background: @window; padding: 0.15em; }
QMenuBar::item { padding: 0.3em 0.7em; border-radius: 0.3em; background: transparent; }
QMenuBar::item:selected { background: @soft; color: @text; }
QMenu { background: @raised; border: 1px solid @line; padding: 0.3em; }
QMenu::item { padding: 0.35em 2em 0.35em 1.9em; border-radius: 0.3em; }
QMenu::item:selected { background: @soft; color: @text; }
QMenu::item:disabled { color: @muted; }
QMenu::icon { padding-left: 0.5em; }
QMenu::separator { height: 1px; background: @line; margin: 0.3em 0.6em; }
QToolBar { background: @window; border: none; border-bottom: 1px solid @line;
  padding: 0.25em; spacing: 0.15em; }
QToolButton { border: 1px solid transparent; border-radius: 0.4em; padding: 0.3em; }
QToolBar#draw QToolButton { padding: 0.1em 0.05em; }
QToolButton:hover { background: @soft; }
QToolButton:pressed, QToolButton:checked { background: @soft; border-color: @accent; }
QToolButton:focus { border-color: @accent; }
QPushButton { background: @raised; border: 1px solid @line; border-radius: 0.4em; padding: 0.35em 0.9em; }
QPushButton:hover { background: @soft; }
QPushButton:pressed { background: @line; }
QPushButton:focus, QPushButton:default { border-color: @accent; }
QPushButton:disabled { color: @muted; background: @window; }
QPushButton[flat="true"] { background: transparent; border-color: transparent; padding: 0.3em 0.5em; }
QPushButton[flat="true"]:hover { background: @soft; }
QPushButton[flat="true"]:focus { border-color: @accent; }
QLineEdit {
  background: @base; border: 1px solid @line; border-radius: 0.4em; padding: 0.3em 0.5em;
  selection-background-color: @accent; selection-color: @on_accent; }
QLineEdit:focus { border-color: @accent; }
QAbstractSpinBox QLineEdit, QComboBox QLineEdit { border: none; padding: 0; background: transparent; }
QComboBox QAbstractItemView { background: @raised; border: 1px solid @line; outline: none; }
QAbstractItemView { background: @base; border: none; outline: none; }
QTreeView::indicator, QListView::indicator, QCheckBox::indicator { width: 1.15em; height: 1.15em; }
QTreeView, QListView, QTableView { selection-background-color: @soft; selection-color: @text; }
QTreeView::item, QListView::item { padding: 0.3em 0.3em; border: none; }
QTableView::item { padding: 0.2em 0.4em; border: none; }
QTreeView::item:hover, QListView::item:hover { background: @window; }
QTreeView::item:selected, QListView::item:selected, QTableView::item:selected {
  background: @soft; color: @text; }
QHeaderView::section { background: @base; color: @muted; border: none; border-bottom: 1px solid @line;
  padding: 0.4em 0.5em; }
QTableCornerButton::section { background: @base; border: none; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 0.75em; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 0.75em; margin: 0; }
QScrollBar::handle { background: @line; border-radius: 0.25em; margin: 0.12em; }
QScrollBar::handle:vertical { min-height: 2em; }
QScrollBar::handle:horizontal { min-width: 2em; }
QScrollBar::handle:hover { background: @muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
.QSlider:horizontal { min-height: 1.4em; }
QSlider::groove:horizontal { height: 0.3em; border-radius: 0.15em; background: @line; }
QSlider::sub-page:horizontal { height: 0.3em; border-radius: 0.15em; background: @accent; }
QSlider::sub-page:horizontal:disabled { background: @line; }
QSlider::handle:horizontal { width: 1em; height: 1em; margin: -0.4em 0; border-radius: 0.5em;
  background: @raised; border: 0.12em solid @accent; }
QSlider::handle:horizontal:hover, QSlider::handle:horizontal:focus { background: @accent; }
QSlider::handle:horizontal:disabled { border-color: @line; background: @window; }
QProgressBar { background: @line; border: none; border-radius: 0.2em; max-height: 0.4em; min-height: 0.4em; }
QProgressBar::chunk { background: @accent; border-radius: 0.2em; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QSplitter::handle { background: @line; }
QFrame#line { background: @line; border: none; max-height: 1px; min-height: 1px; }
QLabel#muted { color: @muted; }
QLabel#heading { font-weight: 600; }
QLabel#empty { color: @muted; padding: 1.5em 1em; }
"""
