import gc
import json
import math
import threading
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from broken_files import nodes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.errors import Cancelled, DataError
from twin.formats import (
    cache,
    citygml,
    cityjson,
    cityjson_geometries,
    cityjson_objects,
    rare_attributes,
)
from twin.formats.open_project import open_project
from twin.formats.read import kind_of
from twin.formats.report import Report
from twin.model import lod as lods_of
from twin.model.city import SURFACE_TYPES, City, roots
from twin.model.place import Place
from twin.model.triangulate import normals

DATA = Path(__file__).parent / "data"
HOUSES = ["house_v10.city.json", "house_v11.city.json", "house_v20.city.json", "house.city.jsonl"]
REAL = Path(__file__).parents[2].parent / "shared" / "data"
needs_real = pytest.mark.skipif(not REAL.is_dir(), reason="the shared data are not here")
HELSINKI = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 0.0), 24.93, 60.17, "Europe/Helsinki", "N2000")
DUTCH = Place("EPSG:28992", (85_000.0, 446_000.0, 0.0), 4.4, 52.0)
CUBE = [[0, 0, 0], [4, 0, 0], [4, 4, 0], [0, 4, 0], [0, 0, 4], [4, 0, 4], [4, 4, 4], [0, 4, 4]]
SHELL = [[[0, 3, 2, 1]], [[4, 5, 6, 7]], [[0, 1, 5, 4]], [[1, 2, 6, 5]], [[2, 3, 7, 6]], [[3, 0, 4, 7]]]
FLOOR, ROOF = [[0, 3, 2, 1]], [[4, 5, 6, 7]]


def surfaces(*polygons: Any, lod: Any = "2", **members: Any) -> dict[str, Any]:
    return {"type": "MultiSurface", "lod": lod, "boundaries": list(polygons), **members}


def house(*geometry: Any, **members: Any) -> dict[str, Any]:
    return {"type": "Building", "geometry": list(geometry), **members}


def document(objects: dict[str, Any], **members: Any) -> dict[str, Any]:
    found = {"type": "CityJSON", "version": "2.0", "transform": {"scale": [1, 1, 1], "translate": [0, 0, 0]}}
    return {**found, "CityObjects": objects, "vertices": CUBE, **members}


def read(folder: Path, tree: Any, *, place: Place | None = HELSINKI) -> tuple[City, Report]:
    path = folder / "a.city.json"
    path.write_text(tree if isinstance(tree, str) else json.dumps(tree))
    return cityjson.read(path, place=place)


def one(folder: Path, *geometry: Any, **members: Any) -> tuple[City, Report]:
    return read(folder, document({"a": house(*geometry)}, **members))


def types(city: City) -> list[str]:
    return [SURFACE_TYPES[kind] for kind in city.surface_type]


def skipped(report: Report) -> dict[tuple[str, str], int]:
    return {(item.what, item.why): item.count for item in report.skipped}


def reasons(report: Report) -> dict[str, str]:
    return {item.what: item.why for item in report.skipped}


def faces(city: City) -> np.ndarray:
    """Normals of the polygons, as long as the area of their exterior."""
    exterior = np.flatnonzero(np.diff(city.ring_surface, prepend=-1))
    return normals(city.vertices, city.ring_starts)[exterior] / 2


def area(city: City) -> float:
    a, b, c = (city.vertices[city.triangles[:, k]] for k in range(3))
    return float(np.linalg.norm(np.cross(b - a, c - a), axis=1).sum() / 2)


@pytest.mark.parametrize("name", HOUSES)
def test_the_same_house_is_read_from_every_version_and_from_citygml(name: str) -> None:
    city, report = cityjson.read(DATA / name)
    gml, gml_report = citygml.read(DATA / "house_v2.gml")
    assert report.objects == gml_report.objects == {"Building": 1, "BuildingPart": 1}
    assert (report.polygons, report.interior_rings) == (11, 2)
    city, gml = lods_of.shown(city), lods_of.shown(gml)
    assert types(city) == types(gml)
    assert city.object_id.tolist() == gml.object_id.tolist()
    assert city.object_parent.tolist() == gml.object_parent.tolist()
    assert city.place == gml.place
    assert np.abs(city.vertices - gml.vertices).max() < 1e-6
    assert city.triangles.tolist() == gml.triangles.tolist()
    assert np.floor(city.surface_lod).tolist() == gml.surface_lod.tolist()
    assert city.attributes.row(0) == gml.attributes.row(0)
    assert report.crs == "EPSG:3879"
    assert report.crs_source.startswith("referenceSystem ")
    assert report.skipped == ()


def test_the_format_is_told_with_its_version() -> None:
    told = [cityjson.read(DATA / name)[1].format for name in HOUSES]
    assert told == ["CityJSON 1.0", "CityJSON 1.1", "CityJSON 2.0", "CityJSONSeq 2.0"]


