"""Keeps what was read from slow files, so that opening them again takes milliseconds."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from twin.errors import DataError
from twin.formats.atomic import put_cheaply
from twin.formats.cache_file import Arrays, mapped, parts
from twin.formats.cache_pack import pack_city, pack_layer, unpack_city, unpack_layer
from twin.formats.mesh_nearby import beside
from twin.formats.model_suffixes import IFC, MESHES, MODEL_SUFFIXES, TILESET, is_tileset
from twin.formats.report import Report
from twin.model.appearance import Appearance
from twin.model.city import City
from twin.model.layer import Layer
from twin.model.place import Place
from twin.model.placement import NOWHERE, Placement

FOLDER_VARIABLE = "TWIN_CACHE_DIR"
"""Environment variable that names another folder."""
MOST = 2 << 30
"""All entries together; the longest unused go first. [byte]"""
WHOLE = 1 << 20
"""A file up to this size is told by all its bytes. [byte]"""
END = 1 << 16
"""Of a larger one so much at both ends. [byte]"""
SUFFIX = ".arrays"
READ = 0.95
"""How much is done when a file was read and is not yet kept."""
MODULES = Path(__file__).parent
CITY_CODE = (
    *("georeference.py", "crs_area.py", "crs_names.py", "picture_path.py", "tessellate.py", "report.py"),
    *("cache_pack.py", "cache_file.py", "citygml_attributes.py", "attribute_texts.py", "tessellate_fast.py"),
    *("../model/triangulate.py", "../model/table.py", "../model/city.py", "../model/appearance.py"),
    "../model/faces.py",
)
"""The modules that decide what becomes of any city file; an entry is good as long as they are the same."""
CITYGML_CODE = (
    *sorted(file.name for file in MODULES.glob("citygml*.py")),
    "gml.py",
    "safe_xml.py",
    "world_file.py",
)
CITYJSON_CODE = (*sorted(file.name for file in MODULES.glob("cityjson*.py")), "strict_json.py", "compiled.py")
MODEL_CODE = tuple(
    sorted(file.name for kind in ("mesh", "ifc", "tiles3d") for file in MODULES.glob(f"{kind}*.py"))
)
LAYER_CODE = (
    *("vector.py", "vector_raw.py", "vector_place.py", "position_columns.py", "csv_points.py"),
    *("json_points.py", "kml.py", "geoparquet.py", "osm_layer.py", "gtfs_layer.py", "gtfs.py"),
    *("cache_pack.py", "cache_file.py"),
)
DAMAGED = (OSError, ValueError, KeyError, TypeError, IndexError)
"""What reading a broken entry may raise."""

T = TypeVar("T")
Progress = Callable[[float], None]
_log = logging.getLogger(__name__)


def folder() -> Path:
    """Where the entries lie."""
    chosen = os.environ.get(FOLDER_VARIABLE)
    if chosen:
        return Path(chosen)
    from platformdirs import user_cache_dir

    return Path(user_cache_dir("twin", appauthor=False))


def city(
    path: Path,
    place: Place | None,
    progress: Progress = lambda _: None,
    *,
    crs: str = "",
    placement: Placement = NOWHERE,
) -> tuple[City, Report]:
    """What the reader of a city model makes of the file, from the cache where it is there.

    Takes, means and raises the same as `citygml.read` and `mesh.read`.
    """
    read, code, others = CITIES.get(ending(path), CITIES[".gml"])

    def make() -> tuple[City, Report]:
        return read(path, place, crs, placement, lambda done: progress(READ * done))

    options = (place, crs, placement, beside(path) if others else ())
    key = key_of(path, (*CITY_CODE, *code), *options)
    writing: Progress = lambda done: progress(READ + (1 - READ) * done)  # noqa: E731
    try:
        found, report = stored(key, make, pack_city, unpack_city, writing)
    except MemoryError as error:
        problem = "needs more memory than is free"
        raise DataError(path, "", problem, "Cut it into smaller files.") from error
    if not others and found.appearance and not _beside(found.appearance, path):
        found, report = make()  # its equal in another folder was read before
    progress(1.0)
    return found, replace(report, path=str(path))


def _beside(appearance: Appearance, path: Path) -> bool:
    """Whether the pictures are there, in the folder of the file."""
    root = path.resolve().parent
    return all(image.path.is_relative_to(root) and image.path.is_file() for image in appearance.images)


def ending(path: Path) -> str:
    """What tells the reader of a city model."""
    return TILESET if is_tileset(path) else path.suffix.lower()


def _citygml(
    path: Path, place: Place | None, crs: str, _placement: Placement, progress: Progress
) -> tuple[City, Report]:
    from twin.formats import citygml

    return citygml.read(path, place=place, crs=crs, progress=progress)


def _cityjson(
    path: Path, place: Place | None, crs: str, _placement: Placement, progress: Progress
) -> tuple[City, Report]:
    from twin.formats import cityjson

    return cityjson.read(path, place=place, crs=crs, progress=progress)


def _model(
    path: Path, place: Place | None, crs: str, placement: Placement, progress: Progress
) -> tuple[City, Report]:
    from twin.formats import ifc, mesh, tiles3d

    kind = ending(path)
    read = mesh.read if kind in MESHES else ifc.read if kind in IFC else tiles3d.read
    pictures = folder() / "pictures"
    return read(path, place=place, crs=crs, placement=placement, pictures=pictures, progress=progress)


CITIES = {
    **dict.fromkeys((".gml", ".xml", ".citygml", ".gz"), (_citygml, CITYGML_CODE, False)),
    **dict.fromkeys((".json", ".jsonl"), (_cityjson, CITYJSON_CODE, False)),
    **dict.fromkeys(MODEL_SUFFIXES, (_model, MODEL_CODE, True)),
}
"""By the ending of the file: its reader, the modules that decide what comes of it, whether other files do."""


def layer(
    path: Path, options: Mapping[str, object], make: Callable[[], tuple[Layer, tuple[str, ...]]]
) -> tuple[Layer, tuple[str, ...]]:
    """A layer and its notices as `make` reads them from the file, from the cache where they are there.

    options: all else that the layer depends on; their `repr` must say everything.
    """
    key = key_of(path, LAYER_CODE, sorted(options.items()))
    return stored(key, make, pack_layer, unpack_layer)


def key_of(path: Path, code: tuple[str, ...], *options: object) -> str:
    """A name for what comes of the bytes of a file, the code that reads it, and options with a full `repr`.

    Raises DataError when the file cannot be opened.
    """
    try:
        digest = _digest(path)
    except OSError as error:
        raise DataError(path, "", f"cannot be opened: {error.strerror or error}") from error
    for name in code:
        module = MODULES / name
        digest.update(module.read_bytes() if module.is_file() else name.encode())
    digest.update(repr(options).encode())
    return digest.hexdigest()


def _digest(path: Path) -> hashlib._Hash:
    """What tells the bytes of a file from others: all of a small one, else its size, time, head and tail."""
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        if status.st_size <= WHOLE:
            return hashlib.file_digest(file, "sha256")
        digest = hashlib.sha256(repr((status.st_size, status.st_mtime_ns)).encode())
        digest.update(file.read(END))
        file.seek(-END, os.SEEK_END)
        digest.update(file.read(END))
    return digest


def stored(
    key: str,
    make: Callable[[], T],
    pack: Callable[[T], Arrays],
    unpack: Callable[[Arrays], T],
    writing: Progress = lambda _: None,
) -> T:
    """What is stored under `key`; made and stored where there is nothing, or something damaged.

    pack and unpack: to named arrays without objects, and back. writing: called while it is stored, may raise
    to give up. A cache that cannot be written changes
    nothing but the time it takes.
    """
    entry = folder() / f"{key}{SUFFIX}"
    if entry.is_file():
        try:
            found = unpack(mapped(entry))
            os.utime(entry)
        except DAMAGED as error:
            _log.warning("The cache entry %s is damaged (%s); it is made again.", entry.name, error)
        else:
            return found
    made = make()
    try:
        entry.parent.mkdir(parents=True, exist_ok=True)
        put_cheaply(entry, _told(pack(made), writing))
        _shrink(entry)
    except (OSError, DataError) as error:
        _log.warning("The cache cannot be written: %s", error)
    return made


def _told(arrays: Arrays, writing: Progress) -> Iterator[bytes | memoryview]:
    """The parts of an entry, and how many of them were written."""
    writing(0.0)
    whole, done = sum(array.nbytes for array in arrays.values()), 0
    for part in parts(arrays):
        yield part
        done += len(part)
        writing(min(done / max(whole, 1), 1.0))


def _shrink(newest: Path) -> None:
    """Delete the longest unused entries until all fit."""
    for old in newest.parent.glob("*.npz"):  # an earlier kind
        old.unlink(missing_ok=True)
    entries = [(entry.stat(), entry) for entry in newest.parent.glob(f"*{SUFFIX}")]
    total = sum(status.st_size for status, _ in entries)
    for status, entry in sorted(entries, key=lambda item: item[0].st_mtime_ns):
        if total <= MOST:
            break
        if entry != newest:
            entry.unlink(missing_ok=True)
            total -= status.st_size
