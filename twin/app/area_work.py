"""Gathers and writes a station area in a thread of its own, and tells the window how far it is."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from twin.errors import Cancelled, TwinError
from twin.model.station_area import Gathered, Wanted


class AreaWork(QObject):
    """One thing after another; what is under way can be given up."""

    progressed = Signal(float, str)
    """Share (0-1) and what is being done."""
    gathered = Signal(object)
    """Gathered."""
    written = Signal(object)
    """Path of the project."""
    failed = Signal(str)
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, "station-area")
        self._given_up = threading.Event()

    def gather(self, wanted: Wanted) -> None:
        """Begins to look into the files; `gathered`, `failed` or `cancelled` follows."""

        def work(given_up: threading.Event) -> None:
            from twin.app.station_area import gather

            self.gathered.emit(gather(wanted, self._progress(given_up)))

        self._begin(work)

    def write(self, found: Gathered, out: Path, *, overwrite: bool) -> None:
        """Begins to write; `written`, `failed` or `cancelled` follows."""

        def work(given_up: threading.Event) -> None:
            from twin.formats.area_write import write

            progress = self._progress(given_up)
            write(found, out, replace=overwrite, progress=lambda share: progress(share, "files"))
            self.written.emit(out)

        self._begin(work)

    def cancel(self) -> None:
        """Gives up what is under way."""
        self._given_up.set()

    def close(self) -> None:
        """Waits for the thread to end."""
        self.cancel()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _begin(self, work: Callable[[threading.Event], None]) -> None:
        self._given_up.set()
        self._given_up = threading.Event()
        self._thread.submit(self._run, work, self._given_up)

    def _run(self, work: Callable[[threading.Event], None], given_up: threading.Event) -> None:
        try:
            work(given_up)
        except Cancelled:
            self.cancelled.emit()
        except TwinError as error:
            self.failed.emit(str(error))
        except Exception as error:  # shown to the user, who can choose other files
            self.failed.emit(f"{type(error).__name__}: {error}")

    def _progress(self, given_up: threading.Event) -> Callable[[float, str], None]:
        def progress(share: float, doing: str) -> None:
            if given_up.is_set():
                raise Cancelled("cancelled")
            self.progressed.emit(share, doing)

        return progress
