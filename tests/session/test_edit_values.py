"""What can be set on an edit, and what follows."""

from dataclasses import fields, replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, box

from twin.model.scenario import AddBuilding, AddWay, ChangeGround, Edit, PlantTrees, Remove
from twin.session.edit_values import FIELDS, amount_of, with_value

HOUSE = AddBuilding("h", "House", box(0, 0, 10, 20), 13.2, 4)


@pytest.mark.parametrize("kind", get_args(Edit))
def test_every_kind_can_be_set_where_it_has_values(kind: type) -> None:
    names = {field.name for field in fields(kind)}
    assert {field.name for field in FIELDS[kind]} <= names
    untouched = names - {field.name for field in FIELDS[kind]}
    geometry = {"footprint", "plot", "points", "line", "area"}
    assert untouched <= {"id", "enabled", "ids", "attributes", "path", "solid", *geometry}


@given(st.integers(1, 60))
def test_storeys_make_a_building_higher_by_as_much_each(storeys: int) -> None:
    made = with_value(HOUSE, "storeys", storeys)
    assert isinstance(made, AddBuilding)
    assert made.height == pytest.approx(3.3 * storeys)
    assert with_value(made, "storeys", 4) == HOUSE


@given(st.floats(1.0, 300.0))
def test_a_height_has_the_storeys_that_fit(height: float) -> None:
    made = with_value(HOUSE, "height", height)
    assert isinstance(made, AddBuilding)
    assert made.height == height
    assert made.storeys == max(round(height / 3.3), 1)


def test_a_roof_counts_no_storey() -> None:
    pitched = replace(HOUSE, height=16.2, roof="gabled", roof_height=3.0)
    made = with_value(pitched, "storeys", 5)
    assert isinstance(made, AddBuilding)
    assert made.height == pytest.approx(19.5)


def test_numbers_stay_within_their_limits() -> None:
    row = PlantTrees("t", "Trees", MultiPoint([(0, 0)]))
    assert with_value(row, "height", -3) == replace(row, height=1.0)
    assert with_value(row, "height", 900) == replace(row, height=50.0)


def test_what_may_stay_open_can_be_opened_again() -> None:
    assert with_value(replace(HOUSE, year=1999), "year", None) == HOUSE
    assert with_value(replace(HOUSE, use="office"), "use", None) == HOUSE


@pytest.mark.parametrize(
    ("edit", "amount"),
    [
        (HOUSE, (4.0, "storeys")),
        (replace(HOUSE, storeys=None), (13.2, "m")),
        (PlantTrees("t", "", MultiPoint([(0, 0), (1, 1)])), (2.0, "×")),
        (ChangeGround("g", "", box(0, 0, 5, 5), "grass"), (25.0, "m²")),
        (AddWay("w", "", LineString([(0, 0), (3, 4)]), "street"), (5.0, "m")),
        (Remove("r", "", ("a", "b", "c")), (3.0, "×")),
    ],
)
def test_an_edit_is_told_in_one_number(edit: Edit, amount: tuple[float, str]) -> None:
    assert amount_of(edit) == pytest.approx(amount)
