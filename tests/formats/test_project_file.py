import json
import os
import re
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from twin.errors import DataError
from twin.formats import atomic, project_file, state_json
from twin.formats.project_file import Content, PlaceEntry, ProjectFile, SourceEntry
from twin.model.layer import Style
from twin.model.state import AttributeStyle, Bookmark, Camera, Selection, State

CAMERA = {"position": [1.0, 2.0, 3.0], "target": [4.0, 5.0, 6.0]}
TREE: dict[str, Any] = {
    "schema": "twin-project",
    "version": 1,
    "name": "Asema",
    "crs": "EPSG:3879",
    "place": {
        "origin": [25496700.0, 6673000.0, 0.0],
        "longitude": 24.94,
        "latitude": 60.17,
        "timezone": "Europe/Helsinki",
    },
    "sources": [
        {"id": "buildings", "path": "area/buildings.gml", "kind": "city"},
        {
            "id": "trees",
            "path": "area/layers.gpkg",
            "kind": "vector",
            "layer": "trees",
            "style": {"colour": "#88aa77", "glyph": "tree"},
        },
    ],
    "home": CAMERA,
    "bookmarks": [{"id": "top", "title": "From above", "camera": CAMERA}],
    "time": "2026-07-15T15:00",
    "view": {
        "scenario": "today",
        "time": "2026-07-15T15:00:00+03:00",
        "camera": CAMERA,
        "selection": {"kind": "ground"},
    },
    "scenario_order": ["today"],
    "feeds": [{"id": "lab", "kind": "mqtt", "url": "mqtts://broker.example", "options": {"topics": ["a/+"]}}],
}
PLACES = (
    (),
    ("place",),
    ("sources", 0),
    ("sources", 1),
    ("sources", 1, "style"),
    ("home",),
    ("bookmarks", 0),
    ("feeds", 0),
)
PLACES += (("bookmarks", 0, "camera"), ("view",), ("view", "camera"), ("view", "selection"))
Json = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


def tree(**changes: Any) -> dict[str, Any]:
    return {**json.loads(json.dumps(TREE)), **changes}


def written(folder: Path, content: Any) -> Path:
    path = folder / "a.twin.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def error_of(folder: Path, content: Any) -> str:
    with pytest.raises(DataError) as caught:
        project_file.load(written(folder, content))
    return str(caught.value)


def test_a_project_file_says_what_it_holds(tmp_path: Path) -> None:
    file = project_file.load(written(tmp_path, TREE))
    assert file.content.name == "Asema"
    assert file.place.origin == (25496700.0, 6673000.0, 0.0)
    assert file.place.zone == ZoneInfo("Europe/Helsinki")
    assert [entry.kind for entry in file.content.sources] == ["city", "vector"]
    assert file.content.sources[1].style == Style("#88aa77", glyph="tree")
    assert file.content.bookmarks[0].camera == Camera((1, 2, 3), (4, 5, 6))
    assert file.content.view is not None
    assert file.content.view.selection == Selection("ground")


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.text(max_size=5).map("x-".__add__), Json), max_size=6))
def test_what_this_version_does_not_know_survives(
    tmp_path_factory: pytest.TempPathFactory, unknown: list[tuple[tuple[str | int, ...], str, Any]]
) -> None:
    folder = tmp_path_factory.mktemp("unknown")
    content = tree()
    for place, name, value in unknown:
        inside: Any = content
        for step in place:
            inside = inside[step]
        inside[name] = value
    path = written(folder, content)
    project_file.save(project_file.load(path), path)
    assert json.loads(path.read_bytes()) == content


def test_members_keep_what_is_unknown_when_their_order_changes(tmp_path: Path) -> None:
    content = tree()
    content["sources"][0]["x-note"] = "first"
    file = project_file.load(written(tmp_path, content))
    turned = msgspec.structs.replace(file.content, sources=file.content.sources[::-1])
    project_file.save(ProjectFile(turned, file.raw), tmp_path / "b.twin.json")
    saved = json.loads((tmp_path / "b.twin.json").read_bytes())
    assert [(s["id"], s.get("x-note")) for s in saved["sources"]] == [("trees", None), ("buildings", "first")]


def test_a_new_project_is_saved_and_read_back(tmp_path: Path) -> None:
    place = PlaceEntry(origin=(0.0, 0.0, 0.0), longitude=0.0, latitude=0.0)
    content = Content(
        name="Å",
        crs="EPSG:3067",
        place=place,
        sources=(SourceEntry(id="a", path="a.gml", kind="city"),),
        view=State("today", datetime(2026, 1, 1, tzinfo=UTC), hidden=frozenset({"b", "a"})),
    )
    path = tmp_path / "new.twin.json"
    project_file.save(ProjectFile(content), path)
    assert project_file.load(path).content == content
    assert json.loads(path.read_bytes())["view"]["hidden"] == ["a", "b"]


