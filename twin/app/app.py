"""Starts the program with its window."""

from __future__ import annotations

import signal
import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

BUNDLED = Path(__file__).parents[2] / "assets" / "helsinki.twin.json"


def application() -> QApplication:
    """The one application object, with our name and look."""
    from twin.app import graphics, theme
    from twin.app.settings import Settings

    graphics.prepare()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName("twin")
    app.setApplicationDisplayName("twin")
    settings = Settings()
    theme.apply(app, settings.text("theme", "light") == "dark", scale=float(settings.text("text", "1.0")))
    return app


def run(path: Path | None = None) -> int:
    """Opens the window on a project, the bundled one when none is named; returns when it is closed."""
    app = application()
    from twin.app.window import Window

    window = Window()
    window.show()
    QTimer.singleShot(0, lambda: window.open(path or BUNDLED))
    # lets Ctrl+C in the terminal close the window: Python only sees it between two Qt events
    signal.signal(signal.SIGINT, lambda *_: window.close())
    beat = QTimer(app, interval=500)
    beat.timeout.connect(lambda: None)
    beat.start()
    return app.exec()
