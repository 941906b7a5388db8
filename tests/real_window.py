"""A window on a project as a person has it, on a display."""

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from twin.app.app import application
from twin.app.settings import Settings
from twin.app.window import Window

NEEDS_DISPLAY = pytest.mark.skipif(
    os.name == "posix" and not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"),
    reason="a window needs a display: scripts/test.py starts one",
)


def wait(until: Callable[[], object], seconds: float = 60.0) -> None:
    """Lets the program run until something is so."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "it took too long"
        QApplication.processEvents()
        time.sleep(0.005)


@contextmanager
def opened(path: Path, folder: Path) -> Iterator[Window]:
    """A window with a project or a file open, closed without a question. folder: for its settings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TWIN_SETTINGS", str(folder / "twin.ini"))
        application()
        made = Window(Settings())
        made.show()
        assert QTest.qWaitForWindowExposed(made)
        made.open(path)
        wait(lambda: made.session is not None)
        yield made
        made.changed_since_saving = False
        made.close()
        made.deleteLater()
