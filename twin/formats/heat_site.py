"""Reads a measured site: a folder whose site.json names its grids, its weather and what was measured."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from twin.errors import DataError
from twin.formats import strict_json
from twin.formats.heat_grids import read_grids
from twin.formats.weather import read_weather
from twin.model.heat_site import HeatSite, Observation, SiteGrids
from twin.model.weather import Weather

FILL = 3.0
"""Longest gap in the weather that is filled between its neighbours. [h]"""
WORDS = {
    "roof": "roof building tak",
    "water": "water",
    "grass": "grass lawn meadow deciduous evergreen conifer tree vegetation shrub wood",
    "bare_soil": "soil bare sand gravel earth dirt unpaved",
    "asphalt": "asphalt tarmac bitumen road",
    "cobblestone": "cobble stone paved paving concrete sett tile brick",
}
"""Names of covers by the words in them, the first that fits; `wall` is none of the ground."""
UMEP_CODES = {
    "0": "cobblestone",
    "1": "asphalt",
    "2": "roof",
    "3": "grass",
    "4": "grass",
    "5": "grass",
    "6": "bare_soil",
    "7": "water",
}
"""Of UMEP, for codes that site.json does not name."""
MEASURED = {
    "tmrt": ("tmrt", "tmrt_obs", "mrt", "t_mrt"),
    "kdown": ("kdown", "k_down", "kdn", "kd"),
    "ldown": ("ldown", "l_down", "ldn", "ld"),
}
_DATE = "date"


def read_site(folder: Path) -> HeatSite:
    """All that site.json names. Raises DataError."""
    path = folder / "site.json"
    if not path.is_file():
        raise DataError(path, "", "is missing", "Choose a folder with a site.json.")
    tree = strict_json.read(path)
    if not isinstance(tree, dict):
        raise DataError(path, "", "is no object")
    if not isinstance(tree.get("dsm"), str):
        raise DataError(path, "dsm", "names no surface model")
    names = {
        key: tree[given]
        for key, given in (*((k, k) for k in ("dsm", "dem", "cdsm", "tdsm", "land_cover")), ("tdsm", "trunk"))
        if isinstance(tree.get(given), str)
    }
    point = tree.get("point")
    if not (isinstance(point, list) and len(point) >= 2 and all(isinstance(x, int | float) for x in point)):
        raise DataError(path, "point", "is no pair of coordinates")
    grids = read_grids(
        folder,
        names,
        str(tree.get("crs") or ""),
        (float(point[0]), float(point[1])),
        trunk=_number(tree, ("trunk_ratio",), 0.25),
    )
    notices = list(grids.notices)
    longitude = _number(tree, ("longitude", "lon"), grids.longitude)
    latitude = _number(tree, ("latitude", "lat"), grids.latitude)
    offset = _number(tree, ("utc_offset_hours", "utc_offset"), float(round(longitude / 15)))
    weather = _weather(path, tree.get("met"), offset)
    notices += [notice for one in weather for notice in one.notices]
    given = tree.get("body")
    body: dict[str, Any] = given if isinstance(given, dict) else {}
    cover, materials = _cover(grids, tree.get("land_cover_codes"), notices)
    return HeatSite(
        str(tree.get("name") or folder.name),
        grids,
        cover,
        materials,
        longitude,
        latitude,
        offset,
        weather,
        _observations(path, tree.get("measured"), _days(tree.get("met"))),
        "sitting" if str(body.get("posture", "")).lower().startswith("sit") else "standing",
        _number(body, ("absorption_shortwave",), 0.70),
        _number(body, ("absorption_longwave",), 0.97),
        _number(tree, ("transmissivity", "tree_transmissivity"), 0.03),
        tuple(dict.fromkeys(notices)),
    )


def _number(tree: Mapping[str, Any], keys: Iterable[str], otherwise: float) -> float:
    for key in keys:
        value = tree.get(key)
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
    return otherwise


def _entries(met: Any) -> list[dict[str, Any]]:
    given = met if isinstance(met, list) else [met]
    return [{"file": one} if isinstance(one, str) else one for one in given if isinstance(one, str | dict)]


def _days(met: Any) -> list[date]:
    return [day for entry in _entries(met) for day in [_day(str(entry.get(_DATE) or ""))] if day]


def _weather(path: Path, met: Any, offset: float) -> tuple[Weather, ...]:
    files = dict.fromkeys(str(entry["file"]) for entry in _entries(met) if entry.get("file"))
    if not files:
        raise DataError(path, "met", "names no weather file")
    return tuple(read_weather(path.parent / name, utc_offset=offset, fill=FILL, gaps=True) for name in files)


def _cover(grids: SiteGrids, codes: Any, notices: list[str]) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
    """Materials of the ground; cobblestone where nobody knows, as SOLWEIG without land cover."""
    materials = tuple(WORDS)
    plain = materials.index("cobblestone")
    if grids.cover is None:
        notices.append("no land cover: all ground is taken for paving")
        return np.full(grids.surface.shape, plain, dtype=np.uint8), materials
    named = _named(codes)
    found = np.full(grids.surface.shape, plain, dtype=np.uint8)
    for code in np.unique(grids.cover):
        said = named.get(int(code), "")
        material = material_of(said) or UMEP_CODES.get(str(code), "")
        if material:
            found[grids.cover == code] = materials.index(material)
        elif code >= 0:
            notices.append(f"land cover {code} ({said or 'without a name'}) is taken for paving")
    return found, materials


def _named(codes: Any) -> dict[int, str]:
    """Names of codes, whichever of the two stands first."""
    found: dict[int, str] = {}
    for first, second in codes.items() if isinstance(codes, dict) else ():
        for code, name in ((first, second), (second, first)):
            try:
                found[int(float(code))] = str(name)
                break
            except (TypeError, ValueError):
                continue
    return found


def material_of(name: str) -> str:
    """The material whose word is in a name; empty for none."""
    words = re.findall(r"[a-z]+", name.lower())
    for material, known in WORDS.items():
        if any(word.startswith(start) for start in known.split() for word in words):
            return material
    return ""


def _observations(path: Path, measured: Any, days: list[date]) -> tuple[Observation, ...]:
    entries = [
        {"file": one} if isinstance(one, str) else one
        for one in (measured if isinstance(measured, list) else [measured])
        if isinstance(one, str | dict)
    ]
    if not entries:
        raise DataError(path, "measured", "names no file of measurements")
    found: list[Observation] = []
    for number, entry in enumerate(entries):
        own = _day(str(entry.get(_DATE) or ""))
        one = own or (days[number] if len(entries) == len(days) else days[0] if len(days) == 1 else None)
        found += _rows(path.parent / str(entry.get("file")), entry.get("date_column"), one, days)
    return tuple(found)


def _rows(path: Path, date_column: Any, day: date | None, days: list[date]) -> list[Observation]:
    if not path.is_file():
        raise DataError(path, "", "is missing", "Look at the name in site.json.")
    text = path.read_text(encoding="utf-8-sig")
    first = text.splitlines()[0] if text else ""
    mark = next((m for m in ";\t," if m in first), ",")
    found = []
    for number, raw in enumerate(csv.DictReader(text.splitlines(), delimiter=mark), 2):
        row = {_plain(str(key)): str(value or "").strip() for key, value in raw.items()}
        said = row.get(_plain(str(date_column)), "") if date_column else row.get(_DATE, "")
        when = _day(said, days) or day
        if when is None:
            raise DataError(path, f"line {number}", "has no date", "Name its column in `date_column`.")
        hour, minute = _clock(row, said)
        if hour is None:
            raise DataError(path, f"line {number}", "has no hour", "Name a column `hour`.")
        when, hour = when + timedelta(days=hour // 24), hour % 24
        values = {key: _value(row, names) for key, names in MEASURED.items()}
        found.append(Observation(when, hour, minute, values))
    if not found:
        raise DataError(path, "", "has no row of measurements")
    return found


def _clock(row: Mapping[str, str], said: str) -> tuple[int | None, int | None]:
    """Hour and minute of a row; the minute only where the row says it."""
    for text in (row.get("hour"), row.get("it"), row.get("hh"), row.get("h"), row.get("time"), said):
        if not text:
            continue
        clock = re.search(r"(\d{1,2}):(\d{2})", text)
        if clock:
            return int(clock[1]), int(clock[2])
        if re.fullmatch(r"\d{1,2}(\.\d+)?", text):
            hours = float(text)
            told = next((row[key] for key in ("minute", "min", "imin") if row.get(key)), None)
            if told is not None:
                return int(hours), int(float(told))
            part = round((hours - int(hours)) * 60)
            return int(hours), part or None
    return None, None


def _value(row: Mapping[str, str], names: Iterable[str]) -> float:
    text = next((row[name] for name in names if name in row), "")
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return math.nan
    return value if value > -900 else math.nan


def _plain(name: str) -> str:
    """The name of a column, in small letters and without its unit."""
    return re.sub(r"[\[(].*?[\])]", "", name).strip().lower()


def _day(text: str, known: Iterable[date] = ()) -> date | None:  # noqa: PLR0911  # a return a form
    """A date as 2006-07-26, 20060726, 060726, 26.7.2006, 26/7/2006, 2006207 or 2006-207; None for none.

    known: the days of the weather, of which a bare day of the year, or 7/26/2006, may be one.
    """
    text = text.strip().split("T")[0].split(" ")[0].removesuffix(".0")
    try:
        if re.fullmatch(r"\d{4}[-/]\d{1,2}[-/]\d{1,2}", text):
            return date(*(int(part) for part in re.split(r"[-/]", text)))
        if re.fullmatch(r"\d{8}", text):
            return date(int(text[:4]), int(text[4:6]), int(text[6:]))
        if re.fullmatch(r"\d{6}", text):
            return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
        if re.fullmatch(r"\d{1,2}[./]\d{1,2}[./]\d{4}", text):
            d, m, y = (int(part) for part in re.split("[./]", text))
            return next((day for day in known if (day.year, day.month, day.day) == (y, d, m)), None) or date(
                y, m, d
            )
        if re.fullmatch(r"\d{1,3}", text):
            return next((day for day in known if day.timetuple().tm_yday == int(text)), None)
        if re.fullmatch(r"\d{4}-?\d{3}", text):
            return date(int(text[:4]), 1, 1) + timedelta(days=int(text[-3:]) - 1)
    except ValueError:
        return None
    return None
