"""A sheet says what it shows, in numbers that are right, and can be made again."""

import json
import math
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_station
from PySide6.QtGui import QImage
from shapely import box

from twin.analysis.extrude import block
from twin.app.export_scenes import legends_seen, shown
from twin.app.export_sheet import Press, content_of
from twin.app.export_write import write_pdf
from twin.app.sheet_paint import key_tall, on_paper, pixels, tall
from twin.errors import DataError, TwinError
from twin.formats import view_file
from twin.model.city import CityObject, from_objects
from twin.model.sheet import PAGES, Language, Panel, Sheet
from twin.model.state import AttributeStyle, Camera, LayerStyle, State
from twin.scene.camera import looking, pixel_of, tilt
from twin.scene.colours import Classes
from twin.scene.credits import credits_of
from twin.scene.items import Glyphs
from twin.scene.sheet_blocks import Content
from twin.scene.sheet_layout import lay_out
from twin.scene.sheet_parts import Bar, Compass, Frame, Key, LaidOut, View, Words
from twin.scene.sheet_phrases import phrased
from twin.scene.sheet_texts import LANGUAGES
from twin.scene.standpoints import parallel, standing_at
from twin.session.session import Session

pytestmark = pytest.mark.usefixtures("qapp")

STATE = replace(small_station.TODAY, camera=small_station.VIEW, overlay="use")
PLAN = replace(STATE, camera=standing_at(small_station.VIEW, "top", height=300.0))
A4 = (842, 595)


def laid_out(*states: State, page: str = "a4", **said: Any) -> LaidOut:
    project = small_station.project()
    sheet = Sheet(tuple(Panel(state, f"View {i}") for i, state in enumerate(states)), A4, page, **said)
    session = Session(project, sheet.panels[0].state)
    found = list(shown(session, tuple(panel.state for panel in sheet.panels)))
    session.close()
    return lay_out(PAGES[page], content_of(project, sheet, found), tall, key_tall)


def image(path: Path) -> np.ndarray:
    plain = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).astype(int)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_on_a_page_overlaps_or_leaves_it(page: str, language: str) -> None:
    found = laid_out(STATE, PLAN, page=page, language=language, note="A note of two lines. " * 6)
    whole = PAGES[page]
    frames = [part.frame for part in found.parts]
    for number, a in enumerate(frames):
        assert a.left >= 0
        assert a.top >= 0
        assert a.right <= whole.width + 0.1
        assert a.bottom <= whole.height + 0.1
        assert not any(_overlap(a, b) for b in frames[number + 1 :])


def _overlap(a: Frame, b: Frame) -> bool:
    across = min(a.right, b.right) - max(a.left, b.left)
    return across > 0.2 and min(a.bottom, b.bottom) - max(a.top, b.top) > 0.2


@pytest.mark.parametrize("state", [STATE, PLAN])
def test_the_scale_bar_is_as_long_as_the_same_metres_in_the_view(state: State) -> None:
    found = laid_out(state)
    (bar,) = (part for part in found.parts if isinstance(part, Bar))
    frame, camera = found.views[0].frame, state.camera
    assert camera is not None
    size = (round(100 * frame.width), round(100 * frame.height))
    h = math.radians(25.0 if state is STATE else 0.0)
    ends = [
        (camera.target[0] + s * math.cos(h), camera.target[1] - s * math.sin(h), camera.target[2])
        for s in (-50.0, 50.0)
    ]
    left, right = (pixel_of(camera, end, size) for end in ends)
    assert left is not None
    assert right is not None
    hundred = math.dist(left, right) / 100
    assert bar.drawn / bar.length == pytest.approx(hundred / 100.0, rel=0.01)
    assert ("at the cross" in bar.text) == (state is STATE)
    assert found.views[0].marked == (state is STATE)


def test_the_needle_is_of_the_camera_of_the_views() -> None:
    (compass,) = (part for part in laid_out(STATE, STATE).parts if isinstance(part, Compass))
    assert compass.camera == small_station.VIEW
    other = laid_out(STATE, PLAN)
    assert not any(isinstance(part, Compass | Bar) for part in other.parts), "no one north for both"


def test_views_from_all_sides_have_one_scale_and_no_compass() -> None:
    sides = [
        replace(STATE, camera=standing_at(small_station.VIEW, side, height=120.0))
        for side in ("south", "east")
    ]
    page = laid_out(*sides)
    (bar,) = (part for part in page.parts if isinstance(part, Bar))
    assert bar.drawn / bar.length == pytest.approx(page.views[0].frame.height / 120.0)
    assert not any(isinstance(part, Compass) for part in page.parts)
    farther = replace(STATE, camera=standing_at(small_station.VIEW, "east", height=150.0))
    assert not any(isinstance(part, Bar) for part in laid_out(sides[0], farther).parts)


