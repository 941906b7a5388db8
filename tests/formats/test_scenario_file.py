import json
from pathlib import Path
from typing import Any, get_args

import pyogrio
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, Polygon, box
from shapely.affinity import rotate

from twin.errors import DataError
from twin.formats.edit_json import KINDS
from twin.formats.scenario_file import read, read_folder, write
from twin.model.place import Place
from twin.model.scenario import (
    FORMS,
    GREENS,
    GROUND_SURFACES,
    MODEL_KINDS,
    ROOFS,
    SHAPE,
    THINGS,
    WAYS,
    AddBuilding,
    AddCanopy,
    AddModel,
    AddThings,
    AddWay,
    ChangeAttributes,
    ChangeGround,
    Edit,
    ExtendBuilding,
    FillPlot,
    GreenBuilding,
    LimitHeight,
    MoveBuilding,
    PlantArea,
    PlantRow,
    PlantTrees,
    Protect,
    RaiseGround,
    Remove,
    Scenario,
    StudyArea,
    shape_of,
)

PLACE = Place("EPSG:3879", (25496700.0, 6673000.0, 0.0), 24.94050, 60.17280, "Europe/Helsinki")
HERE = [24.9405, 60.1728]
RING = [HERE, [24.9410, 60.1728], [24.9410, 60.1730], HERE]


