from dataclasses import replace

import numpy as np
import small_station
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import LineString, MultiPoint, Point, box

from twin.analysis.build import Built, build
from twin.analysis.content import fingerprint, shapes
from twin.analysis.difference import apply, compare
from twin.analysis.extrude import block
from twin.model import city as cities
from twin.model import table
from twin.model.city import CityObject
from twin.model.scenario import (
    FORMS,
    ROOFS,
    AddBuilding,
    AddCanopy,
    AddModel,
    AddThings,
    AddWay,
    ChangeAttributes,
    ChangeGround,
    Edit,
    ExtendBuilding,
    FillPlot,
    GreenBuilding,
    LimitHeight,
    MoveBuilding,
    PlantArea,
    PlantRow,
    PlantTrees,
    Protect,
    RaiseGround,
    Remove,
    StudyArea,
)

PROJECT = small_station.project()
HALL = cities.from_objects(
    PROJECT.place, [CityObject("m", polygons=block(box(-4, -1, 4, 1), base=0, height=3.0))]
)
IDS = [*map(str, PROJECT.city.object_id), *(f"new-{n}" for n in range(4)), "tree-1", "nobody"]
places = st.integers(-20, 20).map(lambda n: 10.0 * n)
additions = st.builds(
    lambda n, x, y, height, roof: AddBuilding(
        f"new-{n}", f"New {n}", box(x, y, x + 12, y + 20), height, use="office", roof=roof
    ),
    st.integers(0, 3), places, places, st.integers(6, 80).map(float), st.sampled_from(ROOFS),
)  # fmt: skip
removals = st.lists(st.sampled_from(IDS), min_size=1, max_size=3, unique=True).map(
    lambda ids: Remove(f"remove-{'-'.join(ids)}", "", tuple(ids))
)
plantings = st.builds(
    lambda n, x, y: PlantTrees(f"row-{n}", "Row", MultiPoint([Point(x, y), Point(x + 8, y)]), "Tilia"),
    st.integers(0, 3), places, places,
)  # fmt: skip
grounds = st.builds(
    lambda n, x, y, surface: ChangeGround(f"lawn-{n}", "Lawn", box(x, y, x + 15, y + 15), surface),
    st.integers(0, 3), places, places, st.sampled_from(("grass", "gravel")),
)  # fmt: skip

targets = st.lists(st.sampled_from(IDS), min_size=1, max_size=2, unique=True).map(tuple)
further = st.one_of(
    st.builds(lambda ids: ExtendBuilding(f"up-{ids}", "", ids, 2), targets),
    st.builds(lambda ids, east: MoveBuilding(f"go-{ids}", "", ids, east, rotation=30.0), targets, places),
    st.builds(lambda ids, use: ChangeAttributes(f"re-{ids}", "", ids, (("use", use),)), targets,
              st.sampled_from(("office", None, 7))),
    st.builds(lambda ids: GreenBuilding(f"green-{ids}", "", ids), targets),
    st.builds(lambda x, form: FillPlot(f"fill-{x}", "", box(x, 300, x + 60, 340), form, 3000.0), places,
              st.sampled_from(FORMS)),
    st.builds(lambda x: PlantRow(f"line-{x}", "", LineString([(x, -200), (x + 50, -200)])), places),
    st.builds(lambda x: AddWay(f"way-{x}", "", LineString([(x, -220), (x + 50, -220)]), "footway"), places),
    st.builds(lambda x: AddThings(f"lamps-{x}", "", MultiPoint([Point(x, -250)]), "lamp"), places),
    st.builds(lambda x: AddCanopy(f"roof-{x}", "", box(x, -300, x + 20, -290)), places),
    st.builds(lambda x: PlantArea(f"grove-{x}", "", box(x, -400, x + 30, -380), 9.0), places),
    st.builds(lambda x: AddWay(f"hedge-{x}", "", LineString([(x, -230), (x + 50, -240)]), "hedge"), places),
    st.builds(lambda x, up: RaiseGround(f"bank-{x}", "", box(x, -350, x + 20, -330), up, 1.0), places,
              st.sampled_from((2.0, -3.0))),
    st.builds(lambda x, turn: RaiseGround(f"ramp-{x}", "", box(x, 0, x + 6, 30), -4.0, falls=turn), places,
              st.sampled_from((0.0, 135.0))),
    st.builds(lambda x, turn: AddModel(f"hall-{x}", "", MultiPoint([(x, 400)]), "hall.glb", turn, solid=HALL),
              places, st.sampled_from((0.0, 30.0))),
    st.builds(lambda ids: Protect(f"keep-{ids}", "", ids), targets),
    st.builds(lambda x: LimitHeight(f"low-{x}", "", box(x, -20, x + 50, 20), 15.0), places),
    st.builds(lambda x: StudyArea(f"here-{x}", "", box(x, -200, x + 200, 200)), places),
)  # fmt: skip


def sequences() -> st.SearchStrategy[tuple[Edit, ...]]:
    edits = st.lists(
        additions | removals | plantings | grounds | further, max_size=6, unique_by=lambda edit: edit.id
    )
    return edits.map(tuple)


def made(edits: tuple[Edit, ...]) -> Built:
    return build(PROJECT.city, PROJECT.layers, edits)


