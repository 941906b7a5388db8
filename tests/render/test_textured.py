"""Surfaces wear their pictures and materials, in the light of the scene."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_station
from numpy.typing import NDArray

from twin.analysis.sun import Sun
from twin.model.appearance import Appearance, Image, Material
from twin.model.atlas import CLAMPED, MIRRORED, REPEATED, Atlas
from twin.model.city import City, CityObject, Polygon3D, from_objects
from twin.model.state import Camera
from twin.render.snapshot import Darkroom
from twin.scene.camera import looking
from twin.scene.colours import USE_COLOURS, Classes
from twin.scene.items import Buildings, Colouring, Item, Mask, Sunlight
from twin.scene.scene import Scene

SIDE = 100.0
ABOVE = looking((50.0, 50.0, 5.0), heading=0.0, tilt=89.9, distance=220.0)
ASLANT = looking((50.0, 50.0, 5.0), heading=20.0, tilt=30.0, distance=170.0)
ALARM = (255, 0, 255)
"""What lies beside the picture on its page."""


def page(picture: NDArray[np.uint8], at: int = 512) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """A page with one picture, and its place."""
    rows, columns, _ = picture.shape
    made = np.empty((2048, 2048, 4), np.uint8)
    made[:] = (*ALARM, 255)
    made[at : at + rows, at : at + columns] = picture
    low = 1 - (at + rows) / 2048
    return made, np.array([[at / 2048, low, columns / 2048, rows / 2048]], np.float32)


def plain(colour: tuple[int, int, int, int] = (0, 90, 0, 255), side: int = 128) -> NDArray[np.uint8]:
    return np.full((side, side, 4), colour, np.uint8)


def halves() -> NDArray[np.uint8]:
    """Red to the left, blue to the right."""
    made = plain((200, 0, 0, 255))
    made[:, 64:] = (0, 0, 200, 255)
    return made


def square(times: float = 1.0, *, start: float = 0.0, materials: tuple[Material, ...] = ()) -> City:
    """A level square that shows its picture so many times."""
    ring = np.array([(0.0, 0, 5), (SIDE, 0, 5), (SIDE, SIDE, 5), (0, SIDE, 5)])
    city = from_objects(
        small_station.PLACE, [CityObject("roof", polygons=(Polygon3D((ring,), "RoofSurface"),))]
    )
    where = (start + ring[:, :2] / SIDE * times).astype(np.float32)
    image = np.array([-1 if materials else 0], np.int32)
    material = np.array([0 if materials else -1], np.int32)
    return replace(city, appearance=Appearance((Image(Path("a.jpg")),), materials, image, material, where))


def atlas(picture: NDArray[np.uint8], wrap: int = REPEATED) -> Atlas:
    made, place = page(picture)
    return Atlas((made,), np.array([0], np.int32), place, np.array([wrap], np.uint8))


def photograph(room: Darkroom, item: Buildings, camera: Camera = ABOVE) -> NDArray[np.int64]:
    items: dict[str, Item] = {"buildings": item, "sun": Sunlight(60.0, 180.0)}
    return room.photograph(Scene(items, camera, Sun(60.0, 180.0), None)).astype(np.int64)


def of(picture: NDArray[np.int64], channel: int) -> NDArray[np.bool_]:
    """Pixels in which one of red, green and blue is far above the others."""
    others = np.delete(picture, channel, axis=2).max(axis=2)
    return np.asarray(picture[..., channel] - others > 40)


@pytest.mark.parametrize("times", [1.0, 2.5, 30.0, 400.0])
@pytest.mark.parametrize("camera", [ABOVE, ASLANT])
def test_nothing_of_the_neighbours_on_a_page_is_seen(room: Darkroom, times: float, camera: object) -> None:
    picture = photograph(room, Buildings(square(times), atlas=atlas(plain())), camera)
    alarmed = np.minimum(picture[..., 0], picture[..., 2]) - picture[..., 1] > 20
    assert not alarmed.any()
    assert of(picture, 1).mean() > 0.1


@pytest.mark.parametrize(
    ("wrap", "expected"),
    # what is seen at quarters of a square that shows its picture from -1 to 3
    [(REPEATED, "rbrbrbrb"), (MIRRORED, "brrbbrrb"), (CLAMPED, "rrrbbbbb")],
)
def test_pictures_go_on_beyond_their_edges_as_they_should(room: Darkroom, wrap: int, expected: str) -> None:
    picture = photograph(room, Buildings(square(4.0, start=-1.0), atlas=atlas(halves(), wrap)))
    row = picture[90]
    there = np.flatnonzero(np.abs(row[:, 0] - row[:, 2]) > 40)
    places = np.linspace(there.min(), there.max(), 17)[1::2].round().astype(int)
    assert "".join("r" if row[x, 0] > row[x, 2] else "b" for x in places) == expected


def test_from_afar_a_picture_is_its_mean_colour(room: Darkroom) -> None:
    board = plain((250, 250, 250, 255))
    board[::2, ::2] = board[1::2, 1::2] = (0, 0, 0, 255)
    picture = photograph(room, Buildings(square(300.0), atlas=atlas(board)))[80:100, 140:180]
    assert picture.std(axis=(0, 1)).max() < 12
    assert 90 < picture.mean() < 160


def test_pictures_are_lit_by_the_sun(room: Darkroom) -> None:
    item = Buildings(square(), atlas=atlas(plain((120, 120, 120, 255))))
    noon = photograph(room, item)[90, 160]
    items: dict[str, Item] = {"buildings": item, "sun": Sunlight(-10.0, 0.0)}
    night = room.photograph(Scene(items, ABOVE, Sun(-10.0, 0.0), None))[90, 160]
    assert int(night.sum()) < 0.7 * int(noon.sum())


def test_holes_in_a_picture_are_holes(room: Darkroom) -> None:
    fence = plain()
    fence[:, ::2, 3] = 0
    whole = of(photograph(room, Buildings(square(), atlas=atlas(plain()))), 1).mean()
    cut = of(photograph(room, Buildings(square(0.05), atlas=atlas(fence))), 1).mean()
    assert 0.3 * whole < cut < 0.8 * whole


def test_pictures_are_hidden_by_a_colouring_and_by_choice(room: Darkroom) -> None:
    city, found = square(), atlas(plain())
    uses = Colouring("use", Classes(tuple(USE_COLOURS.items())))
    assert of(photograph(room, Buildings(city, atlas=found)), 1).mean() > 0.1
    assert not of(photograph(room, Buildings(city, uses, atlas=found)), 1).any()
    assert not of(photograph(room, Buildings(city, textures=False, atlas=found)), 1).any()
    assert of(photograph(room, Buildings(city, atlas=found)), 1).mean() > 0.1, "and come back"


def test_a_picture_that_could_not_be_read_leaves_its_surface_plain(room: Darkroom) -> None:
    found = replace(atlas(plain()), page=np.array([-1], np.int32), pages=())
    lost = photograph(room, Buildings(square(), atlas=found))
    assert (lost == photograph(room, Buildings(square(), textures=False))).all()


def test_a_surface_with_a_corner_that_has_no_place_in_its_picture_is_plain(room: Darkroom) -> None:
    city = square()
    assert city.appearance is not None
    where = city.appearance.coordinates.copy()
    where[2] = np.nan
    city = replace(city, appearance=replace(city.appearance, coordinates=where))
    assert not of(photograph(room, Buildings(city, atlas=atlas(plain()))), 1).any()


def test_materials_are_seen_and_glass_is_seen_through(room: Darkroom) -> None:
    red = Material("red", (0.9, 0.1, 0.1))
    solid = photograph(room, Buildings(square(materials=(red,))))
    clear = photograph(room, Buildings(square(materials=(replace(red, transparency=0.7),))))
    nothing = photograph(room, Buildings(square(materials=(replace(red, transparency=1.0),))))
    assert of(solid, 0).mean() > 0.1
    middle = np.s_[85:95, 150:170]
    assert clear[middle][..., 1].mean() > solid[middle][..., 1].mean() + 40
    assert nothing[middle][..., 1].mean() > clear[middle][..., 1].mean() + 20


@pytest.mark.parametrize("look", [{"chosen": ("roof",)}, {"marked": ("roof",)}])
def test_what_is_clicked_or_new_shows_through_its_picture(room: Darkroom, look: dict[str, Any]) -> None:
    city, found = square(), atlas(plain((200, 200, 200, 255)))
    before = photograph(room, Buildings(city, atlas=found))
    after = photograph(room, Buildings(city, atlas=found, **look))
    changed = np.abs(after - before).max(axis=2) > 12
    assert changed.mean() > 0.1
    room.stage.clear()
    assert (photograph(room, Buildings(city, atlas=found, **look)) == after).all()


def test_hidden_surfaces_hide_their_pictures(room: Darkroom) -> None:
    city, found = square(), atlas(plain())
    shown = photograph(room, Buildings(city, atlas=found))
    assert not of(photograph(room, Buildings(city, atlas=found, hidden=Mask(np.array([True])))), 1).any()
    assert (photograph(room, Buildings(city, atlas=found)) == shown).all()


def test_the_pictures_of_a_real_model_are_drawn(room: Darkroom, shared_data: Path) -> None:
    from twin.formats.open_project import first_state, open_project
    from twin.session.session import Session

    folder = shared_data / "citygml" / "ingolstadt_lod3" / "A"
    project = open_project(folder / "_merged_lod3_A.gml")
    camera = looking((-20.0, 60.0, 4.0), heading=200.0, tilt=25.0, distance=130.0)
    state = replace(first_state(project), camera=camera, shadows=False)
    scenes = [Session(project, replace(state, textures=each)).scene for each in (True, False)]
    pictured, bare = (room.photograph(scene).astype(int) for scene in scenes)
    roofs = (pictured[..., 0] - pictured[..., 2] > 60) & (bare[..., 0] - bare[..., 2] < 30)
    assert roofs.mean() > 0.02, "red tiles"
    assert not any("picture" in notice for notice in scenes[0].notices)
