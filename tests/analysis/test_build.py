"""A scenario is today with its edits, and a list of what changed."""

import gc
import time
import weakref
from dataclasses import fields, replace

import numpy as np
import pytest
from shapely import MultiPoint, Point, box

from twin.analysis.build import Built, build, trees
from twin.analysis.extrude import block
from twin.analysis.worksite import Change
from twin.model import table
from twin.model.city import City, CityObject, from_objects
from twin.model.layer import Layer
from twin.model.place import Place
from twin.model.scenario import AddBuilding, ChangeGround, MoveBuilding, PlantTrees, Remove

PLACE = Place("EPSG:3879", (0.0, 0.0, 0.0), 25.0, 60.0)
TOWER = AddBuilding("tower", "The tower", box(100, 0, 120, 20), 60.0, 15, "office")
GROVE = PlantTrees("grove", "A grove", MultiPoint([(200, 0), (210, 0)]), "Tilia", 9.0, 6.0)


def house(gml_id: str, west: float, *, parent: int = -1, height: float = 10.0) -> CityObject:
    shell = block(box(west, 0, west + 10, 10), base=0, height=height)
    return CityObject(
        gml_id, "BuildingPart" if parent >= 0 else "Building", parent, {"measuredHeight": height}, shell
    )


CITY = from_objects(PLACE, [house("a", 0), house("b", 20), house("b1", 30, parent=1)])
TREES = Layer(
    "greens",
    "Trees",
    np.array([Point(110, 10), Point(115, 5), Point(300, 0)], dtype=object),
    table.from_rows([{"id": "t1", "height": 7.0}, {"id": "t2"}, {"id": "t3", "year": 1912}]),
    role="trees",
)
LAMPS = Layer("lamps", "Lamps", np.array([Point(0, 0)], dtype=object), table.from_rows([{"id": "l1"}]))
LAYERS = (TREES, LAMPS)


def ids(layer: Layer | None) -> list[str]:
    assert layer is not None
    return list(layer.table.columns["id"])


def test_without_edits_everything_is_the_same_object() -> None:
    built = build(CITY, LAYERS, ())
    assert built.city is CITY
    assert built.layers is LAYERS
    assert not built.changes
    assert not built.problems


def test_a_new_building_stands_with_its_attributes() -> None:
    built = build(CITY, LAYERS, (TOWER,))
    row = built.city.rows["tower"]
    assert built.city.object_type[row] == "Building"
    assert built.city.attributes.row(row) == {
        "name": "The tower",
        "use": "office",
        "storeysAboveGround": 15,
        "measuredHeight": 60.0,
        "height_source": "scenario",
    }
    assert built.city.vertices[:, 2].max() == 60
    assert built.changes[0] == Change("added", "building", "tower", "The tower", 60.0, "m")


def test_trees_under_a_new_building_fall() -> None:
    built = build(CITY, LAYERS, (TOWER,))
    assert ids(trees(built.layers)) == ["t3"]
    assert built.changes[1:] == (
        Change("removed", "tree", "t1", "under The tower", 7.0, "m"),
        Change("removed", "tree", "t2", "under The tower"),
    )
    assert built.layers[1] is LAMPS


def test_removing_a_building_takes_its_parts() -> None:
    built = build(CITY, LAYERS, (Remove("r", "", ("b", "l1")),))
    assert list(built.city.object_id) == ["a"]
    assert built.changes == (
        Change("removed", "building", "b", "b", 10.0, "m"),
        Change("removed", "feature", "l1", "Lamps"),
    )
    assert built.layers[0] is TREES
    assert not len(built.layers[1].geometry)


def test_what_does_not_exist_cannot_be_removed() -> None:
    built = build(CITY, LAYERS, (Remove("r", "Clear", ("nowhere", "a", "a")),))
    assert built.problems == ("Clear: there is no nowhere to remove.", "Clear: there is no a to remove.")
    assert list(built.city.object_id) == ["b", "b1"]


def test_planted_trees_join_the_layer_of_trees() -> None:
    built = build(CITY, LAYERS, (GROVE,))
    layer = trees(built.layers)
    assert layer is not None
    assert ids(layer) == ["t1", "t2", "t3", "grove.1", "grove.2"]
    assert layer.table.row(4) == {"id": "grove.2", "species": "Tilia", "height": 9.0, "crown": 6.0}
    assert layer.table.row(2) == {"id": "t3", "year": 1912}
    assert [(c.kind, c.id) for c in built.changes] == [("added", "grove.1"), ("added", "grove.2")]


def test_a_layer_of_trees_is_made_where_there_was_none() -> None:
    built = build(CITY, (LAMPS,), (GROVE,))
    assert [layer.id for layer in built.layers] == ["lamps", "trees"]
    assert trees((LAMPS,)) is None


def test_no_tree_is_planted_in_a_building() -> None:
    both = MultiPoint([(5, 5), (110, 10), (50, 5)])
    built = build(CITY, (), (PlantTrees("p", "Row", both), TOWER))
    assert ids(trees(built.layers)) == ["p.3"]
    assert built.problems == ("Row: 2 of 3 trees would stand in a building; left out.",)


