"""Keeps unsaved work safe: every change is on the disk at once, and one window at a time writes a project."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from twin.errors import DataError
from twin.formats import journal, project_lock
from twin.formats.atomic import put_away
from twin.formats.journal import Journal
from twin.formats.project_file import SUFFIX
from twin.formats.project_lock import ProjectLock
from twin.model.project import Project


class Safekeeping:
    """Goes with one window; knows the lock and the journal of the project that is open in it."""

    def __init__(self, post: Callable[[Callable[[], None]], None], complain: Callable[[str], None]) -> None:
        """post: calls a function in the thread of the window; complain: tells the user."""
        self._post, self._complain = post, complain
        self._thread = ThreadPoolExecutor(1, "journal")  # one, so that changes are written in their order
        self._lock: ProjectLock | None = None
        self._journal: Journal | None = None
        self._noted: Project | None = None
        self.found: Project | None = None
        """The project as a journal of a program that died has it, until the user has answered."""
        self.changes = 0
        """In that journal."""
        self.problem = ""
        """Why a journal that was found cannot be used."""
        self.notice = ""
        """Why the project may only be read here."""

    def open(self, project: Project) -> Project:
        """Takes the right to change a project; one that another window has is read-only here."""
        self._lock = self._journal = self.found = None
        self.changes, self.problem, self.notice, self._noted = 0, "", "", project
        path = project.path
        if path is None or project.read_only or not path.name.endswith(SUFFIX):
            return project
        self._lock = project_lock.lock(path)
        if not self._lock.held:
            self.notice = _why(path)
            return replace(project, read_only=True)
        self._journal = journal.begin(project)
        try:
            found, self.changes = journal.recovered(project)
        except DataError as error:
            self.problem = str(error)
        else:
            self.found = found if self.changes and found.scenarios != project.scenarios else None
        return project

    def note(self, project: Project) -> None:
        """Writes down what was changed, beside the window's work."""
        before, self._noted = self._noted, project
        if self._journal is not None and (before is None or before.scenarios is not project.scenarios):
            self._thread.submit(self._write, self._journal, project)

    def answered(self, *, keep: bool) -> None:
        """The user has taken what was found, or does not want it, when it becomes a backup."""
        self.found, self.problem = None, ""
        if not keep and self._journal is not None:
            self._thread.submit(self._put_away, self._journal)

    def may_write(self, path: Path) -> bool:
        """Takes the right to change the project of this path too, for when it is saved there."""
        if self._lock is not None and self._lock.held and self._lock.path == project_lock.lock_of(path):
            return True
        taken = project_lock.lock(path)
        if not taken.held:
            return False
        self.close()
        self._lock = taken
        return True

    def saved(self, project: Project) -> None:
        """All is in the files: the journal starts anew."""
        self._noted = project
        if self._journal is not None and self._journal.path == journal.journal_of(_path(project)):
            self._thread.submit(self._journal.saved, project)
        elif self._lock is not None and self._lock.held:
            self._journal = journal.begin(project)
        self.found, self.problem = None, ""

    def close(self) -> None:
        """Lets the project go: what is not saved is not wanted; a journal nobody has answered stays."""
        if self._journal is not None and self.found is None and not self.problem:
            last = self._journal
            self._thread.submit(last.saved, last.project).result()
        if self._lock is not None:
            self._lock.release()
        self._lock = self._journal = self.found = None

    def end(self) -> None:
        """Before the window goes."""
        self.close()
        self._thread.shutdown(wait=True)

    def _write(self, written: Journal, project: Project) -> None:
        try:
            if (
                self.found is not None and not written.size
            ):  # nobody has answered, and the first line replaces it
                put_away(written.path)
            written.note(project)
        except DataError as error:
            text = str(error)
            self._post(lambda: self._complain(text))

    def _put_away(self, written: Journal) -> None:
        try:
            if not written.size and written.path.is_file():
                put_away(written.path)
        except DataError as error:
            text = str(error)
            self._post(lambda: self._complain(text))


def _path(project: Project) -> Path:
    assert project.path is not None
    return project.path


def _why(path: Path) -> str:
    if os.access(path.resolve().parent, os.W_OK):
        text = _tr("{0} is open in another window. Here it is read-only: save it under another name.")
    else:
        text = _tr("{0} lies where nothing can be written. It is read-only: save it elsewhere.")
    return text.format(path.name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("safekeeping", text)
