"""The SQLite file that observations are kept in: its tables, its connections, and who may write."""

from __future__ import annotations

import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from twin.errors import DataError

SUFFIX = ".observations.sqlite"
VERSION = 1
MARK = 0x7477696E
"""In the file, so that none of another program is taken for ours."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS station (
    id TEXT PRIMARY KEY, title TEXT, longitude REAL, latitude REAL, height REAL, domain TEXT
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS stream (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE NOT NULL, station TEXT NOT NULL, observed TEXT, unit TEXT,
    title TEXT, interval REAL, source_observed TEXT, source_unit TEXT, synthetic INTEGER
);
CREATE TABLE IF NOT EXISTS observation (
    stream INTEGER NOT NULL, time INTEGER NOT NULL, arrival INTEGER NOT NULL, value REAL, quality INTEGER,
    PRIMARY KEY (stream, time)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS aside (
    stream INTEGER NOT NULL, time INTEGER NOT NULL, arrival INTEGER NOT NULL, value REAL, quality INTEGER,
    text TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX IF NOT EXISTS aside_once ON aside (stream, time, text, ifnull(value, 9e999));
"""


def beside(project_path: Path) -> Path:
    """The file of observations of a project: `helsinki.twin.json` has `helsinki.observations.sqlite`."""
    stem = project_path.name.removesuffix(".json").removesuffix(".twin")
    return project_path.with_name(stem + SUFFIX)


class StoreFile:
    """One file, open. Each thread that reads has a connection of its own; one at a time writes.

    path None, or in a folder that cannot be written and holds no such file: a temporary file until `close`,
    and `kept` says so. read_only: nothing is to be added. Raises DataError when the file is none of ours.
    """

    def __init__(self, path: Path | None, *, read_only: bool = False) -> None:
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._writing = threading.Lock()
        self._local = threading.local()
        self._all: list[sqlite3.Connection] = []
        self.read_only, self._still = read_only, False
        self.kept = path is not None
        if path is None or not self._usable(path):
            self._folder = tempfile.TemporaryDirectory(prefix="twin-observations-")
            path, self.kept = Path(self._folder.name) / f"kept{SUFFIX}", False
        self.path = path
        try:
            self._writer = self._connect()
            self._prepare()
        except sqlite3.Error as error:
            self.close()
            raise DataError(
                path, "", f"cannot be used: {error}", "Move it away; a new one is made."
            ) from error
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the file; a temporary one is removed."""
        with self._writing:
            for connection in self._all:
                connection.close()
            self._all.clear()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def reader(self) -> sqlite3.Connection:
        """The connection of this thread: readers do not wait for the writer."""
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = self._connect()
            found.execute("PRAGMA cache_size = -65536")
            found.execute("PRAGMA mmap_size = 1073741824")
        return found

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """All that is written within is there at the end, or none of it. Raises DataError."""
        with self._writing, self._transaction() as write:
            yield write

    def _usable(self, path: Path) -> bool:
        """Whether a file can be made or read there; one that can only be read is."""
        try:
            if not self.read_only:
                with path.open("ab"):
                    pass
            # WAL makes two more files beside it, also for who only reads
            with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".twin-"):
                pass
        except OSError:
            self._still = path.is_file()
            self.read_only = self.read_only or self._still
            return self.read_only
        return True

    def _connect(self) -> sqlite3.Connection:
        # a file that cannot be written is opened without the WAL files, which nobody else can be writing
        mode = "?mode=ro&immutable=1" if self._still else "?mode=ro" if self.read_only else ""
        made = sqlite3.connect(
            f"{self.path.absolute().as_uri()}{mode}",
            uri=True,
            timeout=30.0,
            isolation_level=None,
            check_same_thread=False,
        )
        self._all.append(made)
        return made

    def _prepare(self) -> None:
        write = self._writer
        mark = write.execute("PRAGMA application_id").fetchone()[0]
        if mark != MARK and write.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone():
            raise DataError(self.path, "", "is another program's", "Move it away; a new one is made.")
        version = write.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            raise DataError(
                self.path, "", f"was made by a newer version of the program ({version})", "Update this one."
            )
        if self.read_only:
            return
        write.execute("PRAGMA journal_mode = WAL")
        # what is kept outlives kill -9; only a power cut may take the last moments, and breaks nothing:
        # a broker holds back all but 20 messages until these are kept, so waiting for the disk costs
        # nine of ten messages a second
        write.execute("PRAGMA synchronous = NORMAL")
        with self._transaction():
            for statement in _SCHEMA.split(";"):
                write.execute(statement)
            write.execute(f"PRAGMA user_version = {VERSION}")
            write.execute(f"PRAGMA application_id = {MARK}")

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            raise DataError(self.path, "", "cannot be written", "Copy the project to a folder of yours.")
        write = self._writer
        try:
            write.execute("BEGIN IMMEDIATE")
            yield write
            write.execute("COMMIT")
        except sqlite3.Error as error:
            raise DataError(
                self.path, "", f"cannot be written: {error}", "Make room; nothing kept was lost."
            ) from error
        finally:
            if write.in_transaction:
                write.execute("ROLLBACK")