@pytest.mark.parametrize(
    "metadata",
    [
        {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/3879"},
        {"referenceSystem": "http://www.opengis.net/def/crs/EPSG/9.9.1/3879"},
        {"referenceSystem": "urn:ogc:def:crs:EPSG::3879"},
        {"referenceSystem": "EPSG:3879"},
        {"referenceSystem": "urn:ogc:def:crs,crs:EPSG::3879,crs:EPSG::3900"},
        {"referenceSystem": 3879},
        {"crs": {"epsg": 3879}},
    ],
    ids=str,
)
def test_every_spelling_of_the_crs_is_understood(metadata: dict[str, Any], tmp_path: Path) -> None:
    tree = document({"a": house(surfaces(ROOF))}, metadata=metadata)
    tree["transform"]["translate"] = [25_496_000, 6_673_000, 0]
    city, report = read(tmp_path, tree, place=None)
    assert (city.place.crs, report.crs) == ("EPSG:3879", "EPSG:3879")
    assert city.vertices.max() == 4


def test_eastings_come_first_where_both_orders_fit(tmp_path: Path) -> None:
    metadata = {"referenceSystem": "https://www.opengis.net/def/crs/EPSG/0/31468"}
    city, _ = read(tmp_path, document({"a": house(surfaces(ROOF))}, metadata=metadata,
                                      transform={"scale": [1, 1, 1], "translate": [4_468_000, 4_468_000, 0]}),
                   place=Place("EPSG:31468", (0.0, 0.0, 0.0), 11.0, 48.0))  # fmt: skip
    assert faces(city)[0, 2] == 16


def test_without_a_crs_the_user_is_asked(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"does not say its CRS.*--crs"):
        read(tmp_path, document({"a": house(surfaces(ROOF))}), place=None)
    city, report = read(tmp_path, document({"a": house(surfaces(ROOF))}))
    assert report.crs == ""
    assert city.place == HELSINKI


def test_the_transform_makes_metres(tmp_path: Path) -> None:
    transform = {"scale": [0.5, 0.25, 2], "translate": [25_496_000, 6_673_000, 10]}
    city, _ = one(tmp_path, surfaces(ROOF), transform=transform)
    assert city.vertices.tolist() == [[0, 0, 18], [2, 0, 18], [2, 1, 18], [0, 1, 18]]


@pytest.mark.parametrize(
    ("kind", "boundaries", "count"),
    [
        ("MultiSurface", [FLOOR, ROOF], 2),
        ("CompositeSurface", SHELL, 6),
        ("Solid", [SHELL], 6),
        ("Solid", [SHELL, SHELL], 12),
        ("MultiSolid", [[SHELL], [SHELL, SHELL]], 18),
        ("CompositeSolid", [[SHELL]], 6),
        ("MultiSurface", [], 0),
    ],
)
def test_all_geometries_with_surfaces_are_read(
    kind: str, boundaries: Any, count: int, tmp_path: Path
) -> None:
    city, report = one(tmp_path, {"type": kind, "lod": "2", "boundaries": boundaries})
    assert report.polygons == count
    assert report.skipped == ()
    assert area(city) == 16 * count


def test_the_faces_of_a_solid_look_outwards(tmp_path: Path) -> None:
    city, _ = one(tmp_path, {"type": "Solid", "lod": "2", "boundaries": [SHELL]})
    middle = np.array([2.0, 2.0, 2.0])
    centres = city.vertices.reshape(6, 4, 3).mean(axis=1)
    assert ((centres - middle) * faces(city)).sum(axis=1).tolist() == [32.0] * 6


def test_points_and_lines_are_counted(tmp_path: Path) -> None:
    points = {"type": "MultiPoint", "lod": "0", "boundaries": [0, 1]}
    lines = {"type": "MultiLineString", "lod": "0", "boundaries": [[0, 1]]}
    _, report = one(tmp_path, points, lines, {"type": "Blob", "boundaries": []}, {"lod": "1"})
    assert skipped(report) == {
        ("MultiPoint", "points are not read"): 1,
        ("MultiLineString", "curves are not read"): 1,
        ("Blob", "CityJSON has no such geometry"): 1,
        ("geometry", "it has no type"): 1,
    }
    assert report.skipped[0].first.startswith("CityObjects.a.geometry[")


def test_holes_are_holes(tmp_path: Path) -> None:
    hole = [[1, 1, 0], [2, 1, 0], [2, 2, 0], [1, 2, 0]]
    city, report = one(tmp_path, surfaces([[0, 1, 2, 3], [8, 11, 10, 9]]), vertices=CUBE + hole)
    assert (report.polygons, report.interior_rings) == (1, 1)
    assert area(city) == pytest.approx(15)


SEMANTICS = [{"type": "GroundSurface"}, {"type": "RoofSurface"}]


@pytest.mark.parametrize(
    ("kind", "boundaries", "values", "expected"),
    [
        ("MultiSurface", [FLOOR, ROOF], [0, 1], "gr"),
        ("MultiSurface", [FLOOR, ROOF], [None, 1], "-r"),
        ("MultiSurface", [FLOOR, ROOF], None, "--"),
        ("Solid", [[FLOOR, ROOF], [FLOOR]], [[0, 1], [1]], "grr"),
        ("Solid", [[FLOOR, ROOF], [FLOOR]], [[0, 1], None], "gr-"),
        ("Solid", [[FLOOR, ROOF], [FLOOR]], None, "---"),
        ("MultiSolid", [[[FLOOR], [ROOF]], [[ROOF]]], [[[0], [1]], [[1]]], "grr"),
        ("MultiSolid", [[[FLOOR], [ROOF]], [[ROOF]]], [None, [[1]]], "--r"),
        ("MultiSolid", [[[FLOOR], [ROOF]], [[ROOF]]], [[[0], None], [[1]]], "g-r"),
    ],
)
def test_semantics_are_read_at_every_depth(
    kind: str, boundaries: Any, values: Any, expected: str, tmp_path: Path
) -> None:
    semantics = {"surfaces": SEMANTICS, "values": values}
    city, report = one(tmp_path, {"type": kind, "lod": "2", "boundaries": boundaries, "semantics": semantics})
    names = {"g": "GroundSurface", "r": "RoofSurface", "-": "Surface"}
    assert types(city) == [names[letter] for letter in expected]
    assert report.skipped == ()


@pytest.mark.parametrize(
    ("semantics", "what", "count"),
    [
        ({"surfaces": SEMANTICS, "values": [0, 2]}, "semantics", 1),
        ({"surfaces": SEMANTICS, "values": [-1, 7]}, "semantics", 2),
        ({"surfaces": SEMANTICS, "values": [0]}, "semantics", 1),
        ({"surfaces": SEMANTICS, "values": [[0], [1]]}, "semantics", 1),
        ({"surfaces": SEMANTICS, "values": "no"}, "semantics", 1),
        ({"surfaces": 5, "values": [0, 0]}, "semantics", 1),
        ([1], "semantics", 1),
        ({"surfaces": [{"type": "+Thermal"}, {}], "values": [0, 1]}, "semantic type +Thermal", 1),
        ({"surfaces": [{"type": "Door", "parent": 5}], "values": [0, 0]}, "parent of a surface", 1),
        (
            {"surfaces": [{"type": "Door", "parent": 1}, {"type": "Door", "parent": 0}], "values": [0, 1]},
            *("parent of a surface", 2),
        ),
        (
            {"surfaces": [{"type": "Door", "a": [[1]]}], "values": [0, 0]},
            *("attribute a of a surface", 1),
        ),
    ],
    ids=str,
)
def test_semantics_that_do_not_fit_are_counted(semantics: Any, what: str, count: int, tmp_path: Path) -> None:
    city, report = one(tmp_path, surfaces(FLOOR, ROOF, semantics=semantics))
    assert {item.what: item.count for item in report.skipped}[what] == count
    assert len(city.surface_type) == 2


ROOFS = [
    {"type": "RoofSurface", "slope": 30.5, "tiles": "red", "flat": False, "year": None},
    {"type": "WallSurface", "children": [2]},
    {"type": "Window", "parent": 1, "frame": {"made of": "wood", "colours": ["white", "red"]}},
    {"type": "GroundSurface"},
    {"type": "RoofSurface", "slope": 7, "tiles": "Größe", "number": 2**70},
]


@pytest.mark.parametrize("large", [False, True])
def test_surfaces_keep_their_attributes_and_what_they_are_cut_into(tmp_path: Path, large: bool) -> None:
    plain = surfaces(ROOF, FLOOR, semantics={"surfaces": ROOFS[:1], "values": [None, 0]})
    nested = surfaces(*[FLOOR] * 5, semantics={"surfaces": ROOFS, "values": [0, 1, 2, 3, 4]})
    bare = surfaces(ROOF, lod="1", semantics={"surfaces": [ROOFS[3]], "values": [0]})
    path = tmp_path / "city.json"
    path.write_text(json.dumps(document({"a": house(nested), "b": house(plain), "c": house(bare)})))
    city, report = cityjson.read(path, place=HELSINKI, large=large)
    assert city.faces is not None
    said = [city.faces.row(surface) for surface in range(8)]
    tiles = {"slope": 30.5, "tiles": "red", "flat": False}
    assert said == [
        *(tiles, {}, {"frame.made of": "wood", "frame.colours": "white; red"}, {}),
        {"slope": 7, "tiles": "Größe", "number": str(2**70)},
        *({}, tiles, {}),
    ]
    wall, window, ground = city.faces.of_surface[[1, 2, 3]].tolist()
    assert city.faces.parent[window] == wall
    assert ground == -1, "nothing is known of it but its type"
    assert report.surface_attributes == {
        **{"slope": 3, "tiles": 3, "flat": 2, "number": 1},
        **{"frame.made of": 1, "frame.colours": 1},
    }
    assert report.skipped == ()


def test_a_tree_is_planted_with_its_matrix(tmp_path: Path) -> None:
    def tree(template: Any, vertex: Any, matrix: Any) -> dict[str, Any]:
        instance = {"type": "GeometryInstance", "template": template, "boundaries": [vertex]}
        return {
            "type": "SolitaryVegetationObject",
            "geometry": [{**instance, "transformationMatrix": matrix}],
        }

    east = [0, -2, 0, 0, 2, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 1]
    mirrored = [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    crown = [[0, 0, 3], [1, 0, 3], [1, 1, 3]]
    trees = {
        "turned": tree(0, 6, east),
        "mirrored": tree(0, 0, mirrored),
        "none": tree(9, 0, east),
        "nowhere": tree(0, 99, east),
        "flat": tree(0, 0, [1, 2, 3]),
        "strange": tree(0, 0, [*east[:15], 2]),
    }
    templates = {"templates": [surfaces([[0, 1, 2]], lod="1")], "vertices-templates": crown}
    city, report = read(tmp_path, document(trees, **{"geometry-templates": templates}))
    assert city.vertices[:3].tolist() == [[4, 4, 11], [4, 6, 11], [2, 6, 11]]
    assert faces(city)[:, 2].tolist() == [2.0, 0.5]  # a mirrored tree is no tree seen from within
    assert report.lods == {"1": 2}
    assert sum(item.count for item in report.skipped) == 4
    assert {item.what for item in report.skipped} == {"GeometryInstance"}


def test_few_bytes_do_not_become_many_polygons(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cityjson_geometries, "MOST_PLACED", 80)
    matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    instance = {"type": "GeometryInstance", "template": 0, "transformationMatrix": matrix}
    instances = [{**instance, "boundaries": [k]} for k in range(8)]
    templates = {"templates": [surfaces([[0, 1, 2]], lod="1")], "vertices-templates": CUBE}
    tree = document({"a": house(*instances)}, **{"geometry-templates": templates})
    _, report = read(tmp_path, tree)
    assert report.polygons == 3
    assert skipped(report) == {("GeometryInstance", "the templates of all instances are too large"): 5}


def test_all_lods_are_kept_and_the_highest_with_surfaces_is_shown(tmp_path: Path) -> None:
    lods = ["1.3", 2, "2.2", "0"]
    geometry = [surfaces(*SHELL[: k + 1], lod=lod) for k, lod in enumerate(lods)]
    lines = {"type": "MultiLineString", "lod": "3", "boundaries": [[0, 1]]}
    broken = surfaces([[0, 1, 99]], lod="3.1")
    city, report = one(tmp_path, *geometry, lines, broken)
    assert report.lods == {"0": 4, "1.3": 1, "2": 2, "2.2": 3}
    assert city.surface_lod.tolist() == [1.3, 2, 2, 2.2, 2.2, 2.2, 0, 0, 0, 0]
    assert lods_of.shown(city).surface_lod.tolist() == [2.2, 2.2, 2.2]
    assert lods_of.shown(city, 2).surface_lod.tolist() == [2, 2]
    assert {item.what: item.count for item in report.skipped} == {"MultiLineString": 1, "Polygon": 1}


def test_the_same_surface_in_two_lods_is_in_both(tmp_path: Path) -> None:
    city, report = one(tmp_path, surfaces(FLOOR, lod="1.2"), surfaces(FLOOR, ROOF, lod="2.2"))
    assert report.skipped == ()
    assert [lods_of.shown(city, lod).surface_lod.tolist() for lod in (1.2, None)] == [[1.2], [2.2, 2.2]]


def test_what_does_not_say_its_lod_is_shown_last(tmp_path: Path) -> None:
    city, report = one(
        tmp_path, *(surfaces(face, lod=lod) for face, lod in zip(SHELL, ["foo", 7, None], strict=False))
    )
    assert report.lods == {"?": 3}
    assert city.surface_lod.tolist() == [0, 0, 0]
    assert "3 surfaces do not say their LoD." in report.notices


@pytest.mark.parametrize(("height", "shown"), [(2, ["part"]), (30, ["block", "part"])])
def test_only_a_footprint_or_block_around_finer_parts_is_not_shown(
    height: float, shown: list[str], tmp_path: Path
) -> None:
    inside = [[1, 1, height], [3, 1, height], [3, 3, height]]
    block = house(surfaces(FLOOR, ROOF, lod="1.2"), children=["part"])
    part = {"type": "BuildingPart", "parents": ["block"], "geometry": [surfaces([[8, 9, 10]], lod="2.2")]}
    city, report = read(tmp_path, document({"block": block, "part": part}, vertices=CUBE + inside))
    assert (report.polygons, report.skipped) == (3, ())
    city = lods_of.shown(city)
    assert sorted({city.object_id[row] for row in city.surface_object}) == shown


def test_a_surface_in_two_geometries_is_shown_once(tmp_path: Path) -> None:
    semantics = {"surfaces": SEMANTICS, "values": [0, 1]}
    solid = {"type": "Solid", "lod": "2", "boundaries": [SHELL]}
    city, report = one(tmp_path, solid, surfaces(FLOOR, ROOF, semantics=semantics))
    assert sorted(types(city)) == ["GroundSurface", "RoofSurface", *["Surface"] * 4]
    assert reasons(report)["surface given twice"] == "shown once"


@pytest.mark.parametrize(
    ("ring", "reason"),
    [
        ([0, 1], "a ring needs 3 different corners"),
        ([0, 1, 0, 1], "a ring needs 3 different corners"),
        ([0, 0, 0], "a ring needs 3 different corners"),
        ([0, 1, 8], "a ring needs 3 different corners"),
        ([0] * 300_000, "a ring needs 3 different corners"),
        ([], "a ring needs 3 different corners"),
        ([0, 1, 99], "a vertex number is out of range"),
        ([0, 1, 10**30], "a vertex number is out of range"),
        ([0, 1, 9], "a coordinate is too large"),
    ],
)
def test_bad_rings_are_counted_with_their_place(ring: list[int], reason: str, tmp_path: Path) -> None:
    far = [*CUBE, [4, 0, 0], [1e300, 0, 0]]
    city, report = one(tmp_path, surfaces(ROOF, [ring], [[4, 5, 6], ring]), vertices=far)
    assert report.polygons == 2
    assert report.interior_rings == 0
    assert skipped(report) == {("Polygon", reason): 1, ("interior ring", reason): 1}
    assert report.skipped[0].first == "CityObjects.a.geometry[0]"
    assert np.isfinite(city.vertices).all()


def test_a_ring_may_repeat_its_first_corner(tmp_path: Path) -> None:
    city, report = one(tmp_path, surfaces([[4, 5, 6, 7, 4, 4]], [[4, 5, 6, 8]]), vertices=[*CUBE, CUBE[4]])
    assert np.diff(city.ring_starts).tolist() == [4, 3]
    assert report.skipped == ()


@pytest.mark.parametrize(
    "boundaries",
    [
        [[0, 1, 2]], [[[[0, 1, 2]]]], [0, 1, 2], [[[0, 1.5, 2]]], [[[0, -1, 2]]], [[["0", 1, 2]]], "[[[0]]]",
        {"a": [[[0, 1, 2]]]}, None, 5, [[[0, 1, None]]], [[[0, 1, True]]], [[0, [1, 2, 3]]], [[[0, 1, [2]]]],
        [[[0, 1, 2], 3]], [[[0, 1, 2, []]]],
    ],
    ids=str,
)  # fmt: skip
def test_boundaries_of_another_shape_are_counted(boundaries: Any, tmp_path: Path) -> None:
    bad = {"type": "MultiSurface", "lod": "2", "boundaries": boundaries}
    city, report = one(tmp_path, surfaces(ROOF), bad, surfaces(FLOOR))
    assert faces(city)[:, 2].tolist() == [16, -16]
    assert [(item.count, item.first) for item in report.skipped] == [(1, "CityObjects.a.geometry[1]")]


def test_types_become_classes_of_citygml(tmp_path: Path) -> None:
    said = [*sorted(cityjson_objects.TYPES), "+Tree", "Castle", None]
    objects = {f"o{k}": {"type": kind} for k, kind in enumerate(said)}
    city, report = read(tmp_path, document(objects))
    became = dict(zip(said, city.object_type.tolist(), strict=True))
    assert {kind: name for kind, name in became.items() if kind != name} == {
        "BuildingRoom": "Room",
        "TransportSquare": "Square",
        "TunnelHollowSpace": "HollowSpace",
        "+Tree": "Tree",
        None: "GenericCityObject",
    }
    assert "1 objects are of the type +Tree of an extension." in report.notices
    assert "1 objects are of the type Castle, which CityJSON does not have." in report.notices
    assert "1 objects have no type; they are shown as GenericCityObject." in report.notices


@pytest.mark.parametrize(
    ("objects", "parents", "links"),
    [
        ({"a": {"children": ["b"]}, "b": {"parents": ["a"]}}, [-1, 0], 0),
        ({"a": {"children": ["b"]}, "b": {}}, [-1, 0], 0),
        ({"b": {"parents": ["a"]}, "a": {}}, [1, -1], 0),
        ({"b": {"parent": "a"}, "a": {}}, [1, -1], 0),
        ({"a": {"children": ["gone"]}, "b": {"parents": ["gone"]}}, [-1, -1], 2),
        ({"a": {"parents": ["a"]}}, [-1], 1),
        ({"a": {"parents": ["b"]}, "b": {"parents": ["a"]}}, [1, -1], 1),
        ({"a": {"parents": ["b"]}, "b": {"parents": ["c"]}, "c": {"parents": ["b"]}}, [1, 2, -1], 1),
        ({"a": {"children": ["c"]}, "b": {"children": ["c"]}, "c": {}}, [-1, -1, 0], 1),
        ({"a": {"children": 5, "parents": {"b": 1}}}, [-1], 0),
    ],
    ids=str,
)
def test_parents_are_found_from_both_sides_and_never_in_a_circle(
    objects: dict[str, Any], parents: list[int], links: int, tmp_path: Path
) -> None:
    typed = {id: {"type": "Building", **members} for id, members in objects.items()}
    city, report = read(tmp_path, document(typed))
    assert city.object_parent.tolist() == parents
    assert sum(item.count for item in report.skipped if item.what == "link of a part") == links
    roots(city)  # would never end in a circle


def test_members_of_a_group_are_no_parts(tmp_path: Path) -> None:
    group = {"type": "CityObjectGroup", "children": ["a", "b"]}
    objects = {"g": group, "a": house(parents=["g"]), "b": house(parents=["g"])}
    city, report = read(tmp_path, document(objects))
    assert city.object_parent.tolist() == [-1, -1, -1]
    assert skipped(report) == {("member of a group", "groups are kept without their members"): 2}


def test_a_long_row_of_parts_ends(tmp_path: Path) -> None:
    objects = {f"p{k}": {"type": "BuildingPart", "parents": [f"p{k + 1}"]} for k in range(20_000)}
    city, report = read(tmp_path, document(objects))
    roots(city)
    assert reasons(report)["link of a part"] in ("parts are nested too deeply", "the file has no such object")


def test_attributes_keep_names_and_types(tmp_path: Path) -> None:
    attributes = {
        "a": -3,
        "b": 1.5,
        "c": "007",
        "d": True,
        "e": None,
        "f": {"value": 4.1, "uom": "dB", "g": {"h": 1}},
        "i": ["x", 2, None],
        "j": [{"k": 1}],
        "l": [],
        "m": 10**30,
    }
    address = [{"Country": "Canada", "number": 66, "location": {"type": "MultiPoint", "boundaries": [0]}}]
    thing = house(attributes=attributes, address=address)
    city, report = read(tmp_path, document({"a": thing, "b": house()}))
    assert city.attributes.row(0) == {
        "a": -3,
        "b": 1.5,
        "c": "007",
        "d": True,
        "f.value": 4.1,
        "f.uom": "dB",
        "f.g.h": 1,
        "i": "x; 2; ",
        "m": str(10**30),
        "address": "Canada, 66",
    }
    assert city.attributes.row(1) == {}
    assert report.attributes["f.g.h"] == 1
    assert "e" not in report.attributes
    assert reasons(report) == {
        "attribute j": "lists of lists or objects are not kept",
        "attribute location of an address": "points are not read",
    }


def test_few_bytes_do_not_become_many_columns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rare_attributes, "MANY_NAMES", 2)
    monkeypatch.setattr(rare_attributes, "MANY_CELLS", 12)
    objects = {f"o{k}": house(attributes={"id": k, "use": "home", f"rare{k}": 1}) for k in range(4)}
    objects["o4"] = house(attributes={"id": 4, "use": "shop"})
    city, report = read(tmp_path, document(objects))
    assert set(city.attributes.columns) == {"id", "use"}
    assert skipped(report) == {("rare attribute", "there are too many different ones"): 4}


def test_one_object_has_no_endless_attributes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rare_attributes, "MANY_NAMES", 2)
    monkeypatch.setattr(rare_attributes, "MOST_NAMES", 3)
    city, report = read(tmp_path, document({"a": house(attributes=dict.fromkeys("abcde", 1))}))
    assert list(city.attributes.columns) == ["a", "b", "c"]
    assert skipped(report) == {("rare attribute", "there are too many different ones"): 2}


