"""Grids of heights show what stands at the middle of each cell."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import Point, Polygon, box
from shapely.affinity import rotate, translate

from twin.analysis.extrude import block
from twin.analysis.surface_model import (
    TREE_CROWN,
    TREE_HEIGHT,
    building_mask,
    canopy_model,
    surface_model,
)
from twin.model import table
from twin.model.city import City, CityObject, empty, from_objects
from twin.model.layer import Layer
from twin.model.place import Place
from twin.model.raster import Raster, value_at

PLACE = Place("EPSG:3879", (0.0, 0.0, 0.0), 25.0, 60.0)


def city(*footprints: Polygon, height: float = 10.0, roof: str = "flat", kind: str = "Building") -> City:
    return from_objects(
        PLACE,
        [
            CityObject(f"b{i}", kind, polygons=block(f, base=0, height=height, roof=roof))
            for i, f in enumerate(footprints)
        ],
    )


def centres(raster: Raster) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = raster.values.shape
    x = raster.west + (np.arange(columns) + 0.5) * raster.cell
    y = raster.north - (np.arange(rows) + 0.5) * raster.cell
    return np.meshgrid(x, y)


def test_no_city_is_flat_ground() -> None:
    found = surface_model(empty(PLACE), bounds=(-10, -20, 11, 20), cell=2)
    assert found.values.shape == (20, 11)
    assert (found.west, found.north) == (-10, 20)
    assert not found.values.any()


@given(
    turn=st.floats(0, 180),
    east=st.floats(-15, 15),
    north=st.floats(-15, 15),
    cell=st.sampled_from([0.5, 1.0, 2.7]),
)
@settings(max_examples=60, deadline=None)
def test_a_cell_is_high_exactly_where_its_middle_is_in_the_building(
    turn: float, east: float, north: float, cell: float
) -> None:
    hole = [list(box(4, 3, 9, 8).exterior.coords)]
    shape = rotate(Polygon(box(0, 0, 20, 11).exterior.coords, hole), turn)
    shape = shapely.set_precision(translate(shape, east, north), 0.001)
    found = surface_model(city(shape), bounds=(-20, -20, 25, 25), cell=cell)
    x, y = centres(found)
    clear = ~shapely.contains_xy(shape.boundary.buffer(0.01), x, y)
    inside = shapely.contains_xy(shape, x, y)
    assert (found.values[clear & inside] == 10).all()
    assert (found.values[clear & ~inside] == 0).all()


def test_neighbours_leave_no_gap() -> None:
    found = surface_model(city(box(0, 0, 5, 10), box(5, 0, 10, 10)), bounds=(0, 0, 10, 10), cell=2)
    assert (found.values == 10).all()


def test_the_higher_of_two_roofs_counts() -> None:
    low, high = city(box(0, 0, 10, 10), height=5), city(box(4, 4, 6, 6), height=20)
    both = from_objects(
        PLACE,
        [
            CityObject("low", polygons=block(box(0, 0, 10, 10), base=0, height=5)),
            CityObject("high", polygons=block(box(4, 4, 6, 6), base=0, height=20)),
        ],
    )
    area = {"bounds": (0.0, 0.0, 10.0, 10.0), "cell": 1.0}
    expected = np.maximum(surface_model(low, **area).values, surface_model(high, **area).values)
    assert np.array_equal(surface_model(both, **area).values, expected)


def test_a_roof_slopes_in_the_grid() -> None:
    found = surface_model(city(box(0, 0, 20, 12), roof="gabled"), bounds=(0, 0, 20, 12), cell=1)
    _, y = centres(found)
    assert found.values == pytest.approx(10 - np.abs(y - 6) * 4 / 6, abs=1e-3)


def test_only_buildings_are_in_the_mask() -> None:
    area = {"bounds": (0.0, 0.0, 10.0, 10.0), "cell": 1.0}
    assert building_mask(city(box(2, 2, 8, 8)), **area).values.sum() == 36
    assert building_mask(city(box(2, 2, 8, 8), kind="BuildingPart"), **area).values.sum() == 36
    assert building_mask(city(box(2, 2, 8, 8), kind="Bridge"), **area).values.sum() == 0


def forest(*rows: dict[str, table.Value], at: tuple[Point, ...]) -> Layer:
    return Layer("trees", "Trees", np.array(at, dtype=object), table.from_rows(rows), role="trees")


def test_a_crown_is_an_ellipsoid_over_the_stem() -> None:
    found = canopy_model(
        forest({"height": 12.0, "crown": 8.0}, at=(Point(0, 0),)), bounds=(-10, -10, 10, 10), cell=0.5
    )
    assert value_at(found, 0, 0) == pytest.approx(12, abs=0.1)
    assert value_at(found, 3.9, 0) == pytest.approx(7.5, abs=2)
    assert value_at(found, 4.3, 0) == 0
    assert np.count_nonzero(found.values) * 0.25 == pytest.approx(np.pi * 16, rel=0.05)


def test_what_is_not_known_of_a_tree_is_assumed_and_told() -> None:
    grove = forest({"height": 12.0}, {"crown": "wide"}, {}, at=(Point(-20, 0), Point(0, 0), Point(20, 0)))
    found = canopy_model(grove, bounds=(-30, -10, 30, 10), cell=0.25)
    assert found.source == "Crowns of 3 trees; 2 heights and 3 crowns assumed"
    assert value_at(found, 0, 0) == pytest.approx(TREE_HEIGHT, abs=0.1)
    assert value_at(found, 20, 0.9 * TREE_CROWN / 2) > 0
    assert value_at(found, 20, 1.1 * TREE_CROWN / 2) == 0


def test_a_small_crown_still_shades_a_cell() -> None:
    found = canopy_model(
        forest({"height": 3.0, "crown": 0.5}, at=(Point(0.1, 0.1),)), bounds=(-10, -10, 10, 10), cell=5
    )
    assert np.count_nonzero(found.values) == 1


def test_no_trees_no_canopy() -> None:
    assert not canopy_model(forest(at=()), bounds=(0, 0, 10, 10), cell=1).values.any()
