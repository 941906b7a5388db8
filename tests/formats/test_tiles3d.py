"""Local 3D tilesets: what is in them, where it stands, what is left out, and nothing beyond their folder."""

import json
import struct
from pathlib import Path
from typing import Any

import made_models
import numpy as np
import pytest
from pyproj import Transformer

from twin.errors import DataError
from twin.formats import cache, tiles3d
from twin.formats.model_suffixes import is_tileset
from twin.formats.read import kind_of
from twin.formats.report import Report
from twin.model.city import City, heights, triangle_object
from twin.model.place import Place
from twin.model.placement import Placement

HELSINKI = Place("EPSG:3879", (25_496_900.0, 6_673_200.0, 0.0), 24.9441, 60.1717)


def geocentric(longitude: float, latitude: float, height: float) -> np.ndarray:
    """The matrix from metres east, north and up of a place to the Earth's own axes."""
    there = Transformer.from_crs("EPSG:4979", "EPSG:4978", always_xy=True)
    east, north = np.radians([longitude, latitude])
    found = np.eye(4)
    found[:3, 0] = -np.sin(east), np.cos(east), 0
    found[:3, 2] = np.cos(north) * np.cos(east), np.cos(north) * np.sin(east), np.sin(north)
    found[:3, 1] = np.cross(found[:3, 2], found[:3, 0])
    found[:3, 3] = there.transform(longitude, latitude, height)
    return found


HERE = geocentric(24.9441, 60.1717, 30.0)


def model(*, batches: bool = True, **changes: Any) -> bytes:
    tree, data = made_models.gltf(batches=batches, picture=None)
    tree["nodes"] = [{"mesh": 0}]
    return made_models.glb(tree | changes, data)


def tile(name: str, **features: Any) -> bytes:
    table = {"gml_id": [name, "bare"], "storeys": [3, None], "tags": [["a"], {}]}
    return made_models.b3dm(model(), {"BATCH_LENGTH": 2, **features}, table)


def tileset(folder: Path, root: dict[str, Any], name: str = "tileset.json", **asset: Any) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    tree = {"asset": {"version": "1.0", **asset}, "geometricError": 9, "root": {"geometricError": 1, **root}}
    path.write_text(json.dumps(tree))
    return path


def read(path: Path, place: Place | None = HELSINKI, **options: Any) -> tuple[City, Report]:
    return tiles3d.read(path, place=place, pictures=path.parent / "pictures", **options)


def turned(matrix: np.ndarray) -> list[float]:
    return [float(v) for v in matrix.T.ravel()]


def test_a_tile_stands_upright_where_the_tileset_says(tmp_path: Path) -> None:
    path = tileset(tmp_path, {"transform": turned(HERE), "content": {"uri": "a.b3dm"}})
    (tmp_path / "a.b3dm").write_bytes(tile("A", RTC_CENTER=[10.0, 20.0, 5.0]))
    city, report = read(path)
    east, north = Transformer.from_crs("EPSG:4326", "EPSG:3879", always_xy=True).transform(24.9441, 60.1717)
    low = city.vertices.min(0) + HELSINKI.origin
    assert low == pytest.approx([east + 10, north + 20, 35.0], abs=0.05)
    assert np.ptp(city.vertices, axis=0) == pytest.approx([4, 3, 2], abs=0.01)
    assert report.crs == "EPSG:4979"
    assert "geocentric" in report.crs_source
    assert report.format == "3D Tiles 1.0"
    assert any("ellipsoid" in notice for notice in report.notices)
    alone, _ = read(path, None)
    assert alone.place.crs == "EPSG:32635"
    assert np.ptp(alone.vertices, axis=0) == pytest.approx([4, 3, 2], abs=0.15), "turned by the grid"


@pytest.mark.usefixtures("same_process")
def test_rows_of_a_batch_table_are_objects(tmp_path: Path) -> None:
    path = tileset(tmp_path, {"content": {"url": "a.b3dm"}})
    (tmp_path / "a.b3dm").write_bytes(tile("A"))
    city, report = read(path)
    assert city.object_id.tolist() == ["A", "bare"]
    assert city.attributes.row(0) == {"gml_id": "A", "storeys": 3.0, "tags": '["a"]'}
    assert np.unique(triangle_object(city)).tolist() == [0]
    assert report.objects == {"GenericCityObject": 2}
    assert any("1 objects have no faces" in notice for notice in report.notices)