def test_what_is_not_read_is_counted(tmp_path: Path) -> None:
    appearance = {"materials": [{}, {}], "textures": [{}], "vertices-texture": [[0, 0]]}
    geometry = surfaces(ROOF, material={"": {"value": 0}}, texture={"": {"values": [[[0, 0, 0, 0, 0]]]}})
    objects = {"a": {**house(geometry), "+fence": 1, "odd": 2}}
    extras = {"+census": {}, "remark": 1, "extensions": {"Noise": {}}, "appearance": appearance}
    city, report = read(tmp_path, document(objects, **extras))
    assert city.attributes.row(0) == {"+fence": 1}
    assert skipped(report) == {
        ("texture", "it names no picture"): 1,
        ("member odd", "CityJSON does not have it"): 1,
        ("member +census", "it is of an extension"): 1,
        ("member remark", "CityJSON does not have it"): 1,
    }
    assert "It uses the extension Noise." in report.notices


def test_no_object_is_lost_to_an_id_that_is_there_twice(tmp_path: Path) -> None:
    twice = '{"type": "CityJSON", "version": "1.0", "vertices": [], "CityObjects": {%s, %s, "": %s}}'
    city, report = read(tmp_path, twice % (*['"a": {"type": "Building"}'] * 2, '{"type": "Bridge"}'))
    assert city.object_id.tolist() == ["a", "a-2", "Bridge-1"]
    assert "1 objects repeat an id and were numbered." in report.notices
    assert "1 objects have no id and were numbered." in report.notices


