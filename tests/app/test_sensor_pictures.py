"""Pictures without a window have the sensors of the project, at the time of the state, and their source."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from twin.app import sensor_pictures
from twin.app.export_sheet import Press
from twin.feeds.store import Store
from twin.feeds.store_file import beside
from twin.model.project import Project
from twin.model.sensor import Datastream, Feed, Station, columns
from twin.model.sheet import Panel, Sheet
from twin.model.state import State
from twin.scene.credits import credits_of
from twin.scene.sensor_marks import SensorMarks
from twin.scene.sensors import moment_of
from twin.session.commands import choose_overlay, set_time
from twin.session.session import Session

PLACE = {"a": {"title": "A", "longitude": 24.93659, "latitude": 60.16969, "interval": 3600}}
FEED = Feed("made", "series", "made.csv", attribution="Somebody, CC0", options={"stations": PLACE})


@pytest.fixture
def measured(project: Project, small_session: Session, tmp_path: Path) -> Project:
    """With a file in which the temperature is the hour of the day."""
    day = small_session.state.time.date()
    rows = [f"{day}T{hour:02d}:00:00+03:00,a,{hour}" for hour in range(24)]
    (tmp_path / "made.csv").write_text("\n".join(["time,station,air_temperature", *rows]))
    feed = replace(FEED, options={"station": "station", **FEED.options})
    return replace(project, path=tmp_path / "small.twin.json", feeds=(feed,))


@pytest.fixture
def noon(small_session: Session) -> State:
    return small_session.state


@pytest.fixture
def pictured(measured: Project, noon: State) -> Iterator[Session]:
    made = sensor_pictures.session_of(measured, noon)
    yield made
    made.close()


def shown(session: Session) -> list[float]:
    marks = session.scene.items["sensors"]
    assert isinstance(marks, SensorMarks)
    return marks.sensed.values.tolist()


def test_values_are_those_of_the_time_of_the_state(pictured: Session, measured: Project, noon: State) -> None:
    assert shown(pictured) == [12.0]
    pictured.do(set_time, noon.time.replace(hour=7))
    assert shown(pictured) == [7.0]
    assert measured.path is not None
    assert sorted(file.name for file in measured.path.parent.iterdir()) == ["made.csv"]


def test_whose_values_they_are_is_told_also_below_an_overlay_with_a_legend(
    pictured: Session, measured: Project, noon: State
) -> None:
    assert any("Somebody, CC0" in line for line in credits_of(measured, noon, pictured.scene))
    pictured.do(choose_overlay, "heat")
    legend = pictured.scene.legend
    assert legend is not None
    assert "Somebody" not in legend.source
    assert any("Somebody, CC0" in line for line in credits_of(measured, pictured.state, pictured.scene))


def test_what_was_recorded_is_taken_before_the_files_and_stays_as_it_is(
    measured: Project, noon: State
) -> None:
    assert measured.path is not None
    kept = Store(beside(measured.path))
    stream = Datastream(
        "made/a/air_temperature", Station("made/a", "A", 24.93659, 60.16969), "air_temperature", "°C"
    )
    kept.describe([stream])
    kept.add(columns([(stream.id, noon.time.timestamp(), 0.0, 33.0, 0)]))
    kept.close()
    before = beside(measured.path).read_bytes()
    session = sensor_pictures.session_of(measured, noon)
    assert shown(session) == [33.0]
    session.close()
    assert beside(measured.path).read_bytes() == before


def test_a_recording_that_the_window_plays_is_what_its_pictures_show(
    measured: Project, noon: State, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tape = Store(tmp_path / "tape.sqlite")
    stream = Datastream("x/a", Station("x/a", "A", 24.93659, 60.16969), "air_temperature", "°C")
    tape.describe([stream])
    tape.add(columns([(stream.id, noon.time.timestamp(), 0.0, -5.0, 0)]))
    sensor_pictures.show(measured.path, tape.path)
    monkeypatch.setenv(sensor_pictures.SHOWN, str(sensor_pictures.shown(measured.path)))
    session = sensor_pictures.session_of(measured, noon)
    assert shown(session) == [-5.0]
    session.close()
    tape.close()
    sensor_pictures.show(measured.path, None)
    assert sensor_pictures.shown(measured.path) is None


def test_a_file_of_sensors_that_is_missing_is_told(measured: Project, noon: State) -> None:
    assert measured.path is not None
    (measured.path.parent / "made.csv").unlink()
    session = sensor_pictures.session_of(measured, noon)
    assert "sensors" not in session.scene.items
    assert any("made.csv" in notice and "missing" in notice for notice in session.scene.notices)
    session.close()


def test_a_printed_picture_differs_by_its_sensors(qapp: object, measured: Project, noon: State) -> None:
    press = Press(measured)
    with_sensors = press.draw(Sheet((Panel(noon),), (320, 200)))
    without = press.draw(Sheet((Panel(replace(noon, hidden=frozenset({"sensors"}))),), (320, 200)))
    press.close()
    assert (with_sensors != without).any()


def test_the_newest_value_is_asked_for_only_when_no_time_counts(noon: State) -> None:
    assert moment_of(noon) == noon.time.timestamp()
    assert moment_of(replace(noon, time_mode="off")) is None
