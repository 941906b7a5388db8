import json
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pyogrio.raw
import pytest
import rasterio
from rasterio import Affine
from shapely import Point

from twin.errors import Cancelled, DataError
from twin.formats import project_file
from twin.formats.open_project import add_source, first_state, is_project, open_project, open_scenarios
from twin.formats.save_project import relink, to_file
from twin.formats.sources import id_for, kind_of
from twin.model.project import Project
from twin.model.state import Bookmark, Camera, State

HOUSE = Path(__file__).parent / "data" / "house_v2.gml"
HELSINKI = ZoneInfo("Europe/Helsinki")


def layers(path: Path, place: tuple[float, float], crs: str, *names: str) -> Path:
    for name in names:
        pyogrio.raw.write(
            path, geometry=np.array([Point(*place).wkb], dtype=object), field_data=[],
            fields=np.array([], dtype=object), geometry_type="Point", crs=crs, layer=name,
            append=path.exists(),
        )  # fmt: skip
    return path


def grid(path: Path, west: float, north: float, crs: str) -> Path:
    values = np.ones((20, 20), np.float32)
    with rasterio.open(
        path, "w", driver="GTiff", width=20, height=20, count=1, dtype="float32", crs=crs,
        transform=Affine(50.0, 0, west, 0, -50.0, north),
    ) as file:  # fmt: skip
        file.write(values, 1)
    return path


def plan(path: Path, **members: Any) -> Path:
    edit = {"type": "Feature", "properties": {"edit": "remove", "ids": ["x"]}, "geometry": None}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [edit], **members}))
    return path


@pytest.fixture
def area(tmp_path: Path) -> Path:
    """A project of everything: a house, two layers, a raster, a folder of scenarios."""
    folder = tmp_path / "area"
    (folder / "plans").mkdir(parents=True)
    shutil.copy(HOUSE, folder / "house.gml")
    alone = open_project(folder / "house.gml")
    east, north = alone.place.origin[:2]
    layers(folder / "layers.gpkg", (east + 5, north + 5), alone.place.crs, "trees", "lamps")
    grid(folder / "heat.tif", east - 500, north + 500, alone.place.crs)
    plan(folder / "plans" / "tower.geojson", title="Tower")
    place = alone.place
    path = folder / "area.twin.json"
    tree = {
        "schema": "twin-project",
        "version": 1,
        "name": "Area",
        "crs": place.crs,
        "place": {
            "origin": list(place.origin),
            "longitude": place.longitude,
            "latitude": place.latitude,
            "timezone": "Europe/Helsinki",
        },
        "sources": [
            {"id": "heat", "path": "heat.tif", "kind": "raster", "unit": "K", "attribution": "C"},
            {"id": "house", "path": "house.gml", "kind": "city", "attribution": "A", "x-survey": 1},
            {"id": "trees", "path": "layers.gpkg", "kind": "vector", "layer": "trees", "role": "trees"},
            {"id": "lamps", "path": "layers.gpkg", "kind": "vector", "layer": "lamps", "attribution": "B"},
            {"id": "plans", "path": "plans", "kind": "scenarios"},
        ],
        "home": {"position": [0, -100, 50], "target": [0, 0, 0]},
        "bookmarks": [{"id": "top", "title": "Top", "camera": {"position": [0, 0, 99], "target": [0, 0, 0]}}],
        "time": "2026-07-15T15:00",
        "x-unknown": {"a": [1, 2]},
    }  # fmt: skip
    path.write_text(json.dumps(tree))
    project_file.save(project_file.refresh(project_file.load(path)), path)
    return path


def problems(project: Project) -> dict[str, str]:
    return {source.id: source.problem for source in project.sources if source.problem}


def test_a_project_opens_with_all_its_sources(area: Path) -> None:
    seen: list[float] = []
    project = open_project(area, progress=seen.append)
    assert project.name == "Area"
    assert len(project.city.object_id) > 0
    assert [layer.id for layer in project.layers] == ["trees", "lamps"]
    assert project.layers[0].role == "trees"
    assert [(raster.id, raster.unit) for raster in project.rasters] == [("heat", "K")]
    assert [scenario.id for scenario in project.scenarios] == ["today", "tower"]
    assert [bookmark.id for bookmark in project.bookmarks] == ["home", "top"]
    assert project.attribution == ("C", "A", "B")
    assert problems(project) == {}
    assert project.path == area
    assert all(source.path.is_absolute() for source in project.sources)
    assert seen == sorted(seen)
    assert (seen[0], seen[-1]) == (0.0, 1.0)


