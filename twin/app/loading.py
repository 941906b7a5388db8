"""Opens projects beside the window's own work, and looks at files before they are added."""

from __future__ import annotations

import threading
import weakref
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from twin.errors import Cancelled, CrsError, TwinError
from twin.model.placement import NOWHERE, Placement

if TYPE_CHECKING:
    from twin.model.place import Place
    from twin.model.project import Project

DRAWING = ("twin.app.viewport", "twin.app.furniture", "twin.app.legend")
"""Loaded while the first window is already on the screen."""
CARD_DRAWING = (*DRAWING, "twin.app.card_widget")
"""The same where a card draws."""
LEISURE = 1.5
"""So long after a scenario is built all of it is copied together, unless that was asked for before. [s]"""


def ready_to_draw(found: object) -> None:
    """Works out beside the window what drawing takes: of a scenario once it is built, and of its shade."""
    from twin.analysis.build import Built
    from twin.model.city import is_whole
    from twin.render.drape import prepare_shade
    from twin.render.prepare import prepare
    from twin.scene.overlays import Lit

    if isinstance(found, Built):
        prepare(found.drawn, found.layers)
        if not is_whole(found.city):
            # what the first picture does not need: to be there when somebody clicks, and not in its way
            city = weakref.ref(found.city)
            later = threading.Timer(LEISURE, lambda: (there := city()) is not None and len(there.vertices))
            later.daemon = True
            later.start()
    elif isinstance(found, Lit):
        prepare_shade(found.ground, found.roofs)


