import json
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_cities import HELSINKI, PNG, cities
from PIL import Image as Picture

from twin.errors import DataError
from twin.formats import cityjson, write_city
from twin.model import lod
from twin.model.appearance import Appearance, Image, Material
from twin.model.city import SURFACE_TYPES, City, CityObject, Polygon3D, from_objects

CLASSES = dict.fromkeys(
    ("Building", "BuildingPart", "Road"), (None, dict.fromkeys([1.0, 2.0], SURFACE_TYPES))
)
SQUARE = np.array([[0.0, 0.0, 2.0], [10.0, 0.0, 2.0], [10.0, 20.0, 2.0], [0.0, 20.0, 2.0]])
SIZES = {"SCALAR": 1, "VEC2": 2, "VEC3": 3}


def written(city: City, folder: Path) -> tuple[dict[str, Any], bytes]:
    """The tree and the binary part, taken apart as the standard says."""
    path = folder / "a.glb"
    write_city.write(city, path, attribution="© A, CC BY 4.0", title="Asema")
    content = path.read_bytes()
    magic, version, length = struct.unpack_from("<4sII", content)
    assert (magic, version, length) == (b"glTF", 2, len(content))
    chunks, at = {}, 12
    while at < len(content):
        size, kind = struct.unpack_from("<I4s", content, at)
        assert size % 4 == 0
        chunks[kind] = content[at + 8 : at + 8 + size]
        at += 8 + size
    assert at == len(content)
    return json.loads(chunks[b"JSON"]), chunks.get(b"BIN\0", b"")


def values(tree: dict[str, Any], binary: bytes, number: int) -> np.ndarray:
    accessor = tree["accessors"][number]
    view = tree["bufferViews"][accessor["bufferView"]]
    kind = {5126: "<f4", 5125: "<u4"}[accessor["componentType"]]
    width = SIZES[accessor["type"]]
    begin = view["byteOffset"] + accessor.get("byteOffset", 0)
    assert begin % 4 == 0
    assert view.get("byteStride", width * 4) == width * 4
    end = accessor.get("byteOffset", 0) + accessor["count"] * width * 4
    assert end <= view["byteLength"]
    return np.frombuffer(binary, kind, accessor["count"] * width, begin).reshape(-1, width)


def check(tree: dict[str, Any], binary: bytes) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
    """Material, corners and triangles of each primitive, after a look at what the standard asks for."""
    assert tree["asset"]["version"] == "2.0"
    assert all(value != [] for value in tree.values())
    for view in tree.get("bufferViews", []):
        assert view["byteOffset"] % 4 == 0
        assert 0 < view["byteLength"] <= tree["buffers"][0]["byteLength"] - view["byteOffset"]
    assert tree.get("buffers", [{"byteLength": 0}])[0]["byteLength"] <= len(binary)
    assert len(binary) - tree.get("buffers", [{"byteLength": 0}])[0]["byteLength"] < 4
    parents = [child for node in tree.get("nodes", []) for child in node.get("children", [])]
    assert sorted([*parents, *tree["scenes"][0].get("nodes", [])]) == list(range(len(tree.get("nodes", []))))
    for mesh in tree.get("meshes", []):
        assert mesh["primitives"]
        for part in mesh["primitives"]:
            positions = values(tree, binary, part["attributes"]["POSITION"])
            accessor = tree["accessors"][part["attributes"]["POSITION"]]
            assert accessor["min"] == positions.min(axis=0).tolist()
            assert accessor["max"] == positions.max(axis=0).tolist()
            if "TEXCOORD_0" in part["attributes"]:
                places = values(tree, binary, part["attributes"]["TEXCOORD_0"])
                assert len(places) == len(positions)
                assert np.isfinite(places).all()
            indices = values(tree, binary, part["indices"]).reshape(-1, 3)
            assert indices.max() < len(positions)
            assert part["material"] < len(tree["materials"])
            yield part["material"], positions, indices
    for texture in tree.get("textures", []):
        assert texture["source"] < len(tree["images"])
        assert texture["sampler"] < len(tree["samplers"])