def test_every_page_names_the_sources_of_what_is_seen() -> None:
    for page in PAGES:
        texts = [part.text for part in laid_out(STATE, page=page).parts if isinstance(part, Words)]
        assert any(small_station.ATTRIBUTION in text and "EPSG:3879" in text for text in texts)


def test_hidden_layers_are_not_thanked_and_nameless_ones_are_named_by_file() -> None:
    project = small_station.project()
    session = Session(project, STATE)
    bare = replace(project, sources=(), layers=())
    scene = replace(session.scene, legend=None, built=None)
    session.close()
    with pytest.raises(TwinError, match="no picture is made without its sources"):
        credits_of(bare, STATE, scene)


def test_a_picture_whose_sources_are_not_known_is_not_made(tmp_path: Path) -> None:
    project = small_station.project()
    bare = replace(project, sources=(), layers=tuple(replace(layer, source="") for layer in project.layers))
    press = Press(bare)
    state = replace(STATE, overlay="none")
    with pytest.raises(TwinError, match="not known"):
        press.make(Sheet((Panel(state),), (320, 180), plain=True), tmp_path / "a.png")
    press.close()
    assert not list(tmp_path.iterdir())


def test_a_picture_made_again_is_the_same_pixel_for_pixel(tmp_path: Path) -> None:
    project = small_station.project()
    press = Press(project)
    sheet = Sheet((Panel(STATE, "One"), Panel(PLAN, "Two")), A4, "a4", language="fi", note="Hei")
    press.make(sheet, tmp_path / "first.png")
    press.close()
    found = view_file.load(tmp_path / "first.view.json", project)
    press = Press(project)
    press.make(found.sheet, tmp_path / "second.png")
    press.close()
    assert (tmp_path / "first.png").read_bytes() == (tmp_path / "second.png").read_bytes()
    first, second = (
        json.loads((tmp_path / f"{name}.view.json").read_text())["sheet"] for name in ("first", "second")
    )
    assert first == second
    assert found.hash == view_file.fingerprint(project)