def test_each_feature_of_a_sequence_has_vertices_of_its_own(tmp_path: Path) -> None:
    head = document({}, vertices=[])
    lines = [head]
    for k in range(3):
        moved = [[x + 10 * k, y, z] for x, y, z in CUBE]
        feature = {"type": "CityJSONFeature", "id": f"f{k}", "vertices": moved}
        part = {"type": "BuildingPart", "parents": [f"f{k}"], "geometry": [surfaces(ROOF)]}
        lines.append({**feature, "CityObjects": {f"f{k}": house(children=["part"]), "part": part}})
    path = tmp_path / "a.city.jsonl"
    path.write_text("\n\n".join(map(json.dumps, lines)) + "\n")
    city, report = cityjson.read(path, place=HELSINKI)
    assert city.vertices[::4, 0].tolist() == [0, 10, 20]
    assert city.object_parent.tolist() == [-1, 0, -1, 2, -1, 4]
    assert report.format == "CityJSONSeq 2.0"
    lines[2]["CityObjects"]["f1"] = 5
    path.write_text("\n".join(map(json.dumps, lines)))
    with pytest.raises(DataError, match=r"line 3, CityObjects\.f1: expected an object"):
        cityjson.read(path, place=HELSINKI)


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        (" ", "is not JSON"),
        ("{", "is not JSON"),
        ("[]", "expected an object, got a list"),
        ("{}", "has no type, not CityJSON"),
        ('{"type": "FeatureCollection"}', "is of the type 'FeatureCollection', not CityJSON"),
        ('{"CityObjects": {}}', 'does not say its type. Add "type": "CityJSON"'),
        ('{"type": "CityJSONFeature"}', "Put the line of type CityJSON before it"),
        ('{"type": "CityJSON", "vertices": []}', "holds no city objects"),
        ('{"type": "CityJSON",\n "vertices": [NaN]}', "line 2, column 15: is not JSON"),
        ('{"type": "CityJSON", "vertices": [[0, 1e999, 0]]}', r"vertices\S*: number out of range"),
        ('{"type": "CityJSON", "vertices": [[0, Infinity, 0]]}', "is not JSON"),
        ('{"type": "CityJSON", "vertices": [[0, 1]]}', r"vertices\[0\]: expected a list of length 3"),
        (
            '{"type": "CityJSON", "vertices": [[0, "1", 2]]}',
            r"vertices\[0\]\[1\]: expected a number, got text",
        ),
        (
            '{"type": "CityJSON", "transform": {"scale": [1]}}',
            r"transform\.scale: expected a list of length 3",
        ),
        ('{"type": "CityJSON", "CityObjects": []}', "CityObjects: expected an object"),
        ('{"type": "CityJSON", "CityObjects": {"a": null}}', r"CityObjects\.a: expected an object"),
        (
            '{"type": "CityJSON", "CityObjects": {"a": {"geometry": [5]}}}',
            r"CityObjects\.a\.geometry\[0\]: expected an object",
        ),
        (
            '{"type": "CityJSON", "CityObjects": {"a": {"attributes": {"b": 1e999}}}}',
            r"CityObjects\.a\.attributes\S*: number out of range",
        ),
        ('{"type": "CityJSON", "CityObjects": ' + DEEP + "}", "nested too deeply"),
        (
            '{"type": "CityJSON", "CityObjects": {"a": {"attributes": {"b": ' + DEEP + "}}}}",
            "nested too deeply",
        ),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_no_city_is_refused_with_its_place(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=message.replace("(", r"\(")) as refused:
        read(tmp_path, text)
    assert str(refused.value).startswith("a.city.json: ")


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.json: cannot be opened"):
        cityjson.read(tmp_path / "nowhere.json")


