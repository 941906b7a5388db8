"""A picture can be read as a plan, at every size, and tells where it comes from."""

import json
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_station
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QProcess, QRectF
from PySide6.QtGui import QImage

from twin import __version__
from twin.app.export_process import problem_of, start_export
from twin.app.picture import LARGEST, compose, render
from twin.app.picture_layout import FREE, lay_out
from twin.app.picture_text import legends_of, source_line, title_lines, zone_text
from twin.errors import DataError, TwinError
from twin.formats import view_file
from twin.formats.open_project import first_state, open_project
from twin.model.project import Project, Source
from twin.model.sheet import Panel, Sheet
from twin.model.state import State
from twin.scene.colours import USE_COLOURS, Classes, Ramp
from twin.scene.scene import Legend
from twin.session import scenarios
from twin.session.session import Session

pytestmark = pytest.mark.usefixtures("qapp")

SIZES = [(640, 360), (1280, 720), (1920, 1080), (3840, 2160), (7680, 4320), (1080, 1920), (800, 800)]
TITLE = (
    "Helsinki Central station area",
    "Towers on Elielinaukio (illustrative)",
    "15 July 2026, 15:00 UTC+3",
)
USE = Legend("Building use", "", Classes(tuple(USE_COLOURS.items())), "© Somebody, some licence")
TREES = Legend("Trees: height", "m", Classes(tuple((f"{n} to {n + 2} m", "#228833") for n in range(9))), "")
HOURS = Legend("Sun hours", "h", Ramp("lajolla", 0, 18), "Computed on a grid", "Clear sky.")


def pixels(image: QImage) -> np.ndarray:
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).astype(int)


def covers_middle(rect: QRectF, size: tuple[int, int]) -> bool:
    width, height = size
    side = (1 - FREE) / 2
    return rect.intersects(QRectF(width * side, height * side, width * FREE, height * FREE))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("legends", [(), (USE,), (HOURS,), (HOURS, USE), (USE, HOURS, TREES, USE, HOURS)])
@pytest.mark.parametrize(
    "sources", ["© A", "© Somebody with a long name, and a licence with a long name · " * 9]
)
def test_nothing_overlaps_and_the_middle_stays_free(
    size: tuple[int, int], legends: tuple[Legend, ...], sources: str
) -> None:
    room = lay_out(size, TITLE, sources, small_station.VIEW, legends)
    assert len(room.legends) == len(legends)
    whole = QRectF(0, 0, *size)
    assert not any(a.intersects(b) for a, b in combinations(room.rects, 2))
    assert all(whole.contains(rect) for rect in room.rects)
    assert not any(covers_middle(rect, size) for rect in room.rects)
    assert room.scale >= 0.5


@given(st.integers(700, 4000), st.integers(500, 4000), st.text(min_size=1, max_size=120))
def test_any_title_finds_its_place_in_any_large_picture(width: int, height: int, title: str) -> None:
    room = lay_out((width, height), (title, title, title), "© A", small_station.VIEW, (HOURS,))
    assert not any(a.intersects(b) for a, b in combinations(room.rects, 2))


def test_8k_is_1080p_but_finer() -> None:
    small, large = (
        lay_out(s, TITLE, "© A", small_station.VIEW, (HOURS,)) for s in ((1920, 1080), (7680, 4320))
    )
    for a, b in zip(small.rects, large.rects, strict=True):
        assert (b.width(), b.height()) == pytest.approx((4 * a.width(), 4 * a.height()), rel=0.05)


def test_a_picture_too_small_for_its_legend_is_refused_with_a_way_out() -> None:
    with pytest.raises(TwinError, match="Make it larger, or leave them out"):
        lay_out((100, 80), TITLE, "© A", small_station.VIEW, (USE,))


