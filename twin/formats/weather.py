"""Reads weather: EPW, test reference years of FMI, met files of UMEP, and tables with a heading."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from twin.errors import DataError
from twin.formats.weather_check import Columns, Floats, checked
from twin.formats.weather_write import SOURCE
from twin.model.weather import Weather

NAMES = {
    "air_temperature": "air_temperature temperature temp tair ta t tdb t2m drybulb dry_bulb",
    "relative_humidity": "relative_humidity humidity rh rhum",
    "wind": "wind wind_speed windspeed ws u va uwind",
    "global_radiation": "global_radiation global ghi kdown kdn k_down radg global_rad swdown rsds g",
    "diffuse_radiation": "diffuse_radiation diffuse dhi kdiff d_h",
    "pressure": "pressure press pres p",
    "sky_longwave": "sky_longwave longwave ldown l_down lwdown",
}
"""What tables call their columns, in small letters and without units in brackets."""
MISSING = -900.0
"""Values below stand for none, as -999 and -9999."""


def read_weather(
    path: Path, *, utc_offset: float, year: int | None = None, fill: float = 0.0, gaps: bool = False
) -> Weather:
    """The weather of a file, whichever of the formats it has.

    utc_offset: of the file's clock, where it does not say it itself. [h]
    year: that a test reference year is to be taken for; None: its own.
    fill: longest gap of single values that is filled between its neighbours. [h]
    gaps: let days be missing between others.
    Raises DataError: no such file, unknown columns, other units, values missing, steps that differ.
    """
    if not path.is_file():
        raise DataError(path, "", "is missing", "Choose another file.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        text = path.read_text(encoding="latin-1")
    lines = text.splitlines()
    if not lines:
        raise DataError(path, "", "is empty", "Choose another file.")
    if lines[0].upper().startswith("LOCATION,"):
        times, columns, source = _epw(path, lines, year)
    elif any(line.upper().replace(" ", "").startswith("STEP;YEAR;MON") for line in lines[:5]):
        times, columns, source = _fmi(path, lines, year)
    else:
        times, columns, source = _table(path, lines, utc_offset)
    return checked(path, times, columns, source, fill=fill, gaps=gaps)


def _epw(path: Path, lines: list[str], year: int | None) -> tuple[Floats, Columns, str]:
    """EnergyPlus: the hour of a row is the one that ends then, in standard time."""
    place = lines[0].split(",")
    try:
        offset = float(place[8])
    except (IndexError, ValueError):
        raise DataError(path, "line 1", "does not say the time zone") from None
    rows = [(number, line.split(",")) for number, line in enumerate(lines, 1) if line[:1].isdigit()]
    rows = [(number, row) for number, row in rows if len(row) >= 22]
    if not rows:
        raise DataError(path, "", "has no row of data", "Choose another EPW file.")
    times = [
        _time(path, number, year or int(row[0]), int(row[1]), int(row[2]), offset) + float(row[3]) * 3600
        for number, row in rows
    ]

    def column(index: int, none: float) -> Floats:
        found = np.array([_number(path, number, row[index]) for number, row in rows])
        found[found >= none] = np.nan
        return found

    columns = {
        "air_temperature": column(6, 99.9),
        "relative_humidity": column(8, 999),
        "pressure": column(9, 999999) / 100,
        "global_radiation": column(13, 9999),
        "diffuse_radiation": column(15, 9999),
        "wind": column(21, 999),
    }
    infrared = column(12, 9999)
    if np.isfinite(infrared).any() and np.nanmax(infrared) > 0:
        columns["sky_longwave"] = infrared
    return np.array(times), columns, f"{path.name}: {place[1]}, {place[4]}"


def _fmi(path: Path, lines: list[str], year: int | None) -> tuple[Floats, Columns, str]:
    """Test reference year of the Finnish Meteorological Institute: the hour of a row begins then, UTC+2."""
    head = next(n for n, line in enumerate(lines) if line.upper().startswith("STEP;YEAR"))
    names = [name.strip().upper() for name in lines[head].split(";")]
    wanted = ("YEAR", "MON", "DAY", "HOUR", "TEMP", "RH", "WS", "GHI", "DHI")
    absent = [name for name in wanted if name not in names]
    if absent:
        raise DataError(path, f"line {head + 1}", f"has no column {', '.join(absent)}")
    rows = [
        (number, line.split(";")) for number, line in enumerate(lines[head + 1 :], head + 2) if line.strip()
    ]
    for number, row in rows:
        if len(row) < len(names):
            raise DataError(path, f"line {number}", f"has {len(row)} values, the heading has {len(names)}")
    at = {name: names.index(name) for name in wanted}
    value = {
        name: np.array([_number(path, number, row[at[name]]) for number, row in rows]) for name in wanted
    }
    times = [
        _time(path, number, year or int(y), int(m), int(d), 2.0) + (h + 1) * 3600
        for (number, _), y, m, d, h in zip(
            rows, *(value[name] for name in ("YEAR", "MON", "DAY", "HOUR")), strict=True
        )
    ]
    columns = {
        "air_temperature": value["TEMP"],
        "relative_humidity": value["RH"],
        "wind": value["WS"],
        "global_radiation": value["GHI"],
        "diffuse_radiation": value["DHI"],
    }
    return np.array(times), columns, f"{path.name}: Finnish Meteorological Institute, CC BY 4.0"


def _table(path: Path, lines: list[str], utc_offset: float) -> tuple[Floats, Columns, str]:
    """A heading and rows, parted by commas, semicolons, tabs or blanks; a row's time ends its interval."""
    head = next(
        (n for n, line in enumerate(lines) if re.search(r"[A-Za-z]", line) and not line.startswith("#")), None
    )
    if head is None:
        raise DataError(path, "line 1", "has no heading that names its columns")
    heading = lines[head].lstrip("%# \t")
    mark = next((m for m in ";\t," if m in heading), None)
    names = [_plain(name) for name in (heading.split(mark) if mark else heading.split())]
    rows = []
    for number, line in enumerate(lines[head + 1 :], head + 2):
        if not line.strip() or line.startswith("#"):
            continue
        row = [cell.strip() for cell in (next(csv.reader([line], delimiter=mark)) if mark else line.split())]
        if not any(cell and set(cell) != {"-", "9"} for cell in row):
            continue
        if len(row) < len(names):
            raise DataError(path, f"line {number}", f"has {len(row)} values, the heading has {len(names)}")
        rows.append((number, row))
    if not rows:
        raise DataError(path, "", "has no row of data", "Choose another file.")
    # UMEP ends its files with rows of -9 in all columns
    rows = [(number, row) for number, row in rows if not row[0].startswith("-9")]
    columns: Columns = {}
    umep = {"iy", "id", "it"} <= set(names)
    for key, known in NAMES.items():
        name = next((n for n in known.split() if n in names), None)
        if umep and key == "air_temperature" and "td" in names:
            name = "td"  # dry bulb there, dew point elsewhere
        if name is not None:
            at = names.index(name)
            found = np.array([_number(path, number, row[at], mark) for number, row in rows])
            columns[key] = np.where(found < MISSING, np.nan, found)
    if umep and "pressure" in columns:
        columns["pressure"] = _hectopascal(columns["pressure"])
    times = [_row_time(path, number, dict(zip(names, row, strict=False)), utc_offset) for number, row in rows]
    said = next((line for line in lines[:head] if line.startswith(SOURCE)), "")
    return np.array(times), columns, said.removeprefix(SOURCE).strip() or path.name


