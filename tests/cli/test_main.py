import argparse
import json
import re
import shutil
import subprocess
import sys
from argparse import Namespace
from datetime import datetime, timedelta
from pathlib import Path
from pkgutil import resolve_name
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from twin import __version__
from twin.cli.arguments import BUNDLED
from twin.cli.errors import reported
from twin.cli.main import COMMANDS, main, parser
from twin.cli.render import size_of, state_of, style_of, time_of
from twin.cli.sensor_arguments import KINDS
from twin.errors import DataError, TwinError
from twin.feeds.sources import SOURCES
from twin.formats import project_file
from twin.formats.open_project import open_project
from twin.formats.save_project import to_file
from twin.model.project import Project
from twin.model.state import AttributeStyle, Bookmark, Camera

HOUSE = Path(__file__).parents[1] / "formats" / "data" / "house_v2.gml"
TOP = Camera((0, 0, 99), (0, 0, 0))


@pytest.fixture
def area(tmp_path: Path) -> Path:
    """A house, a folder with one scenario, a bookmark."""
    shutil.copy(HOUSE, tmp_path / "house.gml")
    (tmp_path / "plans").mkdir()
    edit = {"type": "Feature", "properties": {"edit": "remove", "ids": ["x"]}, "geometry": None}
    plan = {"type": "FeatureCollection", "title": "Without it", "illustrative": True, "features": [edit]}
    (tmp_path / "plans" / "gone.geojson").write_text(json.dumps(plan))
    path = tmp_path / "area.twin.json"
    project = open_project(tmp_path / "house.gml")
    project_file.save(to_file(project, path=path), path)
    tree = json.loads(path.read_bytes())
    tree["sources"].append({"id": "plans", "path": "plans", "kind": "scenarios"})
    tree["place"]["timezone"] = "Europe/Helsinki"
    tree["bookmarks"] = [
        {"id": "top", "title": "Top", "camera": {"position": [0, 0, 99], "target": [0, 0, 0]}}
    ]
    path.write_text(json.dumps(tree))
    return path


def options(*arguments: str) -> Namespace:
    return parser().parse_args(["render", "--out", "a.png", *arguments])


def said(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 0) -> str:
    assert main([str(argument) for argument in arguments]) == code
    out, err = capsys.readouterr()
    return out if code < 2 else err


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert said(capsys, "--version") == f"twin {__version__}\n"