def test_furniture_changes_the_edges_and_not_the_middle() -> None:
    scene = small_station.scene(overlay="use")
    plain = np.full((360, 640, 3), 128, np.uint8)
    project = small_station.project()
    state = replace(small_station.TODAY, overlay="use")
    with_it, without = (pixels(compose(plain, project, state, scene, furniture=f)) for f in (True, False))
    assert (without == 128).all()
    assert (with_it[126:234, 224:416] == 128).all(), "the middle"
    corners = [with_it[:60, :120], with_it[:60, -60:], with_it[-150:-20, :100], with_it[-60:-20, -80:]]
    assert all((corner != 128).mean() > 0.5 for corner in corners)
    assert (with_it[-8:] != 128).mean() > 0.9, "the sources"


def test_a_picture_tells_its_origin(tmp_path: Path) -> None:
    path = tmp_path / "tower.png"
    state = replace(small_station.TODAY, scenario="tower", overlay="sun_hours", camera=small_station.VIEW)
    assert render(small_station.project(), state, size=(640, 360), path=path) == ()
    image = QImage(str(path))
    assert (image.width(), image.height()) == (640, 360)
    assert image.text("Title") == "Little Station: A tower on the square (illustrative)"
    assert image.text("Software") == f"twin {__version__}"
    assert small_station.ATTRIBUTION in image.text("Source")
    assert "Ratti" in image.text("Source")
    origin = json.loads(image.text("Description").split("\n", 1)[1])
    assert origin["crs"] == "EPSG:3879"
    assert origin["time"] == state.time.isoformat()
    assert origin["camera"]["position"] == pytest.approx(small_station.VIEW.position)


def test_two_scenarios_are_two_pictures_and_two_titles(tmp_path: Path) -> None:
    found = []
    for scenario in ("today", "tower"):
        state = replace(small_station.TODAY, scenario=scenario, camera=small_station.VIEW)
        render(small_station.project(), state, size=(640, 360), path=tmp_path / f"{scenario}.png")
        found.append(pixels(QImage(str(tmp_path / f"{scenario}.png"))))
    different = np.abs(found[0] - found[1]).max(axis=2) > 12
    assert different[100:300, 150:500].mean() > 0.02, "the tower"
    assert different[:60, :250].mean() > 0.02, "the title"


def test_shadows_are_drawn_or_computed_as_one_asks(tmp_path: Path) -> None:
    evening = replace(
        small_station.TODAY, time=small_station.NOON.replace(hour=18), camera=small_station.VIEW
    )
    found = {}
    project, path = small_station.project(), tmp_path / "evening.png"
    for name, way, shown in (("card", "card", True), ("raster", "raster", True), ("none", "card", False)):
        state = replace(evening, shadows=shown)
        render(project, state, size=(320, 180), path=path, furniture=False, shadows=way)
        found[name] = pixels(QImage(str(path)))
    dark = {way: found["none"].sum(axis=2) - found[way].sum(axis=2) > 100 for way in ("card", "raster")}
    assert dark["card"].mean() > 0.01
    assert (dark["card"] & dark["raster"]).sum() > 0.7 * dark["card"].sum(), "about the same"
    assert (found["card"] != found["raster"]).any()


def test_a_failed_picture_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "old.png"
    path.write_bytes(b"old")
    with pytest.raises(TwinError):
        render(small_station.project(), small_station.TODAY, size=(90, 40), path=path)
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["old.png"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("picture.jpg", r"ends in \.png"),
        ("nowhere/picture.png", "no folder"),
        ("folder.png", "cannot be written"),
    ],
)
def test_files_that_cannot_be_written_are_refused_at_once(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "folder.png").mkdir()
    with pytest.raises(DataError, match=problem):
        render(small_station.project(), small_station.TODAY, size=(640, 360), path=tmp_path / name)


@pytest.mark.parametrize("size", [(10, 500), (500, LARGEST + 1)])
def test_sizes_out_of_range_are_refused(tmp_path: Path, size: tuple[int, int]) -> None:
    with pytest.raises(TwinError, match="pixels a side"):
        render(small_station.project(), small_station.TODAY, size=size, path=tmp_path / "a.png")


