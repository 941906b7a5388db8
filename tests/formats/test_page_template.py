"""A page of one's own is read from a small file, and every fault in it is named."""

from pathlib import Path

import pytest
import small_station

from twin.cli.matrix_sheets import wanted_of
from twin.cli.picture_options import DPI
from twin.errors import DataError, TwinError
from twin.formats.page_template import load, page_of
from twin.model.sheet import FURNITURE, OWN, PAGES, SCREEN


def written(folder: Path, text: str) -> Path:
    path = folder / "council.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_what_a_template_does_not_say_is_as_on_its_base(tmp_path: Path) -> None:
    page = load(written(tmp_path, 'base = "a3"\nplace = "below"\norder = ["legends", "north"]\n'))
    assert (page.title, page.width, page.height) == ("council", 420.0, 297.0)
    assert (page.text, page.place, page.order) == (PAGES["a3"].text, "below", ("legends", "north"))
    assert load(written(tmp_path, "")).order == FURNITURE


def test_whole_numbers_are_millimetres_too(tmp_path: Path) -> None:
    page = load(written(tmp_path, 'title = "Board"\nwidth = 600\nheight = 900\ntext = 6\n'))
    assert (page.title, page.width, page.height, page.text) == ("Board", 600.0, 900.0, 6.0)


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("width = 10", "width", "is 10 mm"),
        ("text = 90", "text", "is 90 mm"),
        ('width = "wide"', "width", "number"),
        ('base = "a9"', "base", "no page"),
        ('colour = "red"', "colour", "not known"),
        ('place = "left"', "place", "left"),
        ('order = ["legends", "north", "map"]', "order", "no 'map'"),
        ('order = ["legends", "north", "north"]', "order", "twice"),
        ('order = ["facts", "north"]', "order", "lacks 'legends'"),
        ("width =", "", "not TOML"),
    ],
)
def test_what_is_wrong_in_a_template_is_named(text: str, where: str, what: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=what) as told:
        load(written(tmp_path, text))
    assert where in str(told.value)


def test_a_page_is_named_or_a_file(tmp_path: Path) -> None:
    assert page_of("A4") == ("a4", None)
    assert page_of("screen") == (SCREEN, None)
    name, own = page_of(written(tmp_path, "width = 100").name, tmp_path)
    assert name == OWN
    assert own is not None
    assert own.width == 100.0
    with pytest.raises(TwinError, match="template"):
        page_of("a7")
    with pytest.raises(DataError, match="cannot be read"):
        page_of("nowhere.toml", tmp_path)


def test_a_matrix_finds_the_template_beside_it(tmp_path: Path) -> None:
    written(tmp_path, "width = 150")
    tree = {"page": "council.toml", "small_multiples": ["scenarios"], "scenarios": ["today", "tower"]}
    (wanted,) = wanted_of(tmp_path / "matrix.toml", small_station.project(), tree)
    assert wanted.sheet.page == OWN
    assert wanted.sheet.own is not None
    assert wanted.sheet.own.width == 150.0
    assert wanted.sheet.size[0] == round(150 / 25.4 * DPI)
