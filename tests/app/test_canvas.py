"""What the view is drawn on."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import small_station
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from twin.app.canvas import ImageCanvas, Pace
from twin.app.graphics import Graphics
from twin.app.viewport import Viewport, between, description
from twin.model.state import Camera, Selection
from twin.render.snapshot import Darkroom
from twin.scene.comparison import WHOLE, Side
from twin.scene.scene import Scene

NO_CARD = Graphics(True, False, "llvmpipe")


def test_strips_make_the_same_picture_as_one_drawing() -> None:
    room = Darkroom((200, 130), fine=False)
    try:
        room.stage.show(small_station.scene())
        whole = room.take((200, 130)).astype(int)
        strips = [room.strip((200, 130), top, 48) for top in (0, 48, 96)]
        together = np.concatenate(strips).astype(int)
        assert together.shape == whole.shape
        assert (np.abs(whole - together).max(axis=2) > 12).mean() < 0.01
    finally:
        room.close()


@given(st.lists(st.floats(0.001, 0.3), max_size=40))
def test_the_pace_stays_within_its_scales(times: list[float]) -> None:
    pace = Pace()
    for seconds in times:
        pace.took(seconds)
        assert pace.scale in Pace.SCALES


def test_pictures_that_come_seldom_are_drawn_finer() -> None:
    often, seldom = Pace(), Pace()
    for _ in range(30):
        often.took(0.04, apart=0.05)
        seldom.took(0.04, apart=0.17)
    assert often.scale == min(Pace.SCALES)
    assert seldom.scale > often.scale


def test_slow_pictures_become_smaller_and_quick_ones_larger() -> None:
    pace = Pace()
    for _ in range(30):
        pace.took(0.1)
    assert pace.scale == min(Pace.SCALES)
    for _ in range(60):
        pace.took(0.002)
    assert pace.scale == max(Pace.SCALES)


@pytest.fixture
def viewport(qtbot: QtBot) -> Viewport:
    made = Viewport(NO_CARD)
    qtbot.addWidget(made, before_close_func=lambda view: view.close_canvas())
    made.resize(400, 300)
    made.show()
    return made


def show(viewport: Viewport, scene: Scene) -> None:
    viewport.show_sides((Side("", "", scene),), (WHOLE,))


def test_without_a_card_pictures_are_shown(viewport: Viewport, qtbot: QtBot) -> None:
    assert isinstance(viewport._canvas, ImageCanvas)
    with qtbot.waitSignal(viewport.drawn, timeout=20_000):
        show(viewport, small_station.scene())
    picture = viewport.surface.grab().toImage()
    colours = {picture.pixel(x, y) for x in range(0, 400, 20) for y in range(0, 300, 20)}
    assert len(colours) > 5


def test_the_fine_picture_follows_the_quick_one(viewport: Viewport, qtbot: QtBot) -> None:
    show(viewport, small_station.scene())
    canvas = viewport._canvas
    assert isinstance(canvas, ImageCanvas)
    qtbot.waitUntil(lambda: canvas.widget._image.width() == 400, timeout=20_000)


def test_a_view_of_another_size_is_drawn_finely_again(viewport: Viewport, qtbot: QtBot) -> None:
    show(viewport, small_station.scene())
    canvas = viewport._canvas
    assert isinstance(canvas, ImageCanvas)
    qtbot.waitUntil(lambda: canvas.widget._image.width() == 400, timeout=20_000)
    viewport.resize(400, 200)
    qtbot.waitUntil(lambda: canvas._fine.shape[0] == 200 == canvas.widget._image.height(), timeout=20_000)


def test_the_canvas_tells_its_pace_how_far_apart_pictures_are(
    viewport: Viewport, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(viewport, small_station.scene())
    canvas = viewport._canvas
    assert isinstance(canvas, ImageCanvas)
    told: list[float] = []
    monkeypatch.setattr(Pace, "took", lambda _pace, _seconds, apart: told.append(apart))
    canvas.draw_now()
    qtbot.wait(120)
    canvas.draw_now()
    assert told[-1] >= 0.12


def test_a_click_picks_what_lies_in_the_middle(viewport: Viewport, qtbot: QtBot) -> None:
    from PySide6.QtCore import QPoint, Qt

    over = Camera((-1.0, 37.0, 200.0), (0.0, 37.0, 0.0))
    show(viewport, small_station.scene(camera=over))
    assert viewport._canvas is not None
    with qtbot.waitSignal(viewport.picked, timeout=20_000) as heard:
        qtbot.mouseClick(viewport._canvas.widget, Qt.MouseButton.LeftButton, pos=QPoint(200, 150))
    assert isinstance(heard.args[0], Selection)
    assert heard.args[0].id == "hall"


def test_a_view_can_be_read_aloud() -> None:
    assert "Overlay: none" in description(Side("today", "Today", small_station.scene()))
    assert "Changes in this scenario: 2" in description(
        Side("tower", "Tower", small_station.scene(scenario="tower"))
    )


def test_half_way_is_in_the_middle() -> None:
    start, end = Camera((0.0, 0.0, 10.0), (0.0, 0.0, 0.0)), Camera((10.0, 0.0, 30.0), (4.0, 0.0, 0.0))
    middle = between(start, end, 0.5)
    assert (middle.position, middle.target) == ((5.0, 0.0, 20.0), (2.0, 0.0, 0.0))


HOUSE = Path(__file__).parents[1] / "formats" / "data" / "house_v2.gml"
NEEDS_DISPLAY = pytest.mark.skipif(
    not os.environ.get("DISPLAY"), reason="a widget with OpenGL needs a display"
)


@NEEDS_DISPLAY
def test_with_a_card_vtk_draws_in_the_widget(qtbot: QtBot) -> None:
    """In a process of its own, because off-screen pictures and OpenGL widgets do not mix in one."""
    code = """