@pytest.mark.parametrize("kind", ["png", "jpg", "webp", "tif", "svg", "pdf"])
def test_every_kind_of_file_is_written(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    press = Press(small_station.project())
    press.make(Sheet((Panel(STATE),), A4, "a4"), path)
    press.close()
    data = path.read_bytes()
    if kind == "svg":
        assert data.count(b"<text") > 10
    elif kind == "pdf":
        assert data.startswith(b"%PDF")
    else:
        made = image(path)
        assert made.shape == (*A4[::-1], 3)
        assert made.std() > 20


def test_deep_files_have_sixteen_bits_and_clear_ones_can_be_seen_through(tmp_path: Path) -> None:
    press = Press(small_station.project())
    press.make(Sheet((Panel(STATE),), (320, 180), plain=True, deep=True), tmp_path / "deep.png")
    up = replace(STATE, camera=replace(small_station.VIEW, target=(0.0, -20.0, 200.0)))
    press.make(Sheet((Panel(up),), (320, 180), plain=True, clear=True), tmp_path / "clear.png")
    press.close()
    assert QImage(str(tmp_path / "deep.png")).depth() == 64
    clear = QImage(str(tmp_path / "clear.png"))
    assert clear.hasAlphaChannel()
    assert clear.pixelColor(160, 4).alpha() == 0


def test_what_a_file_cannot_hold_is_refused_before_any_work(tmp_path: Path) -> None:
    press = Press(small_station.project())
    for sheet, name in (
        (Sheet((Panel(STATE),), (320, 180), clear=True), "a.jpg"),
        (Sheet((Panel(STATE),), (320, 180), deep=True), "a.webp"),
        (Sheet((Panel(STATE),), (320, 180)), "a.pdf"),
        (Sheet((Panel(STATE),), (320, 180)), "a.gif"),
    ):
        with pytest.raises(DataError):
            press.make(sheet, tmp_path / name)
    with pytest.raises(TwinError, match="16384 pixels"):
        press.make(Sheet((Panel(STATE),), (20_000, 100)), tmp_path / "a.png")
    press.close()
    assert not list(tmp_path.iterdir())


def test_the_colours_of_the_legend_are_those_of_the_roofs_in_flat_light() -> None:
    project = small_station.project()
    noon = replace(PLAN, shadows=False)
    press = Press(project)
    drawn = press.draw(Sheet((Panel(noon),), (800, 600), flat=True)).astype(int)
    press.close()
    session = Session(project, noon)
    legend = session.scene.legend
    session.close()
    assert legend is not None
    assert isinstance(legend.scale, Classes)
    colours = {name: np.array([int(c[i : i + 2], 16) for i in (1, 3, 5)]) for name, c in legend.scale.colours}
    for _name, shape, height, use, roof in small_station.HOUSES:
        if roof != "flat":
            continue
        middle = (shape.centroid.x, shape.centroid.y, height)
        found = pixel_of(noon.camera, middle, (800, 600))
        assert found is not None
        if 5 < found[0] < 795 and 5 < found[1] < 595:
            seen = drawn[round(found[1]), round(found[0])]
            assert seen.tolist() == colours[use].tolist()


def test_flat_light_is_of_one_picture_only() -> None:
    press = Press(small_station.project())
    lit = [press.draw(Sheet((Panel(PLAN),), (320, 240), flat=flat)) for flat in (False, True, False)]
    press.close()
    assert (lit[0] == lit[2]).all()
    assert (lit[0] != lit[1]).any()


BEAM = block(box(-50, -30, 50, 30), base=0.0, height=0.05, roof="flat")
ABOVE = looking((0.0, 0.0, 0.0), heading=0.0, tilt=40.0, distance=330.0)


@pytest.mark.parametrize(
    "camera",
    [ABOVE, standing_at(ABOVE, "top", height=240.0), parallel(ABOVE, heading=0.0, tilt=35.0, height=220.0)],
)
def test_the_painted_bar_is_as_long_as_a_hundred_metres_in_the_picture(
    tmp_path: Path, camera: Camera
) -> None:
    city = from_objects(small_station.PLACE, [CityObject("beam", "Building", -1, {"use": "office"}, BEAM)])
    project = small_station.project(city=city, layers=(), scenarios=small_station.SCENARIOS[:1])
    size = (1684, 1190)
    sheet = Sheet((Panel(replace(STATE, camera=camera)),), size, "a4", flat=True)
    press = Press(project)
    press.make(sheet, tmp_path / "beam.png", beside=False)
    press.close()
    session = Session(project, sheet.panels[0].state)
    page = lay_out(
        PAGES["a4"], content_of(project, sheet, list(shown(session, (session.state,)))), tall, key_tall
    )
    session.close()
    picture, each = image(tmp_path / "beam.png"), size[0] / PAGES["a4"].width
    left, top, width, height = pixels(page.views[0].frame, each)
    row = picture[top + height // 2 + 12, left : left + width]  # below the cross, which marks the middle
    blue = np.flatnonzero(np.abs(row - [0x77, 0xAA, 0xDD]).max(axis=1) < 40)
    away = 1.0 if camera.height else _wider(camera, 12 / (height / 2))
    hundred = (blue.max() - blue.min() + 1) / away
    (bar,) = (part for part in page.parts if isinstance(part, Bar))
    rows = slice(round(bar.frame.top * each), round((bar.frame.top + 1.2) * each))
    dark = (picture[rows, round((bar.frame.left - 1) * each) : round(bar.frame.right * each)] < 110).all(
        axis=2
    )
    drawn = max(np.flatnonzero(line).max() - np.flatnonzero(line).min() + 1 for line in dark if line.any())
    assert drawn / bar.length * 100 == pytest.approx(hundred, rel=0.01)


def _wider(camera: Camera, down: float) -> float:
    """How much nearer, as a factor of size, the ground is at a part of half the picture below the middle."""
    tilted = math.radians(tilt(camera))
    below = math.atan(down * math.tan(math.radians(camera.angle) / 2))
    return math.sin(tilted + below) / (math.sin(tilted) * math.cos(below))


def test_a_page_at_a_scale_has_that_scale(tmp_path: Path) -> None:
    press = Press(small_station.project())
    path = tmp_path / "plan.svg"
    press.make(Sheet((Panel(PLAN),), A4, "a4", scale=1000.0), path)
    press.close()
    assert "1:1 000" in path.read_text().replace("\u2009", " ")


def test_views_of_one_overlay_share_their_colours() -> None:
    project = small_station.project()
    session = Session(project, STATE)
    states = tuple(replace(STATE, scenario=s, overlay="attribute:measuredHeight") for s in ("today", "tower"))
    legends = [each.scene.legend for each in shown(session, states)]
    session.close()
    assert legends[0] is not None
    assert legends[1] is not None
    assert (legends[0].scale, legends[0].limits) == (legends[1].scale, legends[1].limits)


def test_layers_of_several_scenarios_share_their_colours_too() -> None:
    """The trees that are planted are not as tall as those that stand there."""
    project = small_station.project()
    session = Session(project, STATE)
    style = (("trees", LayerStyle(attribute="height", values=AttributeStyle("ramp"))),)
    states = tuple(replace(STATE, scenario=s, layer_styles=style) for s in ("today", "green"))
    found = list(shown(session, states))
    alone = list(shown(session, states[1:]))
    session.close()
    looks = [
        each.scene.items["layer:trees"].look
        for each in found
        if isinstance(each.scene.items["layer:trees"], Glyphs)
    ]
    assert len(looks) == 2
    assert looks[0] == looks[1]
    assert alone[0].scene.legends[1].scale != found[1].scene.legends[1].scale
    assert len(legends_seen(found)) == 2


def test_a_view_is_put_on_whole_pixels() -> None:
    assert pixels(Frame(1.26, 2.5, 10.0, 5.0), 3.0) == (4, 8, 30, 14)


@pytest.mark.parametrize("language", ["fi", "sv", "et"])
def test_sources_and_notes_with_figures_are_said_in_the_language_of_the_page(language: Language) -> None:
    said = (
        "Computed: shadows every 10 min on a 2 m grid (Ratti & Richens 1999), sun by NREL SPA",
        "Computed (Lindberg et al. 2008, 2016; Perez et al. 1993), 2 m grid",
        "Design hot day: 20 to 32 °C, dew point 14 °C, wind 2 m/s. Air and wind are the same everywhere; "
        "expect errors of some 5 K of Tmrt at a point.",
        "42–46, very strong heat",
        "noise.gpkg: owner and licence not stated",
    )
    english = {"Computed", "every", "grid", "day", "wind", "same", "heat", "owner", "stated"}
    for text in said:
        found = phrased(text, language)
        assert not english & set(found.replace(",", " ").replace(":", " ").split()), found
        assert sorted(re.findall(r"\d+", found)) == sorted(re.findall(r"\d+", text)), "no figure is lost"
    assert phrased("UTCI, 15 July, 15:00", "fi") == "UTCI, 15.7., 15:00"
    assert phrased("© Somebody, CC BY 4.0", language) == "© Somebody, CC BY 4.0"


def test_every_dot_of_a_page_is_painted(tmp_path: Path) -> None:
    """A page of millimetres ends within the last row of dots, which showed what was in memory before."""
    size = (331, 235)
    content = Content("P", "T", [], [], [""], "Foot")
    page = lay_out(PAGES["a4"], content, lambda *_: 4.0, lambda *_: 4.0)
    images = [QImage(8, 8, QImage.Format.Format_RGB32)]
    found = on_paper(page, images, size)
    assert found.pixelColor(size[0] - 1, size[1] - 1).name() == "#ffffff"
    assert {found.pixelColor(x, size[1] - 1).name() for x in range(0, size[0], 7)} == {"#ffffff"}


@pytest.mark.parametrize(
    ("page", "facts", "beside"), [("a4", 25, True), ("a4", 1, False), ("square", 3, False)]
)
def test_legends_stand_where_they_leave_the_views_more_room(page: str, facts: int, beside: bool) -> None:
    content = Content("P", "T", [("Time", "15 July")] * facts, [], [""], "Foot")
    found = lay_out(PAGES[page], content, lambda *_: 1.0, lambda *_: 1.0)
    view = found.views[0].frame
    fact = next(part for part in found.parts if isinstance(part, Words) and part.text == "15 July")
    assert (fact.frame.left >= view.right) == beside
    assert (fact.frame.top >= view.bottom) != beside


def test_words_with_fi_and_fl_are_found_in_a_pdf(tmp_path: Path) -> None:
    program = shutil.which("pdftotext")
    if program is None:
        pytest.skip("pdftotext (poppler-utils) is not installed")
    content = Content("P", "Office and floor, fifth affluent", [], [], [""], "Foot")
    page = lay_out(PAGES["a4"], content, tall, key_tall)
    write_pdf(page, [QImage(8, 8, QImage.Format.Format_RGB32)], tmp_path / "a.pdf", "A")
    said = subprocess.run(
        [program, str(tmp_path / "a.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "Office and floor, fifth affluent" in said


def test_a_page_of_a_template_is_laid_out_as_it_says_and_made_again_without_it(tmp_path: Path) -> None:
    own = replace(PAGES["a4"], place="below", order=("legends", "north"))
    sheet = Sheet((Panel(PLAN),), A4, "own", own=own, note="Nobody sees this.")
    session = Session(small_station.project(), PLAN)
    found = list(shown(session, (PLAN,)))
    session.close()
    page = lay_out(own, content_of(small_station.project(), sheet, found), tall, key_tall)
    frames = {type(part): part.frame for part in page.parts}
    assert frames[Key].top >= frames[View].bottom
    assert frames[Key].left < frames[Compass].left
    assert not any(isinstance(part, Words) and "Nobody" in part.text for part in page.parts)
    assert any(isinstance(part, Words) and small_station.ATTRIBUTION in part.text for part in page.parts)
    press = Press(small_station.project())
    press.make(sheet, tmp_path / "first.png")
    again = view_file.load(tmp_path / "first.view.json", small_station.project())
    press.make(again.sheet, tmp_path / "second.png")
    press.close()
    assert again.sheet.own == own
    assert (tmp_path / "first.png").read_bytes() == (tmp_path / "second.png").read_bytes()