@pytest.mark.parametrize("damage", [b'{"schema": "twin-pro', b'{"schema": "twin-project", "version": "1"}'])
def test_of_a_damaged_file_the_newest_earlier_one_is_named(tmp_path: Path, damage: bytes) -> None:
    path = written(tmp_path, damage.decode())
    with pytest.raises(DataError) as alone:
        project_file.load(path)
    assert ".backups" not in alone.value.remedy
    written(tmp_path, TREE)
    for name in ("B", "C"):
        content = msgspec.structs.replace(project_file.load(path).content, name=name)
        project_file.save(ProjectFile(content), path)
    path.write_bytes(damage)
    with pytest.raises(DataError, match=r"the newest of 2 is \.backups/a\.twin\.json\.1\.$"):
        project_file.load(path)


def test_saving_twice_gives_the_same_bytes_and_one_file(tmp_path: Path) -> None:
    path = written(tmp_path, TREE)
    project_file.save(project_file.load(path), path)
    first = path.read_bytes()
    backups = atomic.backups_of(path)
    project_file.save(project_file.load(path), path)
    assert path.read_bytes() == first
    assert atomic.backups_of(path) == backups


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"version": "1"}, "version: expected a whole number, got text"),
        ({"version": 0}, "version"),
        ({"version": None}, "version: is missing"),
        ({"schema": "qgis"}, "schema"),
        ({"crs": "http://epsg.io/3879"}, "crs"),
        ({"name": None}, "name: expected text, got nothing"),
        ({"time": "noon"}, "time: 'noon' is no local time"),
        ({"time": "2026-07-15T15:00+03:00"}, "time"),
        ({"home": {"position": [1, 2], "target": [1, 2, 3]}}, "home.position"),
        ({"view": {"scenario": "today", "time": "2026-07-15T15:00:00"}}, "view.time: has no zone"),
        ({"view": {"time": "2026-07-15T15:00:00Z"}}, "view: object missing required field 'scenario'"),
    ],
)
def test_an_error_names_the_field(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    assert f"a.twin.json: {said}" in error_of(tmp_path, tree(**change))


def test_an_error_in_a_list_names_the_member(tmp_path: Path) -> None:
    content = tree()
    content["sources"][1]["kind"] = "music"
    assert "sources[1].kind" in error_of(tmp_path, content)
    content = tree()
    content["sources"][1]["style"]["colour"] = "red"
    assert "sources[1].style.colour" in error_of(tmp_path, content)
    content = tree()
    content["sources"][1]["id"] = "buildings"
    assert "sources[1].id: 'buildings' is there twice" in error_of(tmp_path, content)
    content = tree()
    content["place"]["timezone"] = "Europe/Atlantis"
    assert "place.timezone" in error_of(tmp_path, content)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"url": "https://me:letmein@sta.example/v1.1"}, "feeds[0]: holds a password"),
        ({"options": {"password": "letmein"}}, "feeds[0]: holds a password"),
        ({"kind": "telepathy"}, "feeds[0].kind: 'telepathy' is not known"),
        ({"id": "a/b"}, "feeds[0].id: 'a/b' is no name"),
        ({"kind": "series", "url": "/etc/passwd"}, "feeds[0].url: /etc/passwd is not relative"),
    ],
)
def test_a_feed_is_checked_and_holds_no_password(tmp_path: Path, change: dict[str, Any], said: str) -> None:
    content = tree()
    content["feeds"][0].update(change)
    assert said in error_of(tmp_path, content)


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd",
        "~/a.gml",
        "http://127.0.0.1/a.gml",
        "/vsicurl/http://127.0.0.1/a.tif",
        "GPKG:a.gpkg:layer",
        "C:/a.gml",
        "C:\\a.gml",
        "..\\a.gml",
        "a\x00.gml",
        "",
    ],
)
def test_only_relative_paths_are_sources(tmp_path: Path, path: str) -> None:
    content = tree()
    content["sources"][1]["path"] = path
    assert "sources[1].path" in error_of(tmp_path, content)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"a": NaN}',
        '{"a": 1e999}',
        '{"a": 1}x',
        "[" * 100_000,
        "\ufeff{]",
        '{"a": "\\ud800"}',
    ],
)
def test_what_is_no_json_is_refused(tmp_path: Path, text: str) -> None:
    assert error_of(tmp_path, text).startswith("a.twin.json: ")


def test_a_syntax_error_names_line_and_column(tmp_path: Path) -> None:
    assert "line 2, column 6" in error_of(tmp_path, '{"a": 1,\n "b":}')