@pytest.mark.usefixtures("same_process")
def test_binary_columns_of_a_batch_table_are_read(tmp_path: Path) -> None:
    binary = struct.pack("<2d", 1.5, float("nan")) + struct.pack("<4B", 1, 2, 3, 4)
    table = {
        "height": {"byteOffset": 0, "componentType": "DOUBLE", "type": "SCALAR"},
        "pair": {"byteOffset": 16, "componentType": "UNSIGNED_BYTE", "type": "VEC2"},
        "lost": {"byteOffset": 900, "componentType": "FLOAT", "type": "SCALAR"},
    }
    path = tmp_path / "a.b3dm"
    path.write_bytes(made_models.b3dm(model(), {"BATCH_LENGTH": 2}, table, binary))
    city, report = read(path)
    assert city.attributes.row(0) == {"height": 1.5, "pair": "1; 2"}
    assert city.attributes.row(1) == {"pair": "3; 4"}
    assert [(s.what, s.count, s.why) for s in report.skipped] == [("attribute", 2, "its values are cut off")]


@pytest.mark.usefixtures("same_process")
def test_the_finest_tiles_are_shown_and_the_others_counted(tmp_path: Path) -> None:
    leaf = {"geometricError": 0, "content": {"uri": "fine.b3dm"}}
    middle = {"geometricError": 1, "content": {"uri": "middle.b3dm"}, "children": [leaf]}
    root = {"refine": "REPLACE", "content": {"uri": "coarse.b3dm"}, "children": [middle, {"children": []}]}
    path = tileset(tmp_path, root)
    for name in ("coarse", "middle", "fine"):
        (tmp_path / f"{name}.b3dm").write_bytes(tile(name))
    city, report = read(path)
    assert "fine" in city.object_id.tolist()
    assert not {"middle", "coarse"} & set(city.object_id.tolist())
    assert [(s.what, s.why, s.count) for s in report.skipped] == [("coarse tile", "finer ones are shown", 2)]
    (tmp_path / "tileset.json").write_text(path.read_text().replace("REPLACE", "ADD"))
    city, report = read(path)
    assert {"fine", "middle", "coarse"} <= set(city.object_id.tolist())
    assert not report.skipped


@pytest.mark.usefixtures("same_process")
def test_tilesets_within_tilesets_are_read_once(tmp_path: Path) -> None:
    path = tileset(
        tmp_path, {"content": {"uri": "deep/inner.json"}, "children": [{"content": {"uri": "a.glb"}}]}
    )
    moved = np.eye(4)
    moved[:3, 3] = 100, 0, 0
    inner = {"transform": turned(moved), "contents": [{"uri": "b.glb"}, {"uri": "../tileset.json"}]}
    tileset(tmp_path / "deep", inner, "inner.json")
    (tmp_path / "a.glb").write_bytes(model(batches=False))
    (tmp_path / "deep" / "b.glb").write_bytes(model(batches=False))
    city, report = read(path)
    assert len(city.triangles) == 24
    assert np.ptp(city.vertices, axis=0) == pytest.approx([104, 3, 2])
    assert [(s.what, s.why) for s in report.skipped] == [("tileset", "it is within itself")]


@pytest.mark.usefixtures("same_process")
def test_a_tile_of_tiles_and_a_packed_one_are_read(tmp_path: Path) -> None:
    import zlib

    inner = tile("A") + tile("B")
    (tmp_path / "a.cmpt").write_bytes(struct.pack("<4s3I", b"cmpt", 1, 16 + len(inner), 2) + inner)
    (tmp_path / "b.b3dm").write_bytes(zlib.compress(tile("C"), wbits=31))
    path = tileset(tmp_path, {"contents": [{"uri": "a.cmpt"}, {"uri": "b.b3dm"}]})
    city, report = read(path)
    assert {"A", "B", "C"} <= set(city.object_id.tolist())
    assert report.patches == 36


