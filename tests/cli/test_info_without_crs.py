"""A file that does not say its CRS is still counted."""

import json
from pathlib import Path

import pytest

from twin.cli.main import main

HOUSE = Path(__file__).parents[1] / "formats" / "data" / "house_v2.gml"


def test_a_file_without_a_crs_is_counted_as_it_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "house.gml"
    path.write_text(HOUSE.read_text().replace(' srsName="urn:ogc:def:crs:EPSG::3879"', ""))
    assert main(["info", str(path), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["crs"], found["objects"]) == ("", {"Building": 1, "BuildingPart": 1})
    assert found["crs_source"].startswith("nothing says it")
    assert "EPSG:3879" in found["crs_source"]
    assert found["extent"][:2] == [25496000.0, 6673000.0]
    assert any("--crs" in notice for notice in found["notices"])
    assert main(["info", str(path), "--crs", "EPSG:3879", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["crs"] == "EPSG:3879"
