"""What is said of a file before it is added."""

import json
from pathlib import Path

import numpy as np
import pyogrio.raw
import pytest
from shapely import Point

from twin.errors import Cancelled, DataError
from twin.formats import vector
from twin.formats.open_project import add_source, open_project
from twin.formats.peek import VECTORS, Peek, peek
from twin.model.place import Place
from twin.model.placement import Placement

HOUSE = Path(__file__).parent / "data" / "house_v2.gml"
TAMPERE = Place("EPSG:3878", (24_487_000.0, 6_821_000.0, 0.0), 23.76, 61.5, "Europe/Helsinki")


@pytest.fixture
def without_crs(tmp_path: Path) -> Path:
    """A house near the station of Helsinki that does not say its CRS."""
    corners = [[x, y, z] for z in (0, 9) for x, y in ((0, 0), (10, 0), (10, 8), (0, 8))]
    faces = [[0, 3, 2, 1], [4, 5, 6, 7], [0, 1, 5, 4], [1, 2, 6, 5], [2, 3, 7, 6], [3, 0, 4, 7]]
    tree = {
        "type": "CityJSON",
        "version": "2.0",
        "transform": {"scale": [1, 1, 1], "translate": [25_496_800, 6_672_800, 5]},
        "vertices": corners,
        "CityObjects": {
            "house": {
                "type": "Building",
                "geometry": [{"type": "Solid", "lod": "1", "boundaries": [[[face] for face in faces]]}],
            }
        },
    }
    path = tmp_path / "house.city.json"
    path.write_text(json.dumps(tree))
    return path


def test_a_city_tells_format_crs_objects_and_size() -> None:
    found = peek(HOUSE)
    assert (found.kind, found.unit) == ("city", "objects")
    assert found.format.startswith("CityGML 2.0")
    assert found.crs.startswith("EPSG:")
    assert found.crs_source
    assert found.count > 0
    assert found.size is not None
    assert max(found.size) < 200
    assert found.away is None


def test_it_tells_how_far_away_from_the_project_a_file_lies() -> None:
    here = open_project(HOUSE).place
    near, far = peek(HOUSE, place=here), peek(HOUSE, place=TAMPERE)
    assert near.away is not None
    assert far.away is not None
    assert near.away < 1000
    assert far.away > 100_000


def test_a_city_without_crs_names_those_it_may_be_in(without_crs: Path) -> None:
    found = peek(without_crs)
    assert (found.crs, found.count, found.unit) == ("", 1, "objects")
    assert "EPSG:3879" in found.suggested
    said = peek(without_crs, placement=Placement(crs="EPSG:3879"))
    assert (said.crs, said.suggested) == ("EPSG:3879", ())


def test_a_city_without_crs_is_taken_to_be_in_that_of_the_project(without_crs: Path) -> None:
    here = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 0.0), 24.94, 60.17)
    found = peek(without_crs, place=here)
    assert found.crs == ""
    assert "EPSG:3879" in found.suggested
    assert found.away is not None
    assert found.away < 2000


def test_a_city_without_crs_far_from_the_project_names_those_it_may_be_in(without_crs: Path) -> None:
    found = peek(without_crs, place=Place("EPSG:25832", (565_000.0, 5_933_000.0, 0.0), 10.0, 53.5))
    assert found.crs == ""
    assert "EPSG:3879" in found.suggested


def test_a_model_alone_is_not_taken_for_one_of_the_place_that_it_is_shown_at(tmp_path: Path) -> None:
    path = tmp_path / "gable.obj"
    path.write_text("v 0 0 0\nv 9 0 0\nv 9 0 6\nf 1 2 3\n")
    found = peek(path)
    assert (found.placeless, found.crs, found.suggested) == (True, "", ())


def test_the_crs_that_the_user_says_is_kept_with_the_source(without_crs: Path) -> None:
    project = open_project(HOUSE)
    grown = add_source(project, without_crs, placement=Placement(crs="EPSG:3879"))
    assert grown.reports[grown.sources[-1].id]["crs"] == "EPSG:3879"
    assert grown.sources[-1].placement.crs == "EPSG:3879"


def test_layers_tell_features_and_distance(tmp_path: Path) -> None:
    path = tmp_path / "benches.gpkg"
    for name in ("a", "b"):
        pyogrio.raw.write(
            path, geometry=np.array([Point(24.94, 60.17).wkb, Point(24.95, 60.17).wkb], dtype=object),
            field_data=[], fields=np.array([], dtype=object), geometry_type="Point", crs="EPSG:4326",
            layer=name, append=path.exists(),
        )  # fmt: skip
    found = peek(path, place=TAMPERE)
    assert (found.kind, found.format, found.count, found.unit) == (
        "vector", "GeoPackage, 2 layers", 4, "features"
    )  # fmt: skip
    assert found.crs == "EPSG:4326"
    assert found.away is not None
    assert 150_000 < found.away < 170_000


def test_a_scenario_tells_its_edits(tmp_path: Path) -> None:
    path = tmp_path / "plan.geojson"
    edit = {"type": "Feature", "properties": {"edit": "remove", "ids": ["x"]}, "geometry": None}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [edit]}))
    found = peek(path, place=TAMPERE)
    assert (found.kind, found.count, found.unit) == ("scenarios", 1, "edits")


def test_what_cannot_be_added_says_why(tmp_path: Path, helsinki: Path) -> None:
    broken = tmp_path / "broken.gml"
    broken.write_text("<CityModel>")
    for path, said in ((broken, "broken.gml"), (helsinki, "is a project"), (tmp_path / "a.doc", "not read")):
        with pytest.raises(DataError, match=said):
            peek(path)


def test_a_look_can_be_given_up() -> None:
    def stop(_fraction: float) -> None:
        raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        peek(HOUSE, progress=stop)


def test_real_files_are_looked_at(shared_data: Path) -> None:
    found: list[Peek] = [peek(shared_data / "cityjson" / "delft.city.json")]
    assert found[0].count == 570
    assert found[0].size is not None
    assert 400 < found[0].size[0] < 700


def test_every_format_of_layers_has_a_name() -> None:
    assert set(vector.SUFFIXES) <= set(VECTORS)
