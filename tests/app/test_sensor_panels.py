"""Panels of sensors: the model beside what was measured, curves with a range to drag, and what they write."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from pyproj import Transformer
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QTableWidget
from pytestqt.qtbot import QtBot

from twin.app import sensor_export
from twin.app.chart_panel import ChartPanel
from twin.app.sensor_residuals import ResidualsPanel
from twin.app.time_panel import TimePanel
from twin.feeds.heard import Teller
from twin.feeds.store import Store
from twin.model.city import empty
from twin.model.heard import Heard
from twin.model.place import Place
from twin.model.sensor import Datastream, Quality, Station, columns
from twin.scene.sensor_marks import SensorMarks
from twin.scene.sensors import HEARD
from twin.session.commands import set_time
from twin.session.sensor_commands import chart_only, set_range
from twin.session.session import Session

PLACES = {"square": (-30.0, -20.0), "inside": (20.0, 10.0), "away": (4000.0, 0.0)}
"""Local easting and northing: in the open, within a house, out of the area. [m]"""


def station(name: str, at: tuple[float, float], place: Place) -> Station:
    back = Transformer.from_crs(place.crs, "EPSG:4326", always_xy=True)
    longitude, latitude = back.transform(at[0] + place.origin[0], at[1] + place.origin[1])
    return Station(f"f/{name}", name.title(), longitude, latitude)


@pytest.fixture
def store(small_session: Session) -> Iterator[Store]:
    """Three stations that say 20 °C and the hour of the day in tenths, and one bad value."""
    made, place = Store(None), small_session.project.place
    begin = small_session.state.time.replace(hour=0)
    streams = [
        Datastream(f"f/{name}", station(name, at, place), "air_temperature", "°C", interval=3600.0)
        for name, at in PLACES.items()
    ]
    made.describe(streams)
    for stream in streams:
        stamps = [(begin + timedelta(hours=hour)).timestamp() for hour in range(24)]
        made.add(columns([(stream.id, when, when, 20 + n / 10, 0) for n, when in enumerate(stamps)]))
    made.add(columns([("f/square", stamps[-1] + 60, stamps[-1] + 60, 99.0, Quality.RANGE)]))
    yield made
    made.close()


@pytest.fixture
def heard(store: Store, small_session: Session) -> Heard:
    found = Teller(store, small_session.project.place, ()).heard()
    small_session.bring(HEARD, found)
    return found


def cells(table: QTableWidget) -> list[list[str]]:
    return [
        [item.text() if (item := table.item(row, column)) else "" for column in range(table.columnCount())]
        for row in range(table.rowCount())
    ]


@pytest.fixture
def residuals(qtbot: QtBot, small_session: Session, heard: Heard) -> ResidualsPanel:
    made = ResidualsPanel(small_session)
    qtbot.addWidget(made)
    small_session.changed.connect(made.refresh)
    made.show()
    return made


def test_measured_and_modelled_stand_side_by_side_or_the_reason_why_not(
    residuals: ResidualsPanel, small_session: Session
) -> None:
    residuals.refresh(small_session)
    away, inside, square = sorted(cells(residuals.table))
    assert [row[1] for row in (away, inside, square)] == ["21.2 °C"] * 3  # at noon
    assert len({row[2] for row in (away, inside, square)}) == 1  # the weather is that of all
    assert away[4:] == ["–", "–", "The place lies outside of the area."]
    assert inside[4:] == ["–", "–", "A building stands there."]
    assert square[4].endswith("°C")
    assert square[6] == "sun"
    assert "This hour: n = 3, bias" in residuals.note.text()
    assert "This day: n = 72" in residuals.note.text()
    assert len(residuals.points.getData()[0]) == 72
    assert residuals.text().splitlines()[0].startswith("Station\tMeasured")


def test_where_no_shade_can_be_worked_out_the_air_is_still_compared_and_the_reason_told(
    qtbot: QtBot, small_session: Session, heard: Heard
) -> None:
    bare = replace(small_session.project, city=empty(small_session.project.place), layers=())
    session = Session(bare, small_session.state)
    session.bring(HEARD, heard)
    panel = ResidualsPanel(session)
    qtbot.addWidget(panel)
    session.changed.connect(panel.refresh)
    panel.show()
    panel.refresh(session)
    assert all(row[3].endswith("K") for row in cells(panel.table))
    assert "nothing gives shade there" in panel.note.text()
    assert "Working" not in panel.note.text()


def test_a_day_without_readings_says_so(residuals: ResidualsPanel, small_session: Session) -> None:
    small_session.do(set_time, small_session.state.time.replace(month=1))
    residuals.refresh(small_session)
    assert "No station was heard on that day." in residuals.note.text()


@pytest.fixture
def chart(qtbot: QtBot, small_session: Session, store: Store, heard: Heard) -> ChartPanel:
    made = ChartPanel(
        small_session, lambda path, streams, *between: sensor_export.write(path, store, streams, *between)
    )
    qtbot.addWidget(made)
    small_session.changed.connect(made.refresh)
    made.resize(900, 300)
    made.show()
    small_session.do(chart_only, ("f/square", "f/away"))
    return made


def test_curves_have_their_numbers_and_bad_values_are_counted_not_drawn(chart: ChartPanel) -> None:
    square = cells(chart.table)[0]
    assert square[0] == "Square, air temperature"
    assert square[2:] == ["21.2 °C", "20 °C", "22.3 °C", "24, 1 bad"]
    assert np.nanmax(chart.curves[0].getData()[1]) == pytest.approx(22.3)


def test_the_brush_is_the_range_of_time(chart: ChartPanel, small_session: Session) -> None:
    chart.brush.click()
    assert small_session.state.time_mode == "range"
    assert chart._region.isVisible()
    now = small_session.state.time
    low, high = (now.replace(hour=hour).timestamp() for hour in (6, 9))
    chart._region.setRegion((low, high))
    chart._region.sigRegionChangeFinished.emit(chart._region)
    assert small_session.state.time == now.replace(hour=9)
    assert small_session.state.time_range == 3.0
    small_session.do(set_range, now.replace(hour=10), now.replace(hour=14))
    assert chart._region.getRegion() == pytest.approx(
        [now.replace(hour=hour).timestamp() for hour in (10, 14)]
    )
    chart.brush.click()
    assert small_session.state.time_mode == "instant"
    assert not chart._region.isVisible()


def test_curves_come_and_go(chart: ChartPanel, qtbot: QtBot, small_session: Session) -> None:
    place = chart.add.findData("f/inside")
    chart.add.activated.emit(place)
    assert small_session.state.charted == ("f/square", "f/away", "f/inside")
    assert len(chart.curves) == 3
    chart.table.selectRow(0)
    qtbot.keyClick(chart, Qt.Key.Key_Delete)
    assert small_session.state.charted == ("f/away", "f/inside")
    assert [row[0].partition(",")[0] for row in cells(chart.table)] == ["Away", "Inside"]


def test_the_curves_are_written_as_csv(
    chart: ChartPanel, small_session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "curves.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(out), ""))
    chart.save.click()
    found = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert {row["stream"] for row in found} == {"f/square", "f/away"}
    assert len(found) == 49
    noon = small_session.state.time
    row = next(row for row in found if datetime.fromisoformat(row["phenomenon_time"]) == noon)
    assert (float(row["value"]), row["unit"], row["quality"]) == (21.2, "°C", "good")
    assert [row["quality"] for row in found].count("range") == 1
    small_session.do(set_range, noon - timedelta(hours=2), noon)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "part"), "Table (*.csv)"))
    chart.save.click()
    assert len((tmp_path / "part.csv").read_text(encoding="utf-8-sig").splitlines()) == 1 + 2 * 2


def test_both_half_past_threes_of_october_can_be_shown_one_after_the_other(
    qtbot: QtBot, small_session: Session, store: Store
) -> None:
    first = small_session.state.time.replace(month=10, day=25, hour=3, minute=30, fold=0)
    second = first.replace(fold=1)
    stream = store.datastreams()[0].id
    moments = ((first, 8.5), (second, 7.5))
    store.add(columns([(stream, when.timestamp(), when.timestamp(), value, 0) for when, value in moments]))
    small_session.bring(HEARD, Teller(store, small_session.project.place, ()).heard())
    panel = TimePanel(small_session)
    qtbot.addWidget(panel)
    small_session.changed.connect(panel.refresh)
    for when, value in (*moments, *moments):
        panel.sensors.strip.pressed.emit(when.timestamp())
        assert small_session.state.time.timestamp() == when.timestamp()
        assert panel.clock.text() == f"03:30 {when:%Z}"
        marks = small_session.scene.items["sensors"]
        assert isinstance(marks, SensorMarks)
        shown = dict(zip(marks.sensed.stations, marks.sensed.values.tolist(), strict=True))
        assert shown[stream] == value