def feature(edit: str | None, kind: str | None, coordinates: Any = None, **properties: Any) -> dict[str, Any]:
    geometry = None if kind is None else {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": {"edit": edit, **properties}, "geometry": geometry}


def written(folder: Path, name: str, *features: Any, **members: Any) -> Path:
    path = folder / f"{name}.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features), **members}))
    return path


def error_of(folder: Path, *features: Any, **members: Any) -> str:
    with pytest.raises(DataError) as caught:
        read(written(folder, "a", *features, **members), PLACE)
    return str(caught.value)


TOWER = feature("add_building", "Polygon", [RING], height=60, storeys=15, use="office", roof="gabled")
GONE = feature("remove", None, ids=["w1", "w2"])
TREES = feature("plant_trees", "MultiPoint", [HERE, [24.9406, 60.1729]], species="Tilia", height=9.5)
RAMP = feature("raise_ground", "Polygon", [RING], height=-5, falls=90)
GRASS = feature("change_ground", "Polygon", [RING], surface="grass")


def test_each_feature_is_one_edit(tmp_path: Path) -> None:
    path = written(tmp_path, "towers", TOWER, GONE, TREES, GRASS, title="Towers", illustrative=True)
    scenario = read(path, PLACE)
    assert (scenario.id, scenario.title, scenario.illustrative) == ("towers", "Towers", True)
    tower, gone, trees, grass = scenario.edits
    assert isinstance(tower, AddBuilding)
    assert (tower.height, tower.storeys, tower.use, tower.roof) == (60.0, 15, "office", "gabled")
    assert gone == Remove("towers-2", "", ("w1", "w2"))
    assert isinstance(trees, PlantTrees)
    assert (len(trees.points.geoms), trees.height, trees.crown) == (2, 9.5, 5.0)
    assert isinstance(grass, ChangeGround)
    assert grass.surface == "grass"


def test_coordinates_become_local_metres(tmp_path: Path) -> None:
    corner = shapely.get_coordinates(read(written(tmp_path, "a", GRASS), PLACE).edits[0].area)[1]
    west = shapely.get_coordinates(read(written(tmp_path, "a", GRASS), PLACE).edits[0].area)[0]
    # 0.0005 degrees of longitude at 60.1728 N on GRS 80
    assert corner[0] - west[0] == pytest.approx(27.76, abs=0.02)
    assert abs(west).max() < 500


def test_a_gis_may_write_empty_columns_and_single_parts(tmp_path: Path) -> None:
    grass = feature(
        "change_ground", "MultiPolygon", [[RING]], surface="grass", height=None, roof="", ids=None, fid=7
    )
    gone = feature("remove", None, ids="w1, w2;w3", surface=None)
    first, second = read(written(tmp_path, "a", grass, gone), PLACE).edits
    assert isinstance(first, ChangeGround)
    assert second == Remove("a-2", "", ("w1", "w2", "w3"))


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (feature(None, "Point", HERE), "feature 1, edit: is missing. Use one of add_building"),
        (feature("demolish", None), "feature 1, edit: 'demolish' is unknown. Use one of"),
        (feature("add_building", "Polygon", [RING]), "feature 1, height: is missing"),
        (feature("add_building", "Polygon", [RING], height="60"), "height: '60' is not a number"),
        (feature("add_building", "Polygon", [RING], height=-3), "height: -3 is out of range"),
        (feature("add_building", "Polygon", [RING], height=10**400), "height: 1000000"),
        (feature("add_building", "Polygon", [RING], heigth=60), "heigth: is unknown. Did you mean"),
        (feature("add_building", "Polygon", [RING], height=9, storeys=2.5), "storeys: 2.5 is no whole"),
        (feature("add_building", "Polygon", [RING], height=9, roof="onion"), "roof: 'onion' is unknown. Use"),
        (feature("add_building", "Polygon", [RING], height=9, roof_height=10), "roof_height: 10 m is more"),
        (feature("add_building", "Point", HERE, height=9), "geometry: is a Point. Draw a Polygon"),
        (feature("add_building", None, height=9), "geometry: is missing"),
        (feature(["remove"], None), "edit: ['remove'] is unknown"),
        (feature("remove", None), "ids: has to be a list of ids"),
        (feature("remove", None, ids=[1]), "ids: has to be a list of ids"),
        (feature("plant_trees", "Polygon", [RING]), "geometry: is a Polygon. Draw points"),
        (feature("plant_trees", "MultiPoint", []), "geometry: is empty"),
        (feature("plant_trees", "Point", HERE, crown=0), "crown: 0 is out of range"),
        (feature("plant_trees", "Point", HERE, species=3), "species: 3 is not a text"),
        (feature("plant_trees", "Point", HERE[::-1]), "km from the project. Longitude comes first"),
        (feature("plant_trees", "Point", [25496700, 6673000]), "geometry: is not in degrees"),
        (feature("plant_trees", "Point", ["24", "60"]), "geometry: has a position that is not"),
        (feature("plant_trees", "Point", [10**400, 0]), "geometry: has a position that is not"),
        (feature("change_ground", "Polygon", [RING]), "surface: is missing. Use one of asphalt"),
        (feature("change_ground", "Polygon", [RING], surface="lava"), "surface: 'lava' is unknown"),
        (feature("change_ground", "Polygon", [RING[:3]], surface="grass"), "a ring of 3 points"),
        (feature("change_ground", "Polygon", [[*RING[:3], RING[1]]], surface="grass"), "not closed"),
        (feature("change_ground", "Polygon", [], surface="grass"), "geometry: is empty"),
        (feature("change_ground", "Polygon", 5, surface="grass"), "geometry: has no coordinates"),
        (feature("change_ground", "MultiPolygon", [[RING], [RING]], surface="grass"), "has 2 parts. Split"),
        (3, "feature 1: is not a feature"),
        ({"type": "Feature", "properties": [1]}, "feature 1, properties"),
    ],
)  # fmt: skip
def test_a_fault_names_file_feature_field_and_remedy(tmp_path: Path, broken: Any, said: str) -> None:
    text = error_of(tmp_path, broken)
    assert text.startswith("a.geojson: feature 1")
    assert said in text


def test_a_polygon_that_crosses_itself_is_refused(tmp_path: Path) -> None:
    bow = [HERE, [24.941, 60.173], [24.941, 60.1728], [24.9405, 60.173], HERE]
    text = error_of(tmp_path, GRASS, feature("change_ground", "Polygon", [bow], surface="grass", id="bow"))
    assert "feature 2, geometry: is not valid (Self-intersection" in text


