from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from twin.errors import DataError
from twin.formats.weather import read_weather

DATA = Path(__file__).parents[2].parent / "shared" / "data"
real = pytest.mark.skipif(not DATA.exists(), reason="the shared data are not here")
HEAD = "time,air_temperature [°C],relative_humidity [%],wind_speed [m/s],global_radiation [W/m²],pressure"


def table(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "weather.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    return path


def rows(count: int = 4, **change: object) -> list[str]:
    value = {"air": 25.0, "humidity": 40, "wind": 2.0, "sun": 600, "pressure": 1010} | change
    return [
        f"2026-07-15T{hour:02}:00,{value['air']},{value['humidity']},{value['wind']},{value['sun']},"
        f"{value['pressure']}"
        for hour in range(10, 10 + count)
    ]


def at(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@real
def test_the_same_reference_year_reads_the_same_from_both_formats() -> None:
    epw = read_weather(DATA / "weather/FIN_Helsinki-Vantaa_TRY2020.epw", utc_offset=0, year=2026)
    fmi = read_weather(DATA / "weather/Vantaa-TRY2020.csv", utc_offset=0, year=2026)
    assert len(epw.ends) == len(fmi.ends) == 8760
    assert np.array_equal(epw.ends, fmi.ends)
    assert at(fmi.ends[0]) == datetime(2025, 12, 31, 23, tzinfo=UTC)  # 1:00 in winter time
    for name in ("air_temperature", "relative_humidity", "wind", "global_radiation", "diffuse_radiation"):
        assert getattr(epw, name) == pytest.approx(getattr(fmi, name), abs=0.06)
    assert fmi.air_temperature.max() == 29.9
    assert "CC BY 4.0" in fmi.source


@real
def test_a_met_file_of_umep_gives_dry_bulb_and_leaves_out_what_is_missing() -> None:
    found = read_weather(DATA / "heat/gothenburg_kronenhuset/MetFile_Prepared.txt", utc_offset=1)
    assert len(found.ends) == 24
    assert at(found.ends[0]) == datetime(2005, 10, 6, 23, 7, tzinfo=UTC)
    assert found.air_temperature[12] == 18.9
    assert found.diffuse_radiation[12] == 59.8
    assert np.isnan(found.pressure).all()
    assert np.isnan(found.sky_longwave).all()


def test_a_table_with_a_heading_is_read(tmp_path: Path) -> None:
    found = read_weather(table(tmp_path, *rows()), utc_offset=3)
    assert at(found.ends[0]) == datetime(2026, 7, 15, 7, tzinfo=UTC)
    assert found.step == 3600
    assert found.pressure.tolist() == [1010] * 4


def test_a_table_may_carry_its_own_zone_semicolons_and_decimal_commas(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        "2026-07-15T10:00+03:00;25,5;40;2;600",
        "2026-07-15T10:30+03:00;26,5;40;2;600",
        head="Time;Ta;RH;WS;GHI",
    )
    found = read_weather(path, utc_offset=0)
    assert at(found.ends[0]) == datetime(2026, 7, 15, 7, tzinfo=UTC)
    assert found.air_temperature.tolist() == [25.5, 26.5]
    assert found.step == 1800


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"air": 298.0}, "kelvin"),
        ({"air": 75.0}, "air temperature runs"),
        ({"humidity": 0.4}, "share of 1"),
        ({"humidity": 140}, "relative humidity of 140"),
        ({"pressure": 101.3}, "kPa"),
        ({"pressure": 101300}, "Pa"),
        ({"sun": 2160}, "global radiation of 2160"),
        ({"wind": -3}, "wind of -3"),
        ({"air": ""}, "has no air temperature"),
        ({"sun": "much"}, "is no number"),
    ],
)
def test_wrong_units_and_values_are_named(tmp_path: Path, change: dict[str, object], said: str) -> None:
    with pytest.raises(DataError, match=said):
        read_weather(table(tmp_path, *rows(**change)), utc_offset=2)


def test_a_missing_row_is_named_and_days_may_be_apart_when_told(tmp_path: Path) -> None:
    path = table(tmp_path, *rows()[:2], rows()[3], "2026-07-15T14:00,25,40,2,600,1010")
    with pytest.raises(DataError, match="2026-07-15 09:00 UTC: the next row is 120 min later"):
        read_weather(path, utc_offset=2)
    assert len(read_weather(path, utc_offset=2, gaps=True).ends) == 4


def test_a_missing_value_is_named_and_filled_only_when_told(tmp_path: Path) -> None:
    gone = rows()
    gone[1] = "2026-07-15T11:00,-999,40,2,600,1010"
    with pytest.raises(DataError, match="air temperature is missing in 1 rows"):
        read_weather(table(tmp_path, *gone), utc_offset=2)
    found = read_weather(table(tmp_path, *gone), utc_offset=2, fill=1)
    assert found.air_temperature.tolist() == [25] * 4
    assert found.notices == ("air temperature: 1 missing values filled between their neighbours",)


def test_a_row_that_is_there_twice_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is there twice"):
        read_weather(table(tmp_path, *rows(2), *rows(1)), utc_offset=2)


def test_diffuse_radiation_that_is_zero_all_day_was_not_measured(tmp_path: Path) -> None:
    path = table(tmp_path, *(row + ",0" for row in rows()), head=HEAD + ",dhi")
    assert np.isnan(read_weather(path, utc_offset=2).diffuse_radiation).all()


def test_pressure_and_longwave_of_zero_were_not_measured(tmp_path: Path) -> None:
    path = table(tmp_path, *(row.replace(",1010", ",0,0") for row in rows()), head=HEAD + ",ldown")
    found = read_weather(path, utc_offset=2)
    assert np.isnan(found.pressure).all()
    assert np.isnan(found.sky_longwave).all()


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "no heading at all\n", "time,ta\n"])
def test_what_is_no_weather_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "weather.csv"
    path.write_text(text)
    with pytest.raises(DataError):
        read_weather(path, utc_offset=2)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is missing"):
        read_weather(tmp_path / "none.epw", utc_offset=2)
