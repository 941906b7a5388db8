import dataclasses
import logging
import os
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from twin.errors import DataError
from twin.formats import cache, cache_file, citygml_fast, citygml_write
from twin.formats.attribute_texts import TextColumns
from twin.formats.cache_pack import pack_city, pack_layer, unpack_city, unpack_layer
from twin.formats.report import Report
from twin.model import table
from twin.model.appearance import Appearance, Image, Material
from twin.model.city import City, CityObject, Polygon3D, from_objects
from twin.model.faces import Faces
from twin.model.layer import Layer, Style
from twin.model.place import Place
from twin.model.table import Table, Value

HOUSE = Path(__file__).parent / "data" / "house_v2.gml"
HELSINKI = Place("EPSG:3879", (25_496_000.0, 6_673_000.0, 0.0), 24.93, 60.17, "Europe/Helsinki", "N2000")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def same_table(first: Table, second: Table) -> bool:
    return (
        first.length == second.length
        and list(first.columns) == list(second.columns)
        and all(
            a.dtype == b.dtype
            and repr(a.tolist()) == repr(b.tolist())  # tells 1 from True and 1.0, and finds NaN equal
            for a, b in zip(first.columns.values(), second.columns.values(), strict=True)
        )
    )


def same_city(first: City, second: City) -> bool:
    others = ("place", "attributes", "faces")
    return (
        first.place == second.place
        and same_table(first.attributes, second.attributes)
        and same_columns(first, second, others)
        and (
            first.faces is second.faces is None
            or (
                first.faces is not None
                and second.faces is not None
                and same_table(first.faces.attributes, second.faces.attributes)
                and same_columns(first.faces, second.faces, others)
            )
        )
    )


def same_columns(first: City | Faces, second: City | Faces, others: tuple[str, ...]) -> bool:
    names = [field.name for field in dataclasses.fields(first) if field.name not in others]
    return all(
        getattr(first, name) is getattr(second, name) is None
        or (
            getattr(first, name).dtype == getattr(second, name).dtype
            and getattr(first, name).tolist() == getattr(second, name).tolist()
        )
        for name in names
    )


def test_the_second_reading_gives_the_same_and_reads_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    city, report = cache.city(HOUSE, HELSINKI)
    assert len(list(folder.iterdir())) == 1
    monkeypatch.setitem(sys.modules, "twin.formats.citygml", None)
    steps: list[float] = []
    again, report_again = cache.city(HOUSE, HELSINKI, steps.append)
    assert same_city(city, again)
    assert report_again == report
    assert steps == [1.0]


def test_other_places_and_other_bytes_have_entries_of_their_own(folder: Path, tmp_path: Path) -> None:
    first, _ = cache.city(HOUSE, None)
    second, _ = cache.city(HOUSE, HELSINKI)
    assert first.place != second.place
    copy = tmp_path / "copy.gml"
    copy.write_bytes(HOUSE.read_bytes())
    _, report = cache.city(copy, HELSINKI)
    assert report.name == "copy.gml"
    assert len(list(folder.iterdir())) == 2
    copy.write_bytes(HOUSE.read_bytes().replace(b"Old depot", b"New depot"))
    third, _ = cache.city(copy, HELSINKI)
    assert third.attributes.row(0)["name"] == "New depot"
    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize("damage", ["empty", "cut", "zeros", "foreign", "wrong words", "wrong rows"])
def test_a_damaged_entry_is_made_again(damage: str, folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    city, _ = cache.city(HOUSE, HELSINKI)
    (entry,) = folder.iterdir()
    whole = entry.read_bytes()
    if damage == "foreign":
        entry.write_bytes(cache_file.packed({"other": np.arange(3)}))
    elif damage in ("wrong words", "wrong rows"):
        arrays = cache_file.mapped(entry)
        if damage == "wrong words":
            arrays["words"] = np.frombuffer(b'{"place": 3}', dtype=np.uint8)
        else:
            arrays["triangles"] = arrays["triangles"] + np.int32(1000)
        entry.write_bytes(cache_file.packed(arrays))
    else:
        middle = len(whole) // 2
        entry.write_bytes(
            {"empty": b"", "cut": whole[:middle], "zeros": whole[:middle] + bytes(99) + whole[middle + 99 :]}[
                damage
            ]
        )
    with caplog.at_level(logging.WARNING):
        again, _ = cache.city(HOUSE, HELSINKI)
    assert same_city(city, again)
    assert "is damaged" in caplog.text
    caplog.clear()
    cache.city(HOUSE, HELSINKI)
    assert not caplog.text


def test_a_cache_that_cannot_be_written_only_costs_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "file" / "cache"))
    with caplog.at_level(logging.WARNING):
        city, _ = cache.city(HOUSE, HELSINKI)
    assert len(city.object_id) == 2
    assert "cannot be written" in caplog.text


