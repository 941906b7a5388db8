"""The choice of weather survives as JSON, and what cannot be is refused by name."""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from twin.errors import DataError
from twin.formats import state_json
from twin.formats.weather_choice import chosen_weather, named
from twin.model.place import Place
from twin.model.state import State
from twin.model.weather import MEASURED, HotDay
from twin.session.heat_commands import choose_weather, set_heat_cell, set_hot_day

ZONE = ZoneInfo("Europe/Helsinki")
STATE = State("today", datetime(2026, 7, 15, 15, tzinfo=ZONE))
PLACE = Place("EPSG:3879", (0.0, 0.0, 0.0), 24.94, 60.17, "Europe/Helsinki")


def test_weather_hot_day_and_cells_survive_json() -> None:
    state = set_hot_day(choose_weather(set_heat_cell(STATE, 4.0), "weather/july.csv"), HotDay(wind=0.5))
    assert state_json.decode(state_json.encode(state), ZONE) == state


def test_what_is_usual_is_not_written() -> None:
    assert not {"weather", "hot_day", "heat_cell"} & state_json.encode(STATE).keys()


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        (replace(STATE, heat_cell=0.1), "heat_cell"),
        (replace(STATE, weather=""), "weather"),
        (replace(STATE, hot_day=HotDay(wind=40)), "hot_day.wind"),
        (replace(STATE, hot_day=HotDay(highest=20, lowest=25)), "hot_day.lowest"),
    ],
)
def test_what_cannot_be_is_named(wrong: State, where: str) -> None:
    with pytest.raises(DataError) as error:
        state_json.check(wrong, Path("view"))
    assert where in str(error.value)


def test_the_measured_day_comes_with_the_program() -> None:
    weather = chosen_weather(MEASURED, None, PLACE, date(2026, 7, 15))
    assert len(weather.ends) == 24
    assert weather.air_temperature.max() == pytest.approx(29.6)
    assert "Finnish Meteorological Institute" in weather.source


def test_a_file_in_the_folder_of_the_project_is_named_from_there(tmp_path: Path) -> None:
    project, file = tmp_path / "area.twin.json", tmp_path / "weather" / "july.csv"
    assert named(file, project) == "weather/july.csv"
    assert named(Path("/elsewhere/july.csv"), project) == "/elsewhere/july.csv"


def test_a_weather_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none\.epw"):
        chosen_weather("none.epw", tmp_path / "area.twin.json", PLACE, date(2026, 7, 15))
