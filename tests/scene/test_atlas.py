"""The pictures of a city are asked for when they are shown, and not before."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import small_station

from twin.model.appearance import Appearance, Image, blank
from twin.model.atlas import Atlas
from twin.model.city import City
from twin.model.project import Project
from twin.scene.items import Buildings
from twin.scene.resolve import resolve
from twin.scene.scene import Scene
from twin.session.session import Session

ATLAS = Atlas(
    (np.zeros((64, 2048, 4), np.uint8),),
    np.array([0], np.int32),
    np.array([[0, 0, 1 / 32, 1]], np.float32),
    np.zeros(1, np.uint8),
    ("The picture wall.jpg is blurred.",),
)


def pictured(city: City) -> City:
    nothing = blank(len(city.surface_object), len(city.vertices))
    return replace(city, appearance=replace(nothing, images=(Image(Path("wall.jpg")),)))


def project(read: object = lambda images, *, progress: ATLAS) -> Project:
    return small_station.project(city=pictured(small_station.city()), read_images=read)


def shown(made: Project, **state: Any) -> tuple[Scene, Buildings]:
    session = Session(made, replace(small_station.TODAY, **state))
    session.close()
    buildings = session.scene.items["buildings"]
    assert isinstance(buildings, Buildings)
    return session.scene, buildings


def test_pictures_are_read_when_they_are_shown() -> None:
    scene, buildings = shown(project())
    assert buildings.atlas is ATLAS
    assert "The picture wall.jpg is blurred." in scene.notices
    assert not scene.wanted


@pytest.mark.parametrize("state", [{"textures": False}, {"overlay": "use"}, {"overlay": "height"}])
def test_pictures_are_not_read_where_something_else_is_shown(state: dict[str, object]) -> None:
    asked = []

    def read(images: object, *, progress: object) -> Atlas:
        asked.append(images)
        return ATLAS

    assert shown(project(read), **state)[1].atlas is None
    assert not asked


def test_a_city_without_pictures_asks_for_none() -> None:
    for city in (small_station.city(), replace(small_station.city(), appearance=blank(99, 999))):
        scene, buildings = shown(small_station.project(city=city, read_images=lambda images: ATLAS))
        assert buildings.atlas is None
        assert not scene.notices


def test_until_the_pictures_are_read_the_city_is_drawn_without() -> None:
    made = project()
    first = resolve(made, small_station.TODAY, {})
    results = {each.key: each.function(*each.inputs) for each in first.wanted}
    scene = resolve(made, small_station.TODAY, results)
    buildings = scene.items["buildings"]
    assert isinstance(buildings, Buildings)
    assert buildings.atlas is None
    assert "atlas" in [request.key[0] for request in scene.wanted]


def test_pictures_that_fail_are_told() -> None:
    def read(images: object, *, progress: object) -> Atlas:
        raise MemoryError

    scene, buildings = shown(project(read))
    assert buildings.atlas is None
    assert any("Pictures of the city" in notice for notice in scene.notices)


def test_an_appearance_of_materials_alone_needs_no_pictures() -> None:
    plain: Appearance = blank(len(small_station.city().surface_object), 9)
    _, buildings = shown(small_station.project(city=replace(small_station.city(), appearance=plain)))
    assert buildings.textures
    assert buildings.atlas is None