class Loader(QObject):
    """Does one thing after another in a thread of its own."""

    progressed = Signal(float)
    loaded = Signal(object, object)
    """Project, State"""
    added = Signal(object)
    """Project, with more files."""
    failed = Signal(str)
    unplaced = Signal(object)
    """Path of the file that could not be opened, because it does not say where it lies."""
    idle = Signal()
    """All that was asked for is done or given up."""
    peeked = Signal(int, object)
    """Number of a look, and its Peek or TwinError."""
    peeking = Signal(int, float)
    """Number of a look, and how far it is, 0-1."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = ThreadPoolExecutor(1, "loader")
        self._given_up, self._unseen = threading.Event(), threading.Event()
        self.drawing: tuple[str, ...] = DRAWING
        self._waiting, self._lock = 0, threading.Lock()
        self._grown: tuple[Project, Project] | None = None
        # in the window's own thread, where the grown project has been heard of by then
        self.idle.connect(self._forget)

    def open(
        self,
        path: Path,
        crs: str = "",
        placement: Placement = NOWHERE,
        more: Sequence[Path] = (),
        ground: Sequence[Path] | None = None,
    ) -> None:
        """Begins; `loaded` or `failed` follows, or nothing after `cancel`. What is under way is given up.

        crs: of a file that does not say it; more: files that go into the same new project.
        ground: those of them that become its ground; None: what is named so.
        """
        self.cancel()
        self._grown = None
        each = tuple((file, _is_ground(file, ground)) for file in (path, *more))
        self._submit(self._open, each, crs, placement, self._given_up)

    def add(
        self,
        project: Project,
        paths: Sequence[Path],
        placement: Placement,
        others: Mapping[Path, Placement] = MappingProxyType({}),
        ground: Sequence[Path] | None = None,
    ) -> None:
        """Reads more files into a project; `added` follows once, `failed` for each that cannot be read.

        placement: of all that `others` do not name. ground: those that become its ground, contour lines
        too; None: grids that are named so.
        """
        each = tuple((path, others.get(path, placement), _is_ground(path, ground)) for path in paths)
        self._submit(self._add, project, each, self._given_up)

    def peek(self, number: int, path: Path, place: Place | None, placement: Placement) -> None:
        """Looks at a file; `peeked` follows."""
        self._thread.submit(self._peek, number, path, place, placement, self._unseen)

    def cancel(self) -> None:
        """Gives up what is being opened or added."""
        self._given_up.set()
        self._given_up = threading.Event()

    def look_away(self) -> None:
        """Gives up all looks."""
        self._unseen.set()
        self._unseen = threading.Event()

    def close(self) -> None:
        """Waits for the thread to end."""
        self.cancel()
        self.look_away()
        self._thread.shutdown(wait=True, cancel_futures=True)

    def _submit(self, work: Callable[..., None], *inputs: object) -> None:
        with self._lock:
            self._waiting += 1

        def run() -> None:
            try:
                work(*inputs)
            finally:
                self._ended()  # here, as `idle` has to reach the window after what was heard before

        self._thread.submit(run)

    def _forget(self) -> None:
        with self._lock:
            if not self._waiting:
                self._grown = None

    def _ended(self) -> None:
        with self._lock:
            self._waiting -= 1
            quiet = not self._waiting
        if quiet:
            self.idle.emit()

    def _open(
        self,
        files: tuple[tuple[Path, bool | None], ...],
        crs: str,
        placement: Placement,
        given_up: threading.Event,
    ) -> None:
        path = files[0][0]
        try:
            from twin.formats.open_project import add_source, first_state

            project, opened = self._first(files, crs, placement, given_up)
            for number, (other, ground) in enumerate(files[opened + 1 :], opened + 1):
                try:
                    progress, said = self._share(given_up, number, len(files)), Placement(crs=crs)
                    project = add_source(project, other, progress=progress, placement=said, as_terrain=ground)
                except Cancelled:
                    raise
                except TwinError as error:  # the others are opened all the same
                    self.failed.emit(str(error))
            state = first_state(project)
            for module in self.drawing:
                import_module(module)
            from twin.render.prepare import prepare

            prepare(project.city, project.layers)
            if not given_up.is_set():
                self.loaded.emit(project, state)
        except Cancelled:
            return
        except CrsError as error:
            if crs:
                self.failed.emit(str(error))
            else:
                self.unplaced.emit(path)
        except TwinError as error:
            self.failed.emit(str(error))
        except Exception as error:  # shown to the user, who can go on with another file
            self.failed.emit(f"{path.name} could not be opened: {type(error).__name__}: {error}")

    def _first(
        self,
        files: tuple[tuple[Path, bool | None], ...],
        crs: str,
        placement: Placement,
        given_up: threading.Event,
    ) -> tuple[Project, int]:
        """The project that the first file makes that can be read, and which one that was.

        placement: of the first of all.
        """
        from twin.formats.open_project import open_project

        for number, (path, ground) in enumerate(files):
            progress, said = self._share(given_up, number, len(files)), placement if not number else NOWHERE
            try:
                made = open_project(path, progress=progress, crs=crs, placement=said, as_terrain=ground)
                return made, number
            except Cancelled:
                raise
            except TwinError as error:
                if number + 1 == len(files):
                    raise
                self.failed.emit(str(error))  # another can be the first
        raise AssertionError("there is a first file")

    def _add(
        self,
        project: Project,
        files: tuple[tuple[Path, Placement, bool | None], ...],
        given_up: threading.Event,
    ) -> None:
        from twin.formats.open_project import add_source

        # what was asked for while the same project grew goes on from there
        grown = before = self._grown[1] if self._grown and self._grown[0] is project else project
        for number, (path, placement, ground) in enumerate(files):
            try:
                progress = self._share(given_up, number, len(files))
                grown = add_source(grown, path, progress=progress, placement=placement, as_terrain=ground)
            except Cancelled:
                return
            except TwinError as error:
                self.failed.emit(str(error))
            except Exception as error:  # shown to the user, whose project stays as it was
                self.failed.emit(f"{path.name} could not be added: {type(error).__name__}: {error}")
        if grown is not before and not given_up.is_set():
            self._grown = project, grown
            self.added.emit(grown)

    def _peek(
        self, number: int, path: Path, place: Place | None, placement: Placement, unseen: threading.Event
    ) -> None:
        def progress(fraction: float) -> None:
            if unseen.is_set():
                raise Cancelled("cancelled")
            self.peeking.emit(number, fraction)

        try:
            from twin.formats.peek import peek

            progress(0.0)
            self.peeked.emit(number, peek(path, place=place, placement=placement, progress=progress))
        except Cancelled:
            return
        except TwinError as error:
            self.peeked.emit(number, error)
        except Exception as error:  # shown beside the file, the others can be added
            problem = f"{path.name} could not be read: {type(error).__name__}: {error}"
            self.peeked.emit(number, TwinError(problem))

    def _share(self, given_up: threading.Event, done: int, total: int) -> Callable[[float], None]:
        def progress(fraction: float) -> None:
            if given_up.is_set():
                raise Cancelled("cancelled")
            self.progressed.emit((done + fraction) / total)

        return progress


def _is_ground(path: Path, ground: Sequence[Path] | None) -> bool | None:
    return None if ground is None else path in ground
