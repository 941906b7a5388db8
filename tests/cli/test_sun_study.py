"""The sun study tells dwellings from other houses, and says which ones lose too much."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest
import small_station

from twin.cli.main import main
from twin.cli.sun_study import found_of, said_of, write_facades
from twin.formats import cityjson_write
from twin.scene.sun_findings import Findings, as_tree, note, of_days
from twin.scene.sun_study import DAYS, HOURS


@pytest.fixture(scope="module")
def found() -> Findings:
    return found_of(small_station.project(), small_station.TODAY, 2026)


def test_only_dwellings_are_tested_and_other_uses_are_named(found: Findings, tmp_path: Path) -> None:
    path = tmp_path / "facades.csv"
    write_facades(found, path)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    uses = {name: use for name, _, _, use, _ in small_station.HOUSES}
    assert {row["building"] for row in rows if row["dwelling"] == "yes"} == {"homes"}
    assert all(row["use"] == uses[row["building"]] for row in rows if row["building"] in uses)
    homes = [row for row in rows if row["dwelling"] == "yes"]
    short = sum(row["2.5_h_continuous"] == "no" for row in homes)
    assert f"{len(homes)} of them of dwellings: {short} with less than 2.5 h" in said_of(found, path)


def test_the_days_and_hours_are_those_planners_hand_in() -> None:
    assert {(3, 21), (6, 21), (9, 21)} <= set(DAYS)
    assert HOURS == (9, 12, 15, 18)


def test_yards_have_more_sun_in_june_than_in_december(found: Findings) -> None:
    shares = dict(found.days)
    june, december = shares[date(2026, 6, 21)], shares[date(2026, 12, 21)]
    assert june is not None
    assert december is not None
    assert december < june
    assert found.yard > 500


def test_the_sheet_says_in_its_language_what_was_found_and_where_it_binds(found: Findings) -> None:
    count, short, lost = found.counts
    said = note(found, small_station.PLACE, "fi")
    assert f"julkisivuja: {count}. Alle 2,5 h" in said
    assert f": {short}; " in said
    assert "Suomessa tunteja ei vaadita" in said
    june = dict(found.days)[date(2026, 6, 21)]
    assert june is not None
    assert of_days(found, "et")[1] == f"õued ≥ 3 h: {round(100 * june)} %"
    tree = as_tree(found)["facades"]
    assert (tree["dwellings"], tree["less_than_asked"], tree["lose_too_much"]) == (count, short, lost)


def test_a_study_writes_its_sheets_and_says_its_findings_as_json(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    model, out = tmp_path / "small.city.json", tmp_path / "study"
    cityjson_write.write(small_station.city(), model, attribution="The tests")
    command = ["sun-study", str(model), "--out", str(out), "--json"]
    assert main([*command, "--dpi", "40", "--format", "jpg", "--year", "2026"]) == 0
    (found,) = json.loads(capsys.readouterr().out)["scenarios"].values()
    assert found["facades"]["dwellings"] > 0
    assert 0 < found["yards"]["sunny_share"]["2026-06-21"] <= 1
    assert sorted(path.name.partition("-")[2] for path in out.glob("*.[jc][ps][gv]")) == [
        *("facades.csv", "shadows.jpg", "sun-hours.jpg")
    ]