def test_versions_that_are_not_known_are_tried_and_told(tmp_path: Path) -> None:
    for version, told in [("0.3", True), ("0.9", False), ("3.0", True), ("2.0", False), (None, True)]:
        _, report = one(tmp_path, surfaces(ROOF), version=version)
        assert report.polygons == 1
        assert any("it was read" in notice for notice in report.notices if "CRS" not in notice) is told


def test_reading_stops_when_nobody_wants_it_any_more_and_leaves_no_trace() -> None:
    def stop(done: float) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        cityjson.read(DATA / HOUSES[0], progress=stop, large=False)
    assert gc.isenabled()


def test_reading_a_file_of_some_size_stops_before_its_text_is_parsed(tmp_path: Path) -> None:
    tree = json.loads((DATA / "house_v20.city.json").read_text("utf-8"))
    tree["CityObjects"] |= {
        f"{k}": {"type": "Building", "attributes": {"a": "b" * 50}} for k in range(50_000)
    }
    path = tmp_path / "a.city.json"
    path.write_text(json.dumps(tree), "utf-8")
    told: list[float] = []

    def stop(done: float) -> None:
        told.append(done)
        raise Cancelled

    with pytest.raises(Cancelled):
        cityjson.read(path, progress=stop, large=False)
    assert told == [0.0]
    for thread in threading.enumerate():
        if thread.name == "reading":  # it ends at its next step
            thread.join()