def test_rasters_are_cut_to_the_city(area: Path) -> None:
    project = open_project(area)
    low, high = project.city.vertices.min(axis=0), project.city.vertices.max(axis=0)
    west, _south, _east, north = project.rasters[0].bounds
    assert low[0] - 350 < west < low[0]
    assert high[1] < north < high[1] + 350


def test_what_is_missing_is_said_and_the_rest_opens(area: Path) -> None:
    (area.parent / "layers.gpkg").unlink()
    project = open_project(area)
    assert project.layers == ()
    assert len(project.city.object_id) > 0
    assert set(problems(project)) == {"trees", "lamps"}
    assert "sources[2].path: layers.gpkg is missing. Put it back or relink it." in problems(project)["trees"]
    assert problems(project)["trees"] in project.notices


def test_what_is_broken_is_said_and_the_rest_opens(area: Path) -> None:
    (area.parent / "house.gml").write_bytes(b"<broken")
    (area.parent / "heat.tif").write_bytes(b"broken")
    plan(area.parent / "plans" / "bad.geojson", includes=["gone"])
    project = open_project(area)
    assert set(problems(project)) == {"house", "heat", "plans"}
    assert [scenario.id for scenario in project.scenarios] == ["today", "tower"]
    assert len(project.layers) == 2
    assert len(project.city.object_id) == 0


def test_what_has_changed_is_read_and_said_once(area: Path) -> None:
    path = area.parent / "layers.gpkg"
    layers(path, (0, 0), open_project(area).place.crs, "benches")
    project = open_project(area)
    assert len(project.layers) == 2
    assert problems(project)["trees"].startswith("layers.gpkg has changed")
    assert sum("has changed" in notice for notice in project.notices) == 1


def test_a_same_sized_change_is_seen_too(area: Path) -> None:
    text = HOUSE.read_bytes()
    (area.parent / "house.gml").write_bytes(text.replace(b"</", b"</", 1)[:-1] + b" ")
    assert set(problems(open_project(area))) == {"house"}


def test_scenarios_are_not_hashed_because_they_are_edited(area: Path) -> None:
    plan(area.parent / "plans" / "another.geojson")
    assert problems(open_project(area)) == {}


def test_giving_up_is_not_an_error_of_the_source(area: Path) -> None:
    def stop(fraction: float) -> None:
        if fraction > 0:
            raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        open_project(area, progress=stop)


def test_a_missing_project_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"gone.twin.json: is missing"):
        open_project(tmp_path / "gone.twin.json")
    with pytest.raises(DataError, match="is no file"):
        open_project(tmp_path)


def test_a_city_file_is_a_project_by_itself() -> None:
    project = open_project(HOUSE)
    assert (project.name, project.path) == ("house_v2", None)
    assert [scenario.id for scenario in project.scenarios] == ["today"]
    assert project.place.timezone == "Europe/Helsinki"
    assert any("time zone" in notice for notice in project.notices)
    assert project.sources[0].path == HOUSE.resolve()
    assert len(project.city.object_id) > 0
    assert first_state(project).time == datetime(2026, 6, 21, 15, tzinfo=ZoneInfo("Europe/Helsinki"))


def test_a_layer_file_is_a_project_by_itself(tmp_path: Path) -> None:
    project = open_project(layers(tmp_path / "a.gpkg", (25496900, 6673200), "EPSG:3879", "trees", "lamps"))
    assert [layer.id for layer in project.layers] == ["a:trees", "a:lamps"]
    assert project.place.crs == "EPSG:3879"
    assert len({layer.style.colour for layer in project.layers}) == 2


def test_a_raster_is_a_project_by_itself(tmp_path: Path) -> None:
    project = open_project(grid(tmp_path / "a.tif", 25496900, 6673200, "EPSG:3879"))
    assert [raster.id for raster in project.rasters] == ["a"]
    assert project.place.crs == "EPSG:3879"


