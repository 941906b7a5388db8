"""What is drawn of a city that grew is the same as of one that was always so."""

from dataclasses import replace

import numpy as np
import small_station
from numpy.typing import NDArray
from shapely import box

from twin.analysis.build import build
from twin.model.city import City
from twin.model.origin import halves
from twin.model.scenario import AddBuilding, AddThings, ExtendBuilding, PlantTrees, Remove
from twin.render import outline

PROJECT = small_station.project()
HOUSE = AddBuilding("new", "New", box(-30, -60, 0, -30), 20.0, 6, roof="gabled")


def sorted_rows(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    rounded = np.round(rows, 6)
    return np.asarray(rounded[np.lexsort(rounded.T[::-1])])


def grown() -> tuple[City, City]:
    """The same city, once known to be put together from two, and once not."""
    edits = (Remove("r", "", ("shop",)), ExtendBuilding("e", "", ("hall",), 2), HOUSE)
    built = build(PROJECT.city, PROJECT.layers, edits).city
    assert halves(built) is not None
    alone = replace(built)
    assert halves(alone) is None, "what is changed is no longer the sum of its halves"
    return built, alone


def test_normals_kinds_and_closedness_are_those_of_the_whole() -> None:
    built, alone = grown()
    assert np.array_equal(outline.vertex_normals(built), outline.vertex_normals(alone))
    assert np.array_equal(outline.surface_kinds(built), outline.surface_kinds(alone))
    assert outline.closed(built) == outline.closed(alone)


def test_the_same_edges_are_drawn() -> None:
    built, alone = grown()
    lines = [city.vertices[outline.drawn_edges(city)].reshape(-1, 6) for city in (built, alone)]
    both = [np.concatenate([each, each[:, [3, 4, 5, 0, 1, 2]]]) for each in lines]  # either way
    assert len(lines[0]) == len(lines[1])
    assert np.array_equal(*(np.unique(sorted_rows(each), axis=0) for each in both))


def test_the_same_ground_is_dark() -> None:
    built, alone = grown()
    strips = []
    for city in (built, alone):
        points, faces, dark, beside = outline.foot_shade(city)
        every = np.column_stack([points, dark, city.vertices[beside]])[faces]
        strips.append(sorted_rows(every.reshape(len(faces), -1)))
    assert np.array_equal(*strips)


def test_an_edit_that_leaves_the_city_alone_leaves_it_the_same_object() -> None:
    first = build(PROJECT.city, PROJECT.layers, (HOUSE,))
    planted = small_station.SCENARIOS[2].edits[1]
    assert isinstance(planted, PlantTrees)
    lamps = AddThings("lamps", "", planted.points, "lamp")
    trees = PlantTrees("grove", "", lamps.points)
    second = build(PROJECT.city, PROJECT.layers, (HOUSE, lamps, trees))
    assert second.city is first.city
    assert second.layers != first.layers
    higher = build(PROJECT.city, PROJECT.layers, (replace(HOUSE, height=30.0), lamps))
    assert higher.city is not first.city
    assert higher.city.vertices[:, 2].max() >= first.city.vertices[:, 2].max()
