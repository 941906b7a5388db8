"""Large CityJSON files are read by machine code: it has to find the same."""

import json
import random
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from broken_files import nodes

from twin.errors import DataError
from twin.formats import (
    cityjson,
    cityjson_features,
    cityjson_objects,
    cityjson_scan,
    cityjson_usual,
    rare_attributes,
)
from twin.formats.cityjson_document import documents
from twin.formats.report import Report
from twin.model.appearance import Appearance
from twin.model.city import City
from twin.model.faces import Faces
from twin.model.place import Place

DATA = Path(__file__).parent / "data"
HOUSES = ["house_v10.city.json", "house_v11.city.json", "house_v20.city.json", "house.city.jsonl"]
DUTCH = Place("EPSG:28992", (85_000.0, 446_000.0, 0.0), 4.4, 52.0)
HELSINKI = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 0.0), 24.93, 60.17)
SEED = 20


def both(
    path: Path, monkeypatch: pytest.MonkeyPatch, place: Place = HELSINKI
) -> list[tuple[City, Report] | str]:
    """What the slow and the fast way make of a file; the error where they refuse it."""
    found: list[tuple[City, Report] | str] = []
    monkeypatch.setattr(cityjson_usual, "LARGE", 0)
    monkeypatch.setattr(cityjson_usual, "FEW", 1)
    for large in (False, True):
        try:
            found.append(cityjson.read(path, place=place, large=large))
        except DataError as error:
            found.append(str(error))
    return found


def assert_same(slow: tuple[City, Report] | str, fast: tuple[City, Report] | str) -> None:
    if isinstance(slow, str) or isinstance(fast, str):
        assert slow == fast
        return
    for name, mine, other in columns(slow[0], fast[0]):
        if isinstance(mine, np.ndarray):
            assert mine.dtype == other.dtype, name
            assert np.array_equal(mine, other, equal_nan=mine.dtype.kind == "f"), name
        else:
            assert mine == other, name
    assert replace(slow[1], seconds=0, peak_memory=0) == replace(fast[1], seconds=0, peak_memory=0)


def columns(slow: Any, fast: Any) -> list[tuple[str, Any, Any]]:
    found = []
    for field in fields(slow):
        mine, other = getattr(slow, field.name), getattr(fast, field.name)
        if isinstance(mine, Appearance | Faces) and isinstance(other, Appearance | Faces):
            found += columns(mine, other)
        elif field.name == "attributes":
            found.append(("names", {*mine.columns}, {*other.columns}))
            found += [(name, mine.columns[name], other.columns[name]) for name in mine.columns]
        else:
            found.append((field.name, mine, other))
    return found


