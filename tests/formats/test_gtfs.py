"""A timetable is counted on a day on which it runs, and its bad rows are counted too."""

import zipfile
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from twin.errors import DataError
from twin.formats import gtfs

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "gtfs"
needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the open timetables are not on this machine")

TABLES = {
    "agency": "agency_id,agency_name\n1,Town Buses\n",
    "stops": "stop_id,stop_name,stop_lat,stop_lon,location_type\nA,Market,61.5,23.76,\n"
    "B,Station,61.498,23.77,0\n"
    "S,Whole station,61.498,23.77,1\n",
    "routes": "route_id,route_type\nbus,3\ntram,900\n",
    "calendar": "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
    "work,1,1,1,1,1,0,0,20260105,20260118\n",
    "calendar_dates": "service_id,date,exception_type\nwork,20260106,2\nfair,20260113,1\n",
    "trips": "route_id,service_id,trip_id\nbus,work,t1\ntram,work,t2\nbus,fair,t3\n",
    "stop_times": "trip_id,departure_time,stop_id,pickup_type\nt1,07:59:59,A,0\nt1,08:10:00,B,0\n"
    "t2,25:10:00,B,0\nt3,08:30:00,A,\nt3,08:40:00,B,1\n",
}


def feed(path: Path, **changed: str | None) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in {**TABLES, **changed}.items():
            if text is not None:
                archive.writestr(f"{name}.txt", text)
    return path


def test_departures_are_those_of_a_day_on_which_the_service_runs(tmp_path: Path) -> None:
    found = gtfs.read(feed(tmp_path / "a.zip"))
    assert found.day == date(2026, 1, 13), "the 6th is a holiday"
    assert found.ids == ("A", "B"), "a station is no stop"
    assert found.departures[0, 7] == 1
    assert found.departures[0, 8] == 1
    assert found.departures[1, 8] == 1, "nobody may board t3 there"
    assert found.departures[1, 1] == 1, "25:10 is ten past one"
    assert found.kinds == ("bus", "tram")
    assert found.publisher == "Town Buses"
    assert not found.bad


def test_another_weekday_has_other_departures(tmp_path: Path) -> None:
    path = feed(tmp_path / "a.zip")
    assert gtfs.read(path, weekday="friday").departures.sum() == 3
    with pytest.raises(DataError, match="nothing runs on a sunday"):
        gtfs.read(path, weekday="sunday")


def test_headways_are_departures(tmp_path: Path) -> None:
    often = "trip_id,start_time,end_time,headway_secs\nt1,06:00:00,08:00:00,600\n"
    found = gtfs.read(feed(tmp_path / "a.zip", frequencies=often))
    assert found.departures[0, 6] == 6
    assert found.departures[0, 7] == 6


def test_bad_rows_are_counted_and_left_out(tmp_path: Path) -> None:
    stops = TABLES["stops"] + "C,Nowhere,,\nD,Far,91.0,23.0,\nA,Again,61.5,23.76,\n"
    times = TABLES["stop_times"] + "t9,08:00:00,A,0\nt1,08:00:00,X,0\nt1,8h,A,0\nt1,08:61:00,A,0\n"
    found = gtfs.read(feed(tmp_path / "a.zip", stops=stops, stop_times=times))
    assert found.departures.sum() == 4
    assert found.bad == {
        "stops: without a position": 1,
        "stops: a position that is not on Earth": 1,
        "stops: an id that is empty or there twice": 1,
        "stop_times: of a trip that is not there": 1,
        "stop_times: at a stop that is not there": 1,
        "stop_times: a time that is none": 2,
    }


def test_only_stops_that_are_near_are_taken(tmp_path: Path) -> None:
    found = gtfs.read(feed(tmp_path / "a.zip"), near=lambda lonlat: lonlat[:, 0] > 23.765)
    assert found.names == ("Station",)
    assert found.departures.shape == (1, 24)


@pytest.mark.parametrize("table", ["stops", "trips", "routes", "stop_times"])
def test_a_missing_table_is_named(tmp_path: Path, table: str) -> None:
    with pytest.raises(DataError, match=rf"{table}\.txt: is missing"):
        gtfs.read(feed(tmp_path / "a.zip", **{table: None}))


def test_what_is_no_feed_is_refused(tmp_path: Path) -> None:
    other = tmp_path / "other.zip"
    other.write_bytes(b"something else")
    with pytest.raises(DataError, match="no readable GTFS feed"):
        gtfs.read(other)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("stops.txt", b"\0" * 5_000_000)
    with pytest.raises(DataError, match="too large to be a timetable"):
        gtfs.read(path)


def test_nothing_is_written_by_names_that_lead_out_of_a_feed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    path = feed(tmp_path / "in" / "a.zip")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("../stops.txt", "stop_id\nEVIL\n")
        archive.writestr("/evil.txt", "x")
    assert gtfs.read(path).ids == ("A", "B")
    assert [found.name for found in tmp_path.iterdir()] == ["in"]
    assert [found.name for found in path.parent.iterdir()] == ["a.zip"]


@needs_data
def test_the_broken_feed_says_how_many_rows_are_broken() -> None:
    found = gtfs.read(DATA / "broken_gtfs.zip")
    assert sum(found.bad.values()) == 1432
    assert len(found.ids) == 199


@needs_data
def test_tampere_leaves_by_the_hour() -> None:
    found = gtfs.read(DATA / "tampere_gtfs.zip")
    assert len(found.ids) == 585
    assert found.day.strftime("%A") == "Tuesday"
    hours = np.flatnonzero(found.departures.sum(axis=0))
    assert hours.tolist() == [6, 7, 8, 9, 10, 11]
    assert set(found.kinds) >= {"bus", "tram"}
