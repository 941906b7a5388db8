"""Several objects are chosen by an outline, and moved, removed and changed together, as one edit."""

from dataclasses import replace

import numpy as np
import pytest
from shapely import MultiPoint, Point, box

from twin.analysis.build import Built, build
from twin.analysis.extrude import block
from twin.model import table
from twin.model.city import City, CityObject, corners, from_objects, named
from twin.model.layer import Layer
from twin.model.place import Place
from twin.model.project import Project
from twin.model.scenario import AddBuilding, ChangeAttributes, MoveBuilding, PlantTrees, Remove, Scenario
from twin.scene.several import middle_of, trees_within, whole_ids, within
from twin.session import many, scenarios
from twin.session.many import Move

PLACE = Place("EPSG:3879", (0.0, 0.0, 0.0), 25.0, 60.0)


def house(gml_id: str, west: float, parent: int = -1) -> CityObject:
    return CityObject(gml_id, parent=parent, polygons=block(box(west, 0, west + 10, 10), base=0, height=9.0))


CITY = from_objects(PLACE, [house("a", 0), house("b", 20), house("b1", 30, parent=1), house("c", 60)])
NEW = AddBuilding("new", "New", box(40, 0, 50, 10), 12.0)
TREES = PlantTrees("trees", "Trees", MultiPoint([(0, 50), (9, 50), (20, 50)]))
PROJECT = Project("Small", PLACE, CITY, scenarios=(Scenario("plan", "Plan", edits=(NEW, TREES)),))


def built(project: Project) -> Built:
    return build(project.city, project.layers, project.scenario("plan").edits)


def middle(city: City, gml_id: str) -> list[float]:
    found = corners(city, named(city, {gml_id}))[:, :2]
    return ((found.min(axis=0) + found.max(axis=0)) / 2).round(6).tolist()


def test_an_outline_takes_the_whole_objects_whose_middle_it_holds() -> None:
    # b reaches from 20 to 40 with its part, so that its middle is at 30
    assert within(CITY, box(-1, -1, 29, 11)) == ("a",)
    assert within(CITY, box(-1, -1, 31, 11)) == ("a", "b")


def test_a_part_stands_for_its_whole() -> None:
    assert whole_ids(CITY, ("b1", "c")) == ("b", "c")


def test_all_are_moved_by_one_edit() -> None:
    project = many.move(PROJECT, "plan", CITY, ("a", "c"), Move(5.0, -2.0, 1.0), "Move")
    (*_, edit) = project.scenario("plan").own
    assert edit == MoveBuilding("move", "Move", ("a", "c"), 5.0, -2.0, 1.0)


def test_what_stands_and_what_is_planned_turn_around_one_middle() -> None:
    before = built(PROJECT).city
    ids = ("a", "c", "new")
    assert middle_of(before, ids) == (35.0, 5.0)
    after = built(many.move(PROJECT, "plan", before, ids, Move(rotation=180.0, north=7.0), "Turn")).city
    assert [middle(after, one) for one in ids] == [[65.0, 12.0], [5.0, 12.0], [25.0, 12.0]]


def test_a_planned_building_is_raised_too() -> None:
    after = built(many.move(PROJECT, "plan", built(PROJECT).city, ("new",), Move(up=3.0), "Lift")).city
    assert corners(after, named(after, {"new"}))[:, 2].min() == pytest.approx(3.0)


def test_what_the_scenario_drew_is_no_longer_drawn_and_the_rest_is_removed_by_one_edit() -> None:
    project = many.remove(PROJECT, "plan", ("a", "new", "c", "trees.2"), "Without 4")
    trees, edit = project.scenario("plan").own
    assert edit == Remove("remove", "Without 4", ("a", "c"))
    assert isinstance(trees, PlantTrees)
    assert [point.x for point in trees.points.geoms] == [0, 20]
    assert not np.isin(["a", "c", "new"], built(project).city.object_id).any()


def test_a_new_value_goes_to_all() -> None:
    project = many.change_attributes(PROJECT, "plan", ("a", "new"), [("use", "hotel")], "Hotel")
    assert project.scenario("plan").own[-1] == ChangeAttributes(
        "attributes", "Hotel", ("a", "new"), (("use", "hotel"),)
    )
    city = built(project).city
    assert [city.attributes.row(city.rows[one])["use"] for one in ("a", "new")] == ["hotel", "hotel"]


