"""Meshes of every format become the same house, as an independent count finds it."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import made_models
import numpy as np
import pytest
import trimesh

from twin.errors import Cancelled, DataError
from twin.formats import cache, mesh, mesh_city, mesh_files, mesh_obj, mesh_parts, project_file
from twin.formats.open_project import add_source, open_project
from twin.formats.report import Report
from twin.formats.save_project import to_file
from twin.model.city import City, triangle_object
from twin.model.place import Place
from twin.model.placement import NOWHERE, Placement

HELSINKI = Place("EPSG:3879", (25_496_900.0, 6_673_200.0, 12.0), 24.9441, 60.1717)
AT = Placement((25_496_950.0, 6_673_230.0, 14.5), "EPSG:3879")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in made_models.models().items():
        (tmp_path / name).write_bytes(content)
    made_models.beside(tmp_path)
    return tmp_path


def read(
    path: Path, place: Place | None = HELSINKI, *, crs: str = "", placement: Placement = NOWHERE
) -> tuple[City, Report]:
    """As the process of its own does it, which takes longer to start than these files to read."""
    parts = mesh_parts.unpack(*mesh_files.read(path, {}, lambda _: None))
    return mesh_city.make(path, parts, place, crs, placement, path.parent / "pictures", 0.0)


def test_the_process_of_its_own_reads_the_same(folder: Path) -> None:
    for name in ("house.obj", "house.glb"):
        city, report = read(folder / name)
        other, told = mesh.read(folder / name, place=HELSINKI, pictures=folder / "pictures")
        assert np.array_equal(city.vertices, other.vertices)
        assert other.object_id.tolist() == city.object_id.tolist()
        assert replace(told, seconds=0.0) == report


def area(city: City) -> float:
    a, b, c = (city.vertices[city.triangles[:, i]] for i in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


def volume(city: City) -> float:
    a, b, c = (city.vertices[city.triangles[:, i]] for i in range(3))
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6)


@pytest.mark.parametrize(
    "name", ["house.obj", "house.off", "house.stl", "text.stl", "house.ply", "binary.ply"]
)
def test_a_block_is_the_same_in_every_plain_format(name: str, folder: Path) -> None:
    city, report = read(folder / name, placement=Placement(up="z", scale=1.0))
    assert area(city) == pytest.approx(52.0)
    assert volume(city) == pytest.approx(24.0)
    assert city.vertices.min(0) == pytest.approx([0, 0, 0])
    assert city.vertices.max(0) == pytest.approx([4, 3, 2])
    assert report.patches + 2 * report.polygons == 12
    assert len(city.triangles) == 12
    assert report.surfaces == {"Surface": report.patches + report.polygons}
    assert not report.skipped
    assert report.lods == {}


@pytest.mark.parametrize("name", ["house.glb", "house.gltf", "house.dae"])
def test_a_scene_is_placed_by_its_nodes(name: str, folder: Path) -> None:
    city, report = read(folder / name)
    tower = city.object_id[triangle_object(city)] == "Tower"
    corners = city.vertices[city.triangles[tower]].reshape(-1, 3)
    low, high = ([10, 0, 2], [14, 3, 6]) if name != "house.dae" else ([7, 0, 2], [10, 4, 6])
    assert corners.min(0) == pytest.approx(low, abs=1e-5)
    assert corners.max(0) == pytest.approx(high, abs=1e-5)
    assert volume(city) == pytest.approx(72.0, rel=1e-5), "both look outwards"
    assert report.implicit_geometries == 1
    parent = city.object_parent[city.rows["Tower"]]
    assert city.object_id[parent] == "House"


def test_names_extras_and_groups_of_a_gltf_are_kept(folder: Path) -> None:
    city, report = read(folder / "house.glb")
    assert city.object_id.tolist() == ["Group", "House", "Tower"]
    assert report.objects == {"GenericCityObject": 3}
    assert city.attributes.row(0) == {"owner": "City"}
    assert city.attributes.row(1) == {"storeys": 2.0, "use.main": "home", "mesh": "block"}
    assert report.attributes == {"owner": 1, "storeys": 1, "use.main": 1, "mesh": 2}


def test_groups_and_objects_of_an_obj_are_objects(folder: Path) -> None:
    city, report = read(folder / "house.obj")
    assert city.object_id.tolist() == ["Walls", "Lids"]
    assert city.attributes.row(0) == {"object": "House"}
    assert report.polygons == 6
    assert np.bincount(city.surface_object).tolist() == [4, 2]


def test_solids_of_an_stl_are_objects(folder: Path) -> None:
    city, _ = read(folder / "text.stl")
    assert city.object_id.tolist() == ["Low", "High"]
    assert np.bincount(city.surface_object).tolist() == [4, 8]


def test_colours_and_pictures_of_materials_are_kept(folder: Path) -> None:
    city, report = read(folder / "house.obj")
    look = city.appearance
    assert look is not None
    assert [(m.name, m.diffuse, m.transparency) for m in look.materials] == [
        ("brick", (0.8, 0.3, 0.2), 0.25),
        ("glass", (0.1, 0.2, 0.9), 0.0),
    ]
    assert look.surface_material.tolist() == [0, 0, 0, 0, 1, 1]
    assert [image.path for image in look.images] == [folder / "wall.png"]
    assert look.surface_image.tolist() == [0, 0, 0, 0, -1, -1]
    assert look.coordinates[:4].tolist() == [[0, 0], [1, 0], [1, 1], [0, 1]]
    assert report.textures == 4


def test_a_picture_inside_of_a_glb_is_kept_beside_the_cache(folder: Path) -> None:
    city, report = read(folder / "house.glb")
    look = city.appearance
    assert look is not None
    assert look.images[0].path.read_bytes() == made_models.PIXEL
    assert look.images[0].path.parent == folder / "pictures"
    assert np.unique(look.coordinates).tolist() == [0.0, 0.75], "upwards"
    # half the light is brighter than half on a screen
    assert look.materials[0].diffuse == pytest.approx((1.0, 0.0, 188 / 255), abs=0.002)
    assert look.materials[0].transparency == 0.75
    assert report.textures == 24


def test_a_dae_has_its_unit_and_colours(folder: Path) -> None:
    city, report = read(folder / "house.dae")
    assert report.format == "COLLADA 1.4.1"
    assert city.appearance is not None
    assert [m.name for m in city.appearance.materials] == ["blue"]
    assert city.appearance.surface_material.tolist() == [0] * 6 + [-1] * 6
    assert not any("--scale" in notice for notice in report.notices)


def test_concave_polygons_are_cut_by_their_shape(tmp_path: Path) -> None:
    path = tmp_path / "l.obj"
    ring = [(0, 0), (4, 0), (4, 1), (1, 1), (1, 4), (0, 4)]
    path.write_text("".join(f"v {x} {y} 0\n" for x, y in ring) + "f 1 2 3 4 5 6\nf -6 -5 -4 -3 -2 -1\n")
    city, report = read(path)
    assert area(city) == pytest.approx(14.0), "seven square metres, twice"
    assert (report.polygons, report.patches) == (2, 0)


POINTS = "".join(f"v {x}.5 {x % 7} 1e-1\n" for x in range(20))
PLACES = "".join(f"vt 0.{x} 0.5\n" for x in range(10, 20))
ROWS = [(1 + i, 2 + i, 4 + i) for i in range(12)]
FACES = {
    "plain": "".join(f"f {a} {b} {c}\n" for a, b, c in ROWS),
    "places": "".join(f"f {a}/{i % 10 + 1} {b}/1 {c}/2\n" for i, (a, b, c) in enumerate(ROWS)),
    "normals": "".join(f"f {a}//1 {b}//1 {c}//1\n" for a, b, c in ROWS),
    "all": "".join(f"f {a}/1/1 {b}/2/1 {c}/3/1\n" for a, b, c in ROWS),
    "backwards": "".join(f"f -{a} -{b} -{c}\n" for a, b, c in ROWS) + "v 9 9 9\n" + "f -1 -2 -3\n" * 9,
    "many corners": "".join(
        f"f {a} {b} {c} {' '.join(map(str, range(2, 3 + i % 4)))}\n" for i, (a, b, c) in enumerate(ROWS)
    ),
    "mixed": "".join(f"f {a}/1 {b} {c}/3/1\n" for a, b, c in ROWS),
    "uneven": "".join(f"f {a}/1/1 {b} {c}/1\n" for a, b, c in ROWS),
    "remarks": "".join(f"f {a} {b} {c} # {c}\n" for a, b, c in ROWS),
    "goes on": "".join(f"f {a} \\\n{b} {c}\n" for a, b, c in ROWS),
    "outside": "".join(f"f {a} {b} {c * 9}\n" for a, b, c in ROWS) + "f 0 1 2\n" * 9,
    "words": "".join(f"f {a} {b} {'x' if a == 5 else c}\n" for a, b, c in ROWS),
    "short": "".join(f"f {a} {b}\n" for a, b, c in ROWS),
    "huge": "".join(f"f {a} {b} {c}{'0' * 30 if a == 5 else ''}\n" for a, b, c in ROWS),
    "groups": "".join(
        f"g {i % 3}\n" + FACE * 9 for i, FACE in enumerate(["f 1 2 3\n", "f 2 3 4\n", "f 3 4 5\n"] * 2)
    ),
    "no end": "f 1 2 3\n" * 9 + "f 2 3 4",
}


@pytest.mark.parametrize("name", FACES)
def test_many_lines_at_once_say_what_each_says(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.obj"
    path.write_text(POINTS + PLACES + FACES[name])
    many = mesh_obj.read(path, lambda _: None)
    monkeypatch.setattr(mesh_obj, "FEW", 10**9)
    single = mesh_obj.read(path, lambda _: None)
    for column in ("points", "corners", "face_starts", "face_thing", "face_paint", "coordinates"):
        one, other = getattr(many, column), getattr(single, column)
        assert np.array_equal(one, other, equal_nan=one.dtype.kind == "f"), column
    assert [thing.id for thing in many.things] == [thing.id for thing in single.things]
    assert sum(item.count for item in many.skipped) == sum(item.count for item in single.skipped)


def test_it_stands_where_it_is_said_to(folder: Path) -> None:
    city, report = read(folder / "house.stl", placement=AT)
    assert city.vertices.min(0) == pytest.approx([50, 30, 2.5])
    assert report.crs == "EPSG:3879"
    assert report.extent == pytest.approx((25496950, 6673230, 14.5, 25496954, 6673233, 16.5))
    assert not any("--at" in notice for notice in report.notices)
    alone, _ = read(folder / "house.stl", None, placement=AT)
    assert alone.place.crs == "EPSG:3879"
    assert alone.vertices.min(0) + alone.place.origin == pytest.approx([25_496_950, 6_673_230, 14.5])


def test_a_place_in_another_crs_turns_the_model_with_its_grid(folder: Path) -> None:
    from pyproj import Transformer

    there = Transformer.from_crs("EPSG:3879", "EPSG:3067", always_xy=True)
    assert AT.at is not None
    corners = np.array([[0, 0], [4, 3]]) + AT.at[:2]
    east, north = there.transform(*corners.T)
    place = Place("EPSG:3067", (385_000.0, 6_672_000.0, 0.0), 24.93, 60.17)
    city, _ = read(folder / "house.stl", place, placement=AT)
    assert city.vertices[:, :2].min(0) + place.origin[:2] == pytest.approx([east[0], north[0]], abs=0.2)
    far = np.linalg.norm(city.vertices[:, :2] + place.origin[:2] - [east[1], north[1]], axis=1).min()
    assert far < 0.001


def test_unit_and_axis_can_be_said(folder: Path) -> None:
    city, _ = read(folder / "house.stl", placement=Placement(scale=0.001, up="y"))
    assert np.ptp(city.vertices, axis=0) == pytest.approx([0.004, 0.002, 0.003])


def test_what_a_file_does_not_say_is_told_with_its_remedy(folder: Path) -> None:
    _, report = read(folder / "house.ply")
    told = " ".join(report.notices)
    for part in ("in metres (4 × 3 × 2 m)", "z up", "--scale", "--up y", "project's origin", "--at"):
        assert part in told
    _, report = read(folder / "house.glb", None)
    assert not any("--scale" in notice for notice in report.notices), "the standard says metres and y up"
    assert any("--at" in notice for notice in report.notices)
    assert (report.crs, report.crs_source) == ("", "nothing; the file does not say it")


def test_a_flat_model_with_y_up_is_set_upright(tmp_path: Path) -> None:
    path = tmp_path / "flat.obj"
    ring = [(0, 0), (400, 0), (400, 300), (0, 300)]
    path.write_text("".join(f"v {x} {x / 50} {y}\n" for x, y in ring) + "f 1 2 3 4\n")
    city, report = read(path)
    assert np.ptp(city.vertices, axis=0) == pytest.approx([400, 300, 8])
    assert any("y up" in notice and "--up z" in notice for notice in report.notices)


def test_millimetres_are_suspected(tmp_path: Path) -> None:
    path = tmp_path / "large.obj"
    path.write_text("v 0 0 0\nv 30000 0 0\nv 0 30000 9000\nf 1 2 3\n")
    assert any("odd size" in n and "--scale 0.001" in n for n in read(path)[1].notices)


def test_coordinates_of_the_project_are_known(tmp_path: Path) -> None:
    path = tmp_path / "national.obj"
    path.write_text("v 25496910 6673210 20\nv 25496920 6673210 20\nv 25496920 6673220 25\nf 1 2 3\n")
    city, report = read(path)
    assert city.vertices.min(0) == pytest.approx([10, 10, 8])
    assert any("EPSG:3879, the project's" in notice for notice in report.notices)
    city, _ = read(path, None, crs="EPSG:3879")
    assert city.place.crs == "EPSG:3879"
    far, _ = read(path, None)
    assert np.abs(far.vertices).max() < 100, "shown near the origin all the same"


def test_a_place_needs_a_crs_with_metres(folder: Path) -> None:
    with pytest.raises(DataError, match="needs to know its CRS"):
        read(folder / "house.stl", None, placement=Placement(AT.at))
    with pytest.raises(DataError, match="no metres"):
        read(folder / "house.stl", placement=Placement((24.9, 60.1, 0.0), "EPSG:4326"))


def test_strips_and_fans_are_unrolled(tmp_path: Path) -> None:
    tree, _ = made_models.gltf(picture=None)
    buffer = made_models.Buffer()
    points = buffer.numbers(np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [1, 1, 0]], "<f4"), 5126, "VEC3")
    fan = buffer.numbers(np.array([0, 1, 3, 2], "u1"), 5121, "SCALAR")
    strip = {"attributes": {"POSITION": points}, "mode": 5}
    tree["meshes"][0]["primitives"] = [strip, {**strip, "mode": 6, "indices": fan}]
    tree |= {
        "nodes": [{"mesh": 0}],
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "materials": [],
    }
    tree["buffers"] = [{"byteLength": len(buffer.data)}]
    (tmp_path / "a.glb").write_bytes(made_models.glb(tree, buffer.data))
    city, report = read(tmp_path / "a.glb")
    assert report.patches == 4
    assert area(city) == pytest.approx(2.0)
    a, b, c = (city.vertices[city.triangles[:, i]] for i in range(3))
    facing = np.cross(b - a, c - a)
    assert (facing @ facing[0] > 0).all(), "all the same way round"


def test_small_whole_numbers_and_sparse_values_are_read(tmp_path: Path) -> None:
    tree, _ = made_models.gltf(picture=None)
    buffer = made_models.Buffer()
    points = buffer.numbers(np.array([[0, 0, 0], [32767, 0, 0], [0, 32767, 0]], "<i2"), 5122, "VEC3")
    rows, values = (
        buffer.view(np.array([1], "u1").tobytes()),
        buffer.view(np.array([16384, 0, 0], "<i2").tobytes()),
    )
    buffer.accessors[points] |= {
        "normalized": True,
        "sparse": {
            "count": 1,
            "indices": {"bufferView": rows, "componentType": 5121},
            "values": {"bufferView": values},
        },
    }
    tree["meshes"][0]["primitives"] = [{"attributes": {"POSITION": points}}]
    tree |= {
        "nodes": [{"mesh": 0}],
        "accessors": buffer.accessors,
        "bufferViews": buffer.views,
        "materials": [],
    }
    tree["buffers"] = [{"byteLength": len(buffer.data)}]
    (tmp_path / "a.glb").write_bytes(made_models.glb(tree, buffer.data))
    city, _ = read(tmp_path / "a.glb")
    assert city.vertices.max(0) == pytest.approx([0.5, 0, 1], abs=1e-4)


def test_packed_shapes_are_counted(tmp_path: Path) -> None:
    tree, data = made_models.gltf(picture=None)
    primitives = tree["meshes"][0]["primitives"]
    tree["meshes"].append(
        {"primitives": [{**primitives[0], "extensions": {"KHR_draco_mesh_compression": {}}}]}
    )
    tree["nodes"].append({"mesh": 1})
    tree["scenes"][0]["nodes"].append(3)
    (tmp_path / "a.glb").write_bytes(made_models.glb(tree, data))
    _, report = read(tmp_path / "a.glb")
    assert [(s.what, s.count, s.first) for s in report.skipped] == [("shape", 1, "meshes[1].primitives[0]")]
    assert "Draco" in report.skipped[0].why
    tree["scenes"][0]["nodes"] = [3]
    (tmp_path / "a.glb").write_bytes(made_models.glb(tree, data))
    with pytest.raises(DataError, match="no faces to show: 1 × shape left out: it is packed by Draco"):
        read(tmp_path / "a.glb")


@pytest.mark.usefixtures("same_process")
def test_a_project_keeps_where_its_mesh_stands(folder: Path) -> None:
    alone = open_project(folder / "house.glb", placement=AT)
    assert alone.place.crs == "EPSG:3879"
    path = folder / "area.twin.json"
    project_file.save(to_file(alone, path=path), path)
    tree = json.loads(path.read_bytes())
    entry = tree["sources"][0]
    assert entry["placement"]["at"] == list(AT.at or ())
    entry["placement"]["turn"] = 30  # of a later version
    entry["note"] = "kept"
    path.write_text(json.dumps(tree))
    again = open_project(path)
    assert again.sources[0].placement == AT
    assert np.array_equal(again.city.vertices, alone.city.vertices)
    project_file.save(to_file(again, path=path), path)
    saved = json.loads(path.read_bytes())["sources"][0]
    assert (saved["placement"]["turn"], saved["note"]) == (30, "kept")


@pytest.mark.usefixtures("same_process")
def test_a_mesh_can_be_added_to_a_project(folder: Path) -> None:
    project = open_project(folder / "house.glb", placement=AT)
    project = add_source(project, folder / "house.ply", placement=Placement(AT.at, up="z"))
    assert len(project.city.object_id) == 4
    assert [source.placement for source in project.sources] == [AT, Placement(AT.at, up="z")]
    path = folder / "area.twin.json"
    project_file.save(to_file(project, path=path), path)
    assert np.array_equal(open_project(path).city.vertices, project.city.vertices)


@pytest.mark.usefixtures("same_process")
def test_a_changed_material_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(folder / "cache"))

    def colour() -> tuple[float, ...]:
        city, _ = cache.city(folder / "house.obj", HELSINKI)
        assert city.appearance is not None
        return city.appearance.materials[1].diffuse

    assert colour() == (0.1, 0.2, 0.9)
    (folder / "house.mtl").write_text(made_models.MATERIALS.replace("0.1 0.2 0.9", "0.5 0.5 0.55"))
    assert colour() == (0.5, 0.5, 0.55)
    first, _ = cache.city(folder / "house.obj", HELSINKI, placement=AT)
    assert first.vertices.min(0) == pytest.approx([50, 30, 2.5]), "not what is stored for another place"


def test_reading_can_be_cancelled(folder: Path) -> None:
    def cancel(_fraction: float) -> None:
        raise Cancelled("cancelled")

    with pytest.raises(Cancelled):
        mesh.read(folder / "house.glb", pictures=folder, progress=cancel)


def real_meshes(shared_data: Path) -> Iterator[Path]:
    return (
        path
        for path in sorted((shared_data / "meshes").rglob("*"))
        if path.suffix in (".obj", ".stl", ".glb")
    )


def test_real_meshes_are_as_trimesh_counts_them(shared_data: Path, tmp_path: Path) -> None:
    paths = list(real_meshes(shared_data))
    assert len(paths) == 20
    for path in paths:
        parts = mesh_parts.unpack(*mesh_files.read(path, {}, lambda _: None))
        city, report = mesh_city.make(path, parts, None, "", Placement(scale=1.0, up="z"), tmp_path, 0.0)
        scene = trimesh.load(path, process=False, force="scene")
        meshes = scene.dump()
        assert report.patches + report.polygons == sum(len(m.faces) for m in meshes), path.name
        assert area(city) == pytest.approx(sum(m.area for m in meshes), rel=1e-6), path.name
        assert np.ptp(city.vertices, axis=0) == pytest.approx(scene.extents, rel=1e-6, abs=1e-9), path.name
        assert not [s for s in report.skipped if s.what in ("face", "shape", "node", "mesh")], path.name


def test_real_gltf_names_are_those_of_the_file(shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "meshes" / "khronos" / "CesiumMilkTruck.glb"
    data = path.read_bytes()
    tree = json.loads(data[20 : 20 + int.from_bytes(data[12:16], "little")])
    city, report = mesh.read(path, pictures=tmp_path)
    assert sorted(city.object_id.tolist()) == sorted(n["name"] for n in tree["nodes"] if "mesh" in n)
    assert city.appearance is not None
    assert {m.name for m in city.appearance.materials} == {m["name"] for m in tree["materials"]}
    assert len(city.appearance.images) == len(tree["images"])
    assert [s.what for s in report.skipped] == ["animation"]


def test_a_model_stands_with_the_middle_of_its_foot_where_it_is_put_and_is_turned_about_it(
    tmp_path: Path,
) -> None:
    corners = [(x, y, z) for z in (5, 8) for y in (100, 104) for x in (300, 310)]
    faces = ((1, 3, 4, 2), (5, 6, 8, 7), (1, 2, 6, 5), (2, 4, 8, 6), (4, 3, 7, 8), (3, 1, 5, 7))
    path = tmp_path / "bar.obj"
    path.write_text(
        "\n".join(
            [*(f"v {x} {y} {z}" for x, y, z in corners), *("f " + " ".join(map(str, f)) for f in faces)]
        )
    )
    city, report = read(path, placement=Placement(AT.at, AT.crs, 1.0, "z", rotation=90.0, middle=True))
    east, north, up = AT.at or (0.0, 0.0, 0.0)
    assert report.extent == pytest.approx((east - 2, north - 5, up, east + 2, north + 5, up + 3), abs=1e-6)
    assert len(city.triangles) == 12
    # the end that was east lies south after a quarter turn clockwise
    placed = Placement(AT.at, AT.crs, 1.0, "z", rotation=90.0)
    _, report = read(path, placement=placed)
    assert report.extent is not None
    assert report.extent[:2] == pytest.approx((east + 100, north - 310), abs=1e-6)