@pytest.mark.parametrize(
    ("said", "files", "crs"),
    [
        ([], [BUNDLED], ""),
        (["--debug"], [BUNDLED], ""),
        (["open"], [BUNDLED], ""),
        (["a.gml"], [Path("a.gml")], ""),
        (["--debug", "a.gml", "b.gml", "--crs", "EPSG:3067"], [Path("a.gml"), Path("b.gml")], "EPSG:3067"),
        (["open", "info", "a.gml"], [Path("info"), Path("a.gml")], ""),
        (["tiles/city"], [Path("tiles/city")], ""),
    ],
)
def test_files_without_a_command_open_in_the_window(
    said: list[str], files: list[Path], crs: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[tuple[list[Path], str]] = []
    monkeypatch.setattr("twin.cli.open.open_window", lambda found: opened.append((found.files, found.crs)))
    main(said)
    assert opened == [(files, crs)]


def test_scenarios_are_listed(area: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(said(capsys, "scenarios", area, "--json")) == [
        {"id": "today", "title": "Today"},
        {"id": "gone", "title": "Without it"},
    ]
    assert said(capsys, "scenarios", area).splitlines() == ["today  Today", "gone   Without it  illustrative"]


def test_a_broken_scenario_is_told_beside_the_list(area: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (area.parent / "plans" / "bad.geojson").write_text("{")
    assert main(["scenarios", str(area), "--json"]) == 0
    out, err = capsys.readouterr()
    assert len(json.loads(out)) == 2
    assert re.fullmatch(r"twin: bad\.geojson: .*\n", err)


def test_info_tells_what_a_project_holds(area: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(said(capsys, "info", area, "--json"))
    assert found["crs"].startswith("EPSG:")
    assert [source["id"] for source in found["sources"]] == ["house", "plans"]
    assert [scenario["edits"] for scenario in found["scenarios"]] == [0, 1]
    assert found["counts"]["objects"]["Building"] >= 1
    assert "objects.Building" in said(capsys, "info", area)


def test_info_on_a_city_model_is_its_report(capsys: pytest.CaptureFixture[str]) -> None:
    text = said(capsys, "info", HOUSE, "--json")
    found = json.loads(text)
    assert (found["format"], found["version"]) == ("CityGML", "2.0")
    assert found["objects"]["Building"] >= 1
    assert list(found) == sorted(found)


def test_info_on_other_files(area: Path, shared_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    heat = shared_data / "heat" / "helsinki" / "Urban_Heat_Exposure_Index.tif"
    assert json.loads(said(capsys, "info", heat, "--json"))["columns"] == 830
    grid = shared_data / "vectors" / "helsinki" / "hki_po_clipped.json"
    layers = json.loads(said(capsys, "info", grid, "--json"))["layers"]
    assert [layer["features"] for layer in layers.values()] == [84]


def test_check_is_quiet_about_a_whole_project(area: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = said(capsys, "check", area).splitlines()
    assert lines[-1] == "ok: area.twin.json, 2 sources, 2 scenarios"
    assert not any(line.startswith("problem") for line in lines)


def test_check_lists_each_problem_in_a_line(area: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (area.parent / "house.gml").unlink()
    (area.parent / "plans" / "bad.geojson").write_text("{")
    lines = said(capsys, "check", area, code=1).splitlines()
    assert [line.split(":")[0] for line in lines[:2]] == ["problem", "problem"]
    assert "house.gml is missing" in lines[0]
    assert "bad.geojson" in lines[1]
    assert lines[-1] == "2 problems in area.twin.json"


def test_refresh_records_what_has_changed(area: Path, capsys: pytest.CaptureFixture[str]) -> None:
    house = area.parent / "house.gml"
    house.write_bytes(house.read_bytes() + b"\n")
    assert "has changed" in said(capsys, "check", area, code=1)
    said(capsys, "refresh", area)
    said(capsys, "check", area)


def test_schema_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert json.loads(said(capsys, "schema")) == project_file.schema()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["fly"], "twin: argument COMMAND: invalid choice: 'fly'"),
        (["info", "gone.gml"], "twin: gone.gml: is missing. Choose another file."),
        (["info", "."], "is no file"),
        (["check", "gone.twin.json"], "twin: gone.twin.json: is missing"),
        (["scenarios", "gone.twin.json"], "twin: gone.twin.json: cannot be read: No such file"),
        (["render"], "twin: --out is missing"),
        (["render", "--out", "a.gif"], "twin: a.gif: is no picture"),
        (["render", "--out", "gone/a.png"], "twin: a.png: there is no folder"),
        (["render", "--out", "a.png", "--size", "big"], "twin: --size 'big' is no size"),
        (["render", "--out", "a.png", "--shadows", "no"], "--shadows: invalid choice: 'no'"),
    ],
)
def test_an_error_is_one_line(
    arguments: list[str],
    text: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.chdir(tmp_path)
    error = said(capsys, *arguments, code=2)
    assert text in error
    assert error.startswith("twin: ")
    assert error.count("\n") == 1


def test_debug_shows_where_an_error_came_from(capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in (("--debug", "info", "gone.gml"), ("info", "gone.gml", "--debug")):
        error = said(capsys, *arguments, code=2)
        assert "Traceback" in error
        assert error.splitlines()[-1].startswith("twin: gone.gml")


def raising(error: BaseException) -> Any:
    def run() -> int:
        raise error

    return run


def test_what_was_not_foreseen_is_told_too(capsys: pytest.CaptureFixture[str]) -> None:
    assert reported(raising(ZeroDivisionError("by zero"))) == 2
    assert "unexpected ZeroDivisionError: by zero. Run it again with --debug" in capsys.readouterr().err
    assert reported(raising(PermissionError(13, "Permission denied", "a.png"))) == 2
    assert capsys.readouterr().err == "twin: a.png: Permission denied\n"
    assert reported(raising(DataError("x/a.gml", "line 3", "has two\nlines"))) == 2
    assert capsys.readouterr().err == "twin: a.gml: line 3: has two lines.\n"


def test_ctrl_c_is_code_130(capsys: pytest.CaptureFixture[str]) -> None:
    assert reported(raising(KeyboardInterrupt())) == 130
    assert capsys.readouterr().err == "twin: interrupted\n"


def test_a_reader_that_has_seen_enough_is_no_error() -> None:
    code = f"{sys.executable} -m twin schema | head -c 1"
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {code}"], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr, done.returncode) == ("{", "", 0)


def test_arguments_become_a_state(area: Path) -> None:
    project = open_project(area)
    state = state_of(
        project,
        options(
            "--scenario", "gone", "--overlay", "height", "--time", "2026-03-01T09:30", "--view", "top",
            "--hide", "buildings", "--highlight", "--lod", "2", "--no-textures",
        ),
    )  # fmt: skip
    assert (state.scenario, state.overlay, state.camera, state.highlight) == ("gone", "height", TOP, True)
    assert state.time == datetime(2026, 3, 1, 9, 30, tzinfo=ZoneInfo("Europe/Helsinki"))
    assert state.hidden == {"buildings"}
    assert (state.lod, state.textures) == (2.0, False)


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("ramp", AttributeStyle("ramp")),
        ("equal:7", AttributeStyle("classes", "equal", 7)),
        ("10,20.5,1e3", AttributeStyle("classes", "fixed", breaks=(10.0, 20.5, 1000.0))),
    ],
)
def test_an_attribute_is_shown_as_asked(area: Path, text: str, style: AttributeStyle) -> None:
    project = open_project(area)
    name = f"attribute:{next(iter(project.city.attributes.columns))}"
    state = state_of(project, options("--overlay", name, "--style", text))
    assert (state.overlay, state.style) == (name, style)


@pytest.mark.parametrize("text", ["rainbow", "equal:1", "quantiles:10", "equal:", "3,2", "1,nan", "1,,2", ""])
def test_a_style_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(TwinError, match="--style"):
        style_of(text)


def test_weather_and_cells_of_heat_are_chosen_and_a_file_that_is_not_there_is_an_error(area: Path) -> None:
    project = open_project(area)
    state = state_of(project, options("--overlay", "utci", "--weather", "measured", "--resolution", "4"))
    assert (state.overlay, state.weather, state.heat_cell) == ("utci", "measured", 4.0)
    with pytest.raises(TwinError, match=r"nowhere\.epw: is missing"):
        state_of(project, options("--weather", "nowhere.epw"))


def test_without_arguments_it_is_the_first_state(area: Path) -> None:
    state = state_of(open_project(area), options())
    assert (state.scenario, state.overlay, state.camera) == ("today", "none", None)


@pytest.mark.parametrize(
    ("name", "value", "known"),
    [
        ("--scenario", "towers", "today, gone"),
        ("--overlay", "noise", "none, use, height"),
        ("--view", "moon", "top"),
        ("--hide", "clouds", "buildings"),
        ("--lod", "4", "2"),
        ("--overlay", "attribute:colour", "attribute:"),
    ],
)
def test_an_unknown_name_lists_the_known_ones(area: Path, name: str, value: str, known: str) -> None:
    with pytest.raises(
        TwinError,
        match=f"there is no {name[2:].replace('hide', 'layer').replace('lod', 'LoD')} '{value}'.*{known}",
    ):
        state_of(open_project(area), options(name, value))


def test_a_time_with_an_offset_is_the_same_moment(area: Path) -> None:
    project: Project = open_project(area)
    found = time_of("2026-07-15T12:00Z", project)
    assert (found.hour, found.utcoffset()) == (15, timedelta(hours=3))
    with pytest.raises(TwinError, match="is no time"):
        time_of("three o'clock", project)


def test_sizes_have_bounds() -> None:
    assert size_of("1920x1080") == (1920, 1080)
    for wrong in ("0x10", "99999x10", "1920", "-1x5", "1920x1080x3"):
        with pytest.raises(TwinError, match="is no size"):
            size_of(wrong)


def test_bookmarks_of_rasters_and_views_are_known_by_id(area: Path) -> None:
    assert open_project(area).bookmarks == (Bookmark("top", "Top", TOP),)


def test_help_loads_nothing_heavy_and_what_draws_nothing_no_windows() -> None:
    code = """
import sys
from twin.cli.main import COMMANDS, main
for name in ("", *(each.name for each in COMMANDS)):
    main([*name.split(), "--help"])
heavy = {"PySide6", "vtkmodules", "pyvista", "pyproj", "pandas", "numpy", "shapely"} & set(sys.modules)
main(["info", sys.argv[1]])
windows = {"PySide6", "vtkmodules", "pyvista", "pandas", "numba", "httpx", "distributed"} & set(sys.modules)
sys.exit(" ".join((*heavy, *windows)) or 0)
"""
    command = [sys.executable, "-c", code, str(HOUSE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.stderr, done.returncode) == ("", 0)
    assert all(f"usage: twin {each.name} " in done.stdout for each in COMMANDS)
    assert "objects.Building" in done.stdout


def test_every_command_runs_something_and_explains_every_argument() -> None:
    every = next(each for each in parser()._actions if isinstance(each, argparse._SubParsersAction)).choices
    assert list(every) == [each.name for each in COMMANDS]
    for name, command in every.items():
        assert callable(resolve_name(command.get_default("run")))
        said = {each.dest: re.sub(r"%\(default\)\w", "", each.help or "") for each in command._actions}
        assert not [of for of, text in said.items() if not re.search(r"[a-z]{2}|SUPPRESS", text)], name


def test_the_readme_names_every_command_and_no_other() -> None:
    told = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^twin ([a-z-]+)", told, re.MULTILINE)) == {each.name for each in COMMANDS}


def test_the_kinds_of_feeds_in_the_help_are_those_there_are() -> None:
    assert list(KINDS) == list(SOURCES)


def test_the_bundled_project_is_the_default(helsinki: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = json.loads(said(capsys, "scenarios", "--json"))
    assert found[0]["id"] == "today"
    assert len(found) == 4
    assert helsinki.is_file()


def test_a_city_without_a_crs_is_read_in_the_one_that_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = (Path(__file__).parents[1] / "formats" / "data" / "house_v2.gml").read_text(encoding="utf-8")
    bare = tmp_path / "bare.gml"
    bare.write_text(re.sub(r'srsName="[^"]*"', "", house), encoding="utf-8")
    assert main(["convert", str(bare), str(tmp_path / "out.gml")]) == 2
    assert "--crs" in capsys.readouterr().err
    assert main(["info", str(bare), "--json", "--crs", "EPSG:3879"]) == 0
    assert json.loads(capsys.readouterr().out)["crs"] == "EPSG:3879"


def test_diff_tells_what_a_scenario_changes(helsinki: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", str(helsinki), "today", "towers", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {one["id"] for one in found["added"]} == {
        "eliel-podium", "eliel-tower-north", "eliel-tower-south",
    }  # fmt: skip
    assert "osm-way-30368518" in {one["id"] for one in found["removed"]}
    assert found["totals"]["buildings"]["delta"] == 2
    assert main(["diff", str(helsinki), "today", "today"]) == 0
    assert "Nothing differs" in capsys.readouterr().out
    assert main(["diff", str(helsinki), "today", "nowhere"]) == 2
    assert "nowhere" in capsys.readouterr().err


def test_edit_adds_what_a_file_holds_and_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copy(HOUSE, tmp_path / "house.gml")
    path = tmp_path / "a.twin.json"
    place = {"origin": [25496000.0, 6673000.0, 0.0], "longitude": 24.93, "latitude": 60.17}
    source = {"id": "house", "path": "house.gml", "kind": "city"}
    tree = {"schema": "twin-project", "version": 1, "name": "A", "crs": "EPSG:3879", "place": place}
    path.write_text(json.dumps({**tree, "sources": [source]}))
    drawn = tmp_path / "drawn.geojson"
    up = {"edit": "extend", "ids": ["house", "nobody"], "storeys": 2}
    features = [{"type": "Feature", "id": "up", "properties": up, "geometry": None}]
    drawn.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert main(["edit", str(path), "--scenario", "today", "--add", str(drawn)]) == 0
    said = capsys.readouterr()
    assert said.out == "up\n"
    assert "there is no building nobody" in said.err
    assert main(["diff", str(path), "today", "today"]) == 0
    assert json.loads((tmp_path / "scenarios" / "today.geojson").read_text())["features"][0]["id"] == "up"
    features[0]["properties"]["storeys"] = 0.5
    drawn.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    assert main(["edit", str(path), "--scenario", "today", "--add", str(drawn)]) == 2
    assert "drawn.geojson: feature 1, storeys: 0.5" in capsys.readouterr().err
