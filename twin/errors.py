"""Says where something went wrong, what it was and what to do."""

from __future__ import annotations

from pathlib import Path


class TwinError(Exception):
    """An error the user can act on; its text is one plain sentence or two."""


class DataError(TwinError):
    """A file, or a place in it, that cannot be used.

    Reads as `file: place: problem. remedy`; empty parts are left out.
    """

    def __init__(self, path: str | Path, place: str, problem: str, remedy: str = "") -> None:
        self.path, self.place, self.problem, self.remedy = Path(path), place, problem, remedy
        where = f"{self.path.name}: {place}: " if place else f"{self.path.name}: "
        super().__init__(f"{where}{problem.rstrip('.')}." + (f" {remedy}" if remedy else ""))

    def __reduce__(self) -> tuple[type[DataError], tuple[Path, str, str, str]]:
        # readers run in another process, and the error has to travel back whole
        return DataError, (self.path, self.place, self.problem, self.remedy)


class CrsError(DataError):
    """Nothing says where the coordinates of a file lie."""

    suggested: tuple[str, ...] = ()
    """`EPSG:code` of the CRSs that they may be in."""


class Cancelled(TwinError):
    """The user no longer wants the result of this work."""