def structured(tmp_path: Path) -> Path:
    tree, _ = made_models.gltf(picture=None)
    buffer = made_models.Buffer()
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 0, -1], [5, 0, 0], [6, 0, 0], [5, 0, -1]], "<f4")
    points = buffer.numbers(corners, 5126, "VEC3")
    ids = buffer.numbers(np.array([0, 0, 0, 1, 1, 1], "<u2"), 5123, "SCALAR")
    texts = buffer.view("HallÄ".encode())
    offsets = buffer.view(np.array([0, 4, 6], "<u4").tobytes())
    levels = buffer.view(np.array([3, 255], "u1").tobytes())
    flags = buffer.view(b"\x02")
    uses = buffer.view(np.array([1, 9], "u1").tobytes())
    pairs = buffer.view(np.array([0.1, 2, 3, 4], "<f4").tobytes())
    kinds = {
        "name": {"type": "STRING"},
        "levels": {"type": "SCALAR", "componentType": "UINT8"},
        "listed": {"type": "BOOLEAN"},
        "use": {"type": "ENUM", "enumType": "uses"},
        "size": {"type": "VEC2", "componentType": "FLOAT32"},
        "more": {"type": "SCALAR", "componentType": "UINT8", "array": True},
    }
    schema = {
        "classes": {"house": {"properties": kinds}},
        "enums": {"uses": {"valueType": "UINT8", "values": [{"name": "office", "value": 1}]}},
    }
    columns = {
        "name": {"values": texts, "stringOffsets": offsets},
        "levels": {"values": levels},
        "listed": {"values": flags},
        "use": {"values": uses},
        "size": {"values": pairs},
        "more": {"values": levels, "arrayOffsets": offsets},
    }
    table = {"class": "house", "count": 2, "properties": columns}
    feature = {"featureIds": [{"featureCount": 2, "attribute": 0, "propertyTable": 0}]}
    tree["meshes"][0]["primitives"] = [
        {
            "attributes": {"POSITION": points, "_FEATURE_ID_0": ids},
            "extensions": {"EXT_mesh_features": feature},
        }
    ]
    tree |= {
        "nodes": [{"mesh": 0, "name": "Block"}],
        "materials": [],
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "buffers": [{"byteLength": len(buffer.data)}],
        "extensions": {"EXT_structural_metadata": {"schema": schema, "propertyTables": [table]}},
    }
    (tmp_path / "a.glb").write_bytes(made_models.glb(tree, buffer.data))
    return tileset(tmp_path, {"content": {"uri": "a.glb"}}, version="1.1")


@pytest.mark.usefixtures("same_process")
def test_property_tables_of_1_1_are_attributes(tmp_path: Path) -> None:
    city, report = read(structured(tmp_path))
    assert report.format == "3D Tiles 1.1"
    assert city.object_id.tolist() == ["Block", "Hall", "Ä"]
    assert city.object_parent.tolist() == [-1, 0, 0]
    assert city.attributes.row(1) == {
        "name": "Hall", "levels": 3.0, "listed": False, "use": "office", "size": "0.1; 2.0"
    }  # fmt: skip
    assert city.attributes.row(2) == {"name": "Ä", "levels": 255.0, "listed": True, "size": "3.0; 4.0"}
    assert triangle_object(city).tolist() == [1, 2]
    assert [(s.what, s.count) for s in report.skipped] == [("attribute", 2)]
    assert "different lengths" in report.skipped[0].why


@pytest.mark.usefixtures("same_process")
@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("../outside.glb", "it lies outside of the folder"),
        ("/etc/passwd", "it lies outside of the folder"),
        ("%2e%2e/outside.glb", "it lies outside of the folder"),
        ("http://127.0.0.1:9/a.glb", "it is an address"),
        ("https://example.org/a.json", "it is an address"),
        ("file:///etc/passwd", "it is an address"),
        ("gone.glb", "the file is missing"),
        ("", "the file is missing"),
    ],
)
def test_only_files_in_the_folder_are_read(uri: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "outside.glb").write_bytes(model(batches=False))
    path = tileset(tmp_path / "set", {"contents": [{"uri": uri}, {"uri": "a.glb"}]})
    (path.parent / "a.glb").write_bytes(model(batches=False))
    city, report = read(path)
    assert len(city.triangles) == 12
    assert [(s.what, s.count) for s in report.skipped] == [("tile", 1)]
    assert why in report.skipped[0].why


