"""Writes down every change of scenarios at once, so that a crash or power cut loses at most one."""

from __future__ import annotations

import base64
import os
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from twin.errors import DataError
from twin.formats import scenario_file
from twin.formats.atomic import replace_file
from twin.formats.project_file import fingerprint
from twin.model.project import Project
from twin.model.scenario import Scenario
from twin.model.scenario_tree import TreeError, linked

LONG = 4 * 2**20
"""A journal that is longer is written anew, with all changes in one line. [byte]"""
LONGEST = 64 * LONG
"""A journal that is longer was not written by us. [byte]"""


class Record(msgspec.Struct, frozen=True, omit_defaults=True, forbid_unknown_fields=True):
    """One line: what differs from the line before."""

    order: tuple[str, ...]
    """Ids of all scenarios."""
    changed: dict[str, str] = {}
    """Id to the text of its file."""
    base: str = ""
    """SHA-256 of the project file that the first line starts from."""


@dataclass(slots=True)
class Journal:
    """The journal of one open project."""

    path: Path
    start: Project
    """As it is in the files."""
    project: Project
    """As of the last line."""
    size: int = 0
    """Of what was written so far. [byte]"""

    def note(self, project: Project) -> None:
        """Write down what changed since the last time; it is on the disk when this returns.

        Raises DataError when it cannot be written.
        """
        record = _record(self.project, project)
        if record is None:
            return
        if not 0 < self.size < LONG:
            assert project.path is not None
            whole = _record(self.start, project) or record
            line = _line(msgspec.structs.replace(whole, base=_base(project.path)))
            replace_file(self.path, line)
            self.size = len(line)
        else:
            line = _line(record)
            _append(self.path, line)
            self.size += len(line)
        self.project = project

    def saved(self, project: Project) -> None:
        """All is in the files now: the journal goes."""
        self.path.unlink(missing_ok=True)
        self.start, self.project, self.size = project, project, 0


def journal_of(project_path: Path) -> Path:
    """Where the journal of a project lies."""
    path = project_path.resolve()
    return path.with_name(f".{path.name}.journal")


def begin(project: Project) -> Journal:
    """The journal of a project that was just opened; an old one stays until the first change."""
    assert project.path is not None
    return Journal(journal_of(project.path), project, project)


def recovered(project: Project) -> tuple[Project, int]:
    """The project with what its journal holds beyond its files, and the number of changes; 0: nothing.

    A last line that was being written when the program died is left out. Raises DataError when the journal
    starts from another project file, as when a colleague has saved since.
    """
    assert project.path is not None
    path = journal_of(project.path)
    records = _records(path)
    if not records:
        return project, 0
    if records[0].base != _base(project.path):
        raise DataError(
            path, "", "belongs to an earlier version of the project", "Delete it, or put that version back."
        )
    known = {scenario.id: scenario for scenario in project.scenarios}
    for record in records:
        for name, text in record.changed.items():
            known[name] = scenario_file.from_text(text.encode(), name, project.place)
    order = records[-1].order
    own = [replace(known[name], edits=known[name].own, inherited=0) for name in order if name in known]
    try:
        scenarios = linked(own)
    except TreeError as error:
        raise DataError(path, "", str(error), "Delete it to open the project as it was saved.") from error
    return replace(project, scenarios=scenarios), len(records)


def _append(path: Path, line: bytes) -> None:
    try:
        with path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise DataError(
            path, "", f"cannot be written: {error.strerror}", "Save the project elsewhere."
        ) from error


def _records(path: Path) -> list[Record]:
    """All whole lines."""
    try:
        if not path.is_file() or path.stat().st_size > LONGEST:
            return []
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise DataError(path, "", f"cannot be read: {error.strerror}", "Look at its permissions.") from error
    found = []
    for line in lines:
        check, _, content = line.partition(b" ")
        if not content or check != _check(content):
            break
        try:
            found.append(msgspec.json.decode(base64.b64decode(content, validate=True), type=Record))
        except (ValueError, msgspec.DecodeError):
            break
    return found


def _record(before: Project, after: Project) -> Record | None:
    if before.scenarios == after.scenarios:
        return None
    old: Mapping[str, Scenario] = {scenario.id: scenario for scenario in before.scenarios}
    changed = {
        scenario.id: scenario_file.text_of(scenario, after.place).decode()
        for scenario in after.scenarios
        if old.get(scenario.id) != scenario
    }
    return Record(tuple(scenario.id for scenario in after.scenarios), changed)


def _line(record: Record) -> bytes:
    content = base64.b64encode(msgspec.json.encode(record))  # no line breaks within
    return _check(content) + b" " + content + b"\n"


def _check(content: bytes) -> bytes:
    return f"{zlib.crc32(content):08x}".encode()


def _base(path: Path) -> str:
    return fingerprint(path)[1] if path.is_file() else ""
