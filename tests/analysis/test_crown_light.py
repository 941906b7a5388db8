"""Crowns let as much sun through as their species does on that day."""

from datetime import date

import numpy as np
import pytest
from shapely import Point

from twin.analysis.crown_light import BARE, LEAVES, crowns_of, light_of_cells, light_through, mean_light
from twin.analysis.shadow import shadow
from twin.analysis.sun import Sun
from twin.analysis.surface_model import canopy_model, crown_rows, surface_model
from twin.model import city as cities
from twin.model import table
from twin.model.layer import Layer
from twin.model.place import Place

JULY, JANUARY = date(2026, 7, 15), date(2026, 1, 15)
PLACE = Place("EPSG:3879", (0.0, 0.0, 0.0), 25.0, 60.0)
GRID = {"bounds": (0.0, 0.0, 40.0, 20.0), "cell": 1.0}


def trees(*rows: tuple[float, str | None, float, float]) -> Layer:
    places = np.array([Point(x, 10) for x, *_ in rows], dtype=object)
    known = [{"species": name, "height": height, "crown": crown} for _, name, height, crown in rows]
    return Layer("trees", "Trees", places, table.from_rows(known), role="trees")


def test_pines_are_as_dark_in_winter_as_in_summer_and_limes_are_not() -> None:
    assert light_through("Pinus sylvestris", JANUARY) == light_through("Pinus sylvestris", JULY)
    assert light_through("Tilia cordata", JANUARY) > 5 * light_through("Tilia cordata", JULY)


@pytest.mark.parametrize(("day", "light"), [(JULY, LEAVES), (JANUARY, BARE)])
def test_unknown_species_are_as_measured_single_trees(day: date, light: float) -> None:
    assert light_through("", day) == light_through("Palm", day) == light
    assert mean_light((), day) == light


def test_the_mean_weighs_crowns_by_their_area() -> None:
    crowns = crowns_of(trees((5, "Pinus sylvestris", 10, 4), (25, "Tilia", 10, 8)))
    assert [name for name, _ in crowns] == ["Pinus sylvestris", "Tilia × vulgaris"]
    expected = (light_through("Pinus sylvestris", JANUARY) + 4 * light_through("Tilia", JANUARY)) / 5
    assert mean_light(crowns, JANUARY) == pytest.approx(expected)


def test_over_each_cell_the_highest_crown_counts() -> None:
    layer = trees((10, "Tilia", 8, 10), (12, "Pinus sylvestris", 20, 6))
    rows = crown_rows(layer, **GRID)
    assert (rows[10, 12], rows[10, 6], rows[10, 30]) == (1, 0, -1)
    assert ((rows >= 0) == (canopy_model(layer, **GRID).values > 0)).all()
    light = light_of_cells(layer, JANUARY, **GRID)
    assert light[10, 12] == np.float32(light_through("Pinus sylvestris", JANUARY))
    assert light[10, 30] == 1.0


def test_beside_each_other_a_bare_tree_shades_less_than_a_pine() -> None:
    layer = trees((8, "Tilia", 8, 5), (30, "Pinus sylvestris", 8, 5))
    solid = surface_model(cities.empty(PLACE), **GRID)
    found = shadow(
        solid,
        Sun(60.0, 180.0),
        canopy=canopy_model(layer, **GRID),
        transmissivity=light_of_cells(layer, JANUARY, **GRID),
    ).values
    assert found[:, :19].min() == np.float32(light_through("Tilia", JANUARY))
    assert found[:, 19:].min() == np.float32(light_through("Pinus sylvestris", JANUARY))
