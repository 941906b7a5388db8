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
    "swipe": "M3.5 5.5h17v13h-17ZM12 3v18M9 9.5L6.5 12L9 14.5M15 9.5L17.5 12L15 14.5",
    "split": "M3.5 5.5h7v13h-7ZM13.5 5.5h7v13h-7Z",
    "difference": "M9 6.5a6 6 0 1 0 0 12a6 6 0 1 0 0-12M15 5.5a6 6 0 1 0 0 12a6 6 0 1 0 0-12",
    "swap": "M4 8.5h14M15 5.5l3 3l-3 3M20 15.5H6M9 12.5l-3 3l3 3",
    "indicators": "M4 19.5h16M6.5 19.5v-6M11 19.5V9.5M15.5 19.5v-8M20 19.5V5.5",
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
    "select_all": (
        "M3.5 6.5l1.5 1.5l2.5-3M3.5 12.5l1.5 1.5l2.5-3M3.5 18.5l1.5 1.5l2.5-3M11 7h9.5M11 13h9.5M11 19h9.5"
    ),
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
    "new": "M6 3.5h8.5L19 8v12.5H6ZM14 3.5V8.5h5M12.5 11v6M9.5 14h6",
    "branch": "M7 4v16M7 9c0 4 10 1 10 6v2M7 20v-.2M14.2 14.5L17 17.3l2.8-2.8M4.5 4h5",
    "rename": "M4 20h4L19.5 8.5l-4-4L4 16ZM13 7l4 4",
    "lock": "M6 11h12v9.5H6ZM8.5 11V8a3.5 3.5 0 0 1 7 0v3M12 14.5v2.5",
    "unlock": "M6 11h12v9.5H6ZM8.5 11V7a3.5 3.5 0 0 1 6.8-1.2M12 14.5v2.5",
    "merge": "M6 3.5v5c0 3.5 6 3.5 6 7V20M18 3.5v5c0 3.5-6 3.5-6 7M9 17l3 3l3-3",
    "delete": "M4 6.5h16M9 6.5V4h6v2.5M6 6.5l1 14h10l1-14M10 10.5v6M14 10.5v6",
    "import": "M12 4v11M8 11.3l4 4l4-4M5 13v6.5h14V13",
    "paste": "M9 5H5.5v15.5h13V5H15M9 3.5h6v3.5H9ZM9 11h6M9 15h6",
    "up": "M12 19V5M6 11l6-6l6 6",
    "down": "M12 5v14M6 13l6 6l6-6",
    "plot": "M3.5 5.5l14-2l3 15l-15 2ZM7.5 9l7.5-1l1.5 7.5L9 16.5Z",
    "rectangle": "M4 7h16v10H4ZM4 7h.2M20 7h-.2M4 17h.2M20 17h-.2",
    "tree_row": (
        "M5 20v-6M5 6.5a3.2 3.2 0 0 0-1.4 7.3h2.8A3.2 3.2 0 0 0 5 6.5ZM12 20v-6M12 6.5a3.2 3.2 0 0 0-1.4 7.3"
        "h2.8A3.2 3.2 0 0 0 12 6.5ZM19 20v-6M19 6.5a3.2 3.2 0 0 0-1.4 7.3h2.8A3.2 3.2 0 0 0 19 6.5Z"
    ),
    "tree_area": (
        "M3 8l7-5l11 4l-2 12l-13 2ZM9 16.5v-2M9 9.5a2.3 2.3 0 0 0-1 5h2a2.3 2.3 0 0 0-1-5ZM15 16.5v-2"
        "M15 9.5a2.3 2.3 0 0 0-1 5h2a2.3 2.3 0 0 0-1-5Z"
    ),
    "way": "M7 20.5L10.5 3.5M17 20.5L13.5 3.5M12 19v-2.5M12 13v-2M12 8V6.5",
    "footway": "M9 20.5L11 3.5M16 20.5L14 3.5M6 6.5h.2M5.5 10.5h.2M5 14.5h.2M18.5 6.5h.2M19 10.5h.2",
    "crossing": "M3 6.5h18M3 17.5h18M6 9.5v5M10 9.5v5M14 9.5v5M18 9.5v5",
    "hedge": "M3 18.5v-7a3 3 0 0 1 6 0a3 3 0 0 1 6 0a3 3 0 0 1 6 0v7ZM6 14.5h.2M12 15h.2M18 14.5h.2",
    "bench": "M3.5 13h17M3.5 9h17M6 13v6M18 13v6M6 9v4M18 9v4",
    "lamp": "M8 20.5h6M11 20.5V6.5a3 3 0 0 1 6 0v1M14.5 7.5h5l1 3h-7Z",
    "canopy": "M3 8.5l9-4l9 4M3 8.5h18M5.5 8.5v12M18.5 8.5v12",
    "move": (
        "M12 3v18M3 12h18M9.5 5.5L12 3l2.5 2.5M9.5 18.5L12 21l2.5-2.5"
        "M5.5 9.5L3 12l2.5 2.5M18.5 9.5L21 12l-2.5 2.5"
    ),
    "extend": "M6 20.5V12h12v8.5M3 20.5h18M12 10V3M9 6l3-3l3 3",
    "green": "M5 20c0-9 5-14.5 15-15.5c0 10-5 14.5-12 14M5 20.5c2-5 5-8 9-10",
    "attributes": "M4 7h6M14 7h6M10 4.5h4v5h-4ZM4 16.5h10M18 16.5h2M14 14h4v5h-4Z",
    "model": "M12 3l8 4.5v9L12 21l-8-4.5v-9ZM4 7.5l8 4.5l8-4.5M12 12v9",
    "mound": "M2.5 19.5h19M4.5 19.5L9 10h6l4.5 9.5M12 7V3M10.2 4.8L12 3l1.8 1.8",
    "pit": "M2.5 8.5h5L10 18h4l2.5-9.5h5M12 3v8M10.2 9.2L12 11l1.8-1.8",
    "box": "M4 4h4M11 4h2M16 4h4v4M20 11v2M20 16v4h-4M13 20h-2M8 20H4v-4M4 13v-2M4 8V4",
    "protect": "M12 3.5l7.5 2.5v6c0 4.5-3 7.5-7.5 9c-4.5-1.5-7.5-4.5-7.5-9v-6Z",
    "limit": "M3.5 5h17M6 20.5v-9h5v9M13 20.5V15h5v5.5M12 12V8M10.2 9.8L12 8l1.8 1.8",
    "study": "M4 8V4h4M11 4h2M16 4h4v4M20 11v2M20 16v4h-4M13 20h-2M8 20H4v-4M4 13v-2",
    "measure": "M3 15.5L15.5 3L21 8.5L8.5 21ZM6.5 12l2 2M9.5 9l2.8 2.8M12.5 6l2 2",
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
