"""A city in tiles looks as it does in one piece, only quicker."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import small_station
from numpy.typing import NDArray
from vtkmodules.vtkRenderingCore import vtkRenderer

from twin.analysis.sun import Sun
from twin.model.appearance import Appearance, Image, Material
from twin.model.atlas import Atlas
from twin.model.city import SURFACE_TYPES, City, CityObject, from_objects
from twin.model.state import Camera
from twin.render import tiles
from twin.render.camera import place_camera
from twin.render.crowd import TILES
from twin.render.drawn_tile import BLOCKS, FINE
from twin.render.snapshot import Darkroom
from twin.render.textured import PLAIN
from twin.render.tiled import TiledActors, TiledCity
from twin.render.view import View
from twin.scene.camera import looking
from twin.scene.colours import USE_COLOURS, Classes
from twin.scene.items import Buildings, Colouring, Ground, Mask, Sunlight
from twin.scene.scene import Scene

NEAR = looking((0.0, 0.0, 5.0), heading=20.0, tilt=25.0, distance=180.0)
FAR = looking((0.0, 0.0, 0.0), heading=20.0, tilt=35.0, distance=2500.0)
USES = Colouring("use", Classes(tuple(USE_COLOURS.items())))


@pytest.fixture
def city(made_city: ModuleType) -> City:
    found: City = made_city.city(400)
    return found


@pytest.fixture
def in_tiles(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(tiles, "MANY_OBJECTS", 50)
    monkeypatch.setattr(tiles, "TRIANGLES", 600)
    yield
    tiles.tiles_of.cache_clear()


@pytest.fixture
def moving(room: Darkroom) -> Iterator[Darkroom]:
    """The room while the view moves; the next test finds it as it was."""
    yield room
    room.stage.fine(True)
    room.stage.renderer.SetUseFXAA(False)


def scene(city: City, camera: Camera = NEAR, **look: Any) -> Scene:
    items = {
        "ground": Ground((-2000.0, -2000.0, 2000.0, 2000.0), "#e9e6df"),
        "buildings": Buildings(city, **look),
        "sun": Sunlight(40.0, 150.0),
    }
    return Scene(items, camera, Sun(40.0, 150.0), None)


def city_of(room: Darkroom) -> TiledCity:
    actors = room.stage._actors["buildings"]
    assert isinstance(actors, TiledActors)
    return actors.city


def drawn(room: Darkroom) -> tuple[int, int, int]:
    """How many tiles are drawn in full, as blocks, and as a few of them; those not in sight are left out."""
    city = city_of(room)
    seen = View.of(room.stage.renderer).sees(city.tiles.low, city.tiles.high)
    counts = [
        [
            tile.level == FINE,
            bool(tile.blocks.GetVisibility()),
            bool(city.crowds[number // TILES].actor.GetVisibility()),
        ]
        for number, tile in enumerate(city.drawn)
    ]
    assert all(sum(each) == 1 for each, here in zip(counts, seen, strict=True) if here), "each tile once"
    assert all(sum(each) <= 1 for each in counts)
    full, blocks, crowds = np.sum(counts or [(0, 0, 0)], axis=0).tolist()
    return full, blocks, crowds


def different(a: NDArray[np.uint8], b: NDArray[np.uint8], by: int = 12) -> float:
    return float((np.abs(a.astype(int) - b).max(axis=2) > by).mean())


def mask(city: City, *rows: int) -> Mask:
    hidden = np.zeros(len(city.object_id), dtype=bool)
    hidden[list(rows)] = True
    return Mask(hidden)


def test_from_near_tiles_look_like_one_piece(
    room: Darkroom, made_city: ModuleType, request: pytest.FixtureRequest
) -> None:
    city, close = made_city.city(60), looking((0.0, 0.0, 5.0), heading=20.0, tilt=30.0, distance=90.0)
    looks: list[dict[str, object]] = [{}, {"colouring": USES}, {"hidden": mask(city, *range(0, 60, 3))}]
    whole = [room.photograph(scene(city, close, **look)) for look in looks]
    assert different(whole[0], whole[1]) > 0.2
    assert different(whole[0], whole[2]) > 0.05
    request.getfixturevalue("in_tiles")
    room.stage.clear()
    for look, expected in zip(looks, whole, strict=True):
        assert different(room.photograph(scene(city, close, **look)), expected, by=2) < 0.002
    assert drawn(room)[0] > 1


def pictured(city: City, clear: float = 0.0) -> tuple[City, Atlas]:
    """The city with a picture on its roofs, blue walls that may be clear, and red ones."""
    count = len(city.surface_type)
    roof = city.surface_type == SURFACE_TYPES.index("RoofSurface")
    wall = city.surface_type == SURFACE_TYPES.index("WallSurface")
    materials = (Material("brick", (0.7, 0.3, 0.2)), Material("glass", (0.4, 0.6, 0.9), clear))
    image = np.where(roof, np.arange(count) % 2, -1).astype(np.int32)
    kind = np.where(wall, np.arange(count) % 5 - 3, -1)
    looks = Appearance(
        (Image(Path("a.jpg")), Image(Path("b.jpg"))),
        materials,
        image,
        np.maximum(kind, -1).astype(np.int32),
        (city.vertices[:, :2] / 4.0).astype(np.float32),
    )
    pages = [np.full((64, 2048, 4), 255, np.uint8) for _ in range(2)]
    pages[0][:, :64, :3] = (30, 120, 30)
    pages[0][:32, :64, :3] = (60, 160, 40)
    pages[1][:, :64, :3] = (150, 120, 30)
    place = np.array([[0.0, 0.0, 64 / 2048, 1.0]] * 2, np.float32)
    atlas = Atlas(tuple(pages), np.array([0, 1], np.int32), place, np.zeros(2, np.uint8))
    return replace(city, appearance=looks), atlas


# panes behind each other are drawn in the order of the tiles, not in that of the file
@pytest.mark.parametrize(("clear", "share"), [(0.0, 0.003), (0.5, 0.03)])
def test_pictures_and_glass_in_tiles_are_those_of_one_piece(
    room: Darkroom, made_city: ModuleType, request: pytest.FixtureRequest, clear: float, share: float
) -> None:
    close = looking((0.0, 0.0, 5.0), heading=20.0, tilt=30.0, distance=90.0)
    city, atlas = pictured(made_city.city(60), clear)
    chosen = tuple(city.object_id[:20].tolist())
    looks: list[dict[str, object]] = [
        {"atlas": atlas},
        {"atlas": atlas, "chosen": chosen},
        {"atlas": atlas, "hidden": mask(city, *range(0, 60, 3))},
        {"atlas": atlas, "textures": False},
        {},
    ]
    whole = [room.photograph(scene(city, close, **look)) for look in looks]
    assert min(different(whole[0], other) for other in whole[1:]) > 0.02
    request.getfixturevalue("in_tiles")
    room.stage.clear()
    for look, expected in zip(looks, whole, strict=True):
        assert different(room.photograph(scene(city, close, **look)), expected, by=3) < share
    assert drawn(room)[0] > 1


@pytest.mark.usefixtures("in_tiles")
def test_from_afar_buildings_have_the_mean_colour_of_their_pictures(room: Darkroom, city: City) -> None:
    dressed, atlas = pictured(city)
    plain = room.photograph(scene(dressed, FAR)).astype(int)
    shown = room.photograph(scene(dressed, FAR, atlas=atlas)).astype(int)
    greener = (shown[..., 1] - shown[..., 2]) - (plain[..., 1] - plain[..., 2]) > 8
    assert greener.mean() > 0.005
    assert drawn(room)[0] == 0


@pytest.mark.usefixtures("in_tiles")
def test_what_is_far_is_drawn_as_blocks_and_while_moving_as_few(moving: Darkroom, city: City) -> None:
    room = moving
    room.photograph(scene(city, FAR))
    assert drawn(room)[0] == 0
    blocks = drawn(room)[1]
    room.stage.fine(False)
    room.take()
    assert drawn(room)[2] > 0
    assert drawn(room)[1] < blocks
    room.stage.fine(True)
    room.take()
    assert drawn(room)[1] == blocks


@pytest.mark.usefixtures("in_tiles")
def test_only_what_is_seen_is_worked_out_in_full(room: Darkroom, city: City) -> None:
    room.photograph(scene(city, looking((200.0, 200.0, 5.0), heading=45.0, tilt=20.0, distance=60.0)))
    full, blocks, _ = drawn(room)
    tiles_of = city_of(room).drawn
    assert 0 < full <= full + blocks < len(tiles_of)
    behind = {tile.blocks for tile in tiles_of if tile.level == BLOCKS and not tile.blocks.GetVisibility()}
    actors = room.stage._actors["buildings"]
    assert isinstance(actors, TiledActors)
    assert behind
    assert behind <= set(actors.casters), "what is behind may still throw a shadow into the picture"


@pytest.mark.usefixtures("in_tiles")
def test_while_moving_few_tiles_are_worked_out_at_once(moving: Darkroom, city: City) -> None:
    room = moving
    room.stage.fine(False)
    room.stage.show(scene(city))
    counts = []
    for _ in range(12):
        room.take()
        counts.append(drawn(room)[0])
    assert counts[0] < counts[-1]
    assert max(np.diff(counts)) <= 2


@pytest.mark.usefixtures("in_tiles")
def test_pieces_of_a_near_tile_that_are_not_in_the_picture_are_left_out_of_it_alone(
    room: Darkroom, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tiles, "TRIANGLES", 4000)
    close = looking((60.0, 60.0, 5.0), heading=20.0, tilt=15.0, distance=90.0)
    some = room.photograph(scene(city, close))
    pieces = [piece for tile in city_of(room).drawn if tile.level == FINE for piece in tile.pieces]
    left_out = [piece for piece in pieces if not piece.bodies[PLAIN].GetVisibility()]
    assert 0 < len(left_out) < len(pieces)
    assert sum(len(tile.bodies) for tile in city_of(room).drawn if tile.level == FINE) == len(pieces), (
        "all cast"
    )
    monkeypatch.setattr(View, "sees", lambda _self, low, _high: np.ones(len(low), dtype=bool))
    assert (room.take() == some).all()
    assert all(piece.bodies[PLAIN].GetVisibility() for piece in left_out)


@pytest.mark.usefixtures("in_tiles")
def test_what_is_drawn_in_full_for_the_first_time_has_the_bolder_lines_of_its_picture(
    room: Darkroom, city: City
) -> None:
    room.photograph(scene(city, FAR))
    before = set(room.stage.actors)
    room.stage.show(scene(city))
    with room.stage.bolder(3.0):
        room.take()
        new = set(room.stage.actors) - before
        assert {actor.GetProperty().GetLineWidth() for actor in new} == {3.0}
    assert {actor.GetProperty().GetLineWidth() for actor in room.stage.actors} == {1.0}


@pytest.mark.parametrize("camera", [NEAR, FAR])
@pytest.mark.usefixtures("in_tiles")
def test_new_colours_in_place_are_those_of_a_city_made_anew(
    room: Darkroom, city: City, camera: Camera
) -> None:
    plain = room.photograph(scene(city, camera))
    chosen = str(city.object_id[7])
    room.stage.show(scene(city, camera, colouring=USES, chosen=(chosen,)))
    changed = room.take()
    assert different(plain, changed) > 0.005
    room.stage.clear()
    assert (room.photograph(scene(city, camera, colouring=USES, chosen=(chosen,))) == changed).all()
    room.stage.show(scene(city, camera))
    assert (room.take() == plain).all()


@pytest.mark.parametrize("camera", [NEAR, FAR])
@pytest.mark.usefixtures("in_tiles")
def test_what_is_hidden_is_not_in_the_picture_and_comes_back(
    room: Darkroom, city: City, camera: Camera
) -> None:
    full = room.photograph(scene(city, camera))
    room.stage.show(scene(city, camera, hidden=mask(city, *range(len(city.object_id)))))
    nothing = room.take()
    items = {name: item for name, item in scene(city, camera).items.items() if name != "buildings"}
    assert (room.photograph(replace(scene(city, camera), items=items)) == nothing).all()
    room.stage.show(scene(city, camera, hidden=mask(city, *range(0, len(city.object_id), 2))))
    half = room.take()
    assert different(half, nothing) > 0.002
    assert different(half, full) > 0.002
    room.stage.show(scene(city, camera))
    assert (room.take() == full).all()


@pytest.mark.usefixtures("in_tiles")
def test_a_clear_city_in_tiles_is_clear(room: Darkroom, city: City) -> None:
    solid = room.photograph(scene(city))
    room.stage.show(scene(city, opacity=0.3))
    assert different(room.take(), solid) > 0.3
    room.stage.show(scene(city))
    assert (room.take() == solid).all()


@pytest.mark.usefixtures("in_tiles")
def test_a_city_that_was_kept_is_drawn_once_when_it_comes_back(
    room: Darkroom, city: City, made_city: ModuleType
) -> None:
    first = room.photograph(scene(city))
    room.photograph(scene(made_city.city(300)))
    assert (room.photograph(scene(city)) == first).all()
    drawn(room)


@pytest.mark.usefixtures("in_tiles")
def test_what_was_drawn_in_full_once_does_not_shade_the_blocks_that_stand_for_it(city: City) -> None:
    room = Darkroom((320, 180), fine=False, shadows="card")

    def shaded(camera: Camera) -> Scene:
        plain = scene(city, camera)
        return replace(plain, items={**plain.items, "sun": Sunlight(40.0, 150.0, True)})

    fresh = room.photograph(shaded(FAR))
    assert different(fresh, room.photograph(scene(city, FAR))) > 0.002, "there are shadows"
    room.photograph(shaded(NEAR))
    assert drawn(room)[0] > 1
    assert (room.photograph(shaded(FAR)) == fresh).all()
    room.close()


@pytest.mark.usefixtures("in_tiles")
def test_a_large_city_without_any_shape_is_drawn_as_nothing(room: Darkroom) -> None:
    city = from_objects(small_station.PLACE, [CityObject(f"o{i}") for i in range(60)])
    nothing = room.photograph(scene(city))
    room.stage.show(scene(city, chosen=("o3",), hidden=mask(city, 5), opacity=0.5))
    assert (room.take() == nothing).all()
    assert drawn(room) == (0, 0, 0)


def test_a_box_of_which_a_corner_is_in_the_picture_is_seen() -> None:
    renderer = vtkRenderer()
    renderer.SetViewport(0, 0, 1, 1)
    place_camera(renderer, NEAR)
    camera = renderer.GetActiveCamera()
    planes = [0.0] * 24
    camera.GetFrustumPlanes(16 / 9, planes)
    view = View(np.array(NEAR.position), np.array(planes).reshape(6, 4), 700.0)
    matrix = camera.GetCompositeProjectionTransformMatrix(16 / 9, -1, 1)
    chance = np.random.default_rng(3)
    low = chance.uniform(-400, 400, (3000, 3)) * (1, 1, 0.1)
    high = low + chance.uniform(1, 30, (3000, 3))
    inside = []
    for place in low:
        x, y, z, w = matrix.MultiplyPoint((*place, 1.0))
        inside.append(w > 0 and max(abs(x), abs(y), abs(z)) < w)
    seen = view.sees(low, high)
    assert 20 < sum(inside) < 2500
    assert seen[inside].all()
    assert seen.mean() < 0.7


def test_a_metre_is_smaller_the_further_it_is() -> None:
    view = View(np.zeros(3), np.zeros((6, 4)), 700.0)
    low, high = np.array([[-1.0, 100, -1], [-1.0, -1, -1]]), np.array([[1.0, 200, 1], [1.0, 1, 1]])
    near, far = view.scale(low, high)
    assert near == pytest.approx([7.0, 700.0])
    assert far == pytest.approx([700 / np.sqrt(200**2 + 2), 700 / np.sqrt(3)])