@settings(max_examples=100, deadline=None)
@given(sequences(), sequences())
def test_what_differs_leads_from_one_scenario_to_the_other(
    first: tuple[Edit, ...], second: tuple[Edit, ...]
) -> None:
    a, b = made(first), made(second)
    there = compare(a, b)
    assert fingerprint(apply(a, there)) == fingerprint(b)
    assert apply(a, there).pits == b.pits
    assert fingerprint(apply(b, compare(b, a))) == fingerprint(a)
    same = fingerprint(a) == fingerprint(b)
    assert same == (not there.objects and not there.features)


@settings(max_examples=50, deadline=None)
@given(sequences())
def test_a_scenario_does_not_differ_from_itself(edits: tuple[Edit, ...]) -> None:
    a, b = made(edits), made(edits)
    assert fingerprint(a) == fingerprint(b)
    found = compare(a, b)
    assert found.objects == found.features == ()
    assert all(total.delta == 0 for total in found.totals)


@settings(max_examples=50, deadline=None)
@given(st.permutations([0, 1, 2]))
def test_edits_apart_may_come_in_any_order(order: list[int]) -> None:
    apart: tuple[Edit, ...] = (
        AddBuilding("new-0", "New", box(200, 200, 220, 220), 20.0),
        PlantTrees("row", "Row", MultiPoint([Point(-200, -200)])),
        Remove("gone", "", ("shop",)),
    )
    assert fingerprint(made(tuple(apart[n] for n in order))) == fingerprint(made(apart))


def test_added_and_removed_are_told_by_id() -> None:
    tower = AddBuilding("tower", "Tower", box(200, 0, 220, 20), 60.0, storeys=18, use="office")
    found = compare(made(()), made((tower, Remove("gone", "", ("shop",)))))
    assert [(one.kind, one.id, one.title) for one in found.objects] == [
        ("removed", "shop", "Shop"), ("added", "tower", "Tower"),
    ]  # fmt: skip
    totals = {total.id: total.delta for total in found.totals}
    assert totals["buildings"] == 0
    assert totals["volume"] == np.float64(24_000 - 60 * 30 * 14)
    assert totals["floor_area.office"] == 18 * 400


def test_changes_are_told_attribute_by_attribute_and_by_measure() -> None:
    taller = CityObject(
        "b", attributes={"name": "B", "year": 1990}, polygons=block(box(0, 0, 10, 10), base=0, height=9)
    )
    before = cities.from_objects(
        small_station.PLACE,
        [
            CityObject("a", attributes={"name": "A"}, polygons=block(box(20, 0, 30, 10), base=0, height=6)),
            CityObject(
                "b",
                attributes={"name": "B", "heating": "oil"},
                polygons=block(box(0, 0, 10, 10), base=0, height=6),
            ),
        ],
    )
    after = cities.from_objects(
        small_station.PLACE,
        [
            taller,
            CityObject("a", attributes={"name": "A"}, polygons=block(box(20, 0, 30, 10), base=0, height=6)),
        ],
    )
    (changed,) = compare(Built(before, ()), Built(after, ())).objects
    assert (changed.kind, changed.id, changed.reshaped) == ("changed", "b", True)
    assert dict(changed.attributes) == {"heating": ("oil", None), "year": (None, 1990)}
    assert changed.measures["height"] == (6, 9)
    assert [round(value or 0) for value in changed.measures["volume"]] == [600, 900]
    assert "footprint" not in changed.measures


def test_parts_find_their_changed_whole_again() -> None:
    def house(year: int) -> Built:
        wing = CityObject("wing", "BuildingPart", 0, {}, block(box(0, 0, 5, 5), base=0, height=3))
        return Built(
            cities.from_objects(small_station.PLACE, [CityObject("house", attributes={"year": year}), wing]),
            (),
        )

    comparison = compare(house(1950), house(1960))
    assert [one.id for one in comparison.objects] == ["house"]
    assert fingerprint(apply(house(1950), comparison)) == fingerprint(house(1960))


def test_a_moved_corner_changes_the_shape_and_moved_rows_do_not() -> None:
    city = PROJECT.city
    moved = city.vertices.copy()
    moved[-1, 2] += 1e-9
    different = shapes(city) != shapes(replace(city, vertices=moved))
    assert different.tolist() == [False] * (len(city.object_id) - 1) + [True]
    first = np.zeros(len(city.object_id), dtype=bool)
    first[0] = True
    assert shapes(cities.without(city, first)).tolist() == shapes(city)[1:].tolist()


def test_an_attribute_that_nobody_has_is_no_difference() -> None:
    bare = cities.from_objects(small_station.PLACE, [CityObject("a")])
    column = np.array([np.nan])
    empty = replace(bare, attributes=table.Table(1, {"year": column}))
    assert not compare(Built(bare, ()), Built(empty, ())).objects


def test_a_number_is_the_same_in_a_column_of_whole_numbers_and_of_others() -> None:
    block = FillPlot("fill", "", box(0, 300, 60, 340), "tower", 3000.0)
    house = AddBuilding("new", "New", box(0, 0, 12, 20), 6.0)
    first, second = made((block,)), made((house, block))
    assert fingerprint(apply(first, compare(first, second))) == fingerprint(second)
