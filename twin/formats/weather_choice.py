"""Finds the weather that a state names: what comes with the program, or a file beside the project."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path

from twin.formats.weather import read_weather
from twin.model.place import Place
from twin.model.weather import MEASURED, Weather

BUNDLED = Path(__file__).parents[2] / "assets" / "helsinki" / "weather" / "hot_day.csv"


def chosen_weather(name: str, beside: Path | None, place: Place, day: date) -> Weather:
    """The weather of a file, or the measured day of the program. Raises DataError.

    name: MEASURED or a path, relative to the folder of the project file `beside`. day: whose year a test
    reference year is taken for.
    """
    path = BUNDLED if name == MEASURED else Path(name)
    if not path.is_absolute() and beside is not None:
        path = beside.parent / path
    return read_weather(path, utc_offset=standard_offset(place, day), year=day.year)


def standard_offset(place: Place, day: date) -> float:
    """Of the clock that weather stations keep all year, from UTC. [h]"""
    noon = datetime.combine(day, time(12), place.zone)
    offset, summer = noon.utcoffset(), noon.dst()
    return ((offset.total_seconds() if offset else 0) - (summer.total_seconds() if summer else 0)) / 3600


def named(path: Path, beside: Path | None) -> str:
    """How a state names a weather file: relative where it lies in the folder of the project."""
    folder = beside.parent.resolve() if beside is not None else None
    path = path.resolve()
    return path.relative_to(folder).as_posix() if folder and path.is_relative_to(folder) else str(path)
