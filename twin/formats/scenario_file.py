"""Reads and writes scenarios as GeoJSON that a planner can draw in a GIS: each feature is one edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from twin.errors import DataError
from twin.formats import strict_json
from twin.formats.atomic import BACKUPS, replace_file
from twin.formats.edit_json import Fault, edit_from, properties_of
from twin.formats.lonlat import LonLat
from twin.model.place import Place
from twin.model.scenario import Edit, Scenario

SUFFIXES = (".geojson", ".json")
TODAY = Scenario("today", "Today")
_WGS84 = ("CRS84", "EPSG::4326", "EPSG:4326", "WGS84")


@dataclass(frozen=True, slots=True)
class _Part:
    """One file, without what it includes."""

    path: Path
    scenario: Scenario
    includes: tuple[str, ...]


def read(path: Path, place: Place) -> Scenario:
    """The scenario of one file, the edits of the scenarios it includes first, each once.

    A FeatureCollection after RFC 7946 with the members title, description, illustrative and includes
    (names of files beside it, without ending). Raises DataError naming file, feature, field and remedy.
    """
    return _whole(_part(path, place), place, {})


def read_folder(folder: Path, place: Place) -> tuple[tuple[Scenario, ...], tuple[str, ...]]:
    """All scenarios of a folder and what was wrong with the ones left out.

    Order: `today` (made where the folder has none), then by file name, those that include others last.
    """
    parts: dict[str, _Part] = {}
    found: list[_Part] = []
    notices: list[str] = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.name.startswith((".", "story.")):
            try:
                if path.stem in parts:
                    other = parts[path.stem].path.name
                    raise DataError(path, "", f"has the same name as {other}", "Rename one of them.")
                found.append(_part(path, place))
                parts[path.stem] = found[-1]
            except DataError as error:
                notices.append(str(error))
    scenarios = [] if "today" in parts else [TODAY]
    for part in sorted(found, key=lambda p: (p.path.stem != "today", bool(p.includes), p.path.name)):
        try:
            scenarios.append(_whole(part, place, parts))
        except DataError as error:
            notices.append(str(error))
    return tuple(scenarios), tuple(notices)


def write(scenario: Scenario, path: Path, place: Place, *, whole: bool = True) -> None:
    """Write a scenario into a file; a file already there goes to `.backups`.

    whole: with all that it inherits, so that the file stands alone; otherwise it includes the files of its
    parents, which lie beside it. Coordinates keep nine decimals, a tenth of a millimetre. Raises DataError
    when it cannot be written.
    """
    tree = _tree(scenario, LonLat(place), scenario.edits if whole else scenario.own)
    if scenario.parents and not whole:
        tree["includes"] = list(scenario.parents)
    replace_file(path, strict_json.dump(strict_json.laid_over(None, tree, path)), backups=BACKUPS)


def text_of(scenario: Scenario, place: Place) -> bytes:
    """What a file would say of a scenario; equal for two that differ by less than a file keeps."""
    tree = _tree(scenario, LonLat(place), scenario.own)
    tree["includes"] = list(scenario.parents)
    return strict_json.dump(strict_json.laid_over(None, tree, Path(scenario.id)))


def from_text(text: bytes, scenario_id: str, place: Place) -> Scenario:
    """The scenario that `text_of` was given, without what it inherits. Raises DataError."""
    part = _parsed(strict_json.parse(text, Path(scenario_id)), Path(scenario_id), place)
    return replace(part.scenario, id=scenario_id, parents=part.includes)


def _tree(scenario: Scenario, lonlat: LonLat, edits: tuple[Edit, ...]) -> dict[str, Any]:
    tree: dict[str, Any] = {"type": "FeatureCollection", "title": scenario.title}
    if scenario.description:
        tree["description"] = scenario.description
    if scenario.illustrative:
        tree["illustrative"] = True
    if scenario.locked:
        tree["locked"] = True
    tree["features"] = [
        {
            "type": "Feature",
            "id": edit.id,
            "properties": properties_of(edit),
            "geometry": lonlat.geometry_of(edit),
        }
        for edit in edits
    ]
    return tree


def _whole(part: _Part, place: Place, parts: dict[str, _Part]) -> Scenario:
    """The scenario with the edits of all it includes; `parts` are the files read so far."""
    edits: dict[str, Edit] = {}
    origin: dict[str, str] = {}
    for included in _in_order(part, place, parts, (), set()):
        for edit in included.scenario.edits:
            if edit.id in edits:
                raise DataError(
                    part.path,
                    "includes",
                    f"the edit {edit.id!r} is both in {origin[edit.id]} and in {included.path.stem}",
                    "Give one of the features another id.",
                )
            edits[edit.id] = edit
            origin[edit.id] = included.path.stem
    return replace(
        part.scenario,
        edits=tuple(edits.values()),
        parents=part.includes,
        inherited=len(edits) - len(part.scenario.edits),
    )


def _in_order(
    part: _Part, place: Place, parts: dict[str, _Part], trail: tuple[str, ...], done: set[str]
) -> list[_Part]:
    """All that a file includes, each once, before the file itself."""
    trail = (*trail, part.path.stem)
    found: list[_Part] = []
    for name in part.includes:
        if name in trail:
            circle = " → ".join((*trail, name))
            raise DataError(part.path, "includes", f"goes in a circle: {circle}", "Take one of them out.")
        if name not in done:
            if name not in parts:
                parts[name] = _beside(part, name, place)
            found += _in_order(parts[name], place, parts, trail, done)
    done.add(part.path.stem)
    return [*found, part]


def _beside(part: _Part, name: str, place: Place) -> _Part:
    for path in (part.path.with_name(name + suffix) for suffix in SUFFIXES):
        if path.is_file():
            try:
                return _part(path, place)
            except DataError as error:
                raise DataError(
                    part.path,
                    "includes",
                    f"{name!r} cannot be read: {error.problem}",
                    f"Mend {path.name} first.",
                ) from error
    remedy = f"Name a scenario file of the folder {part.path.resolve().parent.name}, without its ending."
    raise DataError(part.path, "includes", f"{name!r} is not beside it", remedy)


def _part(path: Path, place: Place) -> _Part:
    return _parsed(strict_json.read(path), path, place)


def _parsed(tree: Any, path: Path, place: Place) -> _Part:
    if not isinstance(tree, dict) or tree.get("type") != "FeatureCollection":
        raise DataError(path, "type", "is not a FeatureCollection", "Export the layer as GeoJSON (RFC 7946).")
    _check_crs(path, tree.get("crs"))
    title = _member(path, tree, "title", str, path.stem.replace("_", " ").replace("-", " ").capitalize())
    description = _member(path, tree, "description", str, "")
    illustrative = _member(path, tree, "illustrative", bool, False)
    includes = _member(path, tree, "includes", list, [])
    if not all(isinstance(name, str) and name and not set(name) & set("/\\:") for name in includes):
        raise DataError(path, "includes", "has to be a list of file names", "Leave out folder and ending.")
    features = _member(path, tree, "features", list, [])
    lonlat = LonLat(place) if features else None
    edits: dict[str, Edit] = {}
    for number, feature in enumerate(features, start=1):
        where = f"feature {number}"
        try:
            if not isinstance(feature, Mapping) or lonlat is None:
                raise Fault("", "is not a feature", "Export the layer as GeoJSON (RFC 7946).")
            edit = edit_from(feature, f"{path.stem}-{number}", lonlat)
            where += f" ({edit.id})"
            if edit.id in edits:
                raise Fault("id", f"{edit.id!r} is there twice", "Give each feature its own id.")
        except Fault as fault:
            place_in_file = ", ".join(filter(None, (where, fault.field)))
            raise DataError(path, place_in_file, fault.problem, fault.remedy) from fault
        edits[edit.id] = edit
    locked = _member(path, tree, "locked", bool, False)
    scenario = Scenario(path.stem, title, description, illustrative, tuple(edits.values()), locked=locked)
    return _Part(path, scenario, tuple(includes))


def _member(path: Path, tree: Mapping[str, Any], name: str, kind: type, usual: Any) -> Any:
    value = tree.get(name)
    if value is None:
        return usual
    if not isinstance(value, kind):
        words = {str: "a text", bool: "true or false", list: "a list"}
        raise DataError(path, name, f"is not {words[kind]}", "Correct it or leave it out.")
    return value


def _check_crs(path: Path, crs: Any) -> None:
    if crs is not None and not str(crs).replace("'", "").rstrip("} ").endswith(_WGS84):
        raise DataError(
            path, "crs", "is not WGS 84", "Export the layer again with longitude and latitude (EPSG:4326)."
        )