def test_new_ground_lies_above_the_old() -> None:
    square = box(0, 20, 30, 40)
    first, second = ChangeGround("g1", "Lawn", square, "grass"), ChangeGround("g2", "Pond", square, "water")
    built = build(CITY, (), (first, second))
    assert list(built.layers[0].table.columns["surface"]) == ["grass", "water"]
    assert built.layers[0].role == "ground"
    assert built.changes[1] == Change("changed", "ground", "g2", "Pond: water", 600.0, "m²")


def test_a_building_in_the_way_is_told_unless_it_is_removed() -> None:
    block_a = AddBuilding("new", "New", box(-5, -5, 15, 15), 30.0)
    assert build(CITY, (), (block_a,)).problems == ("New overlaps a, which is not removed.",)
    assert not build(CITY, (), (block_a, Remove("r", "", ("a",)))).problems
    beside = AddBuilding("new", "New", box(10, 0, 20, 10), 30.0)
    assert not build(CITY, (), (beside,)).problems


def test_cities_that_nobody_shows_any_more_are_let_go() -> None:
    made = []
    for turn in range(30):
        # each turn moves a house, and so makes a city of its own, in which something is in the way
        moved = MoveBuilding("go", "Go", ("b",), 0.0, float(turn + 1))
        built = build(CITY, (), (moved, AddBuilding("new", "New", box(5, 5, 15, 9), 9.0, 3)))
        assert "New overlaps a, which is not removed." in built.problems
        assert len(built.city.vertices)
        made.append(weakref.ref(built.city))
    del built
    gc.collect()
    assert sum(city() is not None for city in made) < 10


@pytest.mark.parametrize(
    "edit",
    [
        AddBuilding("a", "Again", box(50, 50, 60, 60), 10.0),
        AddBuilding("low", "Low", box(50, 50, 60, 60), 0.0),
        AddBuilding("odd", "Odd", box(50, 50, 60, 60), 10.0, roof="onion"),
    ],
)
def test_an_impossible_building_is_told_and_not_built(edit: AddBuilding) -> None:
    built = build(CITY, LAYERS, (edit,))
    assert len(built.problems) == 1
    assert built.problems[0].startswith(edit.title)
    assert list(built.city.object_id) == ["a", "b", "b1"]


def test_a_building_added_and_removed_was_never_there() -> None:
    built = build(CITY, (LAMPS,), (TOWER, Remove("r", "", ("tower",))))
    assert built.city is CITY
    assert not built.changes
    assert not built.problems


def test_inputs_are_not_touched() -> None:
    def frozen(city: City) -> list[bytes]:
        return [
            getattr(city, f.name).tobytes()
            for f in fields(City)
            if isinstance(getattr(city, f.name), np.ndarray)
        ]

    before = frozen(CITY)
    build(
        CITY,
        LAYERS,
        (TOWER, GROVE, Remove("r", "", ("a", "t3")), ChangeGround("g", "", box(0, 0, 1, 1), "grass")),
    )
    assert frozen(CITY) == before
    assert len(TREES.geometry) == TREES.table.length == 3


def test_a_station_area_is_rebuilt_within_a_frame() -> None:
    places = [(x * 20.0, y * 20.0) for x in range(30) for y in range(24)]
    shells = [block(box(x, y, x + 14, y + 14), base=0, height=12, roof="hipped") for x, y in places]
    city = from_objects(PLACE, [CityObject(f"o{i}", polygons=s) for i, s in enumerate(shells)])
    edits = (
        AddBuilding("n", "N", box(100, 100, 160, 140), 70.0),
        Remove("r", "", tuple(f"o{i}" for i in range(40))),
        PlantTrees("p", "P", MultiPoint([(x * 9.0, 17.0) for x in range(60)])),
        ChangeGround("g", "G", box(0, 0, 50, 50), "grass"),
    )
    taken: list[float] = []
    built: Built | None = None
    for _ in range(5):
        start = time.process_time()
        built = build(city, LAYERS, edits)
        taken.append(time.process_time() - start)
    assert built is not None
    assert min(taken) < 0.05


def test_a_layer_that_one_more_edit_leaves_alone_is_the_same_object() -> None:
    lawn = ChangeGround("lawn", "A lawn", box(0, 50, 9, 59), "grass")
    first = build(CITY, LAYERS, (GROVE, lawn))
    second = build(CITY, LAYERS, (GROVE, lawn, AddBuilding("far", "Far", box(900, 0, 920, 20), 9.0)))
    assert second.city is not first.city
    assert all(new is old for new, old in zip(second.layers, first.layers, strict=True))


def test_a_layer_with_another_value_in_one_row_is_another_object() -> None:
    first, second = (build(CITY, LAYERS, (replace(GROVE, height=height),)) for height in (9.0, 9.5))
    assert trees(first.layers) is not trees(second.layers)