def area(positions: np.ndarray, triangles: np.ndarray) -> float:
    a, b, c = (positions.astype(np.float64)[triangles[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_city_becomes_a_valid_file_with_all_triangles(tmp_path: Path, data: st.DataObject) -> None:
    city = data.draw(cities(classes=CLASSES, pictures=tmp_path / "in"))
    tree, binary = written(city, tmp_path)
    seen = lod.shown(city)
    parts = list(check(tree, binary))
    assert sum(len(triangles) for _, _, triangles in parts) == len(seen.triangles)
    assert sum(area(p, t) for _, p, t in parts) == pytest.approx(
        area(seen.vertices, seen.triangles), rel=1e-3
    )
    for row, node in enumerate(tree["nodes"]):
        assert node["name"] == city.object_id[row]
        assert node["extras"] == {"class": city.object_type[row], "attributes": city.attributes.row(row)}
        parts_of = np.flatnonzero(city.object_parent == row).tolist()
        assert node.get("children", []) == parts_of


def street() -> City:
    wall = Polygon3D((SQUARE[:, [0, 2, 1]],), "WallSurface", 2)
    roof = Polygon3D((SQUARE,), "RoofSurface", 2)
    objects = [
        CityObject("house", "Building", -1, {"storeys": 3, "name": "Talo"}, [wall, roof]),
        CityObject("shed", "BuildingPart", 0, {}, [roof]),
        CityObject("empty", "Road"),
    ]
    return from_objects(HELSINKI, objects)


def test_up_is_y_and_north_is_minus_z(tmp_path: Path) -> None:
    tree, binary = written(street(), tmp_path)
    _, positions, triangles = list(check(tree, binary))[-1]
    assert positions.tolist() == [[0, 2, 0], [10, 2, 0], [10, 2, -20], [0, 2, -20]]
    a, b, c = (positions[triangles[0, k]] for k in range(3))
    assert np.cross(b - a, c - a)[1] > 0  # a roof still looks up


def test_the_file_says_where_it_lies_and_whose_it_is(tmp_path: Path) -> None:
    asset = written(street(), tmp_path)[0]["asset"]
    assert asset["copyright"] == asset["extras"]["licence"] == "© A, CC BY 4.0"
    assert asset["extras"]["crs"] == "EPSG:3879"
    assert asset["extras"]["origin"] == [25_496_000.0, 6_673_000.0, 3.0]
    assert asset["generator"].startswith("twin ")


def test_other_programs_open_it(tmp_path: Path) -> None:
    city = street()
    written(city, tmp_path)
    scene = trimesh.load_scene(tmp_path / "a.glb")
    assert scene.area == pytest.approx(area(city.vertices, city.triangles))
    assert scene.extents.tolist() == [10.0, 20.0, 20.0]
    names = {node for node in scene.graph.nodes if node in ("house", "shed", "empty")}
    assert names == {"house", "shed", "empty"}
    extras = scene.graph.transforms.node_data["house"].get("metadata") or scene.graph["house"]
    assert extras


def test_only_what_is_shown_is_written(tmp_path: Path) -> None:
    low, high = (Polygon3D((SQUARE,), "Surface", level) for level in (1, 2))
    city = from_objects(HELSINKI, [CityObject("a", polygons=[low, high, high])])
    city = replace(city, surface_shown=np.array([False, True, True]))
    tree, binary = written(city, tmp_path)
    assert sum(len(triangles) for _, _, triangles in check(tree, binary)) == 4


def test_pictures_and_colours_are_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    Picture.new("RGB", (2, 2), (255, 0, 0)).save(tmp_path / "b.jpg")
    Picture.new("RGB", (2, 2), (0, 0, 255)).save(tmp_path / "c.tif")
    images = (
        Image(tmp_path / "a.png"),
        Image(tmp_path / "b.jpg", "mirror"),
        Image(tmp_path / "c.tif", "clamp"),
    )
    quarter = [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]
    look = Appearance(
        *(images, (Material("glass", (1.0, 0.0, 0.0), 0.25),)),
        *(np.array([0, 1, 2], np.int32), np.array([-1, -1, 0], np.int32)),
        np.array(quarter * 3, dtype=np.float32),
    )
    tree, binary = written(replace(street(), appearance=look), tmp_path)
    list(check(tree, binary))
    assert [image["mimeType"] for image in tree["images"]] == ["image/png", "image/jpeg", "image/png"]
    assert [sampler["wrapS"] for sampler in tree["samplers"]] == [10497, 33648, 33071]
    view = tree["bufferViews"][tree["images"][0]["bufferView"]]
    assert binary[view["byteOffset"] :][: view["byteLength"]] == PNG
    part = tree["meshes"][0]["primitives"][0]
    # v goes down in glTF
    assert values(tree, binary, part["attributes"]["TEXCOORD_0"])[:4].tolist() == [
        [0, 1],
        [1, 1],
        [1, 0],
        [0, 0],
    ]
    plain = replace(look, surface_image=np.full(3, -1, dtype=np.int32))
    tree, _ = written(replace(street(), appearance=plain), tmp_path)
    glass = next(material for material in tree["materials"] if material["name"] == "glass")
    assert glass["alphaMode"] == "BLEND"
    assert glass["pbrMetallicRoughness"]["baseColorFactor"] == [1.0, 0.0, 0.0, 0.75]


def test_what_only_says_it_is_a_picture_stops_the_writing(tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_bytes(b"no picture")
    look = Appearance(
        *((Image(tmp_path / "a.tif"),), ()),
        *(np.zeros(3, np.int32), np.full(3, -1, np.int32), np.zeros((12, 2), np.float32)),
    )
    with pytest.raises(DataError, match=r"picture a\.tif: is no picture"):
        write_city.write(replace(street(), appearance=look), tmp_path / "a.glb", attribution="")
    assert not (tmp_path / "a.glb").exists()


def test_a_real_city_keeps_its_area(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "cityjson/rotterdam_two_buildings/twobuildings_t.json"
    city, _ = cityjson.read(path, crs="EPSG:28992")
    tree, binary = written(city, tmp_path)
    parts = list(check(tree, binary))
    assert sum(area(p, t) for _, p, t in parts) == pytest.approx(
        area(city.vertices, city.triangles), rel=1e-5
    )
    assert city.appearance is not None
    assert len(tree["images"]) == len(set(city.appearance.surface_image.tolist()) - {-1})


def test_obj_says_the_same_with_its_materials_and_pictures(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(PNG)
    places = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]] * 3, dtype=np.float32)
    look = Appearance(
        *((Image(tmp_path / "a.png"),), (Material("glass", (1.0, 0.0, 0.0), 0.25),)),
        *(np.array([0, -1, -1], np.int32), np.array([-1, 0, -1], np.int32), places),
    )
    city = replace(street(), appearance=look)
    write_city.write(city, tmp_path / "out.obj", attribution="© A", title="Asema")
    lines = (tmp_path / "out.obj").read_text().splitlines()
    assert lines[:5] == [
        "# Asema · © A",
        "# CRS EPSG:3879",
        "# origin 25496000.000 6673000.000 3.000",
        "# x east, y north, z up, in metres from the origin",
        "mtllib out.mtl",
    ]
    said = [json.loads(line[2:]) for line in lines[5:] if line.startswith("# {")]
    assert said[0] == {"class": "Building", "parent": None, "attributes": {"storeys": 3, "name": "Talo"}}
    assert said[1]["parent"] == "house"
    assert [line[2:] for line in lines if line.startswith("o ")] == ["house", "shed", "empty"]
    assert [line[7:] for line in lines if line.startswith("usemtl")] == ["image1", "material1", "RoofSurface"]
    library = (tmp_path / "out.mtl").read_text()
    assert "map_Kd out_pictures/a.png" in library
    assert "newmtl material1\n# glass\nKd 1.0 0.0 0.0\nd 0.75" in library
    assert (tmp_path / "out_pictures/a.png").read_bytes() == PNG
    scene = trimesh.load_scene(tmp_path / "out.obj")
    assert scene.area == pytest.approx(area(city.vertices, city.triangles))
    assert scene.bounds.tolist() == [city.vertices.min(axis=0).tolist(), city.vertices.max(axis=0).tolist()]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_city_becomes_an_obj_with_all_triangles(tmp_path: Path, data: st.DataObject) -> None:
    city = data.draw(cities(classes=CLASSES, pictures=tmp_path / "in"))
    write_city.write(city, tmp_path / "a.obj", attribution="")
    corners, faces = [], []
    for line in (tmp_path / "a.obj").read_text().split("\n"):
        kind, *words = line.split(" ")
        if kind == "v":
            corners.append([float(word) for word in words])
        elif kind == "f":
            faces.append([int(word.partition("/")[0]) - 1 for word in words])
    assert len(corners) == len(city.vertices)
    assert np.allclose(np.array(corners).reshape(-1, 3), city.vertices, atol=5.1e-4)
    assert sorted(faces) == sorted(city.triangles.tolist())
