import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_cities import HELSINKI, PNG, cities, told

from twin.errors import DataError
from twin.formats import citygml, cityjson, write_city
from twin.model import table
from twin.model.appearance import Appearance, Image
from twin.model.city import SURFACE_TYPES, City, CityObject, Polygon3D, empty, from_objects
from twin.model.faces import Faces

ANY = (None, dict.fromkeys([0.0, 1.0, 1.2, 2.0, 2.2, 3.0], SURFACE_TYPES))
CLASSES = dict.fromkeys(
    (
        *(
            "Building",
            "BuildingPart",
            "BuildingInstallation",
            "Bridge",
            "Road",
            "Square",
            "Room",
            "PlantCover",
        ),
        *("TINRelief", "GenericCityObject", "ReliefFeature", "HollowSpace", "Castle"),
    ),
    ANY,
)
SQUARE = np.array([[0.0, 0.0, 2.0], [10.0, 0.0, 2.0], [10.0, 10.0, 2.0], [0.0, 10.0, 2.0]])


def one() -> City:
    wall = Polygon3D((SQUARE,), "WallSurface", 2.2)
    part = CityObject("b", "BuildingPart", 0, {}, [replace(wall, lod=1), replace(wall, type="Surface")])
    return from_objects(HELSINKI, [CityObject("a", "Building", -1, {"name": "A"}, [wall]), part])


def pictured(path: Path) -> City:
    city = one()
    none = np.full(3, -1, dtype=np.int32)
    places = np.tile(np.array([[0, 0], [1, 0], [1, 1], [0, 1]], dtype=np.float32), (3, 1))
    return replace(city, appearance=Appearance((Image(path),), (), none + 1, none, places))


@pytest.mark.parametrize("name", ["a.city.json", "a.city.jsonl"])
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_written_is_read_back(name: str, tmp_path: Path, data: st.DataObject) -> None:
    city = data.draw(cities(classes=CLASSES, pictures=tmp_path / "in"))
    path = tmp_path / "out" / name
    path.parent.mkdir(exist_ok=True)
    write_city.write(city, path, attribution="© A, CC BY 4.0", title="Asema")
    back, report = cityjson.read(path, place=HELSINKI)
    assert told(back) == told(city)
    assert report.crs == "EPSG:3879"
    assert report.skipped == ()
    free, _ = cityjson.read(path)
    assert free.place.crs == "EPSG:3879"


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_real_cities_are_read_back(name: str, shared_data: Path, tmp_path: Path) -> None:
    for source in ("tricky/duckdb/delft_subset.city.jsonl", "rotterdam_two_buildings/twobuildings_t.json"):
        city, _ = cityjson.read(shared_data / "cityjson" / source, crs="EPSG:28992")
        write_city.write(city, tmp_path / name, attribution="")
        back, report = cityjson.read(tmp_path / name, place=city.place)
        assert told(back) == told(city)
        assert report.skipped == ()
        assert (back.surface_shown is None) == (city.surface_shown is None)


def test_what_cannot_be_said_of_surfaces_is_told(tmp_path: Path) -> None:
    said = table.from_rows([{"type": "brick", "u": 0.8}, {"u": 0.7}, {"u": 0.1}])
    of, kinds = np.array([0, 0, -1], dtype=np.int32), np.array([2, 2, 3], dtype=np.uint8)
    city = replace(one(), faces=Faces(of, kinds, np.array([2, -1, -1], dtype=np.int32), said))
    lost = write_city.write(city, tmp_path / "a.city.json", attribution="")
    assert lost == (
        "CityJSON: 1 attributes of surfaces got a _, because their names mean something.",
        "CityJSON: 1 thematic surfaces were left out, because they have no polygons.",
    )
    back, _ = cityjson.read(tmp_path / "a.city.json", place=HELSINKI)
    assert back.faces is not None
    assert back.faces.row(0) == {"type_": "brick", "u": 0.8}
    above = int(back.faces.parent[back.faces.of_surface[0]])
    assert SURFACE_TYPES[back.faces.type[above]] == "RoofSurface", "it has no polygon"
    lost = write_city.write(city, tmp_path / "a.gml", attribution="")
    assert "CityGML 2.0: 1 thematic surfaces were left out, because they have no polygons." in lost
    assert any("1 surfaces lost their attributes" in text for text in lost), "one is below LoD2"


def test_owner_and_licence_travel_with_the_file(tmp_path: Path) -> None:
    for name in ("a.json", "a.jsonl"):
        write_city.write(one(), tmp_path / name, attribution="© A, CC BY 4.0", title="Asema")
        head = json.loads((tmp_path / name).read_text().splitlines()[0])
        assert head["metadata"]["title"] == "Asema · © A, CC BY 4.0"
        assert head["metadata"]["referenceSystem"] == "https://www.opengis.net/def/crs/EPSG/0/3879"
        assert head["version"] == "2.0"