def test_roofs_become_green_and_protected_objects_are_watched() -> None:
    project = many.green(PROJECT, "plan", ("a", "c"), "sedum", "Green")
    city = built(project).city
    assert city.attributes.row(city.rows["c"])["green_roof"] == "sedum"
    watched = many.protect(PROJECT, "plan", ("a",), "Keep a")
    assert built(many.remove(watched, "plan", ("a",), "Without a")).problems == (
        "Keep a: a is protected, but removed.",
    )


STREET = Layer(
    "greens",
    "Trees",
    np.array([Point(0, 80), Point(10, 80), Point(90, 80)], dtype=object),
    table.from_rows([{"id": "t1", "species": "Tilia", "height": 7.0}, {"id": "t2"}, {"id": "t3"}]),
    role="trees",
)
GREEN = Project("Green", PLACE, CITY, (STREET,), scenarios=(Scenario("plan", "Plan", edits=(TREES,)),))


def trees_of(project: Project) -> dict[str, tuple[float, float, object]]:
    made = build(project.city, project.layers, project.scenario("plan").edits)
    assert not made.problems
    (layer,) = made.layers
    rows = (layer.table.row(row) for row in range(len(layer.geometry)))
    return {
        str(known["id"]): (round(place.x, 6), round(place.y, 6), known.get("species"))
        for place, known in zip(layer.geometry, rows, strict=True)
    }


def test_an_outline_takes_the_trees_that_stand_in_it() -> None:
    planted = build(GREEN.city, GREEN.layers, GREEN.scenario("plan").edits).layers
    assert trees_within(planted, box(-1, 40, 11, 90)) == ("t1", "t2", "trees.1", "trees.2")


def test_trees_that_stand_get_another_species_and_place_by_one_edit_each() -> None:
    project = many.change_attributes(GREEN, "plan", ("t1", "t2"), (("species", "Acer"),), "Maples")
    project = many.move(project, "plan", CITY, ("t1", "t2"), Move(3.0, 0.0, 0.0, 180.0), "Move")
    assert [type(edit) for edit in project.scenario("plan").own[1:]] == [ChangeAttributes, MoveBuilding]
    found = trees_of(project)
    assert (found["t1"], found["t2"], found["t3"]) == ((13, 80, "Acer"), (3, 80, "Acer"), (90, 80, None))


def test_some_trees_of_a_group_get_another_species_and_the_others_stay() -> None:
    project = many.change_attributes(GREEN, "plan", ("trees.1", "trees.3"), (("species", "Acer"),), "Maples")
    assert [len(edit.points.geoms) for edit in project.scenario("plan").own] == [1, 2]
    planted = {(x, species) for name, (x, _, species) in trees_of(project).items() if name[:2] != "t1"}
    assert {(0.0, "Acer"), (9.0, None), (20.0, "Acer")} <= planted


def test_some_trees_of_a_group_are_moved_and_the_others_stay() -> None:
    project = many.move(GREEN, "plan", CITY, ("trees.2", "trees.3"), Move(1.0, 5.0), "Move")
    (edit,) = project.scenario("plan").own
    assert isinstance(edit, PlantTrees)
    assert [(point.x, point.y) for point in edit.points.geoms] == [(0, 50), (10, 55), (21, 55)]


def test_trees_that_stand_and_planned_ones_fall_together() -> None:
    project = many.remove(GREEN, "plan", ("t1", "trees.2", "trees.1"), "Felled")
    assert sorted(trees_of(project)) == ["t2", "t3", "trees.1"]
    assert len(project.scenario("plan").own) == 2


def test_what_is_new_in_one_edit_is_new_in_those_of_its_kind() -> None:
    second = replace(TREES, id="more", title="More", points=MultiPoint([(0, 90)]), crown=9.0)
    project = scenarios.add_edit(GREEN, "plan", second)
    project = scenarios.add_edit(project, "plan", NEW)
    taller = replace(TREES, height=14.0, title="Tall")
    changed = many.change_alike(project, "plan", taller, ("trees", "more", "new"))
    assert changed.scenario("plan").own == (taller, replace(second, height=14.0), NEW)


def test_several_edits_are_switched_together() -> None:
    off = many.switch(PROJECT, "plan", ("new", "trees"), False)
    assert [edit.enabled for edit in off.scenario("plan").own] == [False, False]
    on = many.switch(off, "plan", ("new", "trees"), True)
    assert on.scenario("plan") == PROJECT.scenario("plan")