def test_the_first_state_is_the_projects_time_or_saved_view(area: Path) -> None:
    project = open_project(area)
    assert first_state(project) == State("today", datetime(2026, 7, 15, 15, tzinfo=HELSINKI))
    seen = State(
        "tower", datetime(2026, 1, 2, 9, 30, tzinfo=HELSINKI), overlay="height", hidden=frozenset({"lamps"})
    )
    project_file.save(to_file(project, seen), area)
    assert first_state(open_project(area)) == seen


def test_a_saved_view_of_a_scenario_that_is_gone_shows_today(area: Path) -> None:
    project = open_project(area)
    gone = State("gone", datetime(2026, 1, 2, tzinfo=HELSINKI), overlay="height")
    project_file.save(to_file(project, gone), area)
    again = open_project(area)
    assert first_state(again) == replace(gone, scenario="today")
    assert any("'gone', which is not there" in notice for notice in again.notices)


def test_saving_an_unchanged_project_changes_no_byte(area: Path) -> None:
    before = area.read_bytes()
    project_file.save(to_file(open_project(area)), area)
    assert area.read_bytes() == before


def test_files_that_are_added_stay_after_saving(area: Path, tmp_path: Path) -> None:
    project = open_project(area)
    east, north = project.place.origin[:2]
    new = (
        layers(tmp_path / "More Stuff.gpkg", (east, north), project.place.crs, "stops", "benches"),
        grid(tmp_path / "noise.tif", east, north, project.place.crs),
        plan(tmp_path / "park.geojson", title="Park"),
        Path(shutil.copy(HOUSE.with_name("house_v3.gml"), tmp_path / "second.gml")),
    )
    for path in new:
        project = add_source(project, path)
    assert [layer.id for layer in project.layers[2:]] == ["more-stuff:stops", "more-stuff:benches"]
    project = replace(
        project, bookmarks=(*project.bookmarks, Bookmark("b", "B", Camera((0, 0, 9), (1, 1, 1))))
    )
    project_file.save(to_file(project), area)
    again = open_project(area)
    assert problems(again) == {}
    assert [source.id for source in again.sources] == [source.id for source in project.sources]
    assert [raster.id for raster in again.rasters] == ["heat", "noise"]
    assert [scenario.id for scenario in again.scenarios] == ["today", "tower", "park"]
    assert len(again.city.object_id) == len(project.city.object_id)
    assert [bookmark.id for bookmark in again.bookmarks] == ["home", "top", "b"]
    saved = json.loads(area.read_bytes())
    assert saved["x-unknown"] == {"a": [1, 2]}
    assert saved["sources"][1]["x-survey"] == 1
    assert saved["sources"][5]["path"] == "../More Stuff.gpkg"
    assert saved["sources"][5]["layer"] == "stops"


