import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from twin.formats import cache, cityjson
from twin.formats.report import Report
from twin.model.appearance import Image, Material
from twin.model.city import City
from twin.model.place import Place

DUTCH = Place("EPSG:28992", (85_000.0, 446_000.0, 0.0), 4.4, 52.0)
SQUARE = [[0, 0, 0], [4, 0, 0], [4, 4, 0], [0, 4, 0], [1, 1, 0], [2, 1, 0], [2, 2, 0]]
WHOLE, HOLE = [0, 1, 2, 3], [4, 6, 5]
CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1], [0.25, 0.25], [0.5, 0.25], [0.5, 0.5]]
RED, BLUE = {"name": "red", "diffuseColor": [1, 0, 0]}, {"name": "blue", "transparency": 0.5}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Pictures beside the city file and in the customary folder, and one that is none of its business."""
    place = tmp_path / "city"
    (place / "appearances").mkdir(parents=True)
    (place / "pictures").mkdir()
    for name in ("wall.png", "pictures/roof.jpg", "appearances/door.png", "../secret.png"):
        (place / name).write_bytes(b"")
    return place


def surface(*polygons: Any, kind: str = "MultiSurface", **members: Any) -> dict[str, Any]:
    return {"type": kind, "lod": "2", "boundaries": list(polygons), **members}


def textured(*values: Any, theme: str = "") -> dict[str, Any]:
    return {theme: {"values": list(values)}}


def read(folder: Path, *geometry: Any, **members: Any) -> tuple[City, Report]:
    appearance = {
        "materials": [RED, BLUE],
        "textures": [{"type": "PNG", "image": "wall.png"}, {"type": "JPG", "image": "pictures/roof.jpg"}],
        "vertices-texture": CORNERS,
        **members,
    }
    things = {f"o{k}": {"type": "Building", "geometry": [one]} for k, one in enumerate(geometry)}
    tree = {
        **{"type": "CityJSON", "version": "2.0", "CityObjects": things, "vertices": SQUARE},
        **{"transform": {"scale": [1, 1, 1], "translate": [0, 0, 0]}, "appearance": appearance},
    }
    path = folder / "a.city.json"
    path.write_text(json.dumps(tree))
    return cityjson.read(path, place=DUTCH)


def skipped(report: Report) -> dict[tuple[str, str], int]:
    return {(item.what, item.why): item.count for item in report.skipped}


def pictures(city: City) -> list[str | None]:
    """The picture of each surface."""
    look = city.appearance
    if look is None:
        return [None] * len(city.surface_object)
    return [None if row < 0 else look.images[row].path.name for row in look.surface_image]


def materials(city: City) -> list[str | None]:
    look = city.appearance
    if look is None:
        return [None] * len(city.surface_object)
    return [None if row < 0 else look.materials[row].name for row in look.surface_material]


def test_every_corner_of_every_ring_lies_where_the_file_says(folder: Path) -> None:
    values = [[0, 0, 1, 2, 3], [0, 4, 6, 5]]
    city, report = read(folder, surface([WHOLE, HOLE], texture=textured(values)))
    assert report.skipped == ()
    assert report.textures == 1
    assert city.appearance
    assert city.appearance.images[0] == Image((folder / "wall.png").resolve())
    assert city.appearance.coordinates.tolist() == [CORNERS[k] for k in (0, 1, 2, 3, 4, 6, 5)]
    # the corners of this square lie in the picture as they lie on the ground
    assert np.allclose(city.appearance.coordinates * 4, city.vertices[:, :2])


def test_corners_follow_a_ring_that_loses_its_last_and_one_that_is_mirrored(folder: Path) -> None:
    closed, square = [0, 1, 2, 3, 0], textured([[1, 0, 1, 2, 3, 0]])
    city, _ = read(folder, surface([closed], texture=square))
    assert city.appearance
    assert city.appearance.coordinates.tolist() == CORNERS[:4]
    matrix = [-1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]
    instance = {"type": "GeometryInstance", "template": 0, "boundaries": [0], "transformationMatrix": matrix}
    tree = json.loads((folder / "a.city.json").read_text())
    template = surface([WHOLE], texture=textured([[0, 0, 1, 2, 3]]))
    tree["geometry-templates"] = {"templates": [template], "vertices-templates": SQUARE}
    tree["CityObjects"] = {"tree": {"type": "PlantCover", "geometry": [instance]}}
    (folder / "a.city.json").write_text(json.dumps(tree))
    city, report = cityjson.read(folder / "a.city.json", place=DUTCH)
    assert report.implicit_geometries == 1
    assert city.appearance
    at = {tuple(v): tuple(c) for v, c in zip(city.vertices[:, :2], city.appearance.coordinates, strict=True)}
    assert at == {(0, 0): (0, 0), (-4, 0): (1, 0), (-4, 4): (1, 1), (0, 4): (0, 1)}


def test_a_surface_without_a_picture_has_none(folder: Path) -> None:
    values = [[[0, 0, 1, 2, 3]], [[None]], [None], None]
    city, report = read(folder, surface(*[[WHOLE]] * 4, texture=textured(*values)))
    assert pictures(city) == ["wall.png", None, None, None]
    assert city.appearance
    assert np.isnan(city.appearance.coordinates[4:]).all()
    assert report.skipped == ()


def test_nulls_stand_for_whole_shells(folder: Path) -> None:
    shells = [[[WHOLE]], [[WHOLE], [WHOLE]]]
    city, report = read(
        folder,
        surface(*shells, kind="Solid", texture=textured(None, [[[1, 0, 1, 2, 3]], None])),
        surface(*shells, kind="Solid", material={"": {"values": [None, [1, 0]]}}),
        surface(*shells, kind="Solid", material={"": {"value": 0}}),
    )
    assert pictures(city) == [None, "roof.jpg", *[None] * 7]
    assert materials(city) == [*[None] * 4, "blue", "red", "red", "red", "red"]
    assert report.skipped == ()


@pytest.mark.parametrize(
    ("said", "found", "why"),
    [
        ("wall.png", "wall.png", ""),
        ("./pictures/roof.jpg", "roof.jpg", ""),
        ("pictures\\roof.jpg", "roof.jpg", ""),
        ("door.png", "door.png", ""),
        ("../secret.png", None, "its picture is not in the folder of the file"),
        ("pictures/../../secret.png", None, "its picture is not in the folder of the file"),
        ("..\\secret.png", None, "its picture is not in the folder of the file"),
        ("/etc/passwd", None, "its picture is not in the folder of the file"),
        ("C:\\wall.png", None, "its picture is not in the folder of the file"),
        ("\\\\server\\wall.png", None, "its picture is not in the folder of the file"),
        ("file:///wall.png", None, "its picture is not in the folder of the file"),
        ("https://example.com/wall.png", None, "its picture is not in the folder of the file"),
        ("link.png", None, "its picture is not in the folder of the file"),
        ("loop.png", None, "its picture is not there"),
        ("gone.png", None, "its picture is not there"),
        ("pictures", None, "its picture is not there"),
        ("x" * 5000, None, "its picture is not there"),
        ("a\0b", None, "its picture is not in the folder of the file"),
        ("", None, "it names no picture"),
        (5, None, "it names no picture"),
    ],
)
def test_pictures_are_looked_for_only_in_the_folder_of_the_file(
    said: Any, found: str | None, why: str, folder: Path
) -> None:
    (folder / "link.png").symlink_to(folder.parent / "secret.png")
    (folder / "loop.png").symlink_to("loop.png")
    texture = textured([[0, 0, 1, 2, 3]])
    city, report = read(folder, surface([WHOLE], texture=texture), textures=[{"image": said}])
    assert pictures(city) == [found]
    assert skipped(report) == ({("texture", why): 1} if why else {})


def test_a_picture_says_how_it_goes_on(folder: Path) -> None:
    textures = [
        {"image": "wall.png", "wrapMode": "border", "borderColor": [0, 0.5, 1]},
        {"image": "wall.png"},
    ]
    city, _ = read(folder, surface([WHOLE], texture=textured([[0, 0, 1, 2, 3]])), textures=textures)
    assert city.appearance
    assert city.appearance.images[0] == Image((folder / "wall.png").resolve(), "border", (0.0, 0.5, 1.0, 1.0))


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ([[[0, 0, 1, 2]]], "their values do not fit the boundaries"),
        ([[[0, 0, 1, 2, 3, 3]]], "their values do not fit the boundaries"),
        ([[[0, 0, 1, 2, 3]], [[0, 0, 1, 2, 3]]], "their values do not fit the boundaries"),
        ([], "their values do not fit the boundaries"),
        ([[0, 0, 1, 2, 3]], "their values do not fit the boundaries"),
        ("no", "their values do not fit the boundaries"),
        ([[[0, 0, 1, 2, 7]]], "the file lists no such one"),
        ([[[2, 0, 1, 2, 3]]], "the file lists no such one"),
        ([[[-1, 0, 1, 2, 3]]], "their values do not fit the boundaries"),
        ([[[0.5, 0, 1, 2, 3]]], "their values do not fit the boundaries"),
    ],
    ids=str,
)
def test_textures_that_do_not_fit_are_counted(values: Any, what: str, folder: Path) -> None:
    city, report = read(folder, surface([WHOLE], texture={"": {"values": values}}))
    assert skipped(report) == {("texture", what): 1}
    assert len(city.surface_object) == 1


@pytest.mark.parametrize(
    ("material", "why"),
    [
        ({"": {"values": [0]}}, "their values do not fit the boundaries"),
        ({"": {"values": [0, 1, 1]}}, "their values do not fit the boundaries"),
        ({"": {"values": [[0], [1]]}}, "their values do not fit the boundaries"),
        ({"": {"values": [0, "1"]}}, "their values do not fit the boundaries"),
        ({"": {"value": "red"}}, "its value is no whole number"),
        ({"": {"value": 2}}, "the file lists no such one"),
        ({"": 5}, "it is no object of themes"),
        ([0, 1], "it is no object of themes"),
    ],
    ids=str,
)
def test_materials_that_do_not_fit_are_counted(material: Any, why: str, folder: Path) -> None:
    city, report = read(folder, surface([WHOLE], [WHOLE], material=material))
    assert [reason for _, reason in skipped(report)] == [why]
    assert materials(city) == [None, None]


def test_materials_keep_name_colour_and_transparency(folder: Path) -> None:
    listed = [RED, {**BLUE, "shininess": 0.2}, {"name": "odd", "diffuseColor": [2, 0, 0]}, 5]
    city, report = read(folder, surface([WHOLE], material={"": {"value": 1}}), materials=listed)
    assert city.appearance
    assert city.appearance.materials[:2] == (Material("red", (1, 0, 0)), Material("blue", transparency=0.5))
    assert skipped(report) == {
        ("shininess of a material", "materials have a colour and a transparency"): 1,
        ("diffuseColor of a material", "it is not three numbers from 0 to 1"): 1,
        ("material", "it is no object"): 1,
    }


@pytest.mark.parametrize(
    ("preferred", "shown"), [("day", ["red", None]), ("night", ["blue", "red"]), ("gone", ["blue", "red"])]
)
def test_one_theme_is_shown_and_the_others_are_counted(
    preferred: str, shown: list[str | None], folder: Path
) -> None:
    both = {"day": {"value": 0}, "night": {"values": [1]}}
    geometry = [surface([WHOLE], material=both), surface([WHOLE], material={"night": {"values": [0]}})]
    city, report = read(folder, *geometry, **{"default-theme-material": preferred})
    assert materials(city) == shown
    assert [(item.what, item.why) for item in report.skipped] in [
        [("material of the theme night", "another theme is shown")],
        [("material of the theme day", "another theme is shown")],
    ]


def test_each_feature_of_a_sequence_may_have_an_appearance_of_its_own(folder: Path) -> None:
    head = {"type": "CityJSON", "version": "2.0", "CityObjects": {}, "vertices": []}
    head = {
        **head,
        "transform": {"scale": [1, 1, 1], "translate": [0, 0, 0]},
        "appearance": {"materials": [RED]},
    }
    geometry = surface([WHOLE], material={"": {"value": 0}}, texture=textured([[0, 0, 1, 2, 3]]))
    lines = [head]
    for k, image in enumerate(("wall.png", "door.png")):
        own = {
            "materials": [BLUE],
            "textures": [{"image": image}],
            "vertices-texture": CORNERS[3 * k :] + CORNERS,
        }
        things = {f"o{k}": {"type": "Building", "geometry": [geometry]}}
        lines.append(
            {
                "type": "CityJSONFeature",
                "id": f"o{k}",
                "CityObjects": things,
                "vertices": SQUARE,
                "appearance": own,
            }
        )
    bare = {"o2": {"type": "Building", "geometry": [surface([WHOLE], material={"": {"value": 0}})]}}
    lines.append({"type": "CityJSONFeature", "id": "o2", "CityObjects": bare, "vertices": SQUARE})
    path = folder / "a.city.jsonl"
    path.write_text("\n".join(map(json.dumps, lines)))
    city, report = cityjson.read(path, place=DUTCH)
    assert pictures(city) == ["wall.png", "door.png", None]
    assert materials(city) == ["blue", "blue", "red"]
    assert city.appearance
    assert city.appearance.coordinates[[0, 4]].tolist() == [CORNERS[0], CORNERS[3]]
    assert report.skipped == ()


def test_a_copy_of_a_file_has_the_pictures_beside_the_copy(folder: Path, tmp_path: Path) -> None:
    read(folder, surface([WHOLE], texture=textured([[0, 0, 1, 2, 3]])))
    for place in (folder, shutil.copytree(folder, tmp_path / "copy")):
        city, _ = cache.city(place / "a.city.json", DUTCH)
        assert city.appearance
        folders = [image.path.parent for image in city.appearance.images]
        assert folders == [place.resolve(), place.resolve() / "pictures"]


@pytest.mark.parametrize(
    "broken",
    [
        {"textures": 5},
        {"materials": {"a": 1}},
        {"vertices-texture": [[0, 1, 2]]},
        {"vertices-texture": "no"},
        {"default-theme-texture": 5},
    ],
    ids=str,
)
def test_a_broken_appearance_is_counted_and_the_city_is_there(broken: dict[str, Any], folder: Path) -> None:
    texture, material = textured([[0, 0, 1, 2, 3]]), {"": {"value": 0}}
    city, report = read(folder, surface([WHOLE], texture=texture, material=material), **broken)
    assert len(city.surface_object) == 1
    assert report.skipped or "default" in next(iter(broken))


def independent(path: Path) -> tuple[Counter[str], set[tuple[float, float]], int]:
    """Surfaces by picture, the places in pictures that are used, and surfaces with a material: json alone."""
    tree = json.loads(path.read_text())
    look = tree["appearance"]
    found: Counter[str] = Counter()
    places: set[tuple[float, float]] = set()
    material = 0
    for thing in tree["CityObjects"].values():
        for geometry in thing["geometry"]:
            solid = geometry["type"] == "Solid"
            for theme in geometry.get("texture", {}).values():
                polygons = [p for shell in theme["values"] for p in shell] if solid else theme["values"]
                for rings in polygons:
                    if rings[0][:1] not in ([], [None]):
                        found[Path(look["textures"][rings[0][0]]["image"]).name] += 1
                        places |= {tuple(look["vertices-texture"][k]) for ring in rings for k in ring[1:]}
            for theme in geometry.get("material", {}).values():
                values = [v for shell in theme["values"] for v in shell] if solid else theme["values"]
                material += sum(value is not None for value in values)
    return found, places, material


def test_the_pictures_of_rotterdam_are_all_there(shared_data: Path) -> None:
    path = shared_data / "cityjson/rotterdam_two_buildings/twobuildings_t.json"
    city, report = cityjson.read(path, place=DUTCH)
    found, places, _ = independent(path)
    assert Counter(pictures(city)) - Counter([None] * 10**6) == found
    assert report.textures == found.total() > 100
    assert city.appearance
    used = city.appearance.coordinates[~np.isnan(city.appearance.coordinates[:, 0])]
    assert {tuple(place) for place in used.tolist()} == {
        (float(np.float32(u)), float(np.float32(v))) for u, v in places
    }


def test_pictures_that_did_not_come_with_a_file_are_counted(shared_data: Path) -> None:
    path = shared_data / "cityjson/rotterdam_subset.json"
    city, report = cityjson.read(path, place=DUTCH)
    assert skipped(report)[("texture", "its picture is not there")] == 74
    assert report.textures == 0
    assert city.appearance is None


def test_the_materials_of_the_hague_are_all_there(shared_data: Path) -> None:
    path = shared_data / "cityjson/DenHaag_01.json"
    city, _ = cityjson.read(path, crs="EPSG:28992")
    assert city.appearance
    assert np.count_nonzero(city.appearance.surface_material >= 0) == independent(path)[2] > 10_000