@pytest.mark.parametrize("name", HOUSES)
def test_progress_rises_to_one(name: str) -> None:
    steps: list[float] = []
    cityjson.read(DATA / name, progress=steps.append)
    assert steps == sorted(steps)
    assert steps[-1] == 1.0


@pytest.mark.parametrize("name", HOUSES)
def test_files_are_known_by_what_they_say(name: str, tmp_path: Path) -> None:
    assert kind_of(DATA / name) == "city"
    plain = tmp_path / "a.json"
    plain.write_bytes(b"\xef\xbb\xbf" + (DATA / name).read_bytes())
    assert kind_of(plain) == "city"
    assert len(cityjson.read(plain)[0].object_id) == 2


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ('{"type": "FeatureCollection", "features": []}', "vector"),
        (
            '{"type": "FeatureCollection", "features": [{"properties": {"type": "CityJSON"}}]}',
            "vector",
        ),
        ('{"vertices": [], "CityObjects": {}, "type" : "CityJSON"}', "city"),
        ('{"type":"CityJSON"}\n{"type":"CityJSONFeature"}', "city"),
        ('{"type":"CityJSONFeature"}', "city"),
        ('{"type":"CityJSON", "vert', "city"),
    ],
)
def test_json_of_other_kinds_stays_what_it_is(text: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    assert kind_of(path) == kind


@pytest.mark.parametrize("name", HOUSES)
def test_a_file_opens_as_a_project_and_from_the_cache(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path))
    project = open_project(DATA / name)
    assert project.city.object_id.tolist() == ["house", "shed"]
    assert len(list(tmp_path.iterdir())) == 1
    again, report = cache.city(DATA / name, None)
    assert again.vertices.tolist() == project.whole.vertices.tolist()
    assert report.format.startswith("CityJSON")
    assert len(list(tmp_path.iterdir())) == 1


