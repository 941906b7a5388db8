"""`twin sensors` and `twin feed`: from a file of series to a table, a recording and an export."""

import csv
import io
import json
from pathlib import Path

import pytest
import shapely

from twin.cli.main import main
from twin.feeds.store_file import beside
from twin.formats import geoparquet

PROJECT = {
    "schema": "twin-project",
    "version": 1,
    "name": "Yard",
    "crs": "EPSG:3879",
    "place": {
        "origin": [25502000.0, 6673000.0, 0.0],
        "longitude": 25.05,
        "latitude": 60.17,
        "timezone": "Europe/Helsinki",
    },
}
ROWS = """time;device;temp;rh
2026-10-25T03:30:00+03:00;d1;8,5;80
2026-10-25T03:30:00+02:00;d1;8,0;81
2026-10-25T04:00:00+02:00;d1;offline;82
2026-10-25T04:30:00+02:00;d1;-99;
"""


@pytest.fixture
def project(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """One with a file of series as its feed, heard once."""
    path = tmp_path / "yard.twin.json"
    path.write_text(json.dumps(PROJECT))
    (tmp_path / "series.csv").write_text(ROWS)
    places = {"d1": {"title": "=Yard", "longitude": 25.0, "latitude": 60.2, "interval": 1800}}
    options = ["station=device", f"stations={json.dumps(places)}"]
    flags = [word for option in options for word in ("--option", option)]
    assert main(["feed", "add", str(path), "series", "series.csv", "--synthetic", *flags]) == 0
    assert capsys.readouterr().out == "series\n"
    assert main(["sensors", str(path), "--record", "0.02"]) == 0
    assert "series  8     8    0      0      0               well" in capsys.readouterr().out
    return path


def test_what_was_said_last_is_listed_with_its_reason(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sensors", str(project), "--list", "--json"]) == 0
    temperature, humidity = sorted(
        json.loads(capsys.readouterr().out), key=lambda row: row["id"], reverse=True
    )
    assert temperature | {"longitude": 25.0} == temperature
    assert (temperature["observed"], temperature["unit"], temperature["synthetic"]) == (
        *("air_temperature", "°C"),
        True,
    )
    assert (temperature["quality"], temperature["value"], temperature["stale"]) == ("range", -99.0, True)
    assert (humidity["quality"], humidity["value"]) == ("missing", None)
    assert main(["sensors", str(project)]) == 0
    assert "range, stale, synthetic" in capsys.readouterr().out


def test_feeds_that_are_files_are_listed_at_once_and_leave_nothing_beside_the_project(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sensors", str(project), "--list", "--json"]) == 0
    recorded = capsys.readouterr().out
    beside(project).unlink()
    before = sorted(project.parent.iterdir())
    assert main(["sensors", str(project), "--list", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(recorded)
    assert sorted(project.parent.iterdir()) == before
    (project.parent / "series.csv").unlink()
    assert main(["sensors", str(project), "--list"]) == 0
    assert "series.csv" in capsys.readouterr().err


def test_the_hour_that_comes_twice_in_october_is_two_hours(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.csv"
    between = ["--from", "2026-10-25T03:00", "--to", "2026-10-25T03:45:00+02:00"]
    assert main(["sensors", str(project), "--export", str(out), *between]) == 0
    found = [
        row
        for row in csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig")))
        if row["observed_property"] == "air_temperature"
    ]
    assert [(row["phenomenon_time"], row["value"]) for row in found] == [
        ("2026-10-25T00:30:00Z", "8.5"),
        ("2026-10-25T01:30:00Z", "8.0"),
    ]
    assert found[0]["topic"] == "finest.production.sta.series.air_temperature"
    assert found[0]["feature_id"] == "twin.series.d1"
    assert found[0]["station"] == "'=Yard"
    assert found[0]["domain"] == "data"
    assert found[0]["synthetic"] == "true"


def test_an_array_for_other_services_has_no_number_where_none_was(project: Path, tmp_path: Path) -> None:
    assert main(["sensors", str(project), "--export", str(tmp_path / "a.json")]) == 0
    arrays = {a["Datastream"]["@iot.id"]: a for a in json.loads((tmp_path / "a.json").read_text())}
    assert [row[2:] for row in arrays["d1/temp"]["dataArray"]] == [
        [8.5, "good"],
        [8.0, "good"],
        [None, "text"],
        [-99.0, "range"],
    ]


def test_observations_are_written_as_geoparquet_with_names_of_the_platform(
    project: Path, tmp_path: Path
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="twin[parquet] is not installed")
    out = tmp_path / "a.parquet"
    assert main(["sensors", str(project), "--export", str(out)]) == 0
    rows = parquet.read_table(out).to_pylist()
    assert len(rows) == 8
    first = next(row for row in rows if row["observed_property"] == "air_temperature")
    assert (first["topic"], first["value"]) == ("finest.production.sta.series.air_temperature", 8.5)
    assert first["feature_id"] == "twin.series.d1"
    assert first["phenomenon_time"].isoformat() == "2026-10-25T00:30:00+00:00"
    assert (first["quality"], first["synthetic"], first["domain"]) == ("good", True, "data")
    assert [row["value"] for row in rows if row["quality"] == "text"] == [None]
    assert shapely.from_wkb(first["geometry"]).coords[0] == (25.0, 60.2)
    told = json.loads(parquet.ParquetFile(out).metadata.metadata[b"geo"])
    assert told["columns"]["geometry"]["bbox"] == [25.0, 60.2, 25.0, 60.2]
    (layer,) = geoparquet.layers(out)  # and our own reader takes it for a layer of points
    assert len(geoparquet.read(out, layer, "").geometry) == 8


def test_how_many_values_are_bad_and_why_is_told(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sensors", str(project), "--quality", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    counts = {row["id"]: row for row in told["streams"]}["series/d1/temp"]
    assert (counts["good"], counts["text"], counts["range"], counts["spike"]) == (2, 1, 1, 0)
    assert [row["text"] for row in told["aside"]] == ["offline"]
    assert main(["sensors", str(project), "--quality"]) == 0
    assert "good" in capsys.readouterr().out.splitlines()[0]


def test_a_recording_is_replayed_elsewhere_once(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    recording = tmp_path / "day.sqlite"
    assert main(["sensors", str(project), "--record", "0.02", "--out", str(recording)]) == 0
    other = tmp_path / "other.twin.json"
    other.write_text(json.dumps(PROJECT))
    capsys.readouterr()
    for said in ("8 observations are new, 0 were there", "0 observations are new, 8 were there"):
        assert main(["sensors", str(other), "--replay", str(recording)]) == 0
        assert said in capsys.readouterr().out


def test_feeds_are_listed_and_removed(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["feed", "list", str(project), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["url"] == "series.csv"
    assert main(["feed", "remove", str(project), "series"]) == 0
    assert main(["feed", "list", str(project)]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["feed", "add", "P", "telepathy", "x"], "'telepathy' is not known"),
        (["feed", "add", "P", "mqtt"], "twin feed add PROJECT KIND URL"),
        (["feed", "add", "P", "mqtt", "mqtt://me:letmein@a", "--option", "topics=[]"], "holds a password"),
        (["feed", "add", "P", "series", "../../etc/passwd", "--option", "time"], "write it as NAME=VALUE"),
        (["feed", "add", "P", "series", "/etc/passwd"], "is not relative"),
        (["feed", "remove", "P", "x"], "There are: series"),
        (["sensors", "P", "--record", "0"], "give minutes"),
        (["sensors", "P", "--export", "a.xls"], "ends in none of .csv, .parquet, .json"),
        (["sensors", "P", "--export", "a.csv", "--from", "noon"], "'noon' is no time"),
        (["sensors", "P", "--replay", "missing.sqlite"], "is missing"),
    ],
)
def test_what_is_wrong_is_said_in_a_line(
    project: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str
) -> None:
    before = project.read_bytes()
    assert main([str(project) if word == "P" else word for word in words]) == 2
    error = capsys.readouterr().err
    assert said in error
    assert "letmein" not in error
    assert project.read_bytes() == before
