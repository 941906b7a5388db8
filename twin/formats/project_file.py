"""Knows the project file: what a station area is made of, by relative path, and how it was last seen."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta, Struct

from twin.errors import DataError
from twin.formats import state_json, strict_json
from twin.formats.atomic import BACKUPS, backups_of, replace_file
from twin.model.layer import Style
from twin.model.place import Place
from twin.model.placement import NOWHERE, Placement
from twin.model.sensor import KINDS, Feed
from twin.model.state import Bookmark, Camera, State

VERSION = 1
SUFFIX = ".twin.json"
LARGEST = 2 * 2**30
"""Largest file a project may name. [byte]"""
_HERE = "Give the path relative to the project file, with / between folders."

Name = Annotated[str, Meta(min_length=1)]


class PlaceEntry(Struct, frozen=True, kw_only=True):
    """Where the local origin lies; `crs` of the project says in which coordinates."""

    origin: tuple[float, float, float]
    longitude: Annotated[float, Meta(ge=-180, le=180)]
    latitude: Annotated[float, Meta(ge=-90, le=90)]
    timezone: str = "UTC"
    height_system: str = ""


class SourceEntry(Struct, frozen=True, kw_only=True):
    """One thing the project is made of; several may lie in the same file."""

    id: Name
    path: Name
    """Relative to the project file."""
    kind: Literal["city", "vector", "raster", "scenarios", "points", "terrain"]
    layer: str = ""
    """Its name inside a file of several layers."""
    title: str = ""
    role: str = ""
    style: Style = msgspec.field(default_factory=Style)
    attribution: str = ""
    size: int = -1
    """-1: not recorded. [byte]"""
    sha256: str = ""
    unit: str = ""
    ramp: str = ""
    placement: Placement = NOWHERE
    """Where a model stands that does not say it itself."""


class Content(Struct, frozen=True, kw_only=True):
    """What a project file of this version says."""

    schema: Literal["twin-project"] = "twin-project"
    version: Annotated[int, Meta(ge=1)] = VERSION
    name: str
    crs: Annotated[str, Meta(pattern=r"^EPSG:[0-9]{4,6}$")]
    place: PlaceEntry
    sources: tuple[SourceEntry, ...] = ()
    home: Camera | None = None
    """The view to start with."""
    bookmarks: tuple[Bookmark, ...] = ()
    time: str = ""
    """The moment to start with, in local time, as 2026-07-15T15:00."""
    view: State | None = None
    """How it was last seen."""
    scenario_order: tuple[str, ...] = ()
    """Ids of scenarios as they are listed; those that are not named come after them, by file name."""
    feeds: tuple[Feed, ...] = ()
    """Where sensors are heard."""


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """The content of a project file, with all that this version does not know of it."""

    content: Content
    raw: dict[str, Any] = field(default_factory=dict)
    """The whole tree as it was read."""
    path: Path | None = None
    read_only: bool = False
    notices: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        """The place of the project."""
        place = self.content.place
        return Place(
            crs=self.content.crs,
            origin=place.origin,
            longitude=place.longitude,
            latitude=place.latitude,
            timezone=place.timezone,
            height_system=place.height_system,
        )


def load(path: Path) -> ProjectFile:
    """The project file, checked; its sources are not looked at. Raises DataError with the JSON path.

    A file from a newer version opens read-only with a notice when what this version knows still fits.
    """
    try:
        raw = strict_json.read(path)
    except DataError as error:
        if error.remedy or not backups_of(path):
            raise
        raise DataError(path, error.place, error.problem, _mend(path)) from error
    if not isinstance(raw, dict) or raw.get("schema") != "twin-project":
        raise DataError(path, "schema", 'is not "twin-project"', "Choose a project file (*.twin.json).")
    version = raw.get("version")
    newer = isinstance(version, int) and version > VERSION
    remedy = (
        f"It was made by a newer version of the program ({version}); update this one."
        if newer
        else _mend(path)
    )
    if version is None:  # the default is for new files
        raise DataError(path, "version", "is missing", remedy)
    content = strict_json.convert(raw, Content, path, remedy=remedy)
    _check(content, path, remedy)
    notice = (
        f"{path.name} was made by a newer version of the program (format {version}, this one knows "
        f"{VERSION}). It is open read-only."
    )
    return ProjectFile(content, raw, path, newer, (notice,) if newer else ())


def save(project_file: ProjectFile, path: Path) -> None:
    """Write it, all unknown fields included; the five files before it stay in `.backups` beside it.

    Raises DataError, with the old file as it was, when it is read-only, holds NaN, or cannot be written.
    """
    if project_file.read_only:
        raise DataError(path, "version", "comes from a newer version of the program and is read-only", "")
    _check(project_file.content, path, "")
    tree = strict_json.laid_over(project_file.raw, project_file.content, path)
    named = {key: getattr(project_file.content, key) for key in ("schema", "version") if key not in tree}
    replace_file(path, strict_json.dump({**named, **tree}), backups=BACKUPS)


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a project file."""
    found = msgspec.json.decode(msgspec.json.encode(msgspec.json.schema(Content)))
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    found["$defs"]["Content"]["required"] = ["schema", "version", "name", "crs", "place"]
    return dict(found)


