"""Starts the program with its window."""

from __future__ import annotations

import signal
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QPoint, QPointF, QRect, Qt, QTimer
from PySide6.QtGui import QFont, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from twin.model.placement import NOWHERE, Placement


def application() -> QApplication:
    """The one application object, with our name and look."""
    from twin.app import graphics, memory, theme
    from twin.app.settings import Settings

    memory.share_heaps()
    graphics.prepare()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("twin")
    app.setApplicationDisplayName("twin")
    settings = Settings()
    theme.apply(app, settings.text("theme", "light") == "dark", scale=float(settings.text("text", "1.0")))
    return app


def splash(app: QApplication, text: str) -> QLabel:
    """A small picture that is on the screen before the window is: shown, and seen."""
    em = app.fontMetrics().height()
    ratio = app.devicePixelRatio()
    picture = QPixmap(round(24 * em * ratio), round(9 * em * ratio))
    picture.setDevicePixelRatio(ratio)
    colours = app.palette()
    picture.fill(colours.window().color())
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.highlight(), 0.35 * em))
    heights = (2.2, 3.6, 2.8, 4.6, 1.8)
    for i, height in enumerate(heights):  # a row of houses
        painter.drawLine(QPointF((2 + 0.8 * i) * em, 6 * em), QPointF((2 + 0.8 * i) * em, (6 - height) * em))
    name = QFont(app.font())
    name.setPointSizeF(2.2 * name.pointSizeF())
    painter.setFont(name)
    painter.setPen(colours.windowText().color())
    painter.drawText(QPointF(7.5 * em, 4.2 * em), "twin")
    painter.setFont(app.font())
    painter.drawText(QPointF(7.5 * em, 6 * em), text)
    painter.end()
    # not a QSplashScreen, which waits up to a second for the window manager
    shown = QLabel()
    shown.setWindowFlags(Qt.WindowType.SplashScreen)
    shown.setPixmap(picture)
    place = QRect(QPoint(), shown.sizeHint())
    place.moveCenter(app.primaryScreen().availableGeometry().center())
    shown.setGeometry(place)
    shown.show()
    app.processEvents()
    return shown


def run(paths: Sequence[Path], *, crs: str = "", placement: Placement = NOWHERE) -> int:
    """Opens the window on a project, a file or several together; returns when it is closed."""
    path, *more = paths
    app = application()
    first = splash(app, QCoreApplication.translate("app", "Opening {0} …").format(path.name))
    from twin.app import files
    from twin.app.cycles import Cycles
    from twin.app.window import Window

    Cycles(app)
    window = Window()
    window.loader.unplaced.connect(lambda asked: files.look(window, [asked], alone=True))
    window.show()
    first.close()
    QTimer.singleShot(0, lambda: window.open(path, crs, placement, more))
    # lets Ctrl+C in the terminal close the window: Python only sees it between two Qt events
    signal.signal(signal.SIGINT, lambda *_: window.close())
    beat = QTimer(app, interval=500)
    beat.timeout.connect(lambda: None)
    beat.start()
    return app.exec()