@pytest.mark.parametrize(
    ("members", "said"),
    [
        (
            {"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3879"}}},
            "crs: is not WGS 84",
        ),
        ({"title": 3}, "title: is not a text"),
        ({"illustrative": "yes"}, "illustrative: is not true or false"),
        ({"includes": "b"}, "includes: is not a list"),
        ({"includes": ["../b"]}, "includes: has to be a list of file names"),
        ({"includes": ["b"]}, "includes: 'b' is not beside it"),
        ({"features": {}}, "features: is not a list"),
        ({"type": "Feature"}, "type: is not a FeatureCollection"),
    ],
)
def test_a_wrong_member_is_named(tmp_path: Path, members: dict[str, Any], said: str) -> None:
    assert f"a.geojson: {said}" in error_of(tmp_path, **members)


def test_a_crs_member_for_wgs84_is_accepted(tmp_path: Path) -> None:
    name = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert read(written(tmp_path, "a", GONE, crs=name), PLACE).edits


def test_the_same_id_twice_is_refused(tmp_path: Path) -> None:
    text = error_of(tmp_path, {**GONE, "id": "x"}, {**GRASS, "id": "x"})
    assert "feature 2 (x), id: 'x' is there twice" in text


def test_included_edits_come_first_and_once(tmp_path: Path) -> None:
    written(tmp_path, "base", GONE)
    written(tmp_path, "left", TOWER, includes=["base"])
    written(tmp_path, "right", TREES, includes=["base"])
    both = written(tmp_path, "both", GRASS, includes=["left", "right"])
    assert [edit.id for edit in read(both, PLACE).edits] == ["base-1", "left-1", "right-1", "both-1"]


def test_a_circle_of_includes_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "a", includes=["b"])
    b = written(tmp_path, "b", includes=["a"])
    with pytest.raises(DataError, match=r"includes: goes in a circle: b → a → b\. Take one of them out\."):
        read(b, PLACE)


def test_a_ramp_leads_down_and_nowhere_else(tmp_path: Path) -> None:
    (edit,) = read(written(tmp_path, "a", RAMP), PLACE).edits
    assert isinstance(edit, RaiseGround)
    assert (edit.height, edit.falls, edit.slope) == (-5.0, 90.0, 0.0)
    for change, said in (
        ({"height": 5}, "falls: is only for lowered ground"),
        ({"slope": 2}, "falls: a ramp has walls"),
        ({"height": 0}, "height: 0 m changes nothing"),
        ({"height": -80}, "height: -80 is out of range"),
    ):
        assert said in error_of(tmp_path, {**RAMP, "properties": {**RAMP["properties"], **change}})


def test_included_files_that_share_an_id_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "b", {**GONE, "id": "x"})
    with pytest.raises(DataError, match="the edit 'x' is both in b and in a"):
        read(written(tmp_path, "a", {**GONE, "id": "x"}, includes=["b"]), PLACE)


def test_many_includes_of_includes_are_read_once_each(tmp_path: Path) -> None:
    for number in range(1, 40):
        written(tmp_path, f"s{number}", includes=[f"s{number - 1}", f"s{max(number - 2, 0)}"])
    written(tmp_path, "s0", GONE)
    assert len(read(tmp_path / "s39.geojson", PLACE).edits) == 1


def test_a_folder_begins_with_today_and_ends_with_combinations(tmp_path: Path) -> None:
    for name in ("zoo", "today", "green"):
        written(tmp_path, name)
    written(tmp_path, "both", includes=["zoo", "green"])
    (tmp_path / "notes.txt").touch()
    scenarios, notices = read_folder(tmp_path, PLACE)
    assert [scenario.id for scenario in scenarios] == ["today", "green", "zoo", "both"]
    assert notices == ()


def test_a_folder_without_today_gets_one(tmp_path: Path) -> None:
    assert read_folder(tmp_path, PLACE) == ((Scenario("today", "Today"),), ())


def test_a_broken_file_is_left_out_with_a_notice(tmp_path: Path) -> None:
    written(tmp_path, "good", GONE)
    written(tmp_path, "bad", feature("fly", None))
    written(tmp_path, "both", includes=["good", "bad"])
    scenarios, notices = read_folder(tmp_path, PLACE)
    assert [scenario.id for scenario in scenarios] == ["today", "good"]
    assert [notice.split(":")[0] for notice in notices] == ["bad.geojson", "both.geojson"]
    assert "Mend bad.geojson first" in notices[1]