def _plain(name: str) -> str:
    return re.sub(r"[\[(].*?[\])]", "", name).strip().strip('"').lower().replace(" ", "_").rstrip("_")


def _hectopascal(pressure: Floats) -> Floats:
    """UMEP asks for kPa and is often given hPa; nothing lies between the two."""
    return np.where(pressure < 200, pressure * 10, pressure)


def _row_time(path: Path, number: int, row: Mapping[str, str], utc_offset: float) -> float:
    place = f"line {number}"
    try:
        if {"iy", "id", "it"} <= row.keys():
            start = datetime(int(float(row["iy"])), 1, 1, tzinfo=UTC)
            found = start + timedelta(
                days=float(row["id"]) - 1, hours=float(row["it"]), minutes=float(row.get("imin", "0"))
            )
            return found.timestamp() - utc_offset * 3600
        said = next((row[key] for key in ("time", "datetime", "timestamp", "date_time") if key in row), None)
        if said is None or ("date" in row and len(said) <= 8):
            said = f"{row['date']} {said or row['hour'].zfill(2) + ':00'}"
        moment = datetime.fromisoformat(said)
    except (KeyError, ValueError):
        raise DataError(
            path, place, "has no time that can be read", "Name a column `time` and write 2026-07-15T14:00."
        ) from None
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC).timestamp() - utc_offset * 3600
    return moment.timestamp()


def _time(path: Path, number: int, year: int, month: int, day: int, offset: float) -> float:
    try:
        return datetime(year, month, day, tzinfo=UTC).timestamp() - offset * 3600
    except ValueError:
        if (month, day) == (2, 29):
            return datetime(year, 2, 28, tzinfo=UTC).timestamp() - offset * 3600 + 86400
        raise DataError(path, f"line {number}", f"{year}-{month}-{day} is no date") from None


def _number(path: Path, number: int, text: str, mark: str | None = ",") -> float:
    text = text.strip()
    if mark != ",":
        text = text.replace(",", ".")  # as it is written in Finland
    if text.lower() in ("", "nan", "na", "-"):
        return math.nan
    try:
        return float(text)
    except ValueError:
        raise DataError(path, f"line {number}", f"{text!r} is no number") from None
