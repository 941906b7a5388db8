"""What users do to scenarios: the tree of inheritance holds whatever they do, and undo leads back."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from shapely import MultiPoint
from small_station import NOON, TODAY, project

from twin.analysis.build import build
from twin.analysis.content import fingerprint
from twin.errors import TwinError
from twin.model.project import Project
from twin.model.scenario import PlantTrees, Remove, Scenario
from twin.model.scenario_tree import TreeError, depth, heirs, linked
from twin.session import scenarios
from twin.session.session import Session

ROW = PlantTrees("row", "Row", MultiPoint([(200, 200)]))


def ids(found: Project, scenario_id: str) -> list[str]:
    return [edit.id for edit in found.scenario(scenario_id).edits]


def test_a_child_holds_only_its_own_edits_and_follows_its_parent() -> None:
    start, parent = scenarios.new_scenario(project(), "Square")
    start = scenarios.add_edit(start, parent, ROW)
    start, child = scenarios.new_scenario(start, "Square without the hall", parent=parent)
    start = scenarios.add_edit(start, child, Remove("hall", "", ("hall",)))
    assert ids(start, child) == ["row", "hall"]
    assert [edit.id for edit in start.scenario(child).own] == ["hall"]
    later = scenarios.remove_edit(start, parent, "row")
    assert ids(later, child) == ["hall"]
    assert depth(later.scenarios, child) == 1
    assert [one.id for one in heirs(later.scenarios, parent)] == [child]


def test_an_inherited_edit_is_changed_where_it_comes_from() -> None:
    start, parent = scenarios.new_scenario(project(), "A")
    start = scenarios.add_edit(start, parent, ROW)
    start, child = scenarios.new_scenario(start, "B", parent=parent)
    with pytest.raises(TwinError, match="row is inherited"):
        scenarios.switch_edit(start, child, "row", False)


def test_two_scenarios_merge_and_what_comes_by_two_ways_is_there_once() -> None:
    start, base = scenarios.new_scenario(project(), "Base")
    start = scenarios.add_edit(start, base, ROW)
    start, one = scenarios.new_scenario(start, "One", parent=base)
    start = scenarios.add_edit(start, one, Remove("x", "", ("hall",)))
    start, two = scenarios.new_scenario(start, "Two", parent=base)
    start = scenarios.add_edit(start, two, Remove("y", "", ("shop",)))
    start, both = scenarios.merge(start, one, two, "Both")
    assert ids(start, both) == ["row", "x", "y"]


def test_what_others_inherit_from_stays_and_what_is_locked_too() -> None:
    start, parent = scenarios.new_scenario(project(), "A")
    start, child = scenarios.new_scenario(start, "B", parent=parent)
    with pytest.raises(TwinError, match="B inherits from it"):
        scenarios.delete(start, parent)
    locked = scenarios.lock(start, child, True)
    for change in (
        lambda: scenarios.add_edit(locked, child, ROW),
        lambda: scenarios.rename(locked, child, "C"),
        lambda: scenarios.delete(locked, child),
    ):
        with pytest.raises(TwinError, match="B is locked"):
            change()
    assert (
        scenarios.delete(scenarios.lock(locked, child, False), child).scenarios
        == scenarios.delete(start, child).scenarios
    )


def test_a_circle_is_refused() -> None:
    with pytest.raises(TreeError, match="in a circle: a → b → a"):
        linked([Scenario("a", "A", parents=("b",)), Scenario("b", "B", parents=("a",))])
    with pytest.raises(TreeError, match="not there"):
        linked([Scenario("a", "A", parents=("b",))])


def test_ids_stay_single_and_can_be_names_of_files() -> None:
    start, first = scenarios.new_scenario(project(), "Vihreä Rautatientori!")
    start, second = scenarios.duplicate(start, first, "Vihreä Rautatientori!")
    assert (first, second) == ("vihrea-rautatientori", "vihrea-rautatientori-2")
    start = scenarios.add_edit(scenarios.add_edit(start, first, ROW), first, ROW)
    assert ids(start, first) == ["row", "row-2"]


def test_a_scenario_from_elsewhere_brings_all_its_edits() -> None:
    start, parent = scenarios.new_scenario(project(), "A")
    start = scenarios.add_edit(start, parent, ROW)
    start, child = scenarios.new_scenario(start, "B", parent=parent)
    start, again = scenarios.adopted(start, start.scenario(child))
    assert start.scenario(again).parents == ()
    assert ids(start, again) == ["row-2"]


def test_an_edit_is_one_step_of_undo_and_what_is_built_stays() -> None:
    session = Session(project(), replace(TODAY, shadows=False, time=NOON))
    before = session.scene.items["buildings"]
    changed = scenarios.add_edit(session.project, "today", Remove("x", "", ("hall",)))
    session.adopt(changed, title="Remove the hall")
    assert session.scene.items["buildings"] is not before
    session.undo()
    assert session.scene.items["buildings"] == before
    session.redo()
    assert session.project is changed


class Workshop(RuleBasedStateMachine):
    """A group that does anything to the scenarios of a project."""

    def __init__(self) -> None:
        super().__init__()
        self.project = project()
        self.past: list[Project] = []

    def _try(self, change: Callable[[Project], Project]) -> None:
        before = self.project
        try:
            made = change(before)
        except TwinError:
            return
        self.past.append(before)
        self.project = made[0] if isinstance(made, tuple) else made

    @rule(data=st.data(), title=st.sampled_from(["A", "B", "C"]))
    def new(self, data: st.DataObject, title: str) -> None:
        parent = data.draw(st.sampled_from(["", *self._ids()]))
        self._try(lambda p: scenarios.new_scenario(p, title, parent=parent))

    @rule(data=st.data())
    def combine(self, data: st.DataObject) -> None:
        first, second = (data.draw(st.sampled_from(self._ids())) for _ in range(2))
        self._try(lambda p: scenarios.merge(p, first, second, "M"))

    @rule(data=st.data(), n=st.integers(0, 5))
    def edit(self, data: st.DataObject, n: int) -> None:
        where = data.draw(st.sampled_from(self._ids()))
        self._try(lambda p: scenarios.add_edit(p, where, replace(ROW, id=f"row{n}")))

    @rule(data=st.data(), on=st.booleans())
    def switch(self, data: st.DataObject, on: bool) -> None:
        where = data.draw(st.sampled_from(self._ids()))
        names = [edit.id for edit in self.project.scenario(where).edits] or ["none"]
        name = data.draw(st.sampled_from(names))
        self._try(lambda p: scenarios.switch_edit(p, where, name, on))

    @rule(data=st.data())
    def drop(self, data: st.DataObject) -> None:
        where = data.draw(st.sampled_from(self._ids()))
        self._try(lambda p: scenarios.delete(p, where))

    @rule(data=st.data(), locked=st.booleans())
    def guard(self, data: st.DataObject, locked: bool) -> None:
        where = data.draw(st.sampled_from(self._ids()))
        self._try(lambda p: scenarios.lock(p, where, locked))

    @precondition(lambda self: self.past)
    @rule()
    def undo(self) -> None:
        self.project = self.past.pop()

    @invariant()
    def links_hold(self) -> None:
        assert linked(self.project.scenarios) == self.project.scenarios
        assert len(set(self._ids())) == len(self._ids()) > 0
        for scenario in self.project.scenarios:
            names = [edit.id for edit in scenario.edits]
            assert len(set(names)) == len(names)

    def teardown(self) -> None:
        if self.past:
            first, start = self.past[0], project()
            assert [one.id for one in first.scenarios] == [one.id for one in start.scenarios]
            for one in first.scenarios:
                assert fingerprint(build(first.city, first.layers, one.edits)) == fingerprint(
                    build(start.city, start.layers, one.edits)
                )

    def _ids(self) -> list[str]:
        return [scenario.id for scenario in self.project.scenarios]


TestWorkshop = Workshop.TestCase
TestWorkshop.settings = settings(max_examples=20, stateful_step_count=15, deadline=None)
