"""Draws the icons of the window in the colour of its text, sharp at every size."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer

FAINT = 0.4
"""How much is left of an icon that cannot be used."""

# drawn by hand on a field of 24 by 24; `fill` is for what is solid
_DRAWINGS = {
    "open": ("M3 19V6.5A1.5 1.5 0 0 1 4.5 5h4l2 2.5h7A1.5 1.5 0 0 1 19 9v1.5M3 19l3-8.5h15.5L18.5 19Z"),
    "save": (
        "M4 5.5A1.5 1.5 0 0 1 5.5 4H16l4 4v10.5a1.5 1.5 0 0 1-1.5 1.5h-13A1.5 1.5 0 0 1 4 18.5Z"
        "M8 4v5h7V4M7.5 20v-6.5h9V20"
    ),
    "picture": (
        "M3 8.5A1.5 1.5 0 0 1 4.5 7H8l1.5-2.5h5L16 7h3.5A1.5 1.5 0 0 1 21 8.5v9"
        "a1.5 1.5 0 0 1-1.5 1.5h-15A1.5 1.5 0 0 1 3 17.5Z"
        "M12 9.3a3.6 3.6 0 1 0 0 7.2a3.6 3.6 0 1 0 0-7.2"
    ),
    "undo": "M8 5L4 9l4 4M4.5 9H14a5.5 5.5 0 0 1 0 11H9",
    "redo": "M16 5l4 4l-4 4M19.5 9H10a5.5 5.5 0 0 0 0 11h5",
    "home": "M3.5 12L12 4.5L20.5 12M6 10v9.5h4.5V14h3v5.5H18V10",
    "top": "M12 3.5L20 8l-8 4.5L4 8ZM4 12.2l8 4.5l8-4.5M12 17v4M10 19.2l2 2l2-2",
    "zoom_in": ("M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.3 15.3L20.5 20.5M10.5 7.5v6M7.5 10.5h6"),
    "zoom_out": "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.3 15.3L20.5 20.5M7.5 10.5h6",
    "search": "M10.5 4a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13M15.3 15.3L20.5 20.5",
    "step_back": "M18 5.5v13L8.5 12ZM6 5.5v13",
    "step_forward": "M6 5.5v13L15.5 12ZM18 5.5v13",
    "layers": "M12 3.5L21 8.5l-9 5l-9-5ZM3.5 12.5L12 17.2l8.5-4.7M3.5 16.3L12 21l8.5-4.7",
    "scenarios": (
        "M3.5 12h5c3.6 0 3.2-6 6.8-6H20M8.5 12c3.6 0 3.2 6 6.8 6H20M17.2 3.2L20 6l-2.8 2.8"
        "M17.2 15.2L20 18l-2.8 2.8"
    ),
    "sun": (
        "M12 8a4 4 0 1 0 0 8a4 4 0 1 0 0-8M12 2.5v2.2M12 19.3v2.2M2.5 12h2.2M19.3 12h2.2"
        "M5.3 5.3l1.5 1.5M17.2 17.2l1.5 1.5M18.7 5.3l-1.5 1.5M6.8 17.2l-1.5 1.5"
    ),
    "overlay": "M3.5 6.5h17v11h-17ZM3.5 12h17M9.2 6.5v11M14.8 6.5v11",
    "changes": "M4 7.5h7M7.5 4v7M13 16.5h7M19 4.5L5 19.5",
    "bookmark": "M7 4h10a1 1 0 0 1 1 1v15l-6-4.2L6 20V5a1 1 0 0 1 1-1Z",
    "fullscreen": "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
    "help": (
        "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M9.2 9.7a2.8 2.8 0 1 1 4.3 2.4c-1 .6-1.5 1.1-1.5 2.2M12 17.2v.2"
    ),
    "info": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M12 11v5.5M12 7.6v.2",
    "success": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M8 12.3l2.8 2.8l5.2-5.8",
    "warning": "M12 4L21.5 20h-19ZM12 10v5M12 17.4v.2",
    "error": "M8.3 3h7.4L21 8.3v7.4L15.7 21H8.3L3 15.7V8.3ZM9 9l6 6M15 9l-6 6",
    "close": "M6 6l12 12M18 6L6 18",
    "eye": (
        "M2.5 12C5 7.8 8.3 5.7 12 5.7s7 2.1 9.5 6.3c-2.5 4.2-5.8 6.3-9.5 6.3S5 16.2 2.5 12Z"
        "M12 9a3 3 0 1 0 0 6a3 3 0 1 0 0-6"
    ),
    "eye_off": (
        "M4.5 9.3C3.8 10.1 3.1 11 2.5 12c2.5 4.2 5.8 6.3 9.5 6.3c1.6 0 3-.4 4.4-1.1"
        "M9.2 6.1c.9-.3 1.8-.4 2.8-.4c3.7 0 7 2.1 9.5 6.3c-.8 1.3-1.6 2.4-2.6 3.3M4 4l16 16"
    ),
    "isolate": ("M8 8.5h8v8H8ZM3.5 7.5v-4h4M16.5 3.5h4v4M20.5 16.5v4h-4M7.5 20.5h-4v-4"),
    "table": "M3.5 5.5h17v13h-17ZM3.5 9.8h17M3.5 14.2h17M9 9.8v8.7",
    "report": "M6 3.5h8.5L19 8v12.5H6ZM14 3.5V8.5h5M9 12.5h6.5M9 16h6.5",
    "export": "M12 15V4M8 7.7L12 3.7l4 4M5 13v6.5h14V13",
    "relink": "M10 8H7.5a4 4 0 0 0 0 8H10M14 8h2.5a4 4 0 0 1 0 8H14M8.5 12h7",
    "shadows": "M4 19.5h16M5.5 19.5V9.5l5-3.5v13.5M10.5 10h4v9.5",
    "keyboard": "M3 6.5h18v11H3ZM6.5 10h.2M10 10h.2M13.7 10h.2M17.3 10h.2M8 14h8",
    "theme": "M12 3.5a8.5 8.5 0 1 0 0 17a8.5 8.5 0 1 0 0-17",
    "copy": "M8.5 8.5h11v11h-11ZM15.5 8.5v-4h-11v11h4",
    "tree": (
        "M12 21v-6.5"
        "M12 3.5a5.6 5.6 0 0 0-4.6 8.8A3.2 3.2 0 0 0 9 15h6a3.2 3.2 0 0 0 1.6-2.7A5.6 5.6 0 0 0 12 3.5Z"
    ),
    "building": (
        "M5 20.5V7l7-3.5V20.5M12 9h7v11.5M3 20.5h18M8.2 9.5v.2M8.2 13v.2M8.2 16.5v.2M15.5 12.5v.2M15.5 16v.2"
    ),
    "ground": "M3 15.5l6-4l12 3l-6 4.5ZM3 11l6-4l12 3",
    "place": (
        "M12 21c-4.2-4.6-6.3-8-6.3-11a6.3 6.3 0 1 1 12.6 0c0 3-2.1 6.4-6.3 11Z"
        "M12 7.7a2.3 2.3 0 1 0 0 4.6a2.3 2.3 0 1 0 0-4.6"
    ),
    "cancel": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M8.8 8.8l6.4 6.4M15.2 8.8l-6.4 6.4",
    "added": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M8 12h8M12 8v8",
    "removed": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M8 12h8",
    "changed": "M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18M8 10h8M8 14h8",
    "more": (
        "M5 11.5a.5.5 0 1 0 0 1a.5.5 0 1 0 0-1M12 11.5a.5.5 0 1 0 0 1a.5.5 0 1 0 0-1"
        "M19 11.5a.5.5 0 1 0 0 1a.5.5 0 1 0 0-1"
    ),
}
_SOLID = {
    "identify": ("M6 3.5l13 7.2l-5.6 1.6L16.6 18l-2.4 1.3l-3.1-5.6L7 17.7Z", ""),
    "play": ("M8 5v14l11.5-7Z", ""),
    "pause": ("M7.5 5h3.2v14H7.5ZM13.3 5h3.2v14h-3.2Z", ""),
    "north": ("M12 3L17 18.5l-5-3Z", "M12 3L7 18.5l5-3l5 3Z"),
    "theme": ("M12 3.5a8.5 8.5 0 0 1 0 17Z", _DRAWINGS["theme"]),
    "shadows": ("M14.5 19.5V13l6 6.5Z", _DRAWINGS["shadows"]),
}
NAMES = tuple(sorted({*_DRAWINGS, *_SOLID}))


def icon(name: str, colour: QColor | None = None) -> QIcon:
    """The icon of that name, in the text colour of the theme of the moment unless another is given.

    Raises KeyError for a name that is not in NAMES.
    """
    if name not in NAMES:
        raise KeyError(name)
    return QIcon(_Drawn(name, colour))


def pixmap(name: str, size: int, ratio: float = 1.0, colour: QColor | None = None) -> QPixmap:
    """The icon as a picture, size logical pixels wide and high; Raises KeyError as `icon`."""
    if name not in NAMES:
        raise KeyError(name)
    found = _picture(name, QSize(round(size * ratio), round(size * ratio)), colour or _text())
    found.setDevicePixelRatio(ratio)
    return found


def svg(name: str, colour: QColor) -> str:
    """The drawing itself. Raises KeyError for a name that is not in NAMES."""
    solid, outline = _SOLID.get(name, ("", _DRAWINGS.get(name, "")))
    filled = f'<path d="{solid}" fill="{colour.name()}" stroke="none"/>' if solid else ""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
        f'<g opacity="{colour.alphaF():.2f}">{filled}<path d="{outline or solid}" fill="none"'
        f' stroke="{colour.name()}" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round"/>'
        "</g></svg>"
    )


class _Drawn(QIconEngine):
    """Draws when asked, so that a change of theme or of screen needs no new icons."""

    def __init__(self, name: str, colour: QColor | None) -> None:
        super().__init__()
        self._name, self._colour = name, colour

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(rect, self.scaledPixmap(rect.size(), mode, state, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float) -> QPixmap:  # noqa: N802  # Qt's name
        colour = QColor(self._colour or _text())
        if mode == QIcon.Mode.Disabled:
            colour.setAlphaF(FAINT)
        found = QPixmap(_picture(self._name, size * scale, colour))
        found.setDevicePixelRatio(scale)
        return found

    def clone(self) -> QIconEngine:
        return _Drawn(self._name, self._colour)


def _text() -> QColor:
    return QGuiApplication.palette().color(QPalette.ColorRole.WindowText)


def _picture(name: str, size: QSize, colour: QColor) -> QPixmap:
    key = f"twin {name} {size.width()} {size.height()} {colour.rgba():x}"
    found = QPixmap()
    if not QPixmapCache.find(key, found):
        found = QPixmap(size)
        found.fill(Qt.GlobalColor.transparent)
        painter = QPainter(found)
        side = min(size.width(), size.height())
        middle = QPoint((size.width() - side) // 2, (size.height() - side) // 2)
        QSvgRenderer(QByteArray(svg(name, colour).encode())).render(
            painter, QRectF(middle.x(), middle.y(), side, side)
        )
        painter.end()
        QPixmapCache.insert(key, found)
    return found
