"""Scenarios go into their files, one each, and come back as they were."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from shapely import MultiPoint, box

from twin.formats import project_file, save_project
from twin.formats.atomic import backups_of
from twin.formats.open_project import open_project
from twin.formats.save_scenarios import save_scenarios
from twin.model.project import Project
from twin.model.scenario import AddBuilding, PlantTrees, Remove
from twin.session import scenarios

ROW = PlantTrees("row", "Row", MultiPoint([(12.5, 30.25)]), "Tilia")
HOUSE = Path(__file__).parent / "data" / "house_v2.gml"


def station(folder: Path, *sources: dict[str, str]) -> Path:
    shutil.copy(HOUSE, folder / "house.gml")
    tree = {
        "schema": "twin-project",
        "version": 1,
        "name": "Depot",
        "crs": "EPSG:3879",
        "place": {"origin": [25496000.0, 6673000.0, 0.0], "longitude": 24.93, "latitude": 60.17},
        "sources": [{"id": "house", "path": "house.gml", "kind": "city"}, *sources],
    }
    path = folder / "depot.twin.json"
    path.write_text(json.dumps(tree))
    return path


def planned(project: Project) -> Project:
    project, square = scenarios.new_scenario(project, "Square")
    project = scenarios.add_edit(project, square, ROW)
    project, tower = scenarios.new_scenario(project, "Tower", parent=square)
    return scenarios.add_edit(project, tower, AddBuilding("t", "T", box(40, 0, 60, 20), 30.0))


def test_new_scenarios_get_a_folder_and_are_there_again(tmp_path: Path) -> None:
    path = station(tmp_path)
    saved, files = save_scenarios(planned(open_project(path)))
    assert [file.name for file in files] == ["square.geojson", "tower.geojson"]
    project_file.save(save_project.to_file(saved), path)
    again = open_project(path)
    assert {one.id: len(one.edits) for one in again.scenarios} == {"today": 0, "square": 1, "tower": 2}
    assert again.scenario("tower").parents == ("square",)
    assert again.scenario("tower").own[0].id == "t"


def test_only_what_differs_is_written(tmp_path: Path) -> None:
    path = station(tmp_path)
    saved, _ = save_scenarios(planned(open_project(path)))
    assert save_scenarios(saved)[1] == ()
    changed = scenarios.switch_edit(saved, "square", "row", False)
    assert [file.name for file in save_scenarios(changed)[1]] == ["square.geojson"]


def test_a_deleted_scenario_leaves_a_backup(tmp_path: Path) -> None:
    saved, files = save_scenarios(planned(open_project(station(tmp_path))))
    less = scenarios.delete(saved, "tower")
    save_scenarios(less, gone=["tower"])
    assert not files[1].exists()
    assert len(backups_of(files[1])) == 1
    assert files[0].exists()


def test_a_broken_file_beside_is_not_touched(tmp_path: Path) -> None:
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "broken.geojson").write_text("{")
    path = station(tmp_path, {"id": "plans", "path": "plans", "kind": "scenarios"})
    project = open_project(path)
    _, files = save_scenarios(planned(project))
    assert {file.parent for file in files} == {folder}
    assert (folder / "broken.geojson").read_text() == "{"


def test_a_project_without_a_file_has_no_place_for_them(tmp_path: Path) -> None:
    project = replace(planned(open_project(station(tmp_path))), path=None)
    with pytest.raises(ValueError, match="no file yet"):
        save_scenarios(project)


def test_the_single_file_of_a_scenario_is_kept(tmp_path: Path) -> None:
    from twin.formats import scenario_file

    path = station(tmp_path)
    alone = planned(open_project(path)).scenario("square")
    scenario_file.write(alone, tmp_path / "square.geojson", open_project(path).place)
    path = station(tmp_path, {"id": "square", "path": "square.geojson", "kind": "scenarios"})
    changed = scenarios.add_edit(open_project(path), "square", Remove("x", "", ("house",)))
    assert [file.name for file in save_scenarios(changed)[1]] == ["square.geojson"]
    assert [edit.id for edit in open_project(path).scenario("square").edits] == ["row", "x"]


def test_the_order_of_scenarios_is_saved_and_what_is_new_comes_last(tmp_path: Path) -> None:
    path = station(tmp_path)
    moved = scenarios.reorder(planned(open_project(path)), "tower", 0)
    saved, _ = save_scenarios(moved)
    project_file.save(save_project.to_file(saved), path)
    assert [one.id for one in open_project(path).scenarios] == ["tower", "today", "square"]
    shutil.copy(tmp_path / "scenarios" / "square.geojson", tmp_path / "scenarios" / "a-copy.geojson")
    tree = json.loads((tmp_path / "scenarios" / "a-copy.geojson").read_text())
    tree["features"] = []
    (tmp_path / "scenarios" / "a-copy.geojson").write_text(json.dumps(tree))
    assert [one.id for one in open_project(path).scenarios] == ["tower", "today", "square", "a-copy"]


def test_a_project_in_the_usual_order_says_nothing_of_it(tmp_path: Path) -> None:
    path = station(tmp_path)
    saved, _ = save_scenarios(planned(open_project(path)))
    project_file.save(save_project.to_file(saved), path)
    assert "scenario_order" not in json.loads(path.read_text())