def test_a_city_that_is_too_large_for_the_memory_is_told_by_its_name(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> tuple[City, Report]:
        np.zeros(2**58)  # nobody has so much
        raise AssertionError

    monkeypatch.setitem(cache.CITIES, ".gml", (read, (), False))
    with pytest.raises(DataError, match=r"house_v2\.gml: needs more memory than is free\. Cut it"):
        cache.city(HOUSE, None)


def test_errors_of_the_file_are_not_kept(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"nowhere\.gml: cannot be opened"):
        cache.city(tmp_path / "nowhere.gml", None)
    bad = tmp_path / "bad.gml"
    bad.write_text("<a/>")
    for _ in range(2):
        with pytest.raises(DataError, match="root element"):
            cache.city(bad, None)
    assert not folder.exists()


def test_the_longest_unused_entries_go_first(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def pack(number: int) -> dict[str, np.ndarray]:
        return {"x": np.full(1000, number)}

    def unpack(arrays: cache.Arrays) -> int:
        return int(arrays["x"][0])

    def age(key: str, seconds: float) -> None:
        os.utime(folder / f"{key}.arrays", (time.time() - seconds,) * 2)

    for number, key in enumerate("abc"):
        assert cache.stored(key, lambda number=number: number, pack, unpack) == number
        age(key, 100 - number)
    assert cache.stored("a", lambda: 99, pack, unpack) == 0  # used again, so b is the oldest now
    monkeypatch.setattr(cache, "MOST", 3 * (folder / "a.arrays").stat().st_size)
    cache.stored("d", lambda: 3, pack, unpack)
    assert sorted(path.stem for path in folder.iterdir()) == ["a", "c", "d"]


def test_a_cached_city_opens_at_once_without_its_reader(folder: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    box = np.array([[0, 0, 0], [9, 0, 0], [9, 9, 0], [0, 9, 0]])
    city = from_objects(
        HELSINKI,
        [
            CityObject(f"b{row}", "Building", -1, {"use": "home", "levels": row % 9},
                       [Polygon3D((box + rng.integers(-500, 500, 3),), "RoofSurface", 2) for _ in range(18)])
            for row in range(350)
        ],
    )  # fmt: skip
    path = tmp_path / "city.gml"
    citygml_write.write(city, path, title="", attribution="")
    assert path.stat().st_size > 2_000_000
    cache.city(path, HELSINKI)
    script = (
        "import sys, time\nfrom pathlib import Path\nfrom twin.formats import cache\n"
        "from twin.model.place import Place\n"
        f"place, path = {HELSINKI!r}, Path({str(path)!r})\n"
        "took = []\n"
        "for _ in range(5):\n"
        "    begun = time.perf_counter()\n"
        "    found, _ = cache.city(path, place)\n"
        "    took.append(time.perf_counter() - begun)\n"
        "assert len(found.object_id) == 350\n"
        "print(min(took), *({'lxml', 'pyproj', 'shapely'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    seconds, *imported = done.stdout.split()
    assert not imported
    assert float(seconds) < 0.03


values: st.SearchStrategy[Value] = st.one_of(
    st.none(),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
)
rows = st.lists(st.dictionaries(st.text(max_size=3), values, max_size=4), min_size=1, max_size=4)
no_report = Report("f", "CityGML 2.0", 0.1, "", "", None, {}, {}, 0, 0, 0, {}, {})
relaxed = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@relaxed
@given(rows)
def test_a_city_comes_back_as_it_was_packed(attributes: list[dict[str, Value]]) -> None:
    city = from_objects(HELSINKI, [CityObject(f"ä{n}", attributes=row) for n, row in enumerate(attributes)])
    back, report = unpack_city(pack_city((city, no_report)))
    assert same_city(city, back)
    assert report == no_report


def test_pictures_and_hidden_surfaces_come_back_as_they_were_packed(tmp_path: Path) -> None:
    corners = np.array([[0.0, 0, 0], [1, 0, 0], [1, 1, 0]])
    plain = from_objects(HELSINKI, [CityObject("a", polygons=[Polygon3D((corners,), lod=2)])])
    look = Appearance(
        images=(Image(tmp_path / "wall.png", "border", (0.1, 0.2, 0.3, 1.0)),),
        materials=(Material("brick", (0.7, 0.3, 0.2), 0.5),),
        surface_image=np.array([0], dtype=np.int32),
        surface_material=np.array([-1], dtype=np.int32),
        coordinates=np.array([[0, 0], [1, 0], [1, 1]], dtype=np.float32),
    )
    city = replace(plain, surface_shown=np.array([False]), appearance=look)
    back, _ = unpack_city(pack_city((city, no_report)))
    assert back.surface_shown is not None and back.appearance is not None
    assert back.surface_shown.tolist() == [False]
    assert (back.appearance.images, back.appearance.materials) == (look.images, look.materials)
    assert back.appearance.surface_image.tolist() == [0]
    assert back.appearance.coordinates.tolist() == look.coordinates.tolist()


@relaxed
@given(rows)
def test_a_layer_comes_back_as_it_was_packed(attributes: list[dict[str, Value]]) -> None:
    shapes = [
        shapely.Point(1, 2),
        shapely.LineString([(0, 0), (1, 1)]),
        shapely.Polygon([(0, 0), (1, 0), (1, 1)]),
    ]
    geometry = np.array([shapes[n % 3] for n in range(len(attributes))], dtype=object)
    layer = Layer(
        "l", "Title", geometry, table.from_rows(attributes), Style("#123456", glyph="tree"), "trees", "©"
    )
    back, notices = unpack_layer(pack_layer((layer, ("one", "two"))))
    assert notices == ("one", "two")
    assert same_table(layer.table, back.table)
    assert (back.id, back.title, back.style, back.role, back.source) == (
        layer.id, layer.title, layer.style, layer.role, layer.source,
    )  # fmt: skip
    assert shapely.equals_identical(layer.geometry, back.geometry).all()


def test_an_empty_layer_is_kept_too(folder: Path) -> None:
    nothing = Layer("l", "", np.array([], dtype=object), Table())
    for _ in range(2):
        found, _ = cache.layer(HOUSE, {"layer": None}, lambda: (nothing, ()))
        assert len(found.geometry) == 0
    assert len(list(folder.iterdir())) == 1


def test_a_large_file_is_told_by_size_time_head_and_tail(tmp_path: Path) -> None:
    path = tmp_path / "large.gml"
    content = bytearray(np.random.default_rng(0).bytes(3 << 20))
    path.write_bytes(content)
    os.utime(path, (1000, 1000))
    first = cache.key_of(path, ())
    assert cache.key_of(path, ()) == first
    for change in (0, len(content) - 1):
        content[change] ^= 1
        path.write_bytes(content)
        os.utime(path, (1000, 1000))
        assert cache.key_of(path, ()) != first
        content[change] ^= 1
    path.write_bytes(content)
    os.utime(path, (2000, 2000))
    assert cache.key_of(path, ()) != first
    path.write_bytes(content + b" ")
    os.utime(path, (1000, 1000))
    assert cache.key_of(path, ()) != first


def test_a_small_file_is_told_by_all_its_bytes(tmp_path: Path) -> None:
    path = tmp_path / "small.gml"
    content = bytearray(500_000)
    path.write_bytes(content)
    os.utime(path, (1000, 1000))
    first = cache.key_of(path, ())
    content[250_000] = 1
    path.write_bytes(content)
    os.utime(path, (1000, 1000))
    assert cache.key_of(path, ()) != first


def test_attributes_are_kept_as_texts_and_made_when_they_are_asked_for() -> None:
    city, report = citygml_fast.read(HOUSE, place=HELSINKI)
    back, _ = unpack_city(pack_city((city, report)))
    assert isinstance(back.attributes.columns, TextColumns)
    assert same_city(city, back)


def test_what_is_written_to_mapped_arrays_does_not_reach_the_file(tmp_path: Path) -> None:
    path = tmp_path / "a.arrays"
    path.write_bytes(
        cache_file.packed({"x": np.arange(5), "y": np.zeros((0, 3)), "z": np.array(["é", "ab"])})
    )
    for _ in range(2):
        found = cache_file.mapped(path)
        assert found["x"].tolist() == [0, 1, 2, 3, 4]
        assert found["y"].shape == (0, 3)
        assert found["z"].tolist() == ["é", "ab"]
        found["x"][:] = 7


def test_every_broken_byte_is_noticed(tmp_path: Path) -> None:
    path = tmp_path / "a.arrays"
    whole = cache_file.packed({"x": np.arange(20), "y": np.full(3, 0.5)})
    for place in range(0, len(whole), 7):
        broken = bytearray(whole)
        broken[place] ^= 0x10
        path.write_bytes(broken)
        with pytest.raises(ValueError):
            cache_file.mapped(path)
    for end in range(0, len(whole), 7):
        path.write_bytes(whole[:end])
        with pytest.raises(ValueError):
            cache_file.mapped(path)


def test_a_reading_given_up_while_it_is_kept_leaves_nothing(folder: Path) -> None:
    told: list[float] = []

    def give_up(done: float) -> None:
        told.append(done)
        if done > cache.READ:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        cache.city(HOUSE, None, give_up)
    assert told == sorted(told)
    assert not list(folder.glob("*"))
    cache.city(HOUSE, None)
    assert len(list(folder.glob("*"))) == 1