Text = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
Sizes = st.floats(0.5, 300)
Titles = Text
Planted = st.none() | st.integers(1900, 2200)
Areas = st.builds(
    lambda east, north, size, turn: rotate(box(east, north, east + size, north + size / 2), turn),
    st.floats(-800, 800), st.floats(-800, 800), st.floats(3, 90), st.floats(0, 90),
)  # fmt: skip
Yards = Areas.map(lambda area: Polygon(area.exterior, [area.centroid.buffer(0.3).exterior]))
Points = st.lists(st.tuples(st.floats(-900, 900), st.floats(-900, 900)), min_size=1, max_size=5).map(
    MultiPoint
)
Ids = st.lists(Text.filter(bool), min_size=1, unique=True).map(tuple)
On = st.booleans()
Shifts = st.floats(-500, 500)
Lines = st.builds(
    lambda x, y, turn: rotate(LineString([(x, y), (x + 30, y), (x + 40, y + 9)]), turn),
    st.floats(-800, 800), st.floats(-800, 800), st.floats(0, 360),
)  # fmt: skip
Values = (
    st.none()
    | Text
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
)
Attributes = st.dictionaries(Text.filter(bool), Values, min_size=1, max_size=4).map(
    lambda d: tuple(d.items())
)
EDITS: dict[type[Edit], tuple[st.SearchStrategy[Any], ...]] = {
    AddBuilding: (
        Areas | Yards, st.floats(10, 300), st.none() | st.integers(1, 99),
        Text, st.sampled_from(ROOFS), st.none() | st.floats(0, 10), st.none() | st.integers(1000, 2200),
        Text, Text, Text, On,
    ),
    Remove: (Ids, On),
    PlantTrees: (Points, Text, Sizes, Sizes, Planted, On),
    ChangeGround: (Areas, st.sampled_from(GROUND_SURFACES), On),
    FillPlot: (
        Areas | Yards, st.sampled_from(FORMS), st.floats(1, 1e6),
        st.floats(4, 50), st.floats(0, 50), st.floats(1, 50), st.floats(2, 5), st.integers(1, 99), Text,
        st.sampled_from(ROOFS), On,
    ),
    ExtendBuilding: (Ids, st.integers(1, 99), st.floats(2, 5), On),
    MoveBuilding: (Ids, Shifts, Shifts, Shifts, st.floats(-360, 360), On),
    ChangeAttributes: (Ids, Attributes, On),
    GreenBuilding: (Ids, st.sampled_from(GREENS), On),
    PlantRow: (Lines, st.floats(1, 50), Text, Sizes, Sizes, Planted, On),
    PlantArea: (Areas, st.floats(1, 50), Text, Sizes, Sizes, Planted, On),
    AddWay: (
        Lines, st.sampled_from(WAYS), st.floats(0.5, 50),
        st.sampled_from(("", *GROUND_SURFACES)), On,
    ),
    AddThings: (Points, st.sampled_from(THINGS), st.none() | Sizes, On),
    AddModel: (
        Points, st.sampled_from(("a.glb", "../models/hall 2.ifc")),
        st.floats(-360, 360), st.floats(0.001, 1000), st.floats(-500, 500), st.sampled_from(MODEL_KINDS), On,
    ),
    RaiseGround: (
        Areas, st.floats(0.01, 100) | st.floats(-50, -0.01), st.floats(0, 100),
        st.sampled_from(("", *GROUND_SURFACES)), st.none(), On,
    ),
    AddCanopy: (Areas, Sizes, st.floats(0.1, 5), On),
    Protect: (Ids, On),
    LimitHeight: (Areas, Sizes, On),
    StudyArea: (Areas, On),
}  # fmt: skip
"""What each kind is made of, after its id and title."""
Scenarios = st.lists(st.sampled_from(list(EDITS)), max_size=4).flatmap(
    lambda kinds: st.builds(
        Scenario,
        st.just("a"),
        st.text(min_size=1, max_size=8),
        Text,
        st.booleans(),
        st.tuples(*(st.builds(kind, st.just(f"e{n}"), Titles, *EDITS[kind]) for n, kind in enumerate(kinds))),
    )
)


