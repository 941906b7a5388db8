"""Pictures of many tiles are the same as of one, in every kind of view and depth."""

from dataclasses import replace

import numpy as np
import pytest
import small_station

from twin.model.state import Camera
from twin.render.snapshot import Darkroom
from twin.scene.camera import looking
from twin.scene.standpoints import section, standing_at
from twin.session.session import Session

SIZE = (960, 540)
VIEWS = {
    "perspective": small_station.VIEW,
    "top": standing_at(small_station.VIEW, "top"),
    "isometric": standing_at(small_station.VIEW, "isometric"),
    "section": section(small_station.VIEW, turn=0.0),
}


def picture(camera: Camera, tile: int, shadows: str) -> np.ndarray:
    state = replace(small_station.TODAY, camera=camera, scenario="tower", highlight=True)
    session = Session(small_station.project(), state, card_shadows=shadows == "card")
    room = Darkroom(SIZE, shadows=shadows, tile=tile)
    try:
        return room.photograph(session.scene).astype(int)
    finally:
        room.close()


@pytest.mark.parametrize("shadows", ["raster", "card"])
@pytest.mark.parametrize("view", VIEWS)
def test_tiles_have_no_seams(view: str, shadows: str) -> None:
    whole, tiled = (picture(VIEWS[view], tile, shadows) for tile in (2048, 400))
    assert (np.abs(whole - tiled).max(axis=2) > 2).mean() <= 0.001


def test_deep_colours_are_the_same_ones_with_more_steps() -> None:
    session = Session(small_station.project(), replace(small_station.TODAY, camera=small_station.VIEW))
    room = Darkroom(SIZE, shadows="raster")
    try:
        plain, deep = room.photograph(session.scene), room.deep(session.scene)
    finally:
        room.close()
    assert deep.dtype == np.uint16
    assert (np.abs(deep / 257 - plain) < 1.01).all()
    assert len(np.unique(deep)) > len(np.unique(plain)), "more steps"


def test_what_is_cut_out_is_the_picture_where_no_sky_is_in_view() -> None:
    session = Session(small_station.project(), replace(small_station.TODAY, camera=VIEWS["perspective"]))
    room = Darkroom(SIZE, shadows="raster")
    try:
        plain, clear = room.photograph(session.scene), room.cut_out(session.scene)
    finally:
        room.close()
    assert (clear[..., 3] == 255).all(), "looking down, the ground fills the picture"
    assert (np.abs(clear[..., :3].astype(int) - plain) <= 1).all()


def test_what_is_cut_out_has_no_sky_and_keeps_the_houses() -> None:
    low = looking((0.0, 0.0, 30.0), heading=20.0, tilt=8.0, distance=420.0)
    session = Session(small_station.project(), replace(small_station.TODAY, camera=low))
    room = Darkroom(SIZE, shadows="raster")
    try:
        plain, clear = room.photograph(session.scene), room.cut_out(session.scene)
    finally:
        room.close()
    assert (clear[:20, :, 3] == 0).all()
    solid = clear[..., 3] == 255
    assert solid.mean() > 0.1
    assert (np.abs(clear[..., :3].astype(int) - plain)[solid] <= 1).all()