@pytest.mark.parametrize("name", HOUSES)
def test_small_files_are_the_same(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_same(*both(DATA / name, monkeypatch))


def test_real_files_are_the_same(shared_data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = sorted((shared_data / "cityjson").rglob("*.json*"))
    assert len(files) > 50
    for path in filter(Path.is_file, files):
        assert_same(*both(path, monkeypatch, DUTCH))


PIECES = [
    b"null", b"[", b"]", b"{", b"}", b",", b":", b'"', b"\\", b"9" * 30, b"-", b"-1", b"1.5", b"1e5", b"1E-5",
    b"1e999", b"true", b" ", b"\n", b"[]", b"{}", b"[[", b"]]", b"0", b'"values"', b'"surfaces"', b'"type"',
    b"\xff", b"\x00",
]  # fmt: skip


@pytest.mark.parametrize("name", ["house_v20.city.json", "house.city.jsonl"])
def test_damaged_files_are_the_same(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(SEED)  # noqa: S311  # no secret
    text = (DATA / name).read_bytes()
    path = tmp_path / name
    read = 0
    for _ in range(150):
        broken = bytearray(text)
        for _ in range(dice.randint(1, 2)):
            at = dice.randrange(len(broken))
            broken[at : at + dice.randint(0, 3)] = dice.choice(PIECES)
        path.write_bytes(broken)
        slow, fast = both(path, monkeypatch)
        assert_same(slow, fast)
        read += not isinstance(fast, str)
    assert read > 10  # not all of it is refused at the first look


STRANGE: list[Any] = [
    *(None, True, 0, -1, 7, 1.5, 10**12, "", "WallSurface", "x\\y", [], {}, [[]], [None], [0], [[0, 1, 2]]),
    *(
        [[[0, 1, 2]]],
        [[[[0, 1, 2]]]],
        [0, None],
        [[0, None]],
        {"type": "Door"},
        {"values": [0]},
        {"surfaces": []},
    ),
    *([{"type": "Door"}], [{"type": 5}], [{"type": "+A", "b": [1, {"c": "]"}]}], {"": {"value": 0}}),
    {"a": {"values": [[0, 1]]}, "b": {"value": 1}},
]


def strange_tree(dice: random.Random) -> dict[str, Any]:
    faces = [[[0, 3, 2, 1]], [[4, 5, 6, 7], [0, 1, 2]]]
    semantics = {"surfaces": [{"type": "RoofSurface", "a": 1}, {"type": "Window"}], "values": [[0, 1], None]}
    solid = {
        **{"type": "Solid", "lod": "2.2", "boundaries": [faces, faces[:1]], "semantics": semantics},
        "material": {"day": {"values": [[0, None], [1]]}, "night": {"value": 1}},
        "texture": {"": {"values": [[[[0, 0, 1, 2, 3]], [[1, 3, 2, 1, 0], [None]]], [[[None]]]]}},
    }
    flat = {
        "type": "MultiSurface",
        "lod": 1,
        "boundaries": faces,
        "semantics": {"values": [1, 0], "surfaces": [{"type": "Door"}, {"type": "WallSurface"}]},
    }
    appearance = {
        "materials": [{"name": "a"}, {"name": "b", "diffuseColor": [1, 0, 0]}],
        "textures": [{"image": "a.png"}, {"image": "b.png"}],
        "vertices-texture": [[0, 0], [1, 0], [1, 1], [0, 1]],
    }
    corners = [[0, 0, 0], [4, 0, 0], [4, 4, 0], [0, 4, 0], [0, 0, 4.5], [4, 0, 4], [4, 4, 4e0], [0, 4, 4]]
    thing = {"type": "Building", "geometry": [solid, flat], "attributes": {"a": 1, "b": "c"}}
    tree = {
        **{"type": "CityJSON", "version": "2.0", "vertices": corners, "appearance": appearance},
        "transform": {"scale": [1, 1, 1], "translate": [0, 0, 0]},
        "CityObjects": {"a": thing, "b": {"type": "BuildingPart", "parents": ["a"], "geometry": [flat]}},
    }
    tree = json.loads(json.dumps(tree))  # shares nothing
    for _ in range(dice.randint(0, 3)):
        container, key = dice.choice(nodes(tree))
        container[key] = dice.choice(STRANGE)
    return tree


def test_strange_members_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dice = random.Random(SEED)  # noqa: S311  # no secret
    path = tmp_path / "a.city.json"
    for picture in "ab":
        (tmp_path / f"{picture}.png").write_bytes(b"")
    read = 0
    for _ in range(300):
        path.write_text(json.dumps(strange_tree(dice), indent=dice.choice([None, 1])))
        slow, fast = both(path, monkeypatch)
        assert_same(slow, fast)
        read += not isinstance(fast, str)
    assert read > 100


ODD: dict[str, dict[str, Any]] = {
    "nested": {"attributes": {"outer": {"inner": 1}, "listed": [1, "two"]}},
    "addressed": {"address": [{"street": "Asemakatu", "number": "1"}]},
    "of an extension": {"type": "+Kiosk", "+rent": 5},
    "large": {"attributes": {"area": 1e300, "cells": 2**63}},
    "wrong": {"geometry": [{"type": "MultiSurface", "lod": "high", "boundaries": "none"}]},
    "pointed": {"geometry": [{"type": "MultiPoint", "lod": "1", "boundaries": [0]}]},
    "bare": {"geometry": None, "attributes": None},
}


def street(names: int = 3) -> dict[str, Any]:
    """Houses with a part each, usual ones but for those in the middle."""
    things: dict[str, Any] = {}
    corners: list[list[int]] = []
    for number in range(40):
        first = len(corners)
        corners += [[10 * number + x, y, 3] for x, y in ((0, 0), (8, 0), (8, 8), (0, 8))]
        shape = {"type": "MultiSurface", "lod": "2.2", "boundaries": [[[first + k for k in range(4)]]]}
        shape["semantics"] = {"surfaces": [{"type": "RoofSurface", "pinta": "tiili"}], "values": [0]}
        said = {
            f"nimi {k}": value for k, value in enumerate(['Hämeenkatu 🏠 \\ "6"', number, None, 2.5][:names])
        }
        whole = {"type": "Building", "attributes": said, "children": [f"talo {number}, ö"]}
        part = {"type": "BuildingPart", "parents": [f"{number}"], "geometry": [shape]}
        things |= {f"{number}": whole, f"talo {number}, ö": part}
        if number == 20:
            things |= {id: {"type": "Building", "geometry": [shape], **more} for id, more in ODD.items()}
    return {
        **{"type": "CityJSON", "version": "2.0", "CityObjects": things, "vertices": corners},
        "transform": {"scale": [1, 1, 1], "translate": [0, 0, 0]},
    }


@pytest.mark.parametrize("ascii", [False, True])
@pytest.mark.parametrize("few", [1, 5, 100])
def test_usual_and_odd_objects_stay_in_order(
    ascii: bool, few: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.city.json"
    path.write_text(json.dumps(street(), ensure_ascii=ascii), "utf-8")
    monkeypatch.setattr(cityjson_usual, "FEW", few)
    slow, fast = (cityjson.read(path, place=HELSINKI, large=large) for large in (False, True))
    assert_same(slow, fast)
    city, report = fast
    assert city.object_id.tolist() == list(street()["CityObjects"])
    assert report.attributes["nimi 0"] == 40
    assert "nimi 2" not in report.attributes  # nobody knows it
    assert city.attributes.columns["nimi 1"][-2] == 39
    assert city.attributes.columns["outer.inner"].tolist().count(1) == 1


TRIANGLE = {"type": "MultiSurface", "lod": "1", "boundaries": [[[0, 1, 2]]]}
DOOR = {"surfaces": [{"type": "Door", "width": 1}], "values": []}
TREACHEROUS: dict[str, Any] = {
    "an LoD with two points": {"a": {"type": "Building", "geometry": [TRIANGLE | {"lod": "2.2.2"}]}},
    "an LoD that ends early": {"a": {"type": "Building", "geometry": [TRIANGLE | {"lod": "1e"}]}},
    "an attribute beyond all floats": {"a": {"type": "Building", "attributes": {"b": "1e999"}}},
    "very many attributes": {"a": {"type": "Building", "attributes": {f"b{k}": k for k in range(1001)}}},
    "semantics of nothing": {
        "a": {"type": "Building", "geometry": [TRIANGLE | {"boundaries": [], "semantics": DOOR}]},
        "b": {"type": "Building", "geometry": [TRIANGLE | {"semantics": DOOR | {"values": [0]}}]},
    },
}


@pytest.mark.parametrize("name", TREACHEROUS)
def test_what_only_looks_usual_is_the_same(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.city.json"
    text = json.dumps(street() | {"CityObjects": TREACHEROUS[name]})
    path.write_text(text.replace('"1e999"', "1e999"), "utf-8")
    assert_same(*both(path, monkeypatch))


@pytest.mark.parametrize("ascii", [False, True])
def test_usual_objects_are_known(ascii: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.city.json"
    path.write_text(json.dumps(street(), ensure_ascii=ascii), "utf-8")
    (document,) = documents(path, lambda _: None)
    found = cityjson_usual.usual(document, ["Building", "BuildingPart"], {"MultiSurface": 3})
    assert found
    odd = [found.one(row)[0] for row in np.flatnonzero(found.things[:, cityjson_usual.TYPE] < 0)]
    assert odd == list(ODD)


def lane() -> list[dict[str, Any]]:
    """The houses of the street as features, with odd ones among them."""
    tree = street()
    things, corners = tree.pop("CityObjects"), tree.pop("vertices")
    lines = [{**tree, "CityObjects": {}, "vertices": []}]
    for number in range(40):
        ids = [f"{number}", f"talo {number}, ö"]
        own = json.loads(json.dumps({id: things[id] for id in ids}))
        own[ids[1]]["geometry"][0]["boundaries"] = [[[0, 1, 2, 3]]]
        feature = {"type": "CityJSONFeature", "id": ids[0], "CityObjects": own}
        lines.append({**feature, "vertices": corners[4 * number : 4 * number + 4]})
    lines[12]["CityObjects"]["11"]["attributes"] = {"outer": {"inner": 1}}
    lines[13]["vertices"] = lines[13]["vertices"][:3]
    lines[14]["vertices"] = []
    lines[15]["vertices"][2][1] = 1e20
    lines[16]["CityObjects"] = {}
    lines[17]["CityObjects"]["16"]["children"] = ["talo 17, ö"]
    lines[20] |= {"appearance": {"materials": [{"name": "red", "diffuseColor": [1, 0, 0]}]}, "more": 1}
    lines[21] |= {"transform": {"scale": [2, 2, 2], "translate": [1, 1, 1]}}
    lines[30]["CityObjects"] = lines[29]["CityObjects"]
    lines[31].pop("id")
    return lines


@pytest.mark.parametrize("many", [1, 3000, 10**6])
@pytest.mark.parametrize("few", [1, 5, 100])
def test_features_stay_in_order(few: int, many: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.city.jsonl"
    lines = lane()
    path.write_text("\n".join(json.dumps(line) for line in lines[:11]) + "\n\n", "utf-8")
    with path.open("a", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(line, ensure_ascii=False) for line in lines[11:]))
    monkeypatch.setattr(cityjson_usual, "FEW", few)
    monkeypatch.setattr(cityjson_objects, "MANY", many)
    slow, fast = (cityjson.read(path, place=HELSINKI, large=large) for large in (False, True))
    assert_same(slow, fast)
    assert fast[0].object_id.tolist()[:4] == ["0", "talo 0, ö", "1", "talo 1, ö"]
    assert len(fast[0].object_id) == 78
    assert len(fast[0].surface_object) == 36
    (far,) = (skipped for skipped in fast[1].skipped if "too large" in skipped.why)
    assert far.first.startswith("line 17, CityObjects.talo 14, ö")


def test_usual_features_are_taken_together(tmp_path: Path) -> None:
    path = tmp_path / "a.city.jsonl"
    path.write_text("\n".join(json.dumps(line) for line in lane()), "utf-8")
    bare = [document for document in documents(path, lambda _: None) if cityjson_features.is_bare(document)]
    assert [document.line for document in bare] == [k for k in range(2, 42) if k not in (21, 22)]
    found = cityjson_features.features(bare, ["Building", "BuildingPart"], {"MultiSurface": 3})
    assert found
    assert [bare[k].line for k in np.flatnonzero(found.odd)] == [13]
    assert len(found.numbers) == 38 * 4 - 5


@pytest.mark.parametrize("fault", [b"{", b'{"type": "CityJSONFeature"}', b'{"type": 5}', b"\xff"])
def test_the_first_fault_of_a_sequence_is_told(
    fault: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.city.jsonl"
    lines = [json.dumps(line).encode() for line in lane()]
    lines[5] = lines[5].replace(b"Building", b"\xff")
    path.write_bytes(b"\n".join([*lines[:7], fault, *lines[7:]]))
    slow, fast = both(path, monkeypatch)
    assert_same(slow, fast)
    assert isinstance(fast, str)
    assert "line 6" in fast


def test_a_text_of_nothing_but_brackets_is_read_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.city.json"
    tree = street() | {"CityObjects": {"a": {"type": "Building", "attributes": {"b": [{}] * 500}}}}
    path.write_text(json.dumps(tree, separators=(",", ":")), "utf-8")
    (document,) = documents(path, lambda _: None)
    assert cityjson_usual.usual(document, ["Building"], {"MultiSurface": 3}) is None
    assert_same(*both(path, monkeypatch))


def test_objects_that_are_none_are_not_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.city.json"
    things = street()["CityObjects"] | dict.fromkeys(map(str, range(1000, 1300)), 1)
    path.write_text(json.dumps(street() | {"CityObjects": things}), "utf-8")
    (document,) = documents(path, lambda _: None)
    # there is no room for them, and machine code does not look whether there is
    assert cityjson_usual.usual(document, ["Building"], {"MultiSurface": 3}) is None
    assert_same(*both(path, monkeypatch))


def test_names_that_are_written_in_two_ways_are_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.city.json"
    path.write_text(json.dumps(street()).replace('"nimi 1"', r'"nim\u0069 1"', 7), "utf-8")
    slow, fast = both(path, monkeypatch)
    assert_same(slow, fast)
    assert isinstance(fast, tuple)
    assert fast[1].attributes["nimi 1"] == 40


def test_text_that_is_not_utf_8_is_refused_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.city.json"
    path.write_bytes(json.dumps(street()).encode().replace(b"tiili", b"\xff"))
    slow, fast = both(path, monkeypatch)
    assert_same(slow, fast)


def test_the_rarest_of_too_many_attributes_are_left_out_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.city.json"
    tree = street(names=2)
    tree["CityObjects"]["3"]["attributes"] |= {f"rare {k}": k for k in range(9)}
    path.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    monkeypatch.setattr(rare_attributes, "MANY_NAMES", 4)
    monkeypatch.setattr(rare_attributes, "MANY_CELLS", 400)
    slow, fast = both(path, monkeypatch)
    assert_same(slow, fast)
    assert isinstance(fast, tuple)
    assert [skipped.what for skipped in fast[1].skipped].count("rare attribute") == 1
    assert "nimi 1" in fast[0].attributes.columns


def test_the_rarest_of_too_many_attributes_of_surfaces_are_left_out_alike(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.city.json"
    tree = street()
    for number in range(9):
        shape = tree["CityObjects"][f"talo {number}, ö"]["geometry"][0]
        shape["semantics"] = {"surfaces": [{"type": "RoofSurface", f"rare {number}": 1, "pinta": "tiili"}]}
        shape["semantics"]["values"] = [0]
    path.write_text(json.dumps(tree, ensure_ascii=False), "utf-8")
    monkeypatch.setattr(rare_attributes, "MANY_NAMES", 4)
    monkeypatch.setattr(rare_attributes, "MANY_CELLS", 100)
    slow, fast = both(path, monkeypatch)
    assert_same(slow, fast)
    assert isinstance(fast, tuple)
    assert {s.what: s.count for s in fast[1].skipped}["rare attribute of a surface"] == 6
    assert sorted(fast[1].surface_attributes) == ["pinta", "rare 0", "rare 1", "rare 2"]


@pytest.mark.parametrize(
    "numbers",
    [
        *([0, -0.0, 1], [0.1, 1e22, 1e-22], [123456789.123, -7.25, 9007199254740992], [1.5e3, 2e-3, -1e0]),
        *([0.30000000000000004, 1 / 3, 2 / 3], [1e23, 1e300, 5e-324]),
        [9007199254740993, 1e16, 12345678901234567890],
    ],
)  # fmt: skip
def test_coordinates_are_the_nearest_floats_or_left_to_others(numbers: list[float]) -> None:
    text = np.frombuffer(json.dumps([numbers] * 2).encode(), dtype=np.uint8)
    found, good = cityjson_scan.vertices(text)
    if good:
        assert found.tolist() == [[float(number) for number in numbers]] * 2
    assert good == all(
        len(repr(abs(n)).replace(".", "").split("e")[0]) <= 16 and 1e-22 <= abs(n or 1) < 1e23
        for n in numbers
    )