def plain(edit: Any) -> tuple[Any, ...]:
    return tuple(getattr(edit, name) for name in edit.__slots__ if name != SHAPE.get(type(edit)))


def shape(edit: Any) -> Any:
    found = shape_of(edit)
    return None if found is None else shapely.normalize(found)


def test_every_kind_of_edit_is_tried() -> None:
    assert set(EDITS) == set(get_args(Edit)) == {kind.type for kind in KINDS.values()}


@given(Scenarios)
def test_every_scenario_survives_the_file(
    tmp_path_factory: pytest.TempPathFactory, scenario: Scenario
) -> None:
    path = tmp_path_factory.mktemp("scenario") / "a.geojson"
    write(scenario, path, PLACE)
    again = read(path, PLACE)
    assert (again.id, again.title, again.description) == (scenario.id, scenario.title, scenario.description)
    assert again.illustrative == scenario.illustrative
    for before, after in zip(scenario.edits, again.edits, strict=True):
        assert (type(after), plain(after)) == (type(before), plain(before))
        if shape(before) is not None:
            assert shapely.equals_exact(shape(after), shape(before), 0.001) or shapely.hausdorff_distance(
                shape(after), shape(before)
            ) == pytest.approx(0, abs=0.001)


AREA, LINE = box(10, 10, 50, 40), LineString([(0, 0), (30, 5), (60, 0)])
SPOTS = MultiPoint([(5, 5), (15, 5)])
ONE_OF_EACH = (
    AddBuilding("e1", "Talo Å", AREA, 24.5, 7, "office", "gabled", 4.0, 2030, "A", "timber", "district"),
    Remove("e2", "Goes", ("w1", "w2")),
    PlantTrees("e3", "Trees", SPOTS, "Tilia", 9.5, 5.0, 2026),
    ChangeGround("e4", "Lawn", AREA, "grass"),
    FillPlot("e5", "Block", Polygon(AREA.exterior, [box(20, 20, 30, 30).exterior]), "perimeter", 12_000.0),
    ExtendBuilding("e6", "Higher", ("w3",), 2),
    MoveBuilding("e7", "Moved", ("w4",), 3.0, -2.0, 0.5, 30.0),
    ChangeAttributes("e8", "Other use", ("w5",), (("use", "school"), ("year", 1999), ("listed", True))),
    GreenBuilding("e9", "Green", ("w6",), "sedum"),
    PlantRow("e10", "Alley", LINE, 8.0),
    PlantArea("e11", "Grove", AREA, 6.0),
    AddWay("e12", "Way", LINE, "footway", 3.0, "gravel"),
    AddThings("e13", "Lamps", SPOTS, "lamp", 4.5),
    AddModel("e14", "Hall", SPOTS, "../models/hall 2.ifc", 30.0, 2.0),
    RaiseGround("e15", "Mound", AREA, 1.5, 3.0, "grass"),
    AddCanopy("e16", "Roof", AREA, 5.0),
    Protect("e17", "Listed", ("w7",)),
    LimitHeight("e18", "Skyline", AREA, 30.0),
    StudyArea("e19", "Plan", AREA, False),
)


