"""The sun study tells dwellings from other houses, and says which ones lose too much."""

import csv
from pathlib import Path

import small_station

from twin.cli.sun_study import DAYS, HOURS, _facades


def test_only_dwellings_are_tested_and_other_uses_are_named(tmp_path: Path) -> None:
    path = tmp_path / "facades.csv"
    said = _facades(small_station.project(), "tower", 2026, path)
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    uses = {name: use for name, _, _, use, _ in small_station.HOUSES}
    assert {row["building"] for row in rows if row["dwelling"] == "yes"} == {"homes"}
    assert all(row["use"] == uses[row["building"]] for row in rows if row["building"] in uses)
    homes = [row for row in rows if row["dwelling"] == "yes"]
    short = sum(row["2.5_h_continuous"] == "no" for row in homes)
    assert f"{len(homes)} of them of dwellings: {short} with less than 2.5 h" in said


def test_the_days_and_hours_are_those_planners_hand_in() -> None:
    assert {(3, 21), (6, 21), (9, 21)} <= set(DAYS)
    assert HOURS == (9, 12, 15, 18)