def source_path(project_path: Path, text: str, place: str = "path") -> Path:
    """The absolute path of an existing source. Raises DataError when it is missing or no plain file.

    place: where `text` stands in the project file, for the error.
    """
    problem = path_problem(text)
    if problem:
        raise DataError(project_path, place, problem, _HERE)
    try:
        found = (project_path.parent / PurePosixPath(text)).resolve(strict=True)
    except (OSError, RuntimeError) as error:
        raise DataError(project_path, place, f"{text} is missing", "Put it back or relink it.") from error
    if found.is_dir():
        return found
    if not found.is_file():
        raise DataError(project_path, place, f"{text} is neither a file nor a folder", _HERE)
    if found.stat().st_size > LARGEST:
        raise DataError(
            project_path, place, f"{text} is larger than {LARGEST // 2**30} GB", "Cut it to the area."
        )
    return found


def path_problem(text: str) -> str:
    """What is wrong with a source path as written; empty when nothing is."""
    if any(ord(letter) < 32 for letter in text):
        return "holds a control character"
    if "://" in text:
        return f"{text} is an address, not a file"
    if ":" in text:
        return f"{text} names a driver or a disk"
    if "\\" in text:
        return f"{text} has a backslash"
    if text.startswith(("/", "~")):  # /vsi… among them, which is no folder to GDAL
        return f"{text} is not relative"
    return ""


def fingerprint(path: Path) -> tuple[int, str]:
    """Size [byte] and SHA-256 of a file; (-1, "") for a folder, which is there to be edited."""
    if path.is_dir():
        return -1, ""
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def refresh(project_file: ProjectFile) -> ProjectFile:
    """The same with size and SHA-256 of every source as they are now. Raises DataError for a missing one."""
    path = project_file.path
    if path is None:
        raise ValueError("a project file that was never saved has no sources to look at")
    sources = []
    known: dict[Path, tuple[int, str]] = {}
    for number, entry in enumerate(project_file.content.sources):
        found = source_path(path, entry.path, f"sources[{number}].path")
        if found not in known:
            known[found] = fingerprint(found)
        size, sha256 = known[found]
        sources.append(msgspec.structs.replace(entry, size=size, sha256=sha256))
    content = msgspec.structs.replace(project_file.content, sources=tuple(sources))
    return ProjectFile(content, project_file.raw, path, project_file.read_only, project_file.notices)


def _mend(path: Path) -> str:
    """What to do about a project file that is damaged."""
    kept = backups_of(path)
    earlier = (
        f", or take an earlier one: the newest of {len(kept)} is .backups/{kept[0].name}" if kept else ""
    )
    return f"Correct the file{earlier}."


def _check(content: Content, path: Path, remedy: str) -> None:
    """What the types cannot say."""
    _once((entry.id for entry in content.sources), "sources", path, remedy)
    _once((bookmark.id for bookmark in content.bookmarks), "bookmarks", path, remedy)
    for number, entry in enumerate(content.sources):
        problem = path_problem(entry.path)
        if problem:
            raise DataError(path, f"sources[{number}].path", problem, _HERE)
        if not re.fullmatch(r"#[0-9a-fA-F]{6}", entry.style.colour):
            raise DataError(
                path,
                f"sources[{number}].style.colour",
                f"{entry.style.colour!r} is no colour",
                "Write #rrggbb.",
            )
        if entry.style.width < 0:
            raise DataError(path, f"sources[{number}].style.width", "is negative", remedy)
    _check_feeds(content.feeds, path, remedy)
    try:
        ZoneInfo(content.place.timezone)
    except (KeyError, ValueError, OSError) as error:
        raise DataError(
            path,
            "place.timezone",
            f"{content.place.timezone!r} is not a time zone",
            "Use an IANA name, as Europe/Helsinki.",
        ) from error
    if content.time:
        try:
            naive = datetime.fromisoformat(content.time).tzinfo is None
        except ValueError:
            naive = False
        if not naive:
            raise DataError(
                path, "time", f"{content.time!r} is no local time", "Write it as 2026-07-15T15:00."
            )
    if content.view is not None:
        state_json.check(content.view, path, "view.")


def _check_feeds(feeds: tuple[Feed, ...], path: Path, remedy: str) -> None:
    _once((feed.id for feed in feeds), "feeds", path, remedy)
    for number, feed in enumerate(feeds):
        where = f"feeds[{number}]"
        if not re.fullmatch(r"[a-z0-9][a-z0-9_.-]*", feed.id):
            raise DataError(
                path, f"{where}.id", f"{feed.id!r} is no name", "Use a-z, 0-9, _, - and points only."
            )
        if feed.kind not in KINDS:
            raise DataError(
                path, f"{where}.kind", f"{feed.kind!r} is not known", f"Choose one of {', '.join(KINDS)}."
            )
        if "://" not in feed.url:
            problem = path_problem(feed.url)
            if problem or not feed.url:
                raise DataError(path, f"{where}.url", problem or "is empty", _HERE)
        elif "@" in feed.url.split("://", 1)[1].split("/", 1)[0] or any(
            word in key.lower() for key in feed.options for word in ("password", "token", "secret")
        ):
            # a project file is sent to others
            raise DataError(
                path, where, "holds a password", "Take it out; `twin feed secret` keeps it in the keyring."
            )


def _once(ids: Iterable[str], where: str, path: Path, remedy: str) -> None:
    seen: set[str] = set()
    for number, name in enumerate(ids):
        if name in seen:
            raise DataError(path, f"{where}[{number}].id", f"{name!r} is there twice", remedy)
        seen.add(name)