@given(st.binary(max_size=80))
def test_no_bytes_crash_the_reader(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.mktemp("bytes") / "a.twin.json"
    path.write_bytes(data)
    with pytest.raises(DataError):
        project_file.load(path)


@given(place=st.sampled_from(PLACES), value=Json, choice=st.integers(0, 99))
def test_no_wrong_value_crashes_the_reader(
    tmp_path_factory: pytest.TempPathFactory, place: tuple[str | int, ...], value: Any, choice: int
) -> None:
    content = tree()
    inside: Any = content
    for step in place:
        inside = inside[step]
    inside[sorted(inside)[choice % len(inside)]] = value
    path = written(tmp_path_factory.mktemp("values"), content)
    try:
        project_file.load(path)
    except DataError as error:
        assert str(error).startswith("a.twin.json: ")  # either outcome is right


def test_a_huge_json_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "a.twin.json"
    with path.open("wb") as file:
        file.truncate(17 * 2**20)
    with pytest.raises(DataError, match="over the limit of 16 MB"):
        project_file.load(path)


def test_nan_is_never_saved(tmp_path: Path) -> None:
    path = written(tmp_path, TREE)
    before = path.read_bytes()
    file = project_file.load(path)
    bad = msgspec.structs.replace(
        file.content, bookmarks=(Bookmark("a", "A", Camera((0, 0, float("nan")), (0, 0, 0))),)
    )
    with pytest.raises(DataError, match=r"bookmarks\[0\].camera.position\[2\]"):
        project_file.save(ProjectFile(bad, file.raw), path)
    assert path.read_bytes() == before


def test_a_newer_version_opens_read_only(tmp_path: Path) -> None:
    path = written(tmp_path, tree(version=2, hologram=True))
    file = project_file.load(path)
    assert file.read_only
    assert "newer version" in file.notices[0]
    with pytest.raises(DataError, match="read-only"):
        project_file.save(file, path)


def test_a_newer_version_that_does_not_fit_says_so(tmp_path: Path) -> None:
    assert "update this one" in error_of(tmp_path, tree(version=2, sources={}))


def test_the_five_versions_before_are_kept(tmp_path: Path) -> None:
    path = written(tmp_path, TREE)
    for number in range(8):
        file = project_file.load(path)
        project_file.save(
            ProjectFile(msgspec.structs.replace(file.content, name=str(number)), file.raw), path
        )
    names = [json.loads(backup.read_bytes())["name"] for backup in atomic.backups_of(path)]
    assert names == ["6", "5", "4", "3", "2"]
    assert sorted(p.name for p in tmp_path.iterdir()) == [".backups", "a.twin.json"]


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, TREE)
    file = project_file.load(path)
    changed = ProjectFile(msgspec.structs.replace(file.content, name="B"), file.raw)
    for step in ("fsync", "link"):
        with monkeypatch.context() as patch:

            def full(*_arguments: object) -> None:
                raise OSError(28, "No space left on device")

            patch.setattr(os, step, full)
            if step == "fsync":
                with pytest.raises(DataError, match="No space left on device"):
                    project_file.save(changed, path)
                assert json.loads(path.read_bytes())["name"] == "Asema"
                assert [p.name for p in tmp_path.iterdir()] == ["a.twin.json"]
            else:  # a file system without hard links gets copies
                project_file.save(changed, path)
                assert json.loads(atomic.backups_of(path)[0].read_bytes())["name"] == "Asema"


def test_a_folder_that_is_gone_is_an_error_not_a_crash(tmp_path: Path) -> None:
    file = project_file.load(written(tmp_path, TREE))
    with pytest.raises(DataError, match="cannot be written"):
        project_file.save(file, tmp_path / "gone" / "a.twin.json")


def test_only_old_leftovers_are_cleaned(tmp_path: Path) -> None:
    path = written(tmp_path, TREE)
    old, fresh, other = (tmp_path / name for name in (".a.twin.json.0a.tmp", ".a.twin.json.1b.tmp", ".b.tmp"))
    for left in (old, fresh, other):
        left.touch()
    for left in (old, other):
        os.utime(left, (time.time() - 2 * 86400,) * 2)
    project_file.save(project_file.load(path), path)
    assert (old.exists(), fresh.exists(), other.exists()) == (False, True, True)


def test_saving_keeps_mode_and_link(tmp_path: Path) -> None:
    path = written(tmp_path, TREE)
    path.chmod(0o640)
    link = tmp_path / "link.twin.json"
    link.symlink_to(path)
    file = project_file.load(link)
    project_file.save(ProjectFile(msgspec.structs.replace(file.content, name="B"), file.raw), link)
    assert link.is_symlink()
    assert path.stat().st_mode & 0o777 == 0o640
    assert project_file.load(path).content.name == "B"