@pytest.mark.parametrize("wrong", [{"scenario": "moon"}, {"overlay": "moon"}])
def test_what_there_is_not_is_refused_and_what_there_is_is_named(
    tmp_path: Path, wrong: dict[str, Any]
) -> None:
    with pytest.raises(TwinError, match=r"Choose from: .*(today|shadow)"):
        render(
            small_station.project(),
            replace(small_station.TODAY, **wrong),
            size=(640, 360),
            path=tmp_path / "a.png",
        )


def test_the_title_says_scenario_moment_and_sun() -> None:
    state = replace(small_station.TODAY, scenario="green")
    name, scenario, time = title_lines(small_station.project(), state, small_station.scene(scenario="green"))
    assert name == "Little Station"
    assert scenario == "A green square (illustrative)"
    assert time == "15 July 2026, 13:00 UTC+3 · sun 51° high"
    night = small_station.NOON.replace(hour=0, minute=30)
    assert title_lines(small_station.project(), replace(state, time=night), small_station.scene(time=night))[
        2
    ].endswith("sun below the horizon")


def test_zones_are_written_as_offsets() -> None:
    assert zone_text(small_station.NOON) == "UTC+3"
    assert zone_text(small_station.NOON.replace(month=1)) == "UTC+2"


def test_every_source_is_named_once() -> None:
    twice = Source("layers", Path("layers.gpkg"), -1, "", small_station.ATTRIBUTION)
    other = Source("dsm", Path("dsm.tif"), -1, "", "© Somebody else")
    project = small_station.project(sources=(twice, other, twice))
    assert source_line(project.attribution) == (
        f"{small_station.ATTRIBUTION} · © Somebody else · made with twin {__version__}"
    )
    (legend,) = legends_of(project, small_station.scene(overlay="use"))
    assert legend.source == "", "named below the picture"


def start_render(project: Project, state: State, size: tuple[int, int], path: Path, **said: Any) -> QProcess:
    return start_export(project, Sheet((Panel(state),), size, **said), path)


def test_a_drawing_process_says_what_went_wrong(tmp_path: Path) -> None:
    state = replace(small_station.TODAY, scenario="nowhere")
    process = start_render(small_station.project(), state, (320, 200), tmp_path / "a.png")
    assert process.waitForFinished(20_000)
    assert process.exitCode() == 2
    assert "nowhere" in problem_of(process)
    assert not (tmp_path / "a.png").exists()


def test_a_picture_has_the_shadows_that_the_window_shows(tmp_path: Path) -> None:
    session = Session(small_station.project(), small_station.TODAY)
    process = start_render(session.project, session.state, (320, 200), tmp_path / "a.png", shadows="card")
    assert process.waitForFinished(60_000)
    assert view_file.load(tmp_path / "a.view.json").sheet.shadows == "card"


def test_a_picture_is_drawn_beside_the_window_also_of_a_scenario_that_has_no_file_yet(
    helsinki: Path, tmp_path: Path
) -> None:
    project, plan = scenarios.new_scenario(open_project(helsinki), "A plan of this minute")
    state = replace(first_state(project), scenario=plan)
    process = start_render(project, state, (640, 360), tmp_path / "a.png", plain=True)
    assert process.waitForFinished(60_000)
    assert problem_of(process) == ""
    assert pixels(QImage(str(tmp_path / "a.png"))).std() > 15


def test_what_was_added_and_not_saved_is_in_the_picture(tmp_path: Path) -> None:
    city = Path(__file__).parent.parent / "formats" / "data" / "house_v2.gml"
    project = open_project(city)
    assert project.path is None
    process = start_render(project, first_state(project), (320, 200), tmp_path / "a.png", plain=True)
    assert process.waitForFinished(60_000)
    assert problem_of(process) == ""
    drawn = pixels(QImage(str(tmp_path / "a.png")))
    assert (drawn != drawn[0, 0]).any(axis=2).mean() > 0.03, "only bare ground"