def test_a_change_of_the_reader_makes_the_cache_anew() -> None:
    modules = {path.name for path in Path(cityjson.__file__).parent.glob("cityjson*.py")}
    assert modules <= set(cache.CITYJSON_CODE)


def is_whole(city: City) -> bool:
    return (
        bool(np.isfinite(city.vertices).all())
        and len(city.surface_type) == len(city.surface_object) == len(city.surface_lod)
        and int(city.ring_starts[-1]) == len(city.vertices)
        and bool((np.diff(city.ring_starts) >= 3).all())
        and bool((np.diff(city.surface_object) >= 0).all())
        and len(set(city.object_id)) == len(city.object_type) == city.attributes.length
        and len(roots(city)) == len(city.object_id)
        and (not len(city.triangles) or int(city.triangles.max()) < len(city.vertices))
    )


def read_or_refused(path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            city, report = cityjson.read(path, place=HELSINKI)
        except DataError as error:
            assert path.name in str(error)
        else:
            assert is_whole(city)
            assert report.polygons + report.patches == len(city.surface_object)


@pytest.mark.parametrize("name", HOUSES)
def test_a_truncated_file_is_never_half_a_city(name: str, tmp_path: Path) -> None:
    text = (DATA / name).read_bytes().rstrip()
    path = tmp_path / name
    for percent in range(100):
        path.write_bytes(text[: len(text) * percent // 100])
        with pytest.raises(DataError):
            cityjson.read(path, place=HELSINKI)


@pytest.mark.parametrize("name", ["house_v20.city.json", "house.city.jsonl"])
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(name: str, tmp_path: Path, data: st.DataObject) -> None:
    text = bytearray((DATA / name).read_bytes())
    place = st.integers(0, len(text))
    piece = st.binary(min_size=1, max_size=4) | st.sampled_from(
        [b"null", b"[", b"]", b"9" * 30, b'"', b"-", b"{}", b"1e999"]
    )
    for at, what in data.draw(st.lists(st.tuples(place, piece), min_size=1, max_size=4)):
        text[at : at + len(what)] = what
    path = tmp_path / name
    path.write_bytes(text)
    read_or_refused(path)


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_json_in_any_place_is_read_or_refused(tmp_path: Path, data: st.DataObject) -> None:
    matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    instance = {"type": "GeometryInstance", "template": 0, "boundaries": [0], "transformationMatrix": matrix}
    semantics = {"surfaces": SEMANTICS, "values": [[0, 1, None, None, None, 0]]}
    solid = {"type": "Solid", "lod": "2.2", "boundaries": [SHELL], "semantics": semantics}
    part = {"type": "BuildingPart", "parents": ["a"], "geometry": [solid], "attributes": {"b": {"c": [1]}}}
    objects = {"a": house(surfaces(ROOF, lod="0"), children=["p"], address=[{"x": "y"}]), "p": part}
    objects["t"] = {"type": "PlantCover", "geometry": [instance]}
    templates = {"templates": [surfaces([[0, 1, 2]], lod="1")], "vertices-templates": CUBE}
    tree = document(objects, appearance={"materials": [{}]}, **{"geometry-templates": templates})
    tree = json.loads(json.dumps(tree))  # shares nothing
    for _ in range(data.draw(st.integers(1, 3))):
        container, key = data.draw(st.sampled_from(nodes(tree)))
        container[key] = data.draw(TREES)
    path = tmp_path / "a.city.json"
    path.write_text(json.dumps(tree))
    read_or_refused(path)


def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object that loses no member to a repeated name."""
    found: dict[str, Any] = {}
    for name, value in members:
        found[name if name not in found else f"{name}#{len(found)}"] = value
    return found


def trees(path: Path) -> list[dict[str, Any]]:
    text = path.read_text()
    try:
        return [json.loads(text, object_pairs_hook=pairs)]
    except json.JSONDecodeError:
        return [json.loads(line, object_pairs_hook=pairs) for line in text.splitlines() if line]


def polygons_in(boundaries: Any, kind: str) -> list[Any]:
    depth = {"Solid": 1, "MultiSolid": 2, "CompositeSolid": 2}.get(kind, 0)
    for _ in range(depth):
        boundaries = [inner for outer in boundaries for inner in outer]
    return list(boundaries)


def lod_of(geometry: dict[str, Any]) -> str:
    try:
        lod = float(geometry["lod"])
    except (KeyError, TypeError, ValueError):
        return "?"
    return f"{lod:g}" if 0 <= lod < 5 else "?"


class Counted:
    """What a file holds, with the standard library alone."""

    def __init__(self, path: Path) -> None:
        self.objects: Counter[str] = Counter()
        self.polygons: Counter[str] = Counter()
        """By LoD."""
        self.holes = self.instances = 0
        self.attributes: Counter[str] = Counter()
        templates: list[Any] = []
        for tree in trees(path):
            templates = tree.get("geometry-templates", {}).get("templates", templates)
            for thing in tree.get("CityObjects", {}).values():
                self.objects[thing["type"].removeprefix("+")] += 1
                self.attributes.update(
                    name
                    for name, value in (thing.get("attributes") or {}).items()
                    if value is not None and not isinstance(value, list | dict)
                )
                for geometry in thing.get("geometry", []):
                    self.add(geometry, templates)

    def add(self, geometry: Any, templates: list[Any]) -> None:
        if geometry["type"] == "GeometryInstance":
            geometry = templates[geometry["template"]]
            self.instances += 1
        if geometry["type"] not in ("MultiPoint", "MultiLineString"):
            polygons = polygons_in(geometry["boundaries"], geometry["type"])
            self.polygons[lod_of(geometry)] += len(polygons)
            self.holes += sum(len(rings) - 1 for rings in polygons if rings)


REFUSED = {
    "invalid_missing_type.json",
    "specs_duplicate-vertices.json",
    "cityjson_with-errors.json",
    "test_empty_completely_empty.json",
    "test_file_format_invalid_schema_cityjson_1.json",
}


@needs_real
def test_every_real_file_is_accounted_for_to_the_last_polygon() -> None:
    files = [
        path for path in sorted((REAL / "cityjson").rglob("*.json*")) if path.suffix in (".json", ".jsonl")
    ]
    assert len(files) > 50
    refused = set()
    for path in files:
        try:
            city, report = cityjson.read(path, place=DUTCH)
        except DataError:
            refused.add(path.name)
            continue
        counted = Counted(path)
        left_out = sum(
            item.count for item in report.skipped if item.what in ("Polygon", "surface given twice")
        )
        assert report.objects == counted.objects, path.name
        assert report.polygons + report.patches + left_out == counted.polygons.total(), path.name
        assert sum((counted.polygons - Counter(report.lods)).values()) == left_out, path.name
        assert report.implicit_geometries == counted.instances, path.name
        assert {name: report.attributes[name] for name in counted.attributes} == counted.attributes, path.name
        if not left_out:
            holes = sum(item.count for item in report.skipped if item.what == "interior ring")
            assert report.interior_rings + holes == counted.holes, path.name
        assert is_whole(city), path.name
    assert refused == REFUSED


@needs_real
@pytest.mark.parametrize(
    ("name", "polygons", "rings", "lods"),
    [
        ("cityjson/delft.city.json", 36271, 0, {"1": 36271}),
        ("cityjson/zurich_subset_lod2.json", 2039, 4, {"2": 2039}),
        ("cityjson/tricky/cjio_multi_lod.json", 752, 0, {"1.2": 180, "1.3": 224, "2.2": 348}),
        (
            *("cityjson/tricky/duckdb/delft_subset.city.jsonl", 335, 0),
            {"0": 10, "1.2": 78, "1.3": 93, "2.2": 154},
        ),
        ("cityjson/tricky/specs_torus.json", 9, 2, {"1": 9}),
    ],
)
def test_real_files_are_read_whole(name: str, polygons: int, rings: int, lods: dict[str, int]) -> None:
    _, report = cityjson.read(REAL / name, place=DUTCH)
    assert (report.polygons, report.interior_rings, report.lods) == (polygons, rings, lods)


@needs_real
def test_the_hundred_buildings_are_the_same_in_every_format() -> None:
    local = Place("EPSG:3068", (0.0, 0.0, 0.0), 13.4, 52.5)
    gml, expected = citygml.read(REAL / "citygml/citygml4j/LOD2_Buildings_v100.gml", place=local)
    files = sorted((REAL / "cityjson").glob("citygml4j_*"))
    assert len(files) == 4
    for path in files:
        city, report = cityjson.read(path, place=local)
        assert report.objects == expected.objects == {"Building": 100}
        assert report.surfaces == expected.surfaces
        assert report.polygons == expected.polygons == 700
        assert area(city) == pytest.approx(area(gml), rel=1e-9)
        assert set(city.object_id) == set(gml.object_id)
        assert faces(city)[types(city).index("RoofSurface"), 2] > 0
        for id, row in city.rows.items():
            mine = city.vertices[
                np.repeat(city.surface_object[city.ring_surface], np.diff(city.ring_starts)) == row
            ]
            theirs = gml.surface_object[gml.ring_surface] == gml.rows[id]
            corners = gml.vertices[np.repeat(theirs, np.diff(gml.ring_starts))]
            assert {tuple(p) for p in mine.round(3).tolist()} == {tuple(p) for p in corners.round(3).tolist()}


@needs_real
def test_the_hague_is_the_same_from_citygml_and_cityjson() -> None:
    gml, expected = citygml.read(REAL / "citygml/denhaag/DenHaag_01.xml")
    city, report = cityjson.read(REAL / "cityjson/DenHaag_01.json", crs="EPSG:28992")
    assert (report.polygons, report.patches) == (expected.polygons, expected.patches) == (16209, 5595)
    assert report.surfaces == expected.surfaces
    assert math.isclose(area(city), area(gml), rel_tol=2e-6)  # the one has whole millimetres
    assert city.place == gml.place
    assert city.vertices.min(axis=0) == pytest.approx(gml.vertices.min(axis=0), abs=0.002)
    parents = {
        id: city.object_id[row]
        for id, row in zip(city.object_id, city.object_parent, strict=True)
        if row >= 0
    }
    others = {
        id: gml.object_id[row] for id, row in zip(gml.object_id, gml.object_parent, strict=True) if row >= 0
    }
    assert {id: parents[id] for id in parents} == {
        id: others[id] for id in others if not id.startswith("tin")
    }