import sys, time
sys.path.insert(0, sys.argv[1])
import small_station
from twin.app.app import application
from twin.app.graphics import Graphics
from twin.app.viewport import Viewport
from twin.scene.comparison import WHOLE, Side
app = application()
view = Viewport(Graphics(True, True, "a card"))
view.resize(400, 300)
view.show()
drawn = []
view.drawn.connect(lambda: drawn.append(1))
view.show_sides((Side("", "", small_station.scene()),), (WHOLE,))
end = time.monotonic() + 30
while len(drawn) < 2 and time.monotonic() < end:
    view._canvas.draw()
    app.processEvents()
picture = view.surface.grab().toImage()
print(len({picture.pixel(x, y) for x in range(0, 400, 20) for y in range(0, 300, 20)}))
view.close_canvas()
view.close()
"""
    assert int(alone(code)) > 5


@NEEDS_DISPLAY
def test_with_a_card_the_window_casts_shadows_and_computes_none() -> None:
    code = """
import sys, time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from twin.app import window as windows
from twin.app.app import application
from twin.app.canvas import CardCanvas
from twin.app.graphics import Graphics
from twin.app.settings import Settings
from twin.session import commands
windows.probe = lambda: Graphics(True, True, "a card")
app = application()
made = windows.Window(Settings())
made.resize(640, 480)
made.show()
made.open(Path(sys.argv[2]))
def wait(until):
    end = time.monotonic() + 60
    while not until():
        assert time.monotonic() < end, "it took too long"
        app.processEvents()
        time.sleep(0.005)
wait(lambda: made.session is not None)
session, view = made.session, made.viewport
assert isinstance(view._canvas, CardCanvas)
drawn = []
view.drawn.connect(lambda: drawn.append(1))
def picture():
    drawn.clear()
    view._canvas.draw()
    wait(lambda: len(drawn) > 1)
    return view.surface.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
def differ(a, b):
    size = range(0, a.width(), 5), range(0, a.height(), 5)
    places = [(x, y) for x in size[0] for y in size[1]]
    found = [a.pixelColor(*at).lightness() - b.pixelColor(*at).lightness() for at in places]
    return sum(abs(d) > 12 for d in found) / len(found)
session.do(commands.set_time, session.state.time.replace(hour=9))
morning = picture()
print(made.status._shadows.text())
session.do(commands.set_time, session.state.time.replace(hour=19))  # shadows are long
evening = picture()
session.do(commands.toggle_shadows)
none = picture()
print(made.status._shadows.text() or "no shadows")
session.do(commands.toggle_shadows)
print(differ(evening, morning), differ(evening, none), differ(evening, picture()))
print(sorted({key[0] for key in session._results} & {"lit", "surfaces"}))
made.changed_since_saving = False
made.close()
"""
    text, off, pictures, computed = alone(code, str(HOUSE)).splitlines()
    assert text == "Shadows: drawn by the card"
    assert off == "no shadows"
    other_hour, without, again = (float(share) for share in pictures.split())
    assert other_hour > 0.03
    assert without > 0.03
    assert again == 0
    assert computed == "[]"


def alone(code: str, *arguments: str) -> str:
    """What a program prints that runs in a process of its own; nothing may go wrong in it."""
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parents[1]), *arguments],
        capture_output=True,
        check=False,
        text=True,
        timeout=150,
    )
    assert done.returncode == 0, done.stderr
    assert "ERR|" not in done.stderr
    return done.stdout
