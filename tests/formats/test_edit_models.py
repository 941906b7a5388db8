"""Edits name models by a path beside the project; what cannot be read is told and stops nothing."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from twin.errors import DataError
from twin.formats.edit_models import given, relative, solid_of
from twin.formats.open_project import open_project
from twin.model.place import Place
from twin.model.scenario import AddModel

PLACE = Place("EPSG:3879", (25496500.0, 6673000.0, 0.0), 24.94, 60.17, "Europe/Helsinki")
BOX = """v 10 20 5
v 12 20 5
v 12 24 5
v 10 24 5
v 10 20 8
v 12 20 8
v 12 24 8
v 10 24 8
f 1 4 3 2
f 5 6 7 8
f 1 2 6 5
f 2 3 7 6
f 3 4 8 7
f 4 1 5 8
"""


@pytest.fixture
def box(tmp_path: Path) -> Path:
    path = tmp_path / "models" / "box.obj"
    path.parent.mkdir()
    path.write_text(BOX)
    return path


def feature(path: str) -> dict[str, object]:
    return {
        "type": "Feature",
        "id": "kiosk",
        "properties": {"edit": "add_model", "title": "Kiosk", "path": path, "rotation": 30, "scale": 2},
        "geometry": {"type": "MultiPoint", "coordinates": [[24.941, 60.171]]},
    }


def project(helsinki: Path, tmp_path: Path, path: str) -> Path:
    shutil.copytree(helsinki.parent, tmp_path / "assets")
    scenarios = tmp_path / "scenarios" / "helsinki"
    scenarios.mkdir(parents=True)
    tree = {"type": "FeatureCollection", "title": "Kiosk", "features": [feature(path)]}
    (scenarios / "kiosk.geojson").write_text(json.dumps(tree))
    return tmp_path / "assets" / helsinki.name


def test_a_model_is_read_around_its_middle_with_its_lowest_point_at_zero(box: Path) -> None:
    solid = solid_of(box, PLACE)
    assert solid.vertices.min(axis=0) == pytest.approx([-1, -2, 0])
    assert solid.vertices.max(axis=0) == pytest.approx([1, 2, 3])
    assert solid.place == PLACE


def test_a_project_opens_with_the_models_of_its_edits(helsinki: Path, tmp_path: Path, box: Path) -> None:
    opened = open_project(project(helsinki, tmp_path, "../models/box.obj"))
    (edit,) = opened.scenario("kiosk").edits
    assert isinstance(edit, AddModel) and edit.solid is not None
    assert len(edit.solid.triangles) == 12
    assert np.ptp(edit.solid.vertices[:, 2]) == pytest.approx(3.0)


def test_a_project_opens_without_a_model_that_is_missing_and_says_so(helsinki: Path, tmp_path: Path) -> None:
    opened = open_project(project(helsinki, tmp_path, "../models/gone.glb"))
    (edit,) = opened.scenario("kiosk").edits
    assert isinstance(edit, AddModel) and edit.solid is None
    assert any("models/gone.glb is missing" in notice for notice in opened.notices)


@pytest.mark.parametrize("path", ["/etc/passwd", "http://example.org/a.glb", "C:/a.glb", "..\\a.glb"])
def test_a_path_is_relative_or_refused_where_it_is_written(helsinki: Path, tmp_path: Path, path: str) -> None:
    opened = open_project(project(helsinki, tmp_path, path))
    assert [one.id for one in opened.scenarios] == ["today"]
    assert any("feature 1, path" in notice for notice in opened.notices)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("a model")
    with pytest.raises(DataError, match="is no model that can be set up"):
        solid_of(tmp_path / "notes.txt", PLACE)


def test_a_file_is_named_from_the_project(box: Path, tmp_path: Path) -> None:
    assert relative(box, tmp_path / "assets" / "a.twin.json") == "../models/box.obj"


def test_models_that_come_later_are_given_to_all_edits_that_lack_them(
    helsinki: Path, tmp_path: Path, box: Path
) -> None:
    opened = open_project(project(helsinki, tmp_path, "../models/late.obj"))
    (edit,) = given(opened, {"../models/late.obj": solid_of(box, PLACE)}).scenario("kiosk").edits
    assert isinstance(edit, AddModel) and edit.solid is not None