def test_a_source_has_to_be_a_plain_file_or_folder(tmp_path: Path) -> None:
    project = written(tmp_path, TREE)
    (tmp_path / "area").mkdir()
    os.mkfifo(tmp_path / "pipe.gml")
    (tmp_path / "loop").symlink_to("loop")
    assert project_file.source_path(project, "area/../area") == tmp_path / "area"
    for text in ("pipe.gml", "loop", "gone.gml"):
        with pytest.raises(DataError):
            project_file.source_path(project, text)


def test_a_huge_source_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "big.gml").open("wb") as file:
        file.truncate(2**31 + 1)
    with pytest.raises(DataError, match="larger than 2 GB"):
        project_file.source_path(written(tmp_path, TREE), "big.gml")


def test_refresh_records_size_and_hash(tmp_path: Path) -> None:
    (tmp_path / "area").mkdir()
    (tmp_path / "area" / "buildings.gml").write_bytes(b"abc")
    (tmp_path / "area" / "layers.gpkg").write_bytes(b"")
    entries = project_file.refresh(project_file.load(written(tmp_path, TREE))).content.sources
    assert entries[0].size == 3
    assert entries[0].sha256.startswith("ba7816bf8f01cfea")
    assert entries[1].size == 0


def test_the_schema_names_every_field() -> None:
    found = project_file.schema()
    assert found["$schema"].startswith("https://json-schema.org/")
    assert set(found["$defs"]["Content"]["properties"]) == set(TREE)
    assert json.loads(json.dumps(found)) == found


Coordinates = st.tuples(*[st.floats(-1e7, 1e7)] * 3)
Cameras = st.builds(Camera, Coordinates, Coordinates, st.floats(1, 120))
States = st.builds(
    State,
    scenario=st.text(),
    time=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)).map(
        lambda t: t.astimezone(ZoneInfo("Europe/Helsinki"))
    ),
    overlay=st.text(),
    hidden=st.frozensets(st.text()),
    opacity=st.dictionaries(st.text(), st.floats(0, 1)).map(lambda d: tuple(sorted(d.items()))),
    highlight=st.booleans(),
    shadows=st.booleans(),
    camera=st.none() | Cameras,
    selection=st.none() | st.builds(Selection, st.text(), st.text(), st.text(), Coordinates),
    lod=st.none() | st.floats(0, 4),
    textures=st.booleans(),
    several=st.frozensets(st.text()),
    hidden_objects=st.frozensets(st.text()),
    isolated=st.frozensets(st.text()),
    style=st.builds(
        AttributeStyle,
        way=st.sampled_from(["", "categories", "classes", "ramp"]),
        split=st.sampled_from(["quantiles", "equal", "fixed"]),
        classes=st.integers(2, 9),
        breaks=st.lists(st.floats(-1e9, 1e9), unique=True, max_size=8).map(lambda b: tuple(sorted(b))),
        ramp=st.sampled_from(["batlow", "lajolla", "vik"]),
        reversed=st.booleans(),
    ),
)


@given(States)
def test_every_state_survives_json(state: State) -> None:
    through = json.loads(json.dumps(state_json.encode(state), allow_nan=False))
    assert state_json.decode(through, ZoneInfo("Europe/Helsinki")) == state


def test_a_state_keeps_what_is_unknown() -> None:
    raw = {"scenario": "a", "time": "2026-01-01T00:00:00Z", "x": 1, "camera": {**CAMERA, "lens": "wide"}}
    state = state_json.decode(raw, ZoneInfo("UTC"))
    assert state_json.encode(state, raw=raw) == {**raw, "time": "2026-01-01T00:00:00+00:00"}


@pytest.mark.parametrize(
    ("style", "said"),
    [
        ({"classes": 1}, "style.classes: is 1"),
        ({"classes": 10}, "style.classes: is 10"),
        ({"breaks": [3, 3]}, "style.breaks: do not rise"),
        ({"breaks": list(range(9))}, "style.breaks: are 9"),
        ({"ramp": "rainbow"}, "style.ramp: invalid enum value 'rainbow'"),
        ({"way": "x"}, "style.way: invalid enum value 'x'"),
    ],
)
def test_a_style_that_cannot_be_drawn_is_refused(style: dict[str, Any], said: str) -> None:
    tree = {"scenario": "a", "time": "2026-01-01T00:00:00Z", "style": style}
    with pytest.raises(DataError, match=re.escape(said)):
        state_json.decode(tree, ZoneInfo("UTC"))


def test_an_opacity_out_of_range_is_refused() -> None:
    with pytest.raises(DataError, match="opacity: of a is 2"):
        state_json.decode(
            {"scenario": "a", "time": "2026-01-01T00:00:00Z", "opacity": [["a", 2]]}, ZoneInfo("UTC")
        )
