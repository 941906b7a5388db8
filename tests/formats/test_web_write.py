"""The ground of a page as a picture, and a page without its viewer."""

import base64
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import shapely
import small_station

from twin.errors import DataError
from twin.formats import web_write
from twin.model.layer import Style
from twin.model.raster import Raster
from twin.model.state import Camera
from twin.model.terrain import Terrain, height_at
from twin.model.web_page import Key, Patch, Solid, Step, Variant, Veil, WebPage
from twin.render.web_page import hills_of, trees_of

BOUNDS = (-50.0, -40.0, 50.0, 40.0)
CAMERA = Camera((0.0, -100.0, 50.0), (0.0, 0.0, 0.0))


def patch(*shapes: shapely.Geometry, colour: tuple[int, int, int]) -> Patch:
    return Patch(np.array(shapes, dtype=object), np.tile(np.array(colour, dtype=np.uint8), (len(shapes), 1)))


def at(picture: np.ndarray, x: float, y: float) -> tuple[int, ...]:
    return tuple(picture[int((40 - y) / 0.5), int((x + 50) / 0.5)].tolist())


def test_a_hole_shows_what_was_below_and_what_is_later_lies_on_top() -> None:
    yard = shapely.box(-20, -20, 20, 20) - shapely.box(-10, -10, 10, 10)
    below, above = patch(shapely.box(-50, -40, 0, 40), colour=(0, 0, 200)), patch(yard, colour=(200, 0, 0))
    picture = web_write.painted((below, above), BOUNDS, "#ffffff")
    assert picture.shape == (160, 200, 3)
    assert at(picture, -15, 0) == (200, 0, 0)
    assert at(picture, -5, 5) == (0, 0, 200)
    assert at(picture, 5, 5) == (255, 255, 255)
    assert at(picture, -45, 35) == (0, 0, 200)  # the north-west is above left
    assert at(picture, 45, -35) == (255, 255, 255)


def test_a_large_area_gets_coarser_pixels() -> None:
    picture = web_write.painted((), (0.0, 0.0, 5000.0, 1000.0), "#102030")
    assert max(picture.shape) <= web_write.LARGEST


def page(title: str) -> WebPage:
    triangle = np.array([[0, 0, 0], [10, 0, 0], [0, 0, 10]], dtype=np.float32)
    solid = Solid(
        triangle,
        np.full((3, 3), 200, dtype=np.uint8),
        np.array([[0, 1, 2]], dtype=np.uint32),
        np.zeros(1, dtype=np.uint32),
        (title,),
        ("Building",),
        ((("use", title),),),
    )
    veil = Veil("utci", "UTCI", np.zeros((4, 5, 4), dtype=np.uint8), BOUNDS, Key("UTCI", "°C", (), "", ""))
    gone, trees = np.zeros(0, dtype=np.uint32), np.zeros((0, 5), dtype=np.float32)
    variant = Variant("today", title, "", gone, solid, (), trees, (veil,), (("Trees", "", 3.0, 0),))
    story = (Step(title, camera=CAMERA),)
    suns = ((12, 50.0, 180.0),)
    return WebPage(
        title,
        "15 July",
        CAMERA,
        BOUNDS,
        "#ffffff",
        solid,
        (variant,),
        suns,
        story,
        ("© A",),
        "EPSG:3879",
        "N2000",
    )


@pytest.fixture
def viewer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands in for the folder of the parts that never change."""
    for name in web_write.FILES.values():
        path = tmp_path / "web" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("// it")
    monkeypatch.setattr(web_write, "WEB", tmp_path / "web")
    return tmp_path / "web"


def test_text_of_the_data_cannot_end_its_script(viewer: Path, tmp_path: Path) -> None:
    evil = "</script><script>alert(1)</script>\u2028"
    size = web_write.write(page(evil), tmp_path / "page")
    text = (tmp_path / "page" / "data.js").read_text(encoding="utf-8")
    assert "</script" not in text
    assert "\u2028" not in text
    tree = json.loads(text.removeprefix("window.TWIN = ").rstrip().removesuffix(";"))
    assert tree["title"] == evil
    assert size == sum(file.stat().st_size for file in (tmp_path / "page").iterdir())
    assert "© A" in (tmp_path / "page" / "LICENCES.txt").read_text()


def test_without_a_viewer_it_says_how_to_make_one(viewer: Path, tmp_path: Path) -> None:
    (viewer / "dist" / "viewer.js").unlink()
    with pytest.raises(DataError, match=r"scripts/make_viewer\.py"):
        web_write.write(page("A"), tmp_path / "page")
    assert not (tmp_path / "page").exists()


def test_a_page_lies_on_its_hills_and_so_do_its_trees(viewer: Path, tmp_path: Path) -> None:
    slope = np.tile(np.linspace(0.0, 20.0, 30, dtype=np.float32), (30, 1))  # rises to the east
    terrain = Terrain("dem", "Heights", Raster(slope, -75.0, 75.0, 5.0, "dem", "Heights", "m"), source="© B")
    hills = hills_of(terrain, BOUNDS)
    assert hills.heights.shape == (17, 21)  # corners of cells of 5 m
    assert np.allclose(hills.heights, height_at(terrain, np.linspace(-50, 50, 21), np.zeros(21)), atol=1e-4)
    trees = trees_of(
        [
            small_station.layer(
                "trees", [shapely.Point(-40, 0), shapely.Point(40, 0)], Style("#0f0", glyph="tree")
            )
        ],
        terrain,
    )
    assert trees.shape == (2, 5)
    assert trees[1, 4] - trees[0, 4] == pytest.approx(80 * 20 / 145, abs=0.01)

    web_write.write(replace(page("A"), hills=hills), tmp_path / "page")
    text = (tmp_path / "page" / "data.js").read_text(encoding="utf-8")
    told = json.loads(text.removeprefix("window.TWIN = ").rstrip().removesuffix(";"))["hills"]
    assert (told["rows"], told["columns"]) == (17, 21)
    found = np.frombuffer(base64.b64decode(told["heights"]), dtype="<f4")
    assert np.array_equal(found, hills.heights.ravel())