def test_a_project_saved_elsewhere_finds_its_sources(area: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "other" / "copy.twin.json"
    elsewhere.parent.mkdir()
    project_file.save(to_file(open_project(area), path=elsewhere), elsewhere)
    project = open_project(elsewhere)
    assert problems(project) == {}
    assert json.loads(elsewhere.read_bytes())["sources"][0]["path"] == "../area/heat.tif"


def test_a_single_file_becomes_a_project_by_saving(tmp_path: Path) -> None:
    path = tmp_path / "new.twin.json"
    shutil.copy(HOUSE, tmp_path)
    project = open_project(tmp_path / HOUSE.name)
    project_file.save(to_file(project, path=path), path)
    again = open_project(path)
    assert problems(again) == {}
    assert again.place == project.place
    assert len(again.city.object_id) == len(project.city.object_id)


def test_adding_the_same_file_twice_gives_other_ids(area: Path, tmp_path: Path) -> None:
    project = open_project(area)
    path = layers(tmp_path / "x.gpkg", project.place.origin[:2], project.place.crs, "a")
    project = add_source(add_source(project, path), path)
    assert [layer.id for layer in project.layers[2:]] == ["x", "x-2"]


def test_what_cannot_be_added_leaves_the_project(area: Path, tmp_path: Path) -> None:
    project = open_project(area)
    (tmp_path / "a.docx").touch()
    with pytest.raises(DataError, match="of a format that is not read"):
        add_source(project, tmp_path / "a.docx")


def test_relinking_mends_all_sources_of_the_file(area: Path) -> None:
    moved = area.parent / "moved.gpkg"
    (area.parent / "layers.gpkg").rename(moved)
    relink(area, "trees", moved)
    project = open_project(area)
    assert problems(project) == {}
    assert [source.path for source in project.sources[2:4]] == [moved, moved]
    assert json.loads(area.read_bytes())["x-unknown"] == {"a": [1, 2]}


def test_relinking_to_nothing_changes_nothing(area: Path) -> None:
    before = area.read_bytes()
    for source, path in (("trees", area.parent / "gone.gpkg"), ("nobody", area)):
        with pytest.raises(DataError):
            relink(area, source, path)
    assert area.read_bytes() == before


def test_the_scenarios_alone_are_read_without_the_rest(area: Path) -> None:
    (area.parent / "house.gml").unlink()
    scenarios, notices = open_scenarios(area)
    assert [scenario.title for scenario in scenarios] == ["Today", "Tower"]
    assert notices == ()


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.gml", "city"), ("a.GML.gz", "city"), ("a.xml", "city"), ("a.tif", "raster"), ("a.shp", "vector")],
)  # fmt: skip
def test_a_name_says_what_a_file_is(name: str, kind: str) -> None:
    assert kind_of(Path(name)) == kind


def test_a_geojson_of_edits_is_a_scenario(tmp_path: Path) -> None:
    assert kind_of(plan(tmp_path / "a.geojson")) == "scenarios"
    (tmp_path / "b.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    assert kind_of(tmp_path / "b.geojson") == "vector"


def test_ids_are_plain_and_free() -> None:
    assert id_for(Path("Puut & Valot.v2.gpkg"), None, ()) == "puut-valot"
    assert id_for(Path("a.gpkg"), "trees", ["a:trees"]) == "a-2:trees"


def test_a_project_is_known_by_name_or_content(area: Path, tmp_path: Path) -> None:
    assert is_project(Path(shutil.copy(area, tmp_path / "renamed.json")))
    assert not is_project(plan(tmp_path / "a.json"))
    assert not is_project(HOUSE)


def test_a_cached_project_opens_without_the_readers(area: Path) -> None:
    tree = json.loads(area.read_bytes())
    tree["sources"] = tree["sources"][1:4]
    area.write_text(json.dumps(tree))
    open_project(area)
    code = (
        f"import sys; from pathlib import Path; from twin.formats.open_project import open_project;"
        f"project = open_project(Path({str(area)!r})); assert len(project.layers) == 2, project.notices;"
        "sys.exit(' '.join({'pyogrio', 'pyproj', 'rasterio', 'lxml', 'pandas'} & set(sys.modules)) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)


def test_a_style_that_changes_is_seen_through_the_cache(area: Path) -> None:
    open_project(area)
    tree = json.loads(area.read_bytes())
    tree["sources"][2]["style"] = {"colour": "#112233"}
    area.write_text(json.dumps(tree))
    assert open_project(area).layers[0].style.colour == "#112233"


def test_the_bundled_project_is_whole(helsinki: Path) -> None:
    project = open_project(helsinki, thorough=True)
    assert problems(project) == {}
    assert len(project.layers) == 17
    assert {layer.role for layer in project.layers} == {"", "trees", "ground"}
    assert {"home", "square", "top", "elielinaukio"} <= {bookmark.id for bookmark in project.bookmarks}
    assert any("OpenStreetMap" in line for line in project.attribution)
    assert first_state(project).time.tzinfo == HELSINKI


def test_the_import_report_of_each_city_stays_with_the_project(tmp_path: Path, area: Path) -> None:
    alone = open_project(HOUSE)
    [report] = alone.reports.values()
    assert report["format"].startswith("CityGML")
    assert report["objects"]
    assert json.loads(json.dumps(report)) == report
    project = open_project(area)
    assert set(project.reports) <= {source.id for source in project.sources}
    again = tmp_path / "again.gml"
    shutil.copy(HOUSE, again)
    more = add_source(project, again)
    assert set(more.reports) == {*project.reports, more.sources[-1].id}