@pytest.mark.usefixtures("same_process")
@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is empty"),
        ("{", "is not JSON"),
        ("[]", "expected an object"),
        ('{"asset":{},"root":{}}', "has no faces to show"),
        ('{"asset":{},"root":{"children":3}}', "root.children"),
        ('{"asset":{},"root":{"transform":[1]}}', "its transform has not 16 numbers"),
        ('{"asset":{},"root":' + '{"children":[' * 5000 + "{}" + "]}" * 5000 + "}", "nested too deeply"),
        ('{"asset":{},"root":{"implicitTiling":{}}}', "only tiles that are written out"),
        ('{"asset":{},"root":{"content":{"uri":"tileset.json"}}}', "it is within itself"),
    ],
)
def test_a_broken_tileset_is_told_in_words(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "tileset.json"
    path.write_text(text)
    with pytest.raises(DataError, match=said):
        read(path)


def test_a_tileset_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    path = tileset(tmp_path, {}, "city.json")
    assert is_tileset(path)
    assert kind_of(path) == "city"
    other = tmp_path / "other.json"
    other.write_text('{"type": "FeatureCollection", "features": []}')
    assert not is_tileset(other)


@pytest.mark.usefixtures("same_process")
def test_what_stands_somewhere_is_not_put_elsewhere(tmp_path: Path) -> None:
    path = tileset(tmp_path, {"transform": turned(HERE), "content": {"uri": "a.glb"}})
    (tmp_path / "a.glb").write_bytes(model(batches=False))
    with pytest.raises(DataError, match="says itself where it stands"):
        read(path, placement=Placement((25_496_900.0, 6_673_200.0, 0.0)))


@pytest.mark.usefixtures("same_process")
def test_a_changed_tile_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "cache"))
    path = tileset(tmp_path / "set", {"content": {"uri": "a.b3dm"}})
    names = []
    for name in ("A", "Longer"):
        (path.parent / "a.b3dm").write_bytes(tile(name))
        names.append(cache.city(path, HELSINKI)[0].object_id[0])
    assert names == ["A", "Longer"]


def test_the_real_tileset_is_as_its_bytes_say(shared_data: Path, tmp_path: Path) -> None:
    folder = shared_data / "tiles3d" / "helsinki_kalasatama" / "CityModel"
    rows = triangles = 0
    ids: set[str] = set()
    for path in (folder / "data").glob("*.b3dm"):
        data = path.read_bytes()
        sizes = struct.unpack_from("<4I", data, 12)
        table = json.loads(data[28 + sum(sizes[:2]) : 28 + sum(sizes[:3])])
        rows += json.loads(data[28 : 28 + sizes[0]])["BATCH_LENGTH"]
        ids |= set(table["gml_id"])
        start = 28 + sum(sizes)
        tree = json.loads(data[start + 20 : start + 20 + struct.unpack_from("<I", data, start + 12)[0]])
        for mesh in tree["meshes"]:
            for primitive in mesh["primitives"]:
                triangles += tree["accessors"][primitive["indices"]]["count"] // 3
    city, report = tiles3d.read(folder / "tileset.json", pictures=tmp_path)
    assert report.objects == {"GenericCityObject": rows}
    assert set(city.object_id.tolist()) == ids
    assert report.patches == triangles == 26_528
    assert not report.skipped
    assert report.attributes["gml_id"] == rows
    assert city.place.crs == "EPSG:32635"
    assert city.place.longitude == pytest.approx(24.957, abs=0.01)
    assert city.place.latitude == pytest.approx(60.19, abs=0.01)
    tall = heights(city)
    assert np.nanmedian(tall) < 10, "most are small, and none lies on its side"
    assert np.nanmax(tall) < 80
