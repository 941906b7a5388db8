"""A picture of a comparison shows each side as it is alone, and says which is which."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import small_station
from PySide6.QtGui import QImage

from twin.app.picture import render
from twin.cli.main import parser
from twin.cli.render import state_of
from twin.errors import TwinError
from twin.formats.open_project import open_project
from twin.model.state import State

pytestmark = pytest.mark.usefixtures("qapp")

SIZE = (400, 240)
SWIPE = replace(
    small_station.TODAY,
    scenario="tower",
    compare="swipe",
    compared=("today",),
    divider=0.37,
    camera=small_station.VIEW,
)


def drawn(path: Path, state: State, *, furniture: bool = False) -> tuple[QImage, np.ndarray]:
    render(small_station.project(), state, size=SIZE, path=path, furniture=furniture)
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return image, rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()


def test_a_swipe_is_saved_as_both_pictures_pixel_for_pixel(tmp_path: Path) -> None:
    _, found = drawn(tmp_path / "swipe.png", SWIPE)
    single = [
        drawn(tmp_path / f"{name}.png", replace(SWIPE, scenario=name, compare="none"))[1]
        for name in ("today", "tower")
    ]
    cut = round(0.37 * SIZE[0])
    assert np.array_equal(found[:, :cut], single[0][:, :cut])
    assert np.array_equal(found[:, cut:], single[1][:, cut:])
    assert not np.array_equal(*single)


def test_furniture_tells_the_sides_apart(tmp_path: Path) -> None:
    _, plain = drawn(tmp_path / "plain.png", SWIPE)
    image, found = drawn(tmp_path / "full.png", SWIPE, furniture=True)
    cut = round(0.37 * SIZE[0])
    line = found[100:150, cut - 2 : cut + 2]
    assert (line == 255).all(axis=(0, 2)).any(), "a light line where one side ends"
    assert not np.array_equal(found, plain)
    told = json.loads(image.text("Description").split("\n")[1])
    assert (told["compare"], told["compared"], told["divider"]) == ("swipe", ["today"], 0.37)
    assert "Today | A tower on the square" in image.text("Title")


def test_a_difference_says_what_is_compared_with_what(tmp_path: Path) -> None:
    state = replace(SWIPE, compare="difference")
    image, found = drawn(tmp_path / "difference.png", state, furniture=True)
    assert "A tower on the square compared with Today" in image.text("Title")
    green_blue = (found[..., 1] > found[..., 0] + 40) & (found[..., 2] > found[..., 0] + 30)
    assert green_blue.sum() > 200


def test_four_scenarios_are_four_pictures(tmp_path: Path) -> None:
    state = replace(SWIPE, compare="split", compared=("today", "green"))
    image, found = drawn(tmp_path / "split.png", state)
    assert found.shape == (SIZE[1], SIZE[0], 3)
    assert "Today | A tower on the square | A green square" in image.text("Title")


def test_what_is_not_there_cannot_be_compared(tmp_path: Path) -> None:
    with pytest.raises(TwinError, match="There is no scenario 'gone'"):
        drawn(tmp_path / "a.png", replace(SWIPE, compared=("gone",)))


def asked(helsinki: Path, *arguments: str) -> State:
    options = parser().parse_args(["render", "--out", "a.png", *arguments])
    return state_of(open_project(helsinki), options)


def test_arguments_say_what_is_compared(helsinki: Path) -> None:
    state = asked(
        helsinki, "--scenario", "towers", "--compare", "swipe", "--with", "today", "--divider", "0.3"
    )
    assert (state.compare, state.compared, state.divider) == ("swipe", ("today",), 0.3)
    state = asked(helsinki, "--compare", "split", "--with", "green, towers")
    assert (state.compare, state.compared) == ("split", ("green", "towers"))


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--with", "green"), "need --compare"),
        (("--compare", "swipe", "--with", "green,towers"), "at most 1"),
        (("--compare", "swipe", "--with", "today"), "no scenario to compare with 'today'"),
        (("--compare", "swipe", "--divider", "7"), "a number from 0 to 1"),
    ],
)
def test_what_cannot_be_compared_is_refused(helsinki: Path, arguments: tuple[str, ...], told: str) -> None:
    with pytest.raises(TwinError, match=told):
        asked(helsinki, *arguments)