def test_a_gis_reads_every_field_and_shape(tmp_path: Path) -> None:
    assert {type(edit) for edit in ONE_OF_EACH} == set(get_args(Edit))
    path = tmp_path / "a.geojson"
    write(Scenario("a", "All", edits=ONE_OF_EACH), path, PLACE)
    features = json.loads(path.read_text())["features"]
    meta, _, shapes, columns = pyogrio.raw.read(path)
    assert meta["crs"] == "EPSG:4326"
    assert len(shapes) == len(features)
    names = {name for each in features for name in each["properties"]}
    assert set(meta["fields"]) == names | {"id"}
    table = dict(zip(meta["fields"], columns, strict=True))
    for row, each in enumerate(features):
        assert table["id"][row] == each["id"]
        assert (shapes[row] is None) == (each["geometry"] is None)
        if shapes[row] is not None:
            drawn = shapely.from_geojson(json.dumps(each["geometry"]))
            assert shapely.equals_exact(shapely.from_wkb(shapes[row]), drawn, 1e-9)
        for name, value in each["properties"].items():
            found = table[name][row]
            if isinstance(value, dict):  # one column of text, which the program reads again
                assert json.loads(found) == value
            elif isinstance(value, list):
                assert list(found) == value
            elif isinstance(value, str):
                assert found == value
            else:
                assert found == pytest.approx(float(value))


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (feature("extend", None, ids=["a"], storeys=1.5), "storeys: 1.5 is no whole number"),
        (feature("extend", None, storeys=2), "ids: has to be a list of ids"),
        (feature("move", None, ids=["a"], rotation=1000), "rotation: 1000 is out of range"),
        (feature("change_attributes", None, ids=["a"]), "attributes: is missing"),
        (feature("change_attributes", None, ids=["a"], attributes="{"), "attributes: are no JSON object"),
        (feature("change_attributes", None, ids=["a"], attributes={"x": [1]}), "attributes.x: is neither"),
        (feature("plant_row", "Point", HERE), "geometry: is a Point. Draw one line."),
        (feature("plant_row", "LineString", [HERE]), "geometry: has 1 points. A line needs 2."),
        (feature("plant_row", "LineString", [HERE, HERE]), "geometry: has no length"),
        (feature("fill_plot", "Polygon", [RING], form="star", floor_area=9), "form: 'star' is unknown"),
        (feature("fill_plot", "Polygon", [RING], form="slab"), "floor_area: is missing"),
        (feature("add_way", "LineString", [HERE, RING[2]]), "way: is missing. Use one of street"),
        (feature("green", None, ids=["a"], green="moss"), "green: 'moss' is unknown"),
        (feature("limit_height", "Polygon", [RING]), "height: is missing"),
        (feature("protect", None, ids="a b", enabled="maybe"), "enabled: 'maybe' is neither true nor false"),
    ],
)  # fmt: skip
def test_faults_of_further_edits_are_named_too(tmp_path: Path, broken: Any, said: str) -> None:
    assert said in error_of(tmp_path, broken)


def test_written_exteriors_run_counter_clockwise(tmp_path: Path) -> None:
    path = tmp_path / "a.geojson"
    write(
        Scenario("a", "A", edits=(ChangeGround("g", "", box(0, 0, 9, 9, ccw=False), "grass"),)), path, PLACE
    )
    ring = json.loads(path.read_text())["features"][0]["geometry"]["coordinates"][0]
    assert shapely.LinearRing(ring).is_ccw


def test_the_bundled_scenarios_are_read_whole(helsinki: Path) -> None:
    folder = helsinki.parent.parent / "scenarios" / "helsinki"
    if not folder.is_dir() or not helsinki.is_file():
        pytest.skip("the bundled scenarios are not made yet")
    scenarios, notices = read_folder(folder, PLACE)
    assert notices == ()
    assert scenarios[0].id == "today"
    assert all(scenario.illustrative for scenario in scenarios[1:])


def test_a_tree_of_scenarios_survives_its_files(tmp_path: Path) -> None:
    base = Scenario("base", "Base", edits=(Remove("a", "", ("x",)),))
    edits = (*base.edits, Remove("b", "", ("y",), False))
    child = Scenario("child", "Child", edits=edits, parents=("base",), inherited=1, locked=True)
    for scenario in (base, child):
        write(scenario, tmp_path / f"{scenario.id}.geojson", PLACE, whole=False)
    found, notices = read_folder(tmp_path, PLACE)
    assert notices == ()
    assert found[1:] == (base, child)
    write(child, tmp_path / "alone.geojson", PLACE)
    alone = read(tmp_path / "alone.geojson", PLACE)
    assert (alone.edits, alone.parents, alone.inherited) == (child.edits, (), 0)
