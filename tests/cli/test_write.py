import json
from pathlib import Path

import pytest

from twin.cli.main import main
from twin.formats import cache, cityjson, write_city
from twin.formats.open_project import open_project

DATA = Path(__file__).parents[1] / "formats" / "data"


@pytest.mark.parametrize("name", ["a.city.json", "a.city.jsonl", "a.gml", "a.glb", "a.obj"])
def test_a_scenario_is_written_with_the_owners_of_its_sources(
    name: str, helsinki: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / name
    assert main(["build", str(helsinki), "--scenario", "towers", "--out", str(out)]) == 0
    assert capsys.readouterr().out.startswith(f"{out}: ")
    text = out.read_bytes().decode(errors="replace")
    assert "OpenStreetMap" in text
    assert "Towers on Elielinaukio" in text


def test_a_written_scenario_has_what_the_scenario_adds(helsinki: Path, tmp_path: Path) -> None:
    found = {}
    for scenario in ("today", "towers"):
        out = tmp_path / f"{scenario}.city.json"
        assert main(["build", str(helsinki), "--scenario", scenario, "--out", str(out)]) == 0
        found[scenario] = set(cityjson.read(out)[0].object_id)
    project = open_project(helsinki)
    assert found["today"] == set(project.city.object_id)
    assert found["towers"] - found["today"]


def test_a_model_is_converted_and_keeps_all_its_lods(tmp_path: Path) -> None:
    out = tmp_path / "house.city.jsonl"
    assert main(["convert", str(DATA / "house_v2.gml"), str(out)]) == 0
    _, report = cityjson.read(out)
    assert report.lods == cache.city(DATA / "house_v2.gml", None)[1].lods


def test_a_model_that_does_not_say_its_crs_is_converted_with_crs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tree = json.loads((DATA / "house_v20.city.json").read_text())
    del tree["metadata"]
    bare = tmp_path / "bare.city.json"
    bare.write_text(json.dumps(tree))
    assert main(["convert", str(bare), str(tmp_path / "a.gml")]) == 2
    assert "--crs" in capsys.readouterr().err
    assert main(["convert", str(bare), str(tmp_path / "a.gml"), "--crs", "EPSG:3879"]) == 0
    assert b"EPSG::3879" in (tmp_path / "a.gml").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "--scenario", "no", "--out", "a.glb"], "There is no scenario 'no'. Choose from: today"),
        (["convert", "HOUSE", "a.pdf"], "a.pdf: does not end as a city model does"),
        (["convert", "HOUSE", "HOUSE"], "A file is not converted into itself"),
        (["convert", "nowhere.gml", "a.glb"], "nowhere.gml: is missing"),
        (["convert", "HOUSE", "no/such/a.glb"], "a.glb: cannot be written"),
    ],
)
def test_what_cannot_be_written_is_one_sentence(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main([str(DATA / "house_v2.gml") if word == "HOUSE" else word for word in arguments]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert not list(tmp_path.iterdir())


def test_the_help_names_every_ending(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["convert", "--help"]) == 0
    text = capsys.readouterr().out
    assert all(ending in text for ending in write_city.ENDINGS)


def test_what_a_format_cannot_hold_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    square = [[[0, 1, 2, 3]]]
    geometry = [{"type": "MultiSurface", "lod": lod, "boundaries": square} for lod in ("1.2", "1.3", "2.2")]
    tree = {
        "type": "CityJSON",
        "version": "2.0",
        "metadata": {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/3879"},
        "transform": {"scale": [1, 1, 1], "translate": [25496000, 6673000, 0]},
        "CityObjects": {"a": {"type": "Building", "attributes": {"listed": True}, "geometry": geometry}},
        "vertices": [[0, 0, 0], [9, 0, 0], [9, 9, 0], [0, 9, 0]],
    }
    path = tmp_path / "a.city.json"
    path.write_text(json.dumps(tree))
    for ending, said in (
        ("gml", ["1 surfaces were left out: LoDs are whole", "1 truth values became text"]),
        ("glb", ["2 surfaces of other levels of detail"]),
        ("obj", ["2 surfaces of other levels of detail"]),
        ("city.jsonl", []),
    ):
        assert main(["convert", str(path), str(tmp_path / f"b.{ending}")]) == 0
        told = capsys.readouterr().err
        assert all(words in told for words in said)
        assert told.count("left out") == sum("left out" in words or "levels" in words for words in said)