def test_the_text_is_what_the_standard_says(tmp_path: Path) -> None:
    write_city.write(one(), tmp_path / "a.json", attribution="")
    tree = json.loads((tmp_path / "a.json").read_text())
    assert tree["transform"] == {"scale": [0.001] * 3, "translate": [25_496_000.0, 6_673_000.0, 5.0]}
    assert tree["vertices"] == [[0, 0, 0], [0, 10000, 0], [10000, 0, 0], [10000, 10000, 0]]
    assert tree["CityObjects"]["a"] == {
        "type": "Building",
        "attributes": {"name": "A"},
        "children": ["b"],
        "geometry": [
            {
                "type": "MultiSurface",
                "lod": "2.2",
                "boundaries": [[[0, 2, 3, 1]]],
                "semantics": {"surfaces": [{"type": "WallSurface"}], "values": [0]},
            }
        ],
    }
    assert [geometry["lod"] for geometry in tree["CityObjects"]["b"]["geometry"]] == ["1", "2.2"]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.gml"])
def test_no_polygon_is_lost_because_it_is_small(name: str, tmp_path: Path) -> None:
    shapes = [Polygon3D((SQUARE * size,), "Surface", 2) for size in (1, 1e-4, 2e-5)]
    city = from_objects(HELSINKI, [CityObject("a", polygons=shapes)])
    write_city.write(city, tmp_path / name, attribution="")
    reader = citygml if name.endswith("gml") else cityjson
    back, report = reader.read(tmp_path / name, place=HELSINKI)
    assert (report.polygons, report.skipped) == (3, ())
    assert np.abs(back.vertices - city.vertices).max() < 1e-4


def test_a_sequence_has_a_line_for_each_whole(tmp_path: Path) -> None:
    write_city.write(one(), tmp_path / "a.jsonl", attribution="")
    lines = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text().splitlines()]
    assert [line["type"] for line in lines] == ["CityJSON", "CityJSONFeature"]
    assert list(lines[1]["CityObjects"]) == ["a", "b"]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.obj", "a.glb", "a.gml"])
def test_a_city_without_objects_is_written(name: str, tmp_path: Path) -> None:
    write_city.write(empty(HELSINKI), tmp_path / name, attribution="© A")
    assert (tmp_path / name).stat().st_size


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.obj", "a.glb", "a.gml"])
def test_the_same_city_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    (tmp_path / "wall.png").write_bytes(PNG)
    city = pictured(tmp_path / "wall.png")
    write_city.write(city, tmp_path / name, attribution="© A")
    first = (tmp_path / name).read_bytes()
    (tmp_path / name).unlink()
    write_city.write(city, tmp_path / name, attribution="© A")
    assert (tmp_path / name).read_bytes() == first


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.obj", "a.glb", "a.gml"])
def test_a_picture_that_is_gone_stops_the_writing_and_leaves_no_file(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"picture gone\.png: cannot be read.*Put it back"):
        write_city.write(pictured(tmp_path / "gone.png"), tmp_path / name, attribution="")
    assert not (tmp_path / name).exists()


@pytest.mark.parametrize("name", ["a.twin.json", "a.pdf", "a", "a.ply"])
def test_other_endings_are_refused_with_those_there_are(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"ends in \.city\.json, \.city\.jsonl, \.gml, \.glb, \.obj"):
        write_city.write(one(), tmp_path / name, attribution="")
    assert not list(tmp_path.iterdir())


def test_pictures_of_one_name_stay_two(tmp_path: Path) -> None:
    for folder in "xy":
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "wall.png").write_bytes(folder.encode())
    city = pictured(tmp_path / "x/wall.png")
    assert city.appearance
    images = (*city.appearance.images, Image(tmp_path / "y/wall.png"))
    look = replace(city.appearance, images=images, surface_image=np.array([0, 1, 1], dtype=np.int32))
    write_city.write(replace(city, appearance=look), tmp_path / "a.city.json", attribution="")
    copied = {file.name: file.read_bytes() for file in (tmp_path / "a_pictures").iterdir()}
    assert copied == {"wall.png": b"x", "wall-2.png": b"y"}


def test_numbers_without_end_are_told(tmp_path: Path) -> None:
    things = [CityObject("a", "Building", -1, {"b": float("inf"), "c": -float("inf"), "d": 1e300})]
    things.append(CityObject("c", "Building", -1, {"b": 1.5, "c": "text"}))
    lost = write_city.write(from_objects(HELSINKI, things), tmp_path / "a.city.json", attribution="")
    assert lost == ("CityJSON: 2 numbers without end became text.",)
